"""The audit finds every kind of mistake in the books, names exactly that, and nothing where there
is none.
"""

import asyncio
import re

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from shop.payments.audit import Auditor, go_over
from shop.wakeups import Wakeups
from storage import Database, Transaction
from storage.audit import differences as audit_differences
from storage.audit.checks import subjects
from storage.queries.wallet import Account
from storage.schema.base import metadata
from storage.schema.messages import notices
from storage.schema.wallets import ledger
from tests.chaos.tampering import MISTAKES, REFUSED, bank, of
from tests.factories.ledger import everything_once, move, number_of
from tests.factories.stock import ANN, stock
from tests.harness.books import check_money, differences
from tests.harness.clock import Clock
from tests.harness.pause import Pause
from tests.harness.world import ADMINS, rows_of


async def found(database: Database) -> set[str]:
    return {f"{one.subject} {one.check.name}" for one in (await go_over(database)).differences}


async def test_where_everything_has_happened_once_the_books_agree(database: Database) -> None:
    await everything_once(database)
    await check_money(database)
    size = (await go_over(database)).size
    assert (size.wallets, size.orders) == (1, 11)
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


@pytest.mark.parametrize("name", REFUSED)
async def test_what_the_database_refuses_needs_no_audit(database: Database, name: str) -> None:
    await everything_once(database)
    with pytest.raises(IntegrityError):
        await _planted(database, REFUSED[name])


async def _planted(database: Database, statements: list[str]) -> set[str]:
    def planted(tx: Transaction) -> set[str]:
        for statement in statements:
            tx.execute(text(statement.replace(":", "\\:")))
        return {f"{one.subject} {one.check.name}" for one in audit_differences.differences(tx)}

    return await database.read(planted)


def test_every_check_is_shown_to_find_its_mistake() -> None:
    all_checks = {
        f"{subject.name} {check.name}" for subject in subjects() for check in subject.checks
    }
    assert set.union(*(expected for _, expected in MISTAKES.values())) == all_checks


async def test_a_difference_is_a_sentence_with_both_sides(database: Database) -> None:
    await everything_once(database)

    def transaction(tx):
        number = number_of(tx, "pending")
        tx.execute(text(of("pending", "booked_cost = 5, bookings = 7")))
        tx.execute(text(bank("2")))
        return number

    number = await database.write(transaction)
    assert await differences(database) == [
        f"wallet {ANN}: holds 53.601502, its entries add up to 53.6015",
        f"order {number} of {ANN}: entries book a cost of 0.12, the order says 0.000005",
        f"order {number} of {ANN}: its cost took 2 entries, the order says 7",
        f"order {number} of {ANN}: has a cost of 0.000005 booked, its charge comes to 0.12",
    ]


async def test_a_snapshot_sees_one_moment_although_money_moves(database: Database) -> None:
    await everything_once(database)
    count = "SELECT count(*) FROM ledger"
    pause = Pause()

    def twice(tx: Transaction) -> tuple[int, int]:
        before = tx.scalar(text(count))
        pause(tx)
        return before, tx.scalar(text(count))

    counting = asyncio.create_task(database.snapshot(twice))
    await pause.reached.wait()
    await database.write(move, Account.MANUAL, Account.WALLET, 5, "manual:meanwhile")
    pause.end()
    before, after = await counting
    assert after == before


async def test_the_audit_keeps_no_press_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands still in its middle, and people read and pay; it has still seen one moment, in
    which all agreed.
    """
    await everything_once(database)
    pause = Pause()

    def stopped(tx: Transaction) -> audit_differences.Size:
        size = counted(tx)
        pause(tx)
        return size

    counted = audit_differences.size
    monkeypatch.setattr("storage.audit.differences.size", stopped)
    clock = Clock()
    auditor = Auditor(database, ADMINS, Wakeups(), clock)
    await auditor.step()
    clock.forward(hours=24)
    async with asyncio.TaskGroup() as tasks, asyncio.timeout(20):
        auditing = tasks.create_task(auditor.step())
        await pause.reached.wait()
        for number in range(3):
            await database.write(
                move, Account.MANUAL, Account.WALLET, 5, f"manual:meanwhile:{number}"
            )
        await asyncio.gather(*(rows_of(database, ledger) for _ in range(8)))
        assert not auditing.done()
        pause.end()
    assert [row for row in await rows_of(database, notices) if row.kind == "audit"] == []


async def test_what_the_audit_writes_is_a_line_and_not_a_look_at_the_books(
    database: Database,
) -> None:
    """All that it does as a writer is to say how it ended."""
    await everything_once(database)
    await database.write(lambda tx: tx.execute(text(bank("2"))))
    clock = Clock()
    auditor = Auditor(database, ADMINS, Wakeups(), clock)
    await auditor.step()
    clock.forward(hours=24)
    write, statements = database.write, []

    async def watched(work, *given):
        def transaction(tx: Transaction):
            def note(_connection, _cursor, statement, *_others) -> None:
                statements.append(statement)

            event.listen(tx, "before_cursor_execute", note)
            try:
                return work(tx, *given)
            finally:
                event.remove(tx, "before_cursor_execute", note)

        return await write(transaction)

    database.write = watched
    await auditor.step()
    assert statements
    touched = {
        name
        for name in metadata.tables
        for statement in statements
        if re.search(rf"\b{name}\b", statement)
    }
    assert touched <= {"facts", "notices"}


async def test_admins_are_told_once_of_the_same_differences(database: Database) -> None:
    await everything_once(database)
    clock = Clock()
    auditor = Auditor(database, ADMINS, Wakeups(), clock)

    async def days_pass(days: int = 1) -> list[int]:
        clock.forward(hours=24 * days)
        await auditor.step()
        return [
            row.payload["count"]
            for row in await rows_of(database, notices)
            if row.user_id == ADMINS[0]
        ]

    async def write(statement: str) -> None:
        await database.write(lambda tx: tx.execute(text(statement)))

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
    assert told[0].payload["lines"] == [
        f"wallet {ANN}: holds 53.601502, its entries add up to 53.6015"
    ]
