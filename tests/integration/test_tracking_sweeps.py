"""A sweep: whom it asks, in how many calls, and that nothing is written where nothing changed."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from playground.provider.testing import call
from storage import Database
from storage.enums import OrderState
from storage.schema.messages import notices
from storage.schema.orders import order_events, orders
from tests.factories.stock import add_order, write_order
from tests.harness.world import VISITS, World


async def many(world: World, count: int, **columns: Any) -> list[str]:
    """Put orders into both books, the provider's and ours; give their ids at the provider."""
    ids = []

    def transaction(tx):
        for _ in range(count):
            link = f"https://example.com/{len(world.provider.book.orders)}"
            ids.append(
                str(call(world.provider, "add", service=VISITS, link=link, quantity=100)["order"])
            )
            given = {
                "state": OrderState.PENDING,
                "now": world.clock(),
                "provider_order_id": ids[-1],
                "link": link,
            }
            write_order(tx, **given | columns)

    await world.database.write(transaction)
    return ids


class Writes:
    """Counts the statements that change something."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.count += (
            not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA", "SHOW"))
        )


def asked(world: World) -> list[list[str]]:
    """Give the ids of each call for statuses."""
    return [
        sent.get("orders", sent.get("order", "")).split(",")
        for sent in world.line.sent
        if "status" in sent["action"]
    ]


async def test_orders_are_asked_for_in_batches_of_at_most_a_hundred(world: World) -> None:
    ids = await many(world, 250)
    assert await world.tracker.sweep() == 250
    assert sorted(len(batch) for batch in asked(world)) == [50, 100, 100]
    assert Counter(key for batch in asked(world) for key in batch) == Counter(ids)
    world.pass_time(70)
    await world.tracker.sweep()
    assert {row.state for row in await world.rows(orders)} == {"completed"}


async def test_without_orders_nothing_is_asked(world: World) -> None:
    assert await world.tracker.sweep() == 0
    assert world.line.sent == []


@pytest.mark.parametrize("fault", [None, "bad_id_fails_all", "omit_ids"])
async def test_a_bad_id_does_not_stop_the_others(world: World, fault: str | None) -> None:
    await many(world, 30)
    stranger = await add_order(
        world.database,
        state=OrderState.PENDING,
        now=world.clock(),
        provider_order_id="999999",
        link="x",
    )
    if fault:
        world.provider.fault(fault, "status", times=0)
    world.pass_time(70)
    await world.tracker.sweep()
    states = {row.id: row.state for row in await world.rows(orders)}
    assert states.pop(stranger) == "pending"
    assert set(states.values()) == {"completed"}


async def test_where_nothing_changed_nothing_is_written(world: World) -> None:
    await many(world, 105)
    await world.tracker.sweep()
    before = [await world.rows(table) for table in (orders, order_events, notices)]
    writes = Writes(world.database)
    for _ in range(3):
        await world.tracker.sweep()
    assert writes.count == 0
    assert [await world.rows(table) for table in (orders, order_events, notices)] == before
    world.pass_time(10)
    await world.tracker.sweep()
    assert writes.count > 0


async def test_a_change_of_one_order_writes_that_order_alone(world: World) -> None:
    ids = await many(world, 105)
    await world.tracker.sweep()
    before = {row.id: row for row in await world.rows(orders)}
    world.provider.force_order(ids[70], "In progress", remains=60)
    await world.tracker.sweep()
    changed = [row.provider_order_id for row in await world.rows(orders) if row != before[row.id]]
    assert changed == [ids[70]]


NOTHING = [
    "",
    "null",
    "[]",
    "{}",
    "<html>502</html>",
    "true",
    '{"orders": null}',
    '{"error": "x"}',
    "5",
    '"x"',
]
TROUBLE = [
    "html_502",
    "empty",
    "null",
    "hang_before",
    "drop_after",
    "error_500_empty",
    "bad_key",
    "rate_limit_429",
]


async def test_an_answer_that_says_nothing_changes_nothing(world: World) -> None:
    await many(world, 3)
    await world.tracker.sweep()
    before = [await world.rows(table) for table in (orders, order_events, notices)]
    for body in NOTHING:
        world.line.says["status"] = body
        world.pass_time(10)
        await world.tracker.sweep()
        assert [await world.rows(table) for table in (orders, order_events, notices)] == before, (
            body
        )


async def test_a_provider_in_trouble_changes_nothing_and_is_asked_again(world: World) -> None:
    await many(world, 3)
    world.pass_time(70)
    for fault in TROUBLE:
        world.provider.fault(fault, "status", times=0)
        await world.tracker.sweep()
        assert {row.state for row in await world.rows(orders)} == {"pending"}, fault
        world.provider.clear_faults()
    await world.tracker.sweep()
    assert {row.state for row in await world.rows(orders)} == {"completed"}


async def test_the_longer_an_order_is_quiet_the_more_rarely_it_is_asked_for(world: World) -> None:
    ages = {
        timedelta(0): 240,
        timedelta(hours=3): 60,
        timedelta(hours=12): 12,
        timedelta(days=3): 4,
        timedelta(days=30): 1,
    }
    of_age = {}
    for age in ages:
        (key,) = await many(world, 1, now=world.clock() - age)
        world.provider.change_service(VISITS, nature="stuck")
        world.provider.force_order(key, "Pending")
        of_age[key] = age
    charge = (await world.service(VISITS)).rate / 10
    values = {"status_text": "Pending", "remains": 100, "start_count": 0, "charge": charge}
    # nothing is new to the tracker
    await world.database.write(lambda tx: tx.execute(orders.update().values(values)))
    ticks = 240
    for _ in range(ticks):
        await world.tracker.sweep()
        world.clock.forward(seconds=10)
    turns = Counter(key for batch in asked(world) for key in batch)
    for key, age in of_age.items():
        assert turns[key] == pytest.approx(ages[age], abs=max(1, ages[age] // 20)), age


async def test_an_ended_order_is_looked_at_for_a_while_and_then_left_alone(world: World) -> None:
    order = await world.accepted()
    await world.later(70)
    assert (await world.look(order)).state == "completed"
    world.line.sent.clear()
    for _ in range(20):
        world.clock.forward(seconds=10)
        await world.tracker.sweep()
    assert len(asked(world)) == 2
    world.clock.forward(days=4)
    world.line.sent.clear()
    for _ in range(13):
        world.clock.forward(seconds=100)
        await world.tracker.sweep()
    assert asked(world) == []


async def test_one_answer_that_cannot_be_used_does_not_hold_up_the_rest_of_its_batch(
    world: World,
) -> None:
    ids = await many(world, 3)
    good = '{"status": "Completed", "remains": "0", "charge": "0.05"}'
    absurd = (
        f'{{"status": "Completed\\u0000", "remains": "{"9" * 17}", "charge": '
        '"1e-29", "start_count": 1e17}'
    )
    world.line.says["status"] = f'{{"{ids[0]}": {good}, "{ids[1]}": {absurd}, "{ids[2]}": {good}}}'
    await world.tracker.sweep()
    assert [row.state for row in await world.rows(orders)] == ["completed"] * 3
