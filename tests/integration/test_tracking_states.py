"""The tracker follows the provider: what changed is written, told and paid back, once."""

import asyncio

import pytest

from storage.enums import OrderState
from storage.schema.orders import order_events, orders
from tests.harness.world import CUSTOMER, PLAYS, REVIEWS, World, open_world


async def test_an_order_is_followed_to_its_end_and_each_step_is_told_once(world: World) -> None:
    order = await world.accepted()
    for _ in range(10):
        await world.later(10)
    done = await world.look(order)
    assert (done.state, done.remains, done.refunded) == (OrderState.COMPLETED, 0, 0)
    assert done.finished_at is not None
    assert done.start_count is not None
    told = [kind for kind in await world.told() if kind != "card"]
    assert told == [
        f"order:{state}" for state in ("pending", "processing", "in_progress", "completed")
    ]
    events = [row.state for row in await world.rows(order_events)]
    assert events == ["queued", "submitting", "pending", "processing", "in_progress", "completed"]


@pytest.mark.parametrize("dialect", ["documented", "snake", "numeric", "strict"])
async def test_every_dialect_is_followed_to_the_end(database, dialect: str) -> None:
    async with open_world(database, dialect=dialect) as world:
        order = await world.accepted()
        comments = await world.accepted(
            REVIEWS, comments=["One", "Two"], link="https://example.com/video"
        )
        for _ in range(8):
            await world.later(10)
        assert {(await world.look(placed)).state for placed in (order, comments)} == {
            OrderState.COMPLETED
        }


async def test_a_status_nobody_knows_keeps_the_order_in_work_and_is_told_once(world: World) -> None:
    first, second = [await world.accepted(link=f"https://example.com/{n}") for n in range(2)]
    for order in (first, second):
        world.provider.force_order(order.provider_order_id, "Moderating")
    for _ in range(5):
        await world.later(10)
    there = await world.look(first)
    assert (there.state, there.status_text, there.finished_at) == (
        OrderState.PENDING,
        "Moderating",
        None,
    )
    assert await world.told_admins() == ["status_text"]
    assert [kind for kind in await world.told() if kind.startswith("order")] == [
        "order:pending"
    ] * 2
    world.provider.force_order(first.provider_order_id, "In Moderation")
    await world.later(10)
    assert await world.told_admins() == ["status_text"] * 2
    world.provider.force_order(first.provider_order_id, "Completed", remains=0)
    await world.later(10)
    assert (await world.look(first)).state is OrderState.COMPLETED


async def test_a_failed_order_is_shown_to_admins_and_nothing_is_concluded(world: World) -> None:
    order = await world.accepted()
    world.provider.force_order(order.provider_order_id, "Error")
    await world.later(10)
    await world.later(10)
    failed = await world.look(order)
    assert (failed.state, failed.refunded, failed.finished_at) == (OrderState.FAILED, 0, None)
    assert await world.told_admins() == ["failed_order"]
    world.provider.force_order(order.provider_order_id, "In progress")
    await world.later(10)
    assert (await world.look(order)).state is OrderState.IN_PROGRESS


async def test_a_state_that_goes_back_is_followed_back(world: World) -> None:
    order = await world.accepted()
    for status in ("In progress", "Pending", "Processing", "Completed", "In progress"):
        world.provider.force_order(order.provider_order_id, status)
        await world.later(100)
        assert (await world.look(order)).status_text == status
    reopened = await world.look(order)
    assert (reopened.state, reopened.finished_at) == (OrderState.IN_PROGRESS, None)


@pytest.mark.parametrize("remains", ["0", 0, -5])
async def test_remains_never_tell_completion(world: World, remains) -> None:
    order = await world.accepted()
    world.provider.force_order(order.provider_order_id, "Pending", remains=remains)
    await world.later(10)
    there = await world.look(order)
    assert (there.state, there.remains) == (OrderState.PENDING, int(remains))


async def test_an_id_that_is_not_indexed_yet_stays_in_work(world: World) -> None:
    order = await world.accepted()
    world.provider.fault("omit_ids", "status", ids=[order.provider_order_id], times=2)
    hidden = world.provider.book.orders.pop(int(order.provider_order_id or 0))
    await world.later(10)
    assert (await world.look(order)).state is OrderState.PENDING
    world.provider.book.orders[hidden.number] = hidden
    world.provider.clear_faults()
    await world.later(60)
    assert (await world.look(order)).state is OrderState.COMPLETED
    assert await world.told_admins() == []


async def test_an_order_known_only_as_unknown_is_not_asked_for(world: World) -> None:
    world.provider.fault("hang_after", "add")
    await world.accepted()
    await world.later(10)
    assert world.line.count("status") == 0


async def test_two_trackers_at_once_tell_a_change_once(world: World) -> None:
    order = await world.accepted()
    other = world.another_tracker()
    world.pass_time(70)
    await asyncio.gather(world.tracker.sweep(), other.sweep(), world.tracker.sweep(), other.sweep())
    assert (await world.look(order)).state is OrderState.COMPLETED
    assert (await world.told(CUSTOMER)).count("order:completed") == 1
    assert [row.state for row in await world.rows(order_events)].count("completed") == 1


async def test_a_drip_feeds_parent_is_followed_although_it_names_no_figures(world: World) -> None:
    order = await world.accepted(PLAYS, runs=3, interval=1)
    await world.later(10)
    assert (await world.look(order)).state is OrderState.IN_PROGRESS
    for _ in range(6):
        await world.later(60)
    done = await world.look(order)
    assert (done.state, done.remains, done.refunded) == (OrderState.COMPLETED, 0, 0)
    assert len(await world.rows(orders)) == 1
