"""Parents are followed with the orders that the provider makes of them."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from storage import Database
from storage.enums import OrderState
from storage.rows import Order
from storage.schema.orders import order_parts, orders
from tests.factories.parents import drip_feed, open_parents, parts_of, say, subscription, to_the_end
from tests.harness.world import PLAYS, World


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_parents(database) as opened:
        yield opened


def asked(world: World) -> list[list[str]]:
    return [
        sent.get("orders", sent.get("order", "")).split(",")
        for sent in world.line.sent
        if "status" in sent["action"]
    ]


async def test_a_drip_feed_is_the_sum_of_its_runs(world: World) -> None:
    order = await drip_feed(world)
    await world.later(0)
    (first,) = await parts_of(world, order)
    assert (first.number, first.state) == (1, OrderState.PENDING)
    await world.later(40)
    there, made = await world.look(order), await parts_of(world, order)
    assert [part.number for part in made] == [1, 2, 3]
    assert {part.state for part in made} == {OrderState.IN_PROGRESS}
    remains = [part.remains or 0 for part in made]
    assert remains == sorted(remains)
    assert (there.remains, there.runs, there.posts) == (sum(remains), 3, None)
    assert there.charge == Decimal("0.60")
    assert there.start_count == made[0].start_count
    done = await to_the_end(world, order)
    assert (done.remains, done.charge, done.refunded) == (0, order.cost, 0)
    assert {part.state for part in await parts_of(world, order)} == {OrderState.COMPLETED}
    told = [kind for kind in await world.told() if kind.startswith("order")]
    assert told == ["order:pending", "order:in_progress", "order:completed"]


@pytest.mark.parametrize("dialect", ["documented", "snake", "numeric", "strict"])
async def test_every_dialect_names_the_parts(database: Database, dialect: str) -> None:
    async with open_parents(database, dialect=dialect) as world:
        world.provider.change_service(PLAYS, nature="partial")
        runs, posts = await drip_feed(world), await subscription(world)
        for _ in range(30):
            await world.later(10)
        runs, posts = await world.look(runs), await world.look(posts)
        assert (runs.state, posts.state) == (OrderState.COMPLETED, OrderState.COMPLETED)
        assert len(await parts_of(world, runs)) == 3
        assert len(await parts_of(world, posts)) == 5
        assert runs.refunded == runs.price * (runs.remains or 0) // 300
        assert runs.refunded > 0
        assert 0 < posts.refunded < posts.price
        assert runs.charge == world.provider.order(runs.provider_order_id).net + sum(
            world.provider.order(part.provider_order_id).net for part in await parts_of(world, runs)
        )


async def test_a_paused_subscription_stays_in_work(world: World) -> None:
    order = await subscription(world)
    world.provider.set_balance(0)
    await world.later(15)
    there = await world.look(order)
    assert (there.state, there.status_text, there.refunded) == (OrderState.IN_PROGRESS, "Paused", 0)


async def test_children_that_cannot_be_asked_stop_nobody(world: World) -> None:
    parent, other = (
        await drip_feed(world, runs=2, interval=1),
        await world.accepted(link="https://example.com/2"),
    )
    before = world.line.before

    async def cut_off(fields: dict[str, str]) -> None:
        ids = fields.get("orders", "").split(",")
        if fields["action"] == "status" and parent.provider_order_id not in ids:
            raise OSError("the line to the children is cut")

    world.line.before = cut_off
    await world.later(30)
    assert (await world.look(other)).state is OrderState.IN_PROGRESS
    there = await world.look(parent)
    assert (there.state, there.runs, there.charge) == (OrderState.IN_PROGRESS, 2, None)
    assert [part.state for part in await parts_of(world, parent)] == [None, None]
    await world.later(40)
    there = await world.look(parent)
    assert (there.state, there.refunded) == (OrderState.COMPLETED, 0)
    assert (await world.look(other)).state is OrderState.COMPLETED
    world.line.before = before
    await world.later(10)
    assert [part.state for part in await parts_of(world, parent)] == [OrderState.COMPLETED] * 2


@pytest.mark.parametrize("fault", ["omit_ids", "bad_id_fails_all"])
async def test_a_child_that_the_provider_does_not_know_stops_no_other(
    world: World, fault: str
) -> None:
    order = await drip_feed(world, runs=3, interval=1)
    await world.later(5)
    hidden = world.provider.book.orders.pop(
        int((await parts_of(world, order))[1].provider_order_id)
    )
    world.provider.fault(fault, "status", times=0)
    world.provider.force_order(order.provider_order_id, "Completed")
    for _ in range(7):
        await world.later(10)
    done, lost, last = [part.state for part in await parts_of(world, order)]
    assert (done, last) == (OrderState.COMPLETED, OrderState.COMPLETED)
    assert lost is OrderState.PENDING
    world.provider.book.orders[hidden.number] = hidden
    world.provider.force_order(hidden.number, "Canceled")
    world.provider.clear_faults()
    await world.later(10)
    assert (await world.look(order)).refunded == order.price // 3


def many_children(world: World, order: Order, count: int, **changes: dict[str, Any]) -> None:
    """Have the provider answer for a parent with this many runs, delivered unless `changes` say
    otherwise.
    """
    figures = {"status": "Completed", "charge": "0.001", "start_count": "7", "remains": "0"}
    answers: dict[str, Any] = {
        f"c{number}": figures | changes.get(f"c{number}", {}) for number in range(count)
    }
    ids = list(answers)
    answers[str(order.provider_order_id)] = {
        "status": "In progress",
        "runs": str(count),
        "orders": ids,
    }
    world.line.says["status"] = json.dumps(answers)


async def test_children_are_asked_for_in_batches_of_a_hundred(world: World) -> None:
    order = await drip_feed(world, runs=250, interval=1, quantity=20)
    many_children(world, order, 250)
    world.line.sent.clear()
    await world.later(10)
    assert [len(batch) for batch in asked(world)] == [1, 100, 100, 50]
    assert Counter(key for batch in asked(world)[1:] for key in batch) == Counter(
        f"c{n}" for n in range(250)
    )
    there = await world.look(order)
    assert (there.remains, there.charge, there.runs) == (0, Decimal("0.250"), 250)


async def test_a_provider_of_one_id_a_call_is_asked_for_each_child_by_itself(
    database: Database,
) -> None:
    async with open_parents(database, dialect="numeric") as world:
        order = await drip_feed(world, runs=3, interval=1)
        await world.later(5)
        assert [len(batch) for batch in asked(world)] == [1] * 4
        assert (await world.look(order)).charge == Decimal("0.6")


class Written:
    """Counts the parts' rows that are written."""

    def __init__(self, database: Database) -> None:
        self.rows = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(
        self, _connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool
    ) -> None:
        if statement.lstrip().startswith(("INSERT INTO order_parts", "UPDATE order_parts")):
            self.rows += len(given) if many else 1


async def test_of_hundreds_of_runs_only_those_that_changed_are_asked_and_written(
    world: World,
) -> None:
    order = await drip_feed(world, runs=300, interval=1, quantity=20)
    many_children(world, order, 300, c299={"status": "In progress", "remains": "19"})
    await world.later(10)
    before = {row.provider_order_id: row for row in await world.rows(order_parts)}
    assert len(before) == 300
    written = Written(world.database)
    many_children(world, order, 300, c299={"status": "In progress", "remains": "4"})
    world.line.sent.clear()
    for _ in range(5):
        await world.later(10)
    assert written.rows == 1
    assert {tuple(batch) for batch in asked(world)} == {(str(order.provider_order_id),), ("c299",)}
    after = {row.provider_order_id: row for row in await world.rows(order_parts)}
    assert [key for key in after if after[key] != before[key]] == ["c299"]
    assert after["c299"].first_seen_at == before["c299"].first_seen_at
    assert after["c299"].changed_at > before["c299"].changed_at


async def test_where_nothing_changed_nothing_is_written(world: World) -> None:
    world.provider.change_service(PLAYS, nature="stuck")
    order = await drip_feed(world, runs=3, interval=1)
    await world.later(10)
    before = [await world.look(order), await parts_of(world, order)]
    await world.later(10)
    await world.later(10)
    assert [await world.look(order), await parts_of(world, order)] == before


async def test_a_part_that_changed_moves_the_order_and_redraws_its_card(world: World) -> None:
    order = await subscription(world)
    await world.database.write(lambda tx: tx.execute(orders.update().values(card_message_id=77)))
    await world.later(5)
    before = await world.look(order)
    told = await world.told()
    (part,) = await parts_of(world, order)
    world.provider.force_order(part.provider_order_id, "Processing")
    await world.later(1)
    assert (await world.look(order)).changed_at > before.changed_at
    assert (await world.told())[len(told) :] == ["card"]


async def test_a_part_that_fails_or_says_what_nobody_knows_is_shown_to_the_admins_once(
    world: World,
) -> None:
    order = await drip_feed(world, runs=2, interval=1)
    await world.later(5)
    first, second = [part.provider_order_id for part in await parts_of(world, order)]
    world.provider.force_order(first, "Error")
    world.provider.force_order(second, "Moderating")
    for _ in range(3):
        await world.later(10)
    assert await world.told_admins() == ["failed_order", "status_text"]
    parent = await world.look(order)
    assert (parent.state, parent.refunded) == (OrderState.IN_PROGRESS, 0)
    assert [(part.state, part.status_text) for part in await parts_of(world, order)] == [
        (OrderState.FAILED, "Error"),
        (None, "Moderating"),
    ]


async def test_an_ordinary_order_that_lists_orders_is_left_an_ordinary_one(world: World) -> None:
    order = await world.accepted()
    say(
        world,
        **{
            str(order.provider_order_id): {
                "status": "Partial",
                "remains": "40",
                "runs": "1",
                "orders": ["x1"],
            }
        },
    )
    await world.later(10)
    there = await world.look(order)
    assert (there.refunded, there.runs) == (order.price * 40 // 100, None)
    assert await parts_of(world, order) == []


async def test_when_delivery_began_is_remembered_from_the_first_time(world: World) -> None:
    slow, quick, canceled = [
        await world.accepted(link=f"https://example.com/{n}") for n in range(3)
    ]
    world.provider.force_order(canceled.provider_order_id, "Canceled")
    world.provider.force_order(quick.provider_order_id, "Pending")
    await world.later(10)
    assert [(await world.look(order)).started_at for order in (slow, quick, canceled)] == [None] * 3
    await world.later(10)
    began = world.clock()
    assert ((await world.look(slow)).state, (await world.look(slow)).started_at) == (
        OrderState.IN_PROGRESS,
        began,
    )
    world.provider.force_order(quick.provider_order_id, "Completed")
    await world.later(10)
    assert (await world.look(quick)).started_at == began + timedelta(seconds=10)
    for status in ("Pending", "In progress", "Partial"):
        world.provider.force_order(slow.provider_order_id, status)
        await world.later(100)
        assert (await world.look(slow)).started_at == began
    assert (await world.look(canceled)).started_at is None
