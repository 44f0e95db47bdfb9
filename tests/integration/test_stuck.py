"""Which orders are stuck: by their service's own history, by their plan, by the provider's word;
each is told once.
"""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from shop.outbox import Kind, alerts_told
from shop.recovery.attention import AttentionItem, AttentionReason, candidates, first_cases
from shop.recovery.triage import MOST_LISTED, Triage
from storage.enums import OrderState
from storage.rows import Order
from storage.schema.orders import drafts, orders
from tests.factories.parents import drip_feed, open_parents, subscription
from tests.factories.triage import Desk, unknown
from tests.harness.world import ADMINS, CUSTOMER, World

HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def history(world: World, order: Order, hours: float, many: int = 5) -> None:
    """Let the service have orders that took so long."""
    now = world.clock()

    def transaction(tx):
        for _ in range(many):
            draft = tx.scalar(
                insert(drafts)
                .values(
                    user_id=CUSTOMER,
                    service_id=order.service_id,
                    fields={},
                    created_at=now,
                    closed_at=now,
                )
                .returning(drafts.c.id),
            )
            tx.execute(
                insert(orders).values(
                    draft_id=draft,
                    user_id=CUSTOMER,
                    service_id=order.service_id,
                    service_name="x",
                    fields={},
                    service_type="default",
                    link="x",
                    quantity=1,
                    price=0,
                    currency="USD",
                    cost=Decimal(0),
                    billing="wallet",
                    state=OrderState.COMPLETED,
                    created_at=now,
                    not_before=now,
                    changed_at=now,
                    submitted_at=now - timedelta(hours=hours),
                    finished_at=now,
                ),
            )

    await world.database.write(transaction)


async def why(desk: Desk, order: Order) -> AttentionReason | None:
    case = await desk.case(order)
    return None if case is None else case.why


async def test_without_history_a_week_without_change_is_too_long(world: World, desk: Desk) -> None:
    order = await world.accepted()
    world.pass_time(7 * DAY - 1)
    assert await why(desk, order) is None
    world.pass_time(1)
    assert await desk.case(order) == AttentionItem(
        order.id, AttentionReason.QUIET, order.changed_at
    )


@pytest.mark.parametrize(("usual", "limit"), [(1, 24), (9, 27), (100, 300)])
async def test_with_history_three_times_as_long_as_usual_is(
    world: World, desk: Desk, usual: int, limit: int
) -> None:
    order = await world.accepted()
    await history(world, order, usual)
    world.pass_time(limit * HOUR - 1)
    assert await why(desk, order) is None
    world.pass_time(1)
    assert await why(desk, order) is AttentionReason.QUIET


async def test_a_change_starts_the_time_anew(world: World, desk: Desk) -> None:
    order = await world.accepted()
    world.pass_time(8 * DAY)
    assert await why(desk, order) is AttentionReason.QUIET
    await desk.change(order, changed_at=world.clock() - timedelta(days=6))
    assert await why(desk, order) is None


async def test_an_id_that_is_not_known_is_waited_for_an_hour(world: World, desk: Desk) -> None:
    order = await desk.change(await world.accepted(), missing_since=world.clock())
    world.pass_time(HOUR - 1)
    assert await why(desk, order) is None
    world.pass_time(1)
    assert await desk.case(order) == AttentionItem(
        order.id, AttentionReason.MISSING, order.missing_since
    )


async def test_ended_and_waiting_orders_are_none(world: World, desk: Desk) -> None:
    ended = await world.accepted()
    world.provider.force_order(ended.provider_order_id, "Completed")
    await world.tracker.look([ended.id])
    queued = await world.order(link="https://example.com/queued")
    world.pass_time(30 * DAY)
    assert [await why(desk, order) for order in (queued, ended)] == [None, None]


async def test_a_drip_feed_has_the_time_of_its_plan(database) -> None:
    async with open_parents(database) as world:
        desk = Desk(world)
        # the last run begins after ten days
        order = await drip_feed(world, runs=3, interval=5 * 24 * 60)
        await desk.change(order, changed_at=world.clock())
        world.pass_time(16 * DAY)
        assert await why(desk, order) is None
        world.pass_time(2 * DAY)
        assert await why(desk, order) is AttentionReason.QUIET


async def test_a_subscription_has_until_its_last_day(database) -> None:
    async with open_parents(database) as world:
        desk = Desk(world)
        endless = await subscription(world)
        until = await subscription(
            world, username="bob", expiry=f"{world.clock() + timedelta(days=10):%d/%m/%Y}"
        )
        world.pass_time(16 * DAY)
        assert [await why(desk, order) for order in (endless, until)] == [None, None]
        world.pass_time(3 * DAY)
        assert [await why(desk, order) for order in (endless, until)] == [
            None,
            AttentionReason.QUIET,
        ]
        await desk.change(endless, missing_since=world.clock() - timedelta(hours=2))
        assert await why(desk, endless) is AttentionReason.MISSING


async def test_the_oldest_comes_first_whatever_it_is(world: World, desk: Desk) -> None:
    quiet = await world.accepted()
    world.pass_time(5 * DAY)
    lost = await unknown(world, link="https://example.com/lost")
    world.pass_time(2 * DAY)
    missing = await desk.missing(link="https://example.com/missing")
    found = await world.database.read(first_cases, world.clock(), 10)
    assert [(case.order_id, case.why) for case in found] == [
        (quiet.id, AttentionReason.QUIET),
        (lost.id, AttentionReason.UNKNOWN),
        (missing.id, AttentionReason.MISSING),
    ]
    await desk.verdicts.mark_missing(lost.id, ADMINS[0])


async def test_each_stuck_order_is_told_once_until_it_moves_on(world: World, desk: Desk) -> None:
    order = await desk.missing()
    await asyncio.gather(desk.stuck.step(), Desk(world).stuck.step())
    await desk.stuck.step()
    assert await world.told_admins() == ["stuck_order"]
    await desk.change(order, missing_since=None)
    await desk.stuck.step()
    await desk.change(order, missing_since=world.clock() - timedelta(hours=2))
    await desk.stuck.step()
    assert await world.told_admins() == ["stuck_order"] * 2
    check = await desk.check(order, str(order.provider_order_id))
    await desk.verdicts.confirm(check.id, ADMINS[0])
    await desk.change(order, missing_since=world.clock() - timedelta(hours=2))
    await desk.stuck.step()
    assert (await world.told(ADMINS[1])).count("stuck_order") == 3


async def test_hundreds_at_once_are_told_little_by_little(world: World, desk: Desk) -> None:
    for number in range(12):
        await world.accepted(link=f"https://example.com/{number}")
    world.pass_time(8 * DAY)
    told = []
    for _ in range(3):
        await desk.stuck.step()
        told.append((await world.told_admins()).count("stuck_order"))
    assert told == [10, 12, 12]


async def test_unknown_and_faulty_orders_have_alerts_of_their_own(world: World, desk: Desk) -> None:
    lost = await unknown(world)
    order = await world.accepted(link="https://example.com/faulty")
    world.provider.force_order(order.provider_order_id, "Fail")
    await world.tracker.look([order.id])
    assert await why(desk, order) is AttentionReason.FAILED
    await desk.stuck.step()
    assert "stuck_order" not in await world.told_admins()
    await desk.verdicts.mark_missing(lost.id, ADMINS[0])


async def test_of_many_that_are_stuck_the_oldest_are_listed_and_all_are_watched(
    world: World, desk: Desk
) -> None:
    now = world.clock()
    for number in range(MOST_LISTED + 3):
        order = await world.accepted(link=f"https://example.com/{number}")
        await desk.change(order, changed_at=now - timedelta(days=60 - number))
    triage = Triage(world.database, world.clock)
    page = await triage.page(0, 3)
    assert (page.total, page.more) == (MOST_LISTED, True)
    assert [sheet.order.id for sheet in page.sheets] == [1, 2, 3]
    assert len(await world.database.read(candidates, now)) == MOST_LISTED + 3
    for _ in range(4):
        await desk.stuck.step()
    told = await world.database.read(alerts_told, Kind.STUCK_ORDER)
    assert {one["order_id"] for one in told} == set(range(1, MOST_LISTED + 4))
