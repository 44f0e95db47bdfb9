"""Parents are settled when the last of the orders that the provider made of them has ended."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from storage import Database
from storage.enums import OrderState
from tests.factories.parents import drip_feed, open_parents, parts_of, say, subscription, to_the_end
from tests.harness.world import DOLLAR, PLAYS, World

FULL = 100 * DOLLAR


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_parents(database) as opened:
        yield opened


async def test_a_subscription_gives_back_what_its_posts_did_not_use(world: World) -> None:
    order = await subscription(world)
    assert order.price == 300_000
    assert order.link == "ann"
    await world.later(25)
    there = await world.look(order)
    assert (there.state, there.posts, there.runs, there.remains) == (
        OrderState.IN_PROGRESS,
        3,
        None,
        None,
    )
    assert there.refunded == 0
    done = await to_the_end(world, order)
    made = await parts_of(world, order)
    assert done.posts == len(made) == 5
    assert done.charge == sum(part.charge or 0 for part in made)
    assert 0 < (done.charge or 0) < done.cost
    assert done.refunded == int(done.price * (1 - (done.charge or 0) / done.cost))
    assert await world.balance() == FULL - done.price + done.refunded


async def test_runs_that_were_never_made_come_back_with_the_cancellation(world: World) -> None:
    order = await drip_feed(world, runs=5, interval=100)
    await world.later(20)
    world.provider.force_order(order.provider_order_id, "Canceled")
    await world.later(10)
    there = await world.look(order)
    assert (there.state, there.refunded) == (OrderState.CANCELED, 0)  # the first run is under way
    assert (await world.told())[-1] == "order:canceled"
    for _ in range(5):
        await world.later(10)
    there = await world.look(order)
    assert (there.refunded, there.remains) == (order.price * 4 // 5, 400)
    assert await world.balance() == FULL - order.price // 5
    assert (await world.told()).count("order:canceled") == 2  # the second brings the money
    assert await world.told_admins() == []


async def test_a_canceled_drip_feed_without_a_run_gives_everything_back(world: World) -> None:
    order = await drip_feed(world)
    say(world, **{str(order.provider_order_id): {"status": "Canceled", "runs": "3", "orders": []}})
    await world.later(10)
    assert (await world.look(order)).refunded == order.price


@pytest.mark.parametrize("status", ["Completed", "Expired", "Canceled", "Partial"])
@pytest.mark.parametrize("dialect", ["documented", "snake"])
async def test_a_subscription_without_a_post_gives_everything_back(
    database: Database, status: str, dialect: str
) -> None:
    async with open_parents(database, dialect=dialect) as world:
        order = await subscription(world, old_posts=None)
        world.provider.force_order(order.provider_order_id, status)
        await world.later(1)
        there = await world.look(order)
        assert there.refunded == there.price
        assert await world.balance() == FULL
        assert await world.told_admins() == []


@pytest.mark.parametrize("status", ["Completed", "Expired", "Canceled"])
async def test_a_subscription_that_ends_early_gives_back_the_posts_it_did_not_find(
    world: World, status: str
) -> None:
    order = await subscription(world)
    await world.later(15)
    world.provider.force_order(order.provider_order_id, status)
    for _ in range(8):
        await world.later(10)
    there, made = await world.look(order), await parts_of(world, order)
    assert there.state is (OrderState.CANCELED if status == "Canceled" else OrderState.COMPLETED)
    assert len(made) == 2
    assert there.refunded == int(
        there.price * (1 - sum(part.charge or 0 for part in made) / there.cost)
    )
    assert there.refunded > there.price * 3 // 5


async def test_an_ended_parent_waits_for_its_parts_however_long_they_take(world: World) -> None:
    world.provider.change_service(PLAYS, nature="stuck")
    order = await drip_feed(world, runs=2, interval=1)
    await world.later(5)
    world.provider.force_order(order.provider_order_id, "Completed")
    await world.later(10)
    made = await parts_of(world, order)
    world.clock.forward(days=6)  # an ended order without parts would not be asked for any more
    world.provider.force_order(made[0].provider_order_id, "Partial", remains=25)
    world.provider.force_order(made[1].provider_order_id, "Canceled")
    for _ in range(7):
        await world.later(100)
    assert (await world.look(order)).refunded == order.price * 125 // 200


async def test_a_run_that_reopens_after_the_end_is_followed_and_nothing_is_taken_back(
    world: World,
) -> None:
    order = await drip_feed(world, runs=2, interval=1)
    done = await to_the_end(world, order)
    (first, _) = await parts_of(world, order)
    seen = []
    for status, remains in (
        ("Partial", 30),
        ("In progress", 10),
        ("Completed", 0),
        ("Partial", 50),
        ("Partial", 20),
    ):
        world.provider.force_order(first.provider_order_id, status, remains=remains)
        await world.later(100)
        seen.append((await world.look(order)).refunded)
    assert seen == [done.price * part // 200 for part in (30, 30, 30, 50, 50)]


async def test_an_end_that_stays_unclear_is_shown_to_the_admins_once_and_settled_when_it_is_clear(
    world: World,
) -> None:
    order = await drip_feed(world, runs=2, interval=1)
    key = str(order.provider_order_id)
    ended = {key: {"status": "Completed", "runs": "2", "orders": ["a1", "a2"]}, "a1": "Completed"}
    say(world, **ended, a2="Partial")
    for _ in range(3):
        await world.later(100)  # ten ticks: one turn of an order that has just ended
    assert (await world.look(order)).state is OrderState.COMPLETED
    assert await world.told_admins() == []  # it may still be told
    world.clock.forward(hours=1)
    for _ in range(26):
        await world.later(100)
    assert await world.told_admins() == ["unclear_refund"]
    assert (await world.look(order)).refunded == 0
    say(world, **ended, a2={"status": "Partial", "remains": "50"})
    for _ in range(13):
        await world.later(100)
    assert (await world.look(order)).refunded == order.price // 4
    assert await world.told_admins() == ["unclear_refund"]


async def test_a_run_under_way_after_its_parents_end_is_no_alert(world: World) -> None:
    world.provider.change_service(PLAYS, nature="stuck")
    order = await drip_feed(world, runs=2, interval=1)
    await world.later(5)
    world.provider.force_order(order.provider_order_id, "Completed")
    await world.later(10)
    world.clock.forward(hours=30)
    for _ in range(6):
        await world.later(100)
    assert await world.told_admins() == []
    world.clock.forward(days=2)
    for _ in range(6):
        await world.later(100)
    assert await world.told_admins() == ["unclear_refund"]


async def test_money_that_is_due_by_a_later_answer_is_paid_although_nothing_else_is_new(
    world: World,
) -> None:
    order = await subscription(world)
    key = str(order.provider_order_id)
    # it does not say that there are no orders
    say(world, **{key: {"status": "Completed", "posts": "0"}})
    await world.later(10)
    assert ((await world.look(order)).state, (await world.look(order)).refunded) == (
        OrderState.COMPLETED,
        0,
    )
    say(world, **{key: {"status": "Completed", "posts": "0", "orders": []}})
    for _ in range(11):
        await world.later(10)
    assert (await world.look(order)).refunded == order.price


async def test_two_trackers_at_once_pay_a_parent_back_once(world: World) -> None:
    placed = [await drip_feed(world, runs=2, interval=1), await subscription(world)]
    await world.later(5)
    for order in placed:
        world.provider.force_order(order.provider_order_id, "Canceled")
        for part in await parts_of(world, order):
            world.provider.force_order(part.provider_order_id, "Canceled")
    world.pass_time(10)
    trackers = (world.tracker, world.another_tracker())
    await asyncio.gather(*(tracker.sweep() for tracker in trackers for _ in range(3)))
    assert await world.balance() == FULL
    assert (await world.told()).count("order:canceled") == 2
