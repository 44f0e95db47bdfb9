"""Which orders an expectation is made of."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shop.catalogue.delivery_times import expectation_of
from storage import Database
from storage.enums import DONE, OrderState
from storage.queries import catalogue, statistics
from tests.factories.stock import NOW, add_order, service_row, stock

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    await stock(database)


async def ended(database: Database, minutes: int = 10, *, ago: int = 0, **columns: Any) -> int:
    sent = NOW - ago * MINUTE
    values: dict[str, Any] = {
        "state": OrderState.COMPLETED,
        "submitted_at": sent,
        "started_at": sent + MINUTE,
        "finished_at": sent + minutes * MINUTE,
    }
    return await add_order(database, **(values | columns))


async def found(database: Database, service: int = 1, limit: int = 200) -> list[statistics.Ended]:
    return await database.read(statistics.latest_ended, service, limit=limit)


@pytest.mark.parametrize("state", OrderState)
async def test_ended_orders_count(database: Database, state: OrderState) -> None:
    await ended(database, state=state, provider_order_id="p1")
    assert [order.state for order in await found(database)] == ([state] if state in DONE else [])


async def test_an_order_that_has_reopened_has_not_ended(database: Database) -> None:
    await ended(database, state=OrderState.IN_PROGRESS)
    await ended(database, finished_at=None)
    assert await found(database) == []


async def test_what_was_taken_back_before_it_was_sent_says_nothing(database: Database) -> None:
    await ended(database, state=OrderState.CANCELED)
    assert await found(database) == []
    await ended(database, state=OrderState.CANCELED, provider_order_id="p1")
    await ended(database, state=OrderState.REJECTED)  # the provider's own word
    assert {order.state for order in await found(database)} == {"canceled", "rejected"}


async def test_the_latest_of_this_service_only(database: Database) -> None:
    await database.write(catalogue.add_services, [service_row("12")])
    for ago in range(6):
        await ended(database, ago=ago, submitted_at=NOW)
    await ended(database, 99)
    await database.write(
        lambda tx: tx.execute(text("UPDATE orders SET service_id = 2 WHERE id > 3"))
    )
    latest = await found(database, limit=2)
    assert [order.ended_after for order in latest] == [600, 540]
    assert len(await found(database, 2)) == 4


@pytest.mark.parametrize(
    ("columns", "untimed"),
    [
        ({"fields": {"runs": 3, "interval": 60}}, True),
        ({"fields": {"runs": None, "interval": None}}, False),
        ({"fields": {}}, False),
        ({"service_type": "subscriptions"}, True),
    ],
)
async def test_parents_are_told_apart(
    database: Database, columns: dict[str, Any], untimed: bool
) -> None:
    await ended(database, **columns)
    assert [order.untimed for order in await found(database)] == [untimed]


async def test_an_expectation_is_of_the_latest_two_hundred(database: Database) -> None:
    for number in range(201):
        await ended(
            database,
            ago=number,
            state=OrderState.PARTIAL if number == 200 else OrderState.COMPLETED,
        )
    expected = await database.read(expectation_of, 1)
    assert expected is not None
    assert (expected.orders, expected.completed) == (200, 1.0)
    assert expected.end_most == 10 * MINUTE
    assert expected.start_median == MINUTE


async def test_an_index_finds_them(database: Database) -> None:
    if not database.is_sqlite:  # whose planner prefers to read so few rows one after another
        return

    def transaction(tx):
        plan = tx.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT state FROM orders WHERE service_id = 1 AND "
                "finished_at IS NOT NULL "
                "ORDER BY finished_at DESC LIMIT 200"
            ),
        )
        return [row.detail for row in plan]

    steps = await database.read(transaction)
    assert any("ix_orders_service_finished" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)
