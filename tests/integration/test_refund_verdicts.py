"""What admins say of refunds is booked once, on the order; what the provider says later is the
difference.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shop.access import Billing
from shop.errors import NotFoundError
from shop.fulfilment.evidence import EvidenceKind
from shop.recovery.attention import AttentionReason
from shop.recovery.portions import ALL, NOTHING, Portion
from shop.recovery.triage import Triage
from storage import Database
from storage.enums import OrderState
from storage.schema.messages import notices
from storage.schema.orders import order_events, orders
from storage.schema.wallets import ledger
from tests.factories.parents import drip_feed, open_parents, say
from tests.factories.triage import Desk, unknown
from tests.harness.refund_judge import CONTRADICTION, Judge
from tests.harness.world import ADMINS, CUSTOMER, DOLLAR, PACKAGE, World, open_world

FULL, PRICE = 100 * DOLLAR, 300_000


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_parents(database) as opened:
        yield opened


@pytest.fixture
def judge(world: World) -> Judge:
    return Judge(world)


@pytest.mark.parametrize(
    ("portion", "due"),
    [
        (NOTHING, 0),
        (Portion(40, 100), 120_000),
        (Portion(1, 3), 100_000),
        (Portion(25, 100), 75_000),
        (ALL, PRICE),
    ],
)
async def test_an_answer_is_booked_on_the_order(
    world: World, judge: Judge, portion: Portion, due: int
) -> None:
    order = await judge.unclear()
    answered = await judge.decide(order, portion)
    assert (answered.ours, answered.amount) == (True, due)
    assert (answered.order.refunded, answered.order.unclear_since) == (due, None)
    assert await world.balance() == FULL - PRICE + due
    (said,) = await judge.kept(order, EvidenceKind.REFUND)
    assert (said.actor_id, said.payload["part"], said.payload["of"]) == (
        ADMINS[0],
        portion.part,
        portion.of,
    )
    assert str(ADMINS[0]) in (await world.rows(order_events))[-1].note
    told = [row.payload for row in await world.rows(notices) if row.kind == "order"][-1]
    assert told == {"state": "partial", "refund": due}
    if due:
        (entry,) = [row for row in await world.rows(ledger) if row.key.startswith("refund:")]
        assert (entry.amount, entry.actor_id, entry.order_id) == (due, ADMINS[0], order.id)


async def test_what_the_provider_says_later_is_the_difference(world: World, judge: Judge) -> None:
    order = await judge.unclear()
    await judge.decide(order, Portion(30, 100))
    seen = []
    for remains, charge in (("10", "0.18"), ("50", "0.10"), ("50", "0.10"), ("100", "0")):
        seen.append(
            (
                await judge.hear(order, {"status": "Partial", "remains": remains, "charge": charge})
            ).refunded
        )
    assert seen == [90_000, 150_000, 150_000, PRICE]
    assert await world.balance() == FULL
    assert await world.told_admins() == ["unclear_refund"]


async def test_nothing_can_be_more_later(world: World, judge: Judge) -> None:
    order = await judge.unclear()
    assert (await judge.decide(order, NOTHING)).amount == 0
    assert (await judge.hear(order, CONTRADICTION, CONTRADICTION)).unclear_since is None
    assert (await judge.hear(order, {"status": "Canceled", "charge": "0"})).refunded == PRICE
    assert await world.told_admins() == ["unclear_refund"]


async def test_of_two_admins_one_decides(world: World, judge: Judge) -> None:
    order = await judge.unclear()
    seen = await judge.seen(order)
    answers = await asyncio.gather(
        judge.verdicts.decide(order.id, ADMINS[0], ALL, seen),
        judge.verdicts.decide(order.id, ADMINS[1], Portion(10, 100), seen),
        judge.verdicts.decide(order.id, ADMINS[0], ALL, seen),
    )
    assert sorted(one.ours for one in answers) == [False, False, True]
    assert len(await judge.kept(order, EvidenceKind.REFUND)) == 1
    there = await world.look(order)
    assert there.refunded in {PRICE, 30_000}
    assert await world.balance() == FULL - PRICE + there.refunded


async def test_a_second_thought_gives_the_difference_and_takes_nothing_back(
    world: World, judge: Judge
) -> None:
    order = await judge.unclear()
    assert [
        (await judge.decide(order, Portion(part, 100))).amount for part in (10, 40, 20, 100)
    ] == [
        30_000,
        90_000,
        0,
        180_000,
    ]
    assert not (await judge.decide(order, ALL)).ours  # there is nothing left to be decided
    assert await world.balance() == FULL


async def test_only_admins_say_so_and_only_of_what_has_ended_at_the_provider(
    world: World, judge: Judge
) -> None:
    order = await judge.unclear()
    with pytest.raises(NotFoundError):
        await judge.decide(order, ALL, CUSTOMER)
    with pytest.raises(NotFoundError):
        await judge.take_back(order, CUSTOMER)
    with pytest.raises(NotFoundError):
        await judge.verdicts.stop(order.id, CUSTOMER)
    with pytest.raises(NotFoundError):
        await judge.verdicts.decide(order.id + 7, ADMINS[0], ALL, 0)
    queued = await world.order(link="https://example.com/queued")
    lost = await unknown(world, link="https://example.com/lost")
    world.line.says.clear()
    running = await world.accepted(link="https://example.com/running")
    for other in (queued, lost, running):
        assert not (await judge.decide(other, ALL)).ours
    assert await world.balance() == FULL - 4 * PRICE


async def test_an_old_order_can_be_decided_without_a_question(world: World, judge: Judge) -> None:
    """As those of alerts that were sent before there were buttons."""
    order = await judge.unclear()
    await world.database.write(lambda tx: tx.execute(orders.update().values(unclear_since=None)))
    assert (await judge.decide(order, Portion(50, 100))).amount == PRICE // 2


async def test_a_package_is_decided_by_a_percentage(world: World, judge: Judge) -> None:
    order = await judge.hear(await world.accepted(PACKAGE), {"status": "Partial", "remains": "1"})
    assert (await judge.decide(order, Portion(40, 100))).amount == order.price * 40 // 100


async def test_triage_lists_what_is_asked_until_it_is_answered(world: World, judge: Judge) -> None:
    first, second = [
        await judge.unclear(link=f"https://example.com/{number}") for number in range(2)
    ]
    triage = Triage(world.database, world.clock)
    page = await triage.page(0, 10)
    assert [(sheet.order.id, sheet.case.why if sheet.case else None) for sheet in page.sheets] == [
        (first.id, AttentionReason.UNCLEAR),
        (second.id, AttentionReason.UNCLEAR),
    ]
    assert page.sheets[0].stuck is None
    await judge.decide(first, NOTHING)
    await judge.hear(second, {"status": "Partial", "remains": "40"})
    assert (await triage.page(0, 10)).total == 0
    assert (await triage.sheet(first.id)).answer is not None


async def test_a_question_is_no_case_for_a_verdict_on_existence(world: World, judge: Judge) -> None:
    order, desk = await judge.unclear(), Desk(world)
    assert await desk.case(order) is None
    assert not (await desk.verdicts.mark_missing(order.id, ADMINS[0])).ours
    assert (await world.look(order)).refunded == 0


async def test_parents_that_stay_unclear_are_not_asked_about_again_once_they_are_decided(
    world: World, judge: Judge
) -> None:
    order = await drip_feed(world, runs=2, interval=1)
    said = {
        str(order.provider_order_id): {"status": "Completed", "runs": "2", "orders": ["a1", "a2"]}
    }
    say(world, **said, a1="Completed", a2="Partial")
    for _ in range(3):
        await world.later(100)
    world.clock.forward(hours=1)
    for _ in range(26):
        await world.later(100)
    assert (await judge.decide(order, Portion(50, 200))).amount == order.price // 4
    for _ in range(40):
        await world.later(100)
    assert await world.told_admins() == ["unclear_refund"]
    say(world, **said, a1="Completed", a2={"status": "Partial", "remains": "60"})
    for _ in range(14):
        await world.later(100)
    assert (await world.look(order)).refunded == order.price * 60 // 200


async def test_where_the_house_pays_only_the_counter_moves(database: Database) -> None:
    async with open_world(database, billing=Billing.HOUSE) as world:
        await world.customer(ADMINS[0])
        judge = Judge(world)
        order = await judge.unclear(user_id=ADMINS[0])
        assert (await judge.decide(order, Portion(40, 100))).order.refunded == 120_000
        await judge.hear(order, {"status": "Completed", "charge": "0.2"})
        assert (await judge.take_back(order)).order.refunded == 0
        assert await world.balance(ADMINS[0]) == FULL
        assert [row for row in await world.rows(ledger) if row.order_id] == []


# A stuck order


@pytest.mark.parametrize(
    ("portion", "due", "end"),
    [
        (NOTHING, 0, OrderState.COMPLETED),
        (Portion(60, 100), 180_000, OrderState.PARTIAL),
        (ALL, PRICE, OrderState.CANCELED),
    ],
)
async def test_a_stuck_order_ends_with_what_was_not_delivered(
    world: World, portion: Portion, due: int, end: OrderState
) -> None:
    desk = Desk(world)
    order = await desk.missing()
    told = await asyncio.gather(
        *(desk.verdicts.mark_missing(order.id, admin, None, portion) for admin in ADMINS)
    )
    assert sorted(one.ours for one in told) == [False, True]
    there = await world.look(order)
    assert (there.state, there.refunded) == (end, due)
    assert there.settled_by in ADMINS
    assert await world.balance() == FULL - PRICE + due
    world.provider.force_order(order.provider_order_id, "Canceled")
    await world.later(1000)
    assert (await world.look(order)).refunded == due  # the provider's word moves it no more


async def test_an_order_without_an_answer_is_ended_as_a_whole_or_not(world: World) -> None:
    order, desk = await unknown(world), Desk(world)
    with pytest.raises(NotFoundError):
        await desk.verdicts.mark_missing(order.id, ADMINS[0], None, Portion(50, 100))
    assert (await world.look(order)).state is OrderState.UNKNOWN
