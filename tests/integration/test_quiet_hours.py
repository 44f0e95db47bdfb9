"""Quiet orders are asked rarely: each has one tick in `every`, and none is forgotten."""

from collections import Counter
from datetime import timedelta

import pytest

from storage import Database
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.queries import orders
from storage.schema.orders import orders as table
from tests.factories.stock import ANN, BOB, NOW, add_order, stock
from tests.harness.world import rows_of

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    await stock(database)


async def at_provider(
    database: Database, state: OrderState = OrderState.PENDING, *, quiet_for=0 * HOUR
) -> int:
    placed = await add_order(database, state=state, now=NOW - quiet_for)
    await database.write(
        lambda tx: tx.execute(
            table.update().where(table.c.id == placed).values(provider_order_id=f"p{placed}")
        )
    )
    return placed


async def asked(
    database: Database, ticks: range, every: int, states=AT_PROVIDER, after=None, until=NOW
) -> list[int]:
    found = await database.read(
        orders.due_for_poll, states, after=after, until=until, every=every, ticks=ticks
    )
    return sorted(order.id for order in found)


async def test_in_as_many_ticks_each_order_has_its_turn_once(database: Database) -> None:
    placed = [await at_provider(database) for _ in range(10)]
    for every in (1, 2, 4, 7, 60):
        turns = Counter()
        for tick in range(1_000, 1_000 + every):
            turns.update(await asked(database, range(tick, tick + 1), every))
        assert turns == Counter(placed), every


async def test_the_turns_are_spread_evenly(database: Database) -> None:
    for _ in range(12):
        await at_provider(database)
    assert [len(await asked(database, range(tick, tick + 1), 4)) for tick in range(4)] == [
        3,
        3,
        3,
        3,
    ]


async def test_ticks_that_were_slept_through_are_made_up_for(database: Database) -> None:
    for _ in range(8):
        await at_provider(database)
    for slept, expected in ((1, 2), (3, 6), (4, 8), (5, 8), (10_000, 8)):
        found = await asked(database, range(77, 77 + slept), 4)
        assert len(found) == len(set(found)) == expected, slept


async def test_an_order_belongs_to_one_tier_by_how_long_it_has_been_quiet(
    database: Database,
) -> None:
    ages = [0 * HOUR, HOUR / 2, HOUR, 2 * HOUR, 6 * HOUR, 7 * HOUR]
    placed = [await at_provider(database, quiet_for=age) for age in ages]
    tick = range(1)
    fresh = await asked(database, tick, 1, after=NOW - HOUR)
    middle = await asked(database, tick, 1, after=NOW - 6 * HOUR, until=NOW - HOUR)
    old = await asked(database, tick, 1, after=None, until=NOW - 6 * HOUR)
    assert (fresh, middle, old) == (placed[:2], placed[2:4], placed[4:])


async def test_only_the_states_that_are_asked_for_and_only_orders_with_an_id(
    database: Database,
) -> None:
    placed = {state: await at_provider(database, state) for state in OrderState}
    await add_order(database, state=OrderState.PENDING)  # no id
    assert set(await asked(database, range(1), 1)) == {placed[state] for state in AT_PROVIDER}
    assert set(await asked(database, range(1), 1, ENDED_AT_PROVIDER)) == {
        placed[state] for state in ENDED_AT_PROVIDER
    }


async def test_a_message_shows_one_card_and_a_card_is_in_one_message(database: Database) -> None:
    one, two, bobs = [await add_order(database, user_id=user) for user in (ANN, ANN, BOB)]

    async def show(user: int, message: int, order: int | None) -> list[int | None]:
        await database.write(orders.show_on, user, message, order)
        return [row.card_message_id for row in await rows_of(database, table)]

    assert await show(ANN, 70, one) == [70, None, None]
    assert await show(BOB, 70, bobs) == [70, None, 70]  # message ids are counted per chat
    assert await show(ANN, 70, two) == [None, 70, 70]
    assert await show(ANN, 71, two) == [None, 71, 70]
    assert await show(ANN, 72, bobs) == [None, 71, 70]  # somebody else's order
    assert await show(ANN, 71, None) == [None, None, 70]
    assert two
