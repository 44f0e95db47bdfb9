"""The order machine: every move that is in the table can be made, no other, and each leaves its
event.
"""

import asyncio
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import Database
from storage.enums import AT_PROVIDER, DONE, ENDED_AT_PROVIDER, IN_WORK, MOVES, WAITING, OrderState
from storage.queries import orders
from storage.schema.orders import order_events
from storage.schema.orders import orders as table
from tests.factories.stock import NOW, add_order, stock, write_order
from tests.harness.world import rows_of

LATER = NOW + timedelta(seconds=5)

# Written out once more, by hand: what the table must say.
ALLOWED = {
    # nothing was sent: taken back; unknown after a restore
    "queued": "submitting canceled unknown",
    "submitting": "queued pending rejected unknown",
    "unknown": "pending rejected",
    "pending": "processing in_progress failed completed partial canceled",
    "processing": "pending in_progress failed completed partial canceled",
    "in_progress": "pending processing failed completed partial canceled",
    "failed": "pending processing in_progress completed partial canceled",
    "completed": "pending processing in_progress failed partial canceled",
    "partial": "pending processing in_progress failed completed canceled",
    "canceled": "pending processing in_progress failed completed partial",
    "rejected": "",
}


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    await stock(database)


def test_the_table_of_moves_is_the_one_we_mean() -> None:
    assert {source: set(targets) for source, targets in MOVES.items()} == {
        source: set(targets.split()) for source, targets in ALLOWED.items()
    }


def test_every_state_is_in_work_or_done() -> None:
    assert set(OrderState) == set(MOVES) == IN_WORK | DONE
    assert IN_WORK == WAITING | AT_PROVIDER
    assert ENDED_AT_PROVIDER | {OrderState.REJECTED} == DONE
    assert not IN_WORK & DONE


async def test_every_pair_of_states_moves_or_refuses_as_the_table_says(database: Database) -> None:
    pairs = list(product(OrderState, OrderState))

    def transaction(tx):
        for source, target in pairs:
            order_id = write_order(tx, state=source)
            moved = orders.move(tx, order_id, target, now=LATER, note="because", failure="x")
            assert moved is (target in MOVES[source]), f"{source} -> {target}"

    await database.write(transaction)
    rows = await rows_of(database, table)
    events = [row for row in await rows_of(database, order_events) if row.note == "because"]
    expected = [(target if target in MOVES[source] else source) for source, target in pairs]
    assert [row.state for row in rows] == expected
    for row, (source, target) in zip(rows, pairs, strict=True):
        moved = target in MOVES[source]
        assert (row.changed_at, row.failure) == ((LATER, "x") if moved else (NOW, "")), (
            f"{source} -> {target}"
        )
    assert [(event.order_id, event.state, event.at) for event in events] == [
        (row.id, target, LATER)
        for row, (source, target) in zip(rows, pairs, strict=True)
        if target in MOVES[source]
    ]


async def test_of_many_who_move_an_order_at_once_one_does(database: Database) -> None:
    order_id = await add_order(database, state=OrderState.SUBMITTING)

    async def accept() -> bool:
        return await database.write(
            orders.move, order_id, OrderState.PENDING, now=LATER, note="accepted"
        )

    assert sum(await asyncio.gather(*(accept() for _ in range(10)))) == 1
    assert [row.note for row in await rows_of(database, order_events)] == [
        "confirmed",
        "",
        "accepted",
    ]


async def test_an_event_is_gone_with_a_move_that_was_rolled_back(database: Database) -> None:
    order_id = await add_order(database)

    async def move_and_fail() -> None:
        def transaction(tx):
            assert orders.move(tx, order_id, OrderState.SUBMITTING, now=LATER)
            raise ZeroDivisionError

        await database.write(transaction)

    with pytest.raises(ZeroDivisionError):
        await move_and_fail()
    assert [row.state for row in await rows_of(database, table)] == ["queued"]
    assert len(await rows_of(database, order_events)) == 1


async def test_the_database_itself_refuses_a_state_that_is_none(database: Database) -> None:
    await add_order(database)
    with pytest.raises(IntegrityError, match="state"):
        await database.write(lambda tx: tx.execute(text("UPDATE orders SET state = 'lost'")))


@pytest.mark.parametrize(
    "column", ["refunded = price + 1", "refunded = -1", "price = -1", "quantity = 0"]
)
async def test_the_database_itself_refuses_figures_that_cannot_be(
    database: Database, column: str
) -> None:
    await add_order(database)
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: tx.execute(text(f"UPDATE orders SET {column}")))


async def test_of_two_refunds_on_the_same_figure_one_counts(database: Database) -> None:
    order_id = await add_order(database, price=100)

    async def refund() -> bool:
        return await database.write(orders.add_refund, order_id, before=0, amount=60)

    assert sum(await asyncio.gather(*(refund() for _ in range(5)))) == 1

    def transaction(tx):
        assert not orders.add_refund(tx, order_id, before=60, amount=41)
        assert orders.add_refund(tx, order_id, before=60, amount=40)

    await database.write(transaction)
    assert [row.refunded for row in await rows_of(database, table)] == [100]
