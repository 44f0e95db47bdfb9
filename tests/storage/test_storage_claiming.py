"""A claim gives each queued order to one worker, and a link's orders one after another."""

import asyncio
from datetime import timedelta

import pytest

from storage import Database, orders
from storage.rows import Order
from storage.states import OrderState
from tests.support.stock import NOW, add_order, stock

LEASE = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    await stock(database)


async def claim(database: Database, now=NOW) -> Order | None:
    async with database.write() as connection:
        return await orders.claim(connection, now=now, lease_until=LEASE)


async def move(database: Database, order_id: int, state: OrderState, **values) -> None:
    async with database.write() as connection:
        assert await orders.move(connection, order_id, state, now=NOW, **values)


async def test_eight_workers_at_once_never_get_an_order_twice(database: Database) -> None:
    placed = [await add_order(database, link=f"https://example.com/{number}") for number in range(24)]
    claimed: list[int] = []

    async def work() -> None:
        idle = 0
        while idle < 3:  # on PostgreSQL a row that somebody else holds is passed over
            order = await claim(database)
            idle = idle + 1 if order is None else 0
            claimed.extend([] if order is None else [order.id])

    await asyncio.gather(*(work() for _ in range(8)))
    assert sorted(claimed) == placed


async def test_eight_claims_at_once_of_one_links_orders_give_the_oldest_alone(database: Database) -> None:
    first, *_ = [await add_order(database) for _ in range(8)]
    claimed = await asyncio.gather(*(claim(database) for _ in range(8)))
    assert [order.id for order in claimed if order] == [first]


async def test_one_links_orders_come_in_order_of_arrival(database: Database) -> None:
    placed = [await add_order(database) for _ in range(3)]
    for expected in placed:
        order = await claim(database)
        assert order is not None
        assert (order.id, order.state) == (expected, OrderState.SUBMITTING)
        assert await claim(database) is None
        await move(database, order.id, OrderState.PENDING)
    assert await claim(database) is None


async def test_orders_of_different_links_are_under_way_together(database: Database) -> None:
    placed = [await add_order(database, link=f"https://example.com/{number}") for number in range(3)]
    assert [order.id for order in [await claim(database) for _ in placed] if order] == placed


async def test_a_claim_passes_over_what_another_one_is_about_to_get(database: Database) -> None:
    if database.is_sqlite:  # one writer at a time
        return
    placed = [await add_order(database, link=f"https://example.com/{number}") for number in range(2)]
    async with database.write() as connection, asyncio.timeout(30):
        first = await orders.claim(connection, now=NOW, lease_until=LEASE)
        second = await claim(database)
    assert [order.id for order in (first, second) if order] == placed


async def test_an_order_is_not_claimed_before_its_time(database: Database) -> None:
    later = NOW + timedelta(seconds=60)
    placed = await add_order(database, not_before=later)
    assert await claim(database, later - timedelta(seconds=1)) is None
    order = await claim(database, later)
    assert order is not None
    assert order.id == placed


async def test_an_older_order_that_waits_holds_back_the_younger_ones_of_its_link(database: Database) -> None:
    later = NOW + timedelta(seconds=60)
    older = await add_order(database, not_before=later)
    younger = await add_order(database)
    other = await add_order(database, link="https://example.com/other")
    order = await claim(database)
    assert order is not None
    assert order.id == other
    assert await claim(database) is None
    order = await claim(database, later)
    assert order is not None
    assert order.id == older
    await move(database, older, OrderState.REJECTED)
    order = await claim(database, later)
    assert order is not None
    assert order.id == younger


async def test_an_order_put_back_goes_before_the_younger_ones(database: Database) -> None:
    older, _ = await add_order(database), await add_order(database)
    await claim(database)
    await move(database, older, OrderState.QUEUED, not_before=NOW + timedelta(seconds=60))
    assert await claim(database) is None
    order = await claim(database, NOW + timedelta(seconds=60))
    assert order is not None
    assert order.id == older


async def test_an_older_order_in_any_other_state_holds_nobody_back(database: Database) -> None:
    for state in sorted(set(OrderState) - {OrderState.QUEUED, OrderState.SUBMITTING}):
        link = f"https://example.com/{state}"
        await add_order(database, state=state, link=link)
        younger = await add_order(database, link=link)
        order = await claim(database)
        assert order is not None, state
        assert order.id == younger


async def test_a_claim_keeps_its_time_and_its_lease(database: Database) -> None:
    await add_order(database)
    order = await claim(database)
    assert order is not None
    assert order.submitted_at == NOW
    async with database.read() as connection:
        assert await orders.abandoned(connection, now=LEASE) == []
        assert await orders.abandoned(connection, now=LEASE + timedelta(seconds=1)) == [order]
        assert await orders.abandoned(connection, now=None) == [order]


async def test_the_next_turn_is_that_of_the_earliest_queued_order(database: Database) -> None:
    async with database.read() as connection:
        assert await orders.next_turn(connection) is None
    for seconds in (90, 30, 60):
        await add_order(database, not_before=NOW + timedelta(seconds=seconds))
    await add_order(database, state=OrderState.PENDING, not_before=NOW)
    async with database.read() as connection:
        assert await orders.next_turn(connection) == NOW + timedelta(seconds=30)
