"""The audit finds every kind of mistake in the books, names exactly that, and nothing where there is none."""

from sqlalchemy import text

from shop.audit import Auditor, go_over
from storage import Database, audit
from storage.audit_checks import subjects
from storage.tables import ledger, notices
from storage.wallet import Account
from tests.support.books import check_money, differences
from tests.support.clock import Clock
from tests.support.ledger import PAID, everything_once, move, number_of
from tests.support.stock import ANN, BOB, stock
from tests.support.world import ADMINS, rows_of

W, H, S = Account.WALLET, Account.HOLD, Account.SALES
ORDER = "(SELECT id FROM orders WHERE link = '{}')"
PAYMENT = "(SELECT id FROM payments WHERE charge_id = '{}')"


def drop(prefix: str, owner: str, end: str = "") -> str:
    return f"DELETE FROM ledger WHERE key = '{prefix}:' || {owner} || '{end}'"


def bank(sql: str) -> str:
    """Take the wallet along, so that only what is meant is wrong."""
    return f"UPDATE wallets SET balance = balance + ({sql}) WHERE user_id = {ANN}"


def of(name: str, values: str) -> str:
    return f"UPDATE orders SET {values} WHERE link = '{name}'"


def paid(name: str, values: str) -> str:
    return f"UPDATE payments SET {values} WHERE charge_id = '{name}'"


def entry(source: str, target: str, amount: int, key: str, order: str = "NULL", user: int = ANN) -> str:
    return (
        "INSERT INTO ledger (user_id, source, target, amount, order_id, key, reason, at) VALUES "
        f"({user}, '{source}', '{target}', {amount}, {order}, {key}, 'planted', '2026-11-22 12:00:00')"
    )


queued, pending, partial, house = (ORDER.format(name) for name in ("queued", "pending", "partial", "house"))
MISTAKES: dict[str, tuple[list[str], set[str]]] = {
    "a balance that its entries don't explain": ([bank("1")], {"wallet balance"}),
    "a chargeback that the wallet doesn't count": (
        ["UPDATE wallets SET chargebacks = chargebacks - 1"], {"wallet chargebacks"}
    ),
    "a debt that no chargeback explains": (
        [
            entry("wallet", "manual", 90_000_000, "'manual:1:2'"),
            "UPDATE wallets SET balance = balance - 90000000, chargebacks = chargebacks + 90000000",
        ],
        {"wallet debt", "wallet chargebacks"},
    ),
    "entries without a wallet": ([entry("bonus", "wallet", 5, "'welcome:x'", user=BOB)], {"user wallet"}),
    "an order that nobody paid": ([drop("hold", queued), bank("300000")], {"order held"}),
    "an order paid twice": (
        [entry("wallet", "hold", 300_000, "'again'", queued), bank("-300000")], {"order held"}
    ),
    "money still held for an accepted order": ([drop("release", pending)], {"order held", "order sold"}),
    "an order sold while it waits": (
        [entry("hold", "sales", 300_000, "'x'", queued)], {"order held", "order sold"}
    ),
    "an order accepted that was rejected": ([of("pending", "state = 'rejected', refunded = price")],
        {"order sold", "order released"}),
    "a rejected order that got nothing back": (
        [drop("release", ORDER.format("rejected")), bank("-300000")], {"order held", "order released"}
    ),
    "an order taken back that got half of it back": (
        [
            f"UPDATE ledger SET amount = 150000 WHERE key = 'release:' || {ORDER.format('taken back')}",
            bank("-150000"),
        ],
        {"order held", "order released"},
    ),
    "a refund paid twice": (
        [entry("sales", "wallet", 100_000, "'twice'", partial), bank("100000")], {"order refunds"}
    ),
    "a refund taken back that the order still counts": (
        [entry("wallet", "sales", 5, "'takeback:1:1'", partial), bank("-5")], {"order refunds"}
    ),
    "a refund taken back for no order": (
        [entry("wallet", "sales", 5, "'takeback:1:1'"), bank("-5")], {"entry order"}
    ),
    "a refund that was never paid": ([drop("refund", partial, ":0"), bank("-100000")], {"order refunds"}),
    "a canceled order that kept something": (
        [
            of("canceled", "refunded = 200000"),
            f"UPDATE ledger SET amount = 200000 WHERE key = 'refund:' || {ORDER.format('canceled')} || ':0'",
            bank("-100000"),
        ],
        {"order refunded"},
    ),
    "a refund of an order that has never ended": (
        [of("pending", "refunded = 5"), entry("sales", "wallet", 5, "'r'", pending), bank("5")], {"order refunded"}
    ),
    "a refund of an order that waits": ([of("queued", "refunded = 5")], {"order refunded"}),
    "a cost that was not booked": ([of("pending", "booked_cost = 5")], {"order cost"}),
    "a booking that was not counted": ([of("pending", "bookings = 1")], {"order bookings"}),
    "money moved for the house's own order": (
        [entry("wallet", "hold", 5, "'h'", house), entry("hold", "wallet", 5, "'i'", house)],
        {"order house", "order released"},
    ),
    "a discount without a coupon": ([of("pending", "discount = 5")], {"order discount"}),
    "an entry between accounts that have no way": (
        [entry("bonus", "manual", 5, "'b'")], {"entry way"}
    ),
    "an entry of sales without an order": (
        [entry("sales", "wallet", 5, "'s'"), bank("5")], {"entry order"}
    ),
    "an entry of somebody else's order": (
        [entry("sales", "wallet", 5, "'s'", partial, BOB), f"INSERT INTO wallets (user_id, balance) VALUES ({BOB}, 5)"],
        {"entry order"},
    ),
    "stars without a payment": ([entry("stars", "wallet", 5, "'payment:999'"), bank("5")], {"entry payment"}),
    "a payment of the other method": (
        [entry("crypto", "wallet", 5, f"'payback-failed:' || {PAYMENT.format('credited')} || ':0'"), bank("5")],
        {"entry payment", "payment paid_back", "payment refusals"},
    ),
    "stars under a key of something else": (
        [entry("stars", "wallet", 5, f"'gift:' || {PAYMENT.format('credited')}"), bank("5")], {"entry payment"}
    ),
    "a payment that was not credited": (
        [drop("payment", PAYMENT.format("crypto")), bank(f"-{PAID}")], {"payment credited"}
    ),
    "a payment credited with another amount": (
        [paid("credited", "amount = amount + 1")], {"payment credited"}
    ),
    "a payment refunded and left in the wallet": (
        [paid("credited", "state = 'refunded', refunds = 1")],
        {"payment paid_back", "payment refunds"},
    ),
    "a refund forgotten by its payment": (
        [paid("refunding", "state = 'credited'")], {"payment paid_back", "payment refusals"}
    ),
    "a charged-back payment left in the wallet": (
        [paid("credited", "state = 'charged_back'")], {"payment charged_back"}
    ),
    "a payment charged back twice": (
        [
            entry("wallet", "stars", PAID, f"'chargeback:' || {PAYMENT.format('charged_back')} || ':again'"),
            f"UPDATE wallets SET balance = balance - {PAID}, chargebacks = chargebacks + {PAID}",
        ],
        {"payment charged_back"},
    ),
    "an invoice that is paid without a payment": (
        [paid("credited", "invoice_id = NULL")], {"invoice paid"}
    ),
    "an invoice that was paid and stays open": (["UPDATE invoices SET state = 'open' WHERE id = 1"], {"invoice paid"}),
    "a top-up approved and not credited": (
        ["UPDATE top_ups SET state = 'approved' WHERE state = 'refused'"], {"top-up credited"}
    ),
    "a top-up credited and not approved": (
        ["UPDATE top_ups SET state = 'refused' WHERE state = 'approved'"], {"top-up credited"}
    ),
    "a top-up that nobody asked for": (
        [entry("manual", "wallet", 5, "'topup:999'"), bank("5")], {"entry top_up"}
    ),
    "a use of a coupon that was not credited": (
        ["DELETE FROM ledger WHERE key LIKE 'coupon:%'", bank("-700")], {"use of a coupon credited"}
    ),
    "a coupon's credit without a use": (
        [entry("bonus", "wallet", 5, "'coupon:999'"), bank("5")], {"entry coupon"}
    ),
    "a coupon used once more than it counts": (["UPDATE coupons SET used = 0 WHERE code = 'OFF'"], {"coupon used"}),
    "an invitation that brought more than it says": (["UPDATE invitations SET earned = 5"], {"inviter earned"}),
}  # fmt: skip


async def found(database: Database) -> set[str]:
    return {f"{one.subject} {one.check.name}" for one in (await go_over(database)).differences}


async def test_where_everything_has_happened_once_the_books_agree(database: Database) -> None:
    await everything_once(database)
    await check_money(database)
    size = (await go_over(database)).size
    assert (size.wallets, size.orders) == (1, 9)
    assert size.entries == len(await rows_of(database, ledger))


async def test_an_empty_shop_agrees(database: Database) -> None:
    await stock(database)
    await check_money(database)


async def test_each_mistake_is_found_and_only_that(database: Database) -> None:
    """One database for all of them: each is planted in a transaction that is not kept."""
    await everything_once(database)
    wrong = {}
    for name, (statements, expected) in MISTAKES.items():
        seen = await _planted(database, statements)
        if seen != expected:
            wrong[name] = seen
    assert wrong == {}


async def _planted(database: Database, statements: list[str]) -> set[str]:
    async with database.engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement.replace(":", "\\:")))
        seen = {f"{one.subject} {one.check.name}" async for one in audit.differences(connection)}
        await connection.rollback()
    return seen


def test_every_check_is_shown_to_find_its_mistake() -> None:
    all_checks = {f"{subject.name} {check.name}" for subject in subjects() for check in subject.checks}
    assert set.union(*(expected for _, expected in MISTAKES.values())) == all_checks


async def test_a_difference_is_a_sentence_with_both_sides(database: Database) -> None:
    await everything_once(database)
    async with database.write() as connection:
        number = await number_of(connection, "pending")
        await connection.execute(text(of("pending", "booked_cost = 5, bookings = 7")))
        await connection.execute(text(bank("2")))
    assert await differences(database) == [
        f"wallet {ANN}: holds 53.901202, its entries add up to 53.9012",
        f"order {number} of {ANN}: entries book a cost of 0.12, the order says 0.000005",
        f"order {number} of {ANN}: its cost took 2 entries, the order says 7",
    ]


async def test_a_snapshot_sees_one_moment_although_money_moves(database: Database) -> None:
    await everything_once(database)
    count = "SELECT count(*) FROM ledger"
    async with database.snapshot() as connection:
        before = await connection.scalar(text(count))
        async with database.write() as other:
            await move(other, Account.MANUAL, W, 5, "meanwhile")
        assert await connection.scalar(text(count)) == before


async def test_admins_are_told_once_of_the_same_differences(database: Database) -> None:
    await everything_once(database)
    clock = Clock()
    auditor = Auditor(database, ADMINS, clock=clock)

    async def days_pass(days: int = 1) -> list[int]:
        clock.forward(hours=24 * days)
        await auditor.step()
        return [row.payload["count"] for row in await rows_of(database, notices) if row.user_id == ADMINS[0]]

    async def write(statement: str) -> None:
        async with database.write() as connection:
            await connection.execute(text(statement))

    await auditor.step()  # too early: the bot has just started
    assert await auditor.pause() == 300
    assert await days_pass() == []
    assert await auditor.pause() == 24 * 3600
    await write(bank("2"))
    await auditor.step()  # not before tomorrow
    assert await days_pass() == [1]
    assert await days_pass() == [1]
    await write(of("pending", "bookings = 7"))
    assert await days_pass() == [1, 2]
    await write(of("pending", "bookings = 2"))
    assert await days_pass() == [1, 2]  # of that one they know
    await write(bank("-2"))
    assert await days_pass() == [1, 2]
    await write(bank("2"))
    assert await days_pass() == [1, 2, 1]
    told = [row for row in await rows_of(database, notices) if row.kind == "audit"]
    assert {row.user_id for row in told} == set(ADMINS)
    assert told[0].payload["lines"] == [f"wallet {ANN}: holds 53.901202, its entries add up to 53.9012"]
