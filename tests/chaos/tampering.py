"""Ways to tamper with books: each takes a healthy shop's, and names what the audit must say
then.
"""

from tests.factories.ledger import PAID
from tests.factories.stock import ANN, BOB

NOON = "'2026-11-22 12:00:00'"
ORDER = "(SELECT id FROM orders WHERE link = '{}')"
PAYMENT = "(SELECT id FROM payments WHERE charge_id = '{}')"
INVOICE = "(SELECT invoice_id FROM payments WHERE charge_id = 'crypto')"


def drop(prefix: str, owner: str, end: str = "") -> str:
    return f"DELETE FROM ledger WHERE key = '{prefix}:' || {owner} || '{end}'"


def bank(sql: str) -> str:
    """Take the wallet along, so that only what is meant is wrong."""
    return f"UPDATE wallets SET balance = balance + ({sql}) WHERE user_id = {ANN}"


def of(name: str, values: str) -> str:
    return f"UPDATE orders SET {values} WHERE link = '{name}'"


def paid(name: str, values: str) -> str:
    return f"UPDATE payments SET {values} WHERE charge_id = '{name}'"


def entry(
    source: str, target: str, amount: int, key: str, order: str = "NULL", user: int = ANN
) -> str:
    """Plant an entry whose `key`, an expression of SQL, begins with what it is about."""
    subject, about = _columns_of(key)
    return (
        "INSERT INTO ledger (user_id, source, target, amount, order_id, key, subject, subject_id, "
        f"reason, at) VALUES ({user}, '{source}', '{target}', {amount}, {order}, {key}, "
        f"{subject}, {about}, 'planted', {NOON})"
    )


def _columns_of(key: str) -> tuple[str, str]:
    """Return what an entry with this key says that it is about, as expressions of SQL: the word
    before the first colon, and the number or the subquery after it.
    """
    subject, colon, rest = key.removeprefix("'").partition(":")
    if not colon:
        return "''", "NULL"
    number = rest.removeprefix("' || ").split(" || '")[0].split(":")[0].removesuffix("'")
    is_one = number.isdecimal() or number.startswith("(")
    return f"'{subject}'", number if is_one and subject != "manual" else "NULL"


def payment(charge: str) -> str:
    return (
        "INSERT INTO payments (user_id, method, charge_id, amount, currency, stars, "
        "state, at) VALUES "
        f"({ANN}, 'stars', '{charge}', 5, 'USD', 1, 'credited', {NOON})"
    )


queued, pending, partial, completed, house, fresh = (
    ORDER.format(name) for name in ("queued", "pending", "partial", "completed", "house", "fresh")
)
# What is done to healthy books, and what the audit must say of it; a new row is one more name.
MISTAKES: dict[str, tuple[list[str], set[str]]] = {
    "a balance that its entries don't explain": ([bank("1")], {"wallet balance"}),
    "a chargeback that the wallet doesn't count": (
        ["UPDATE wallets SET chargebacks = chargebacks - 1"],
        {"wallet chargebacks"},
    ),
    "a debt that no chargeback explains": (
        [
            entry("wallet", "manual", 90_000_000, "'manual:1:2'"),
            "UPDATE wallets SET balance = balance - 90000000, chargebacks = chargebacks + 90000000",
        ],
        {"wallet debt", "wallet chargebacks"},
    ),
    "entries without a wallet": (
        [entry("bonus", "wallet", 5, "'welcome:x'", user=BOB)],
        {"user wallet"},
    ),
    "an order that nobody paid": ([drop("hold", queued), bank("300000")], {"order held"}),
    "an order paid twice": (
        [entry("wallet", "hold", 300_000, "'again'", queued), bank("-300000")],
        {"order held", "entry way"},
    ),
    "money still held for an accepted order": (
        [drop("release", pending)],
        {"order held", "order sold"},
    ),
    "an order sold while it waits": (
        [entry("hold", "sales", 300_000, f"'release:' || {queued}", queued)],
        {"order held", "order sold"},
    ),
    "an order accepted that was rejected": (
        [of("pending", "state = 'rejected', refunded = price")],
        {"order sold", "order released", "order state", "order reason"},
    ),
    "a rejected order that got nothing back": (
        [drop("release", ORDER.format("rejected")), bank("-300000")],
        {"order held", "order released"},
    ),
    "an order taken back that got half of it back": (
        [
            (
                "UPDATE ledger SET amount = 150000 WHERE key = 'release:' || "
                f"{ORDER.format('taken back')}"
            ),
            bank("-150000"),
        ],
        {"order held", "order released"},
    ),
    "a refund paid twice": (
        [
            entry("sales", "wallet", 100_000, f"'refund:' || {partial} || ':1'", partial),
            bank("100000"),
        ],
        {"order refunds"},
    ),
    "a refund taken back that the order still counts": (
        [entry("wallet", "sales", 5, f"'takeback:' || {partial} || ':1'", partial), bank("-5")],
        {"order refunds"},
    ),
    "a refund taken back for no order": (
        [entry("wallet", "sales", 5, "'takeback:1:1'"), bank("-5")],
        {"entry order", "entry way"},
    ),
    "a refund that was never paid": (
        [drop("refund", partial, ":0"), bank("-100000")],
        {"order refunds"},
    ),
    "a canceled order that kept something": (
        [
            of("canceled", "refunded = 200000"),
            (
                "UPDATE ledger SET amount = 200000 WHERE key = 'refund:' || "
                f"{ORDER.format('canceled')} || ':0'"
            ),
            bank("-100000"),
        ],
        {"order refunded"},
    ),
    "a refund of an order that has never ended": (
        [
            of("pending", "refunded = 5"),
            entry("sales", "wallet", 5, f"'refund:' || {pending} || ':0'", pending),
            bank("5"),
        ],
        {"order refunded", "order reason"},
    ),
    "a refund of an order that waits": (
        [of("queued", "refunded = 5")],
        {"order refunded", "order reason"},
    ),
    "a cost that was not booked": (
        [of("pending", "booked_cost = 5")],
        {"order cost", "order booked"},
    ),
    "a booking that was not counted": ([of("pending", "bookings = 1")], {"order bookings"}),
    "money moved for the house's own order": (
        [
            entry("wallet", "hold", 5, f"'hold:' || {house}", house),
            entry("hold", "wallet", 5, f"'release:' || {house}", house),
        ],
        {"order house", "order released"},
    ),
    "a discount without a coupon": ([of("pending", "discount = 5")], {"order discount"}),
    "an entry between accounts that have no way": (
        [entry("bonus", "manual", 5, "'b'")],
        {"entry way"},
    ),
    "an entry of sales without an order": (
        [entry("sales", "wallet", 5, "'refund:1:0'"), bank("5")],
        {"entry order", "entry way"},
    ),
    "an entry of somebody else's order": (
        [
            entry("sales", "wallet", 5, f"'refund:' || {partial} || ':9'", partial, BOB),
            f"INSERT INTO wallets (user_id, balance) VALUES ({BOB}, 5)",
        ],
        {"entry order"},
    ),
    "stars without a payment": (
        [entry("stars", "wallet", 5, "'payment:999'"), bank("5")],
        {"entry payment"},
    ),
    "a payment of the other method": (
        [
            entry(
                "crypto", "wallet", 5, f"'payback-failed:' || {PAYMENT.format('credited')} || ':0'"
            ),
            bank("5"),
        ],
        {"entry payment", "payment paid_back", "payment refusals"},
    ),
    "stars under a key of something else": (
        [entry("stars", "wallet", 5, f"'gift:' || {PAYMENT.format('credited')}"), bank("5")],
        {"entry payment", "entry way"},
    ),
    "a payment that was not credited": (
        [drop("payment", PAYMENT.format("crypto")), bank(f"-{PAID}")],
        {"payment credited"},
    ),
    "a payment credited with another amount": (
        [paid("credited", "amount = amount + 1")],
        {"payment credited", "payment invoice"},
    ),
    "a payment refunded and left in the wallet": (
        [paid("credited", "state = 'refunded', refunds = 1")],
        {"payment paid_back", "payment refunds"},
    ),
    "a refund forgotten by its payment": (
        [paid("refunding", "state = 'credited'")],
        {"payment paid_back", "payment refusals"},
    ),
    "a charged-back payment left in the wallet": (
        [paid("credited", "state = 'charged_back'")],
        {"payment charged_back"},
    ),
    "a payment charged back twice": (
        [
            entry(
                "wallet",
                "stars",
                PAID,
                f"'chargeback:' || {PAYMENT.format('charged_back')} || ':again'",
            ),
            f"UPDATE wallets SET balance = balance - {PAID}, chargebacks = chargebacks + {PAID}",
        ],
        {"payment charged_back"},
    ),
    "an invoice that is paid without a payment": (
        [paid("credited", "invoice_id = NULL")],
        {"invoice paid"},
    ),
    "an invoice that was paid and stays open": (
        ["UPDATE invoices SET state = 'open' WHERE id = 1"],
        {"invoice paid"},
    ),
    "a top-up approved and not credited": (
        ["UPDATE top_ups SET state = 'approved' WHERE state = 'refused'"],
        {"top-up credited"},
    ),
    "a top-up credited and not approved": (
        ["UPDATE top_ups SET state = 'refused' WHERE state = 'approved'"],
        {"top-up credited"},
    ),
    "a top-up that nobody asked for": (
        [entry("manual", "wallet", 5, "'topup:999'"), bank("5")],
        {"entry top_up"},
    ),
    "a use of a coupon that was not credited": (
        ["DELETE FROM ledger WHERE key LIKE 'coupon:%'", bank("-700")],
        {"use of a coupon credited"},
    ),
    "a coupon's credit without a use": (
        [entry("bonus", "wallet", 5, "'coupon:999'"), bank("5")],
        {"entry coupon"},
    ),
    "a coupon used once more than it counts": (
        ["UPDATE coupons SET used = 0 WHERE code = 'OFF'"],
        {"coupon used"},
    ),
    "an invitation that brought more than it says": (
        ["UPDATE invitations SET earned = 5"],
        {"inviter earned"},
    ),
    # Changed together, so that the sums agree all the same.
    "an order's price lowered with its entries and its wallet": (
        [
            of("pending", "price = 100000"),
            f"UPDATE ledger SET amount = 100000 WHERE order_id = {pending} AND amount = 300000",
            bank("200000"),
        ],
        {"order price"},
    ),
    "an order's price raised in the same way": (
        [
            of("completed", "price = 400000"),
            f"UPDATE ledger SET amount = 400000 WHERE order_id = {completed} AND amount = 300000",
            bank("-100000"),
        ],
        {"order price"},
    ),
    "an order that is somebody else's now, with its entries": (
        [
            f"UPDATE orders SET user_id = {BOB} WHERE link = 'queued'",
            f"UPDATE ledger SET user_id = {BOB} WHERE order_id = {queued}",
            bank("300000"),
            f"INSERT INTO wallets (user_id, balance) VALUES ({BOB}, 0)",
            entry("manual", "wallet", 300_000, "'manual:1:77'", user=BOB),
        ],
        {"order owner"},
    ),
    "a held order marked accepted": (
        [of("queued", "state = 'pending', provider_order_id = 'p-1'")],
        {"order held", "order sold", "order state", "order provider_id"},
    ),
    "a held order marked accepted with its entry": (
        [
            of("queued", "state = 'pending', provider_order_id = 'p-1'"),
            entry("hold", "sales", 300_000, f"'release:' || {queued}", queued),
        ],
        {"order state", "order provider_id"},
    ),
    "an order at the provider marked completed": (
        [of("pending", "state = 'completed'")],
        {"order state"},
    ),
    "an order's id changed for another": (
        [of("pending", "provider_order_id = 'p-999'")],
        {"order provider_id"},
    ),
    "two orders' ids exchanged": (
        [
            of("pending", "provider_order_id = 'x'"),
            of("partial", "provider_order_id = 'p-pending'"),
            of("pending", "provider_order_id = 'p-partial'"),
        ],
        {"order provider_id"},
    ),
    "a refund with its entry and its wallet, for nothing that has happened": (
        [
            of("fresh", "refunded = 200000"),
            entry("sales", "wallet", 200_000, f"'refund:' || {fresh} || ':0'", fresh),
            bank("200000"),
        ],
        {"order reason"},
    ),
    "a refund beyond the price": (
        [
            entry("sales", "wallet", 900_000, f"'refund:' || {partial} || ':100000'", partial),
            bank("900000"),
        ],
        {"order refunds"},
    ),
    "an order's id cut short": (
        [of("pending", "provider_order_id = 'p-pend'")],
        {"order provider_id"},
    ),
    "an order's id in other letters": (
        [of("pending", "provider_order_id = 'P-pending'")],
        {"order provider_id"},
    ),
    "an order's id with a sign that stands for any": (
        [of("pending", "provider_order_id = 'p_pending'")],
        {"order provider_id"},
    ),
    "an order's currency changed": ([of("pending", "currency = 'INR'")], {"order currency"}),
    "a payment's currency changed": ([paid("credited", "currency = 'INR'")], {"payment currency"}),
    "a payment's currency changed with its invoice": (
        [
            paid("crypto", "currency = 'INR'"),
            f"UPDATE invoices SET currency = 'INR' WHERE id = {INVOICE}",
        ],
        {"payment currency", "invoice currency"},
    ),
    "a top-up's currency changed": (
        ["UPDATE top_ups SET currency = 'INR' WHERE state = 'approved'"],
        {"top-up currency"},
    ),
    "a coupon's use returned although its order was delivered": (
        [
            f"UPDATE coupon_uses SET returned_at = {NOON} WHERE order_id = {completed}",
            "UPDATE coupons SET used = 0 WHERE code = 'OFF'",
        ],
        {"use of a coupon returned"},
    ),
    "a gift's use returned and left in the wallet": (
        [
            f"UPDATE coupon_uses SET returned_at = {NOON} WHERE order_id IS NULL",
            "UPDATE coupons SET used = 0 WHERE code = 'GIFT'",
        ],
        {"use of a coupon returned"},
    ),
    "a charge that was changed": ([of("pending", "charge = '9.5'")], {"order booked"}),
    "a cost lowered with its entry": (
        [
            of("pending", "booked_cost = 20000"),
            f"UPDATE ledger SET amount = 20020 WHERE key = 'cost:' || {pending} || ':0'",
        ],
        {"order booked"},
    ),
    "a discount beyond the percentage, with its use": (
        [
            of("completed", "discount = 99999"),
            f"UPDATE coupon_uses SET amount = 99999 WHERE order_id = {completed}",
        ],
        {"use of a coupon worth"},
    ),
    "a discount beyond the coupon's most": (
        ["UPDATE coupons SET most = 800 WHERE code = 'OFF'"],
        {"use of a coupon worth"},
    ),
    "an amount raised with its use, its entry and its wallet": (
        [
            "UPDATE coupon_uses SET amount = 900700 WHERE order_id IS NULL",
            "UPDATE ledger SET amount = 900700 WHERE key LIKE 'coupon:%'",
            bank("900000"),
        ],
        {"use of a coupon worth"},
    ),
    "a use of a coupon deleted together with its count": (
        [
            f"DELETE FROM coupon_uses WHERE order_id = {completed}",
            "UPDATE coupons SET used = 0 WHERE code = 'OFF'",
        ],
        {"order discount"},
    ),
    "a use that paid into a wallet deleted together with its count": (
        [
            "DELETE FROM coupon_uses WHERE order_id IS NULL",
            "UPDATE coupons SET used = 0 WHERE code = 'GIFT'",
        ],
        {"entry coupon"},
    ),
    "a second welcome": (
        [entry("bonus", "wallet", 9_000_000, "'welcome:somebody else'"), bank("9000000")],
        {"wallet welcome"},
    ),
    "a payment larger than its invoice, with its entry and its wallet": (
        [
            paid("credited", "amount = amount + 5000000"),
            (
                "UPDATE ledger SET amount = amount + 5000000 WHERE key = 'payment:' || "
                f"{PAYMENT.format('credited')}"
            ),
            bank("5000000"),
        ],
        {"payment invoice"},
    ),
    "more Stars than were paid": ([paid("credited", "stars = 900")], {"payment stars"}),
    "a payment that Telegram knows nothing of, with its entry and its wallet": (
        [
            payment("forged"),
            entry("stars", "wallet", 5, f"'payment:' || {PAYMENT.format('forged')}"),
            bank("5"),
        ],
        {"payment statement"},
    ),
    "a payment's state turned back": (
        [paid("refunded", "state = 'credited', refunds = 0")],
        {"payment paid_back", "payment refunds"},
    ),
    "a payment whose entry is somebody else's": (
        [
            (
                f"UPDATE ledger SET user_id = {BOB} WHERE key = 'payment:' || "
                f"{PAYMENT.format('credited')}"
            ),
            bank(f"-{PAID}"),
            f"INSERT INTO wallets (user_id, balance) VALUES ({BOB}, {PAID})",
        ],
        {"entry payment"},
    ),
    "an entry of an order moved to somebody else": (
        [
            f"UPDATE ledger SET user_id = {BOB} WHERE key = 'refund:' || {partial} || ':0'",
            bank("-100000"),
            f"INSERT INTO wallets (user_id, balance) VALUES ({BOB}, 100000)",
        ],
        {"entry order", "order refunds"},
    ),
    "an entry's amount raised with its wallet": (
        [
            f"UPDATE ledger SET amount = amount + 7 WHERE key = 'refund:' || {partial} || ':0'",
            bank("7"),
        ],
        {"order refunds"},
    ),
    "a top-up raised with its wallet": (
        ["UPDATE ledger SET amount = amount + 7 WHERE key LIKE 'topup:%'", bank("7")],
        {"top-up credited"},
    ),
    "a key of before in other letters": (
        [entry("wallet", "hold", 300_000, f"'HOLD:' || {queued}", queued), bank("-300000")],
        {"entry way", "order held"},
    ),
    "a payment credited again under a key in other letters": (
        [
            entry("stars", "wallet", PAID, f"'Payment:' || {PAYMENT.format('credited')}"),
            bank(f"{PAID}"),
        ],
        {"entry way", "entry payment"},
    ),
    "a gift under a kind that nobody gives": (
        [entry("bonus", "wallet", 5, "'present:1'"), bank("5")],
        {"entry way"},
    ),
    "money by hand under a key of a top-up that was refused": (
        [
            entry(
                "manual",
                "wallet",
                PAID,
                "'topup:' || (SELECT id FROM top_ups WHERE state = 'refused')",
            ),
            bank(f"{PAID}"),
        ],
        {"top-up credited"},
    ),
    "a hold under the number of another order": (
        [f"UPDATE ledger SET key = 'hold:999' WHERE key = 'hold:' || {queued}"],
        {"entry way"},
    ),
    "a top-up that passes for money given by hand": (
        ["UPDATE ledger SET subject = 'manual', subject_id = NULL WHERE key LIKE 'topup:%'"],
        {"entry way", "top-up credited"},
    ),
    "a payment's entry that passes for another payment's": (
        [
            (
                f"UPDATE ledger SET subject_id = {PAYMENT.format('refused')} WHERE key = "
                f"'payment:' || {PAYMENT.format('credited')}"
            )
        ],
        {"entry way", "payment credited"},
    ),
    "a release without an order": (
        [entry("hold", "wallet", 5, "'release:1'"), bank("5")],
        {"entry order", "entry way"},
    ),
    "an invitation that counts what was never spent": (
        ["UPDATE invitations SET counted = 5000000"],
        {"invitation counted"},
    ),
    "an invitation's count turned back, so that all is shared again": (
        ["UPDATE invitations SET counted = 0"],
        {"invitation share"},
    ),
    "a share raised with its entry and its wallet": (
        [
            "UPDATE invitations SET earned = 400500",
            bank("400000"),
            "UPDATE ledger SET amount = 400600 WHERE key LIKE 'invite:%'",
        ],
        {"invitation share"},
    ),
    "a share that was taken back, deleted": (
        ["DELETE FROM ledger WHERE key LIKE 'invite-back:%'", bank("100")],
        {"inviter earned"},
    ),
    "an invoice lowered after it was paid": (
        ["UPDATE invoices SET amount = 5 WHERE id = 1"],
        {"payment invoice"},
    ),
}

# What the database itself refuses.
REFUSED: dict[str, list[str]] = {
    "a negative amount": [entry("manual", "wallet", -5, "'manual:1:9'")],
    "an amount of nothing": [entry("manual", "wallet", 0, "'manual:1:9'")],
    "an entry that leads nowhere": [entry("wallet", "wallet", 5, "'manual:1:9'")],
    "a key once more": [entry("manual", "wallet", 5, "'manual:1:1'")],
    "an order that gave back more than its price": [of("partial", "refunded = price + 1")],
    "a balance below zero without a chargeback": [
        "UPDATE wallets SET balance = -90000000, chargebacks = 0"
    ],
    "a coupon used more often than it can be": ["UPDATE coupons SET used = total + 1"],
    "a payment of nothing": [paid("credited", "amount = 0")],
    "a payment twice": [payment("credited")],
    "a state that nobody knows": [of("pending", "state = 'free'")],
    "two orders of one form": [
        of("pending", f"draft_id = (SELECT draft_id FROM orders WHERE id = {queued})")
    ],
    "one id of the provider's for two orders": [of("pending", "provider_order_id = 'p-partial'")],
}
