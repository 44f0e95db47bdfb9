"""What admins say of refunds is booked once, on the order; what the provider says later is the difference."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from shop.access import Billing
from shop.aftercare import NotNowError
from shop.errors import BadAnswerError, NotFoundError
from shop.evidence import Sign
from shop.portions import ALL, NOTHING, Portion
from shop.refund_verdicts import Answered, RefundVerdicts
from shop.stuck import Why
from shop.triage import Triage
from storage import Database, evidence, wallet
from storage.rows import Evidence, Order
from storage.states import OrderState
from storage.tables import ledger, notices, order_events, orders, requests
from storage.wallet import Account
from tests.support.parents import drip_feed, open_parents, say, subscription
from tests.support.triage import Desk, unknown
from tests.support.world import ADMINS, CUSTOMER, DOLLAR, PACKAGE, World, check_money, open_world

FULL, PRICE = 100 * DOLLAR, 300_000
CONTRADICTION = {"status": "Partial", "remains": "0", "charge": "0"}


@dataclass
class Judge:
    """Admins who answer, without the chat."""

    world: World

    @property
    def verdicts(self) -> RefundVerdicts:
        world = self.world
        return RefundVerdicts(world.database, ADMINS, world.aftercare, world.bells, world.clock)

    async def seen(self, order: Order) -> int:
        return (await Triage(self.world.database, self.world.clock).sheet(order.id)).newest

    async def decide(self, order: Order, portion: Portion, admin: int = ADMINS[0]) -> Answered:
        return await self.verdicts.decide(order.id, admin, portion, await self.seen(order))

    async def take_back(self, order: Order, admin: int = ADMINS[0]) -> Answered:
        return await self.verdicts.take_back(order.id, admin, await self.seen(order))

    async def hear(self, order: Order, *answers: Any) -> Order:
        for answer in answers:
            say(self.world, **{str(order.provider_order_id): answer})
            await self.world.later(100)
        return await self.world.look(order)

    async def unclear(self, **answers: Any) -> Order:
        """Give an order of which the admins are asked."""
        order = await self.hear(await self.world.accepted(**answers), CONTRADICTION)
        assert order.unclear_since is not None
        return order

    async def kept(self, order: Order, kind: Sign) -> list[Evidence]:
        async with self.world.database.read() as connection:
            known = (await evidence.of_orders(connection, [order.id]))[order.id]
        return [one for one in known if one.kind == kind]

    async def spend(self, leaving: int) -> None:
        """Have the customer spend all but so much."""
        amount = await self.world.balance() - leaving
        async with self.world.database.write() as connection:
            await wallet.move(
                connection,
                user_id=CUSTOMER,
                source=Account.WALLET,
                target=Account.MANUAL,
                amount=amount,
                key=f"manual:{amount}",
                reason="spent",
                now=self.world.clock(),
            )


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_parents(database) as opened:
        yield opened


@pytest.fixture
def judge(world: World) -> Judge:
    return Judge(world)


@pytest.mark.parametrize(
    ("portion", "due"),
    [(NOTHING, 0), (Portion(40, 100), 120_000), (Portion(1, 3), 100_000), (Portion(25, 100), 75_000), (ALL, PRICE)],
)
async def test_an_answer_is_booked_on_the_order(world: World, judge: Judge, portion: Portion, due: int) -> None:
    order = await judge.unclear()
    answered = await judge.decide(order, portion)
    assert (answered.ours, answered.amount) == (True, due)
    assert (answered.order.refunded, answered.order.unclear_since) == (due, None)
    assert await world.balance() == FULL - PRICE + due
    (said,) = await judge.kept(order, Sign.REFUND)
    assert (said.actor_id, said.payload["part"], said.payload["of"]) == (ADMINS[0], portion.part, portion.of)
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
        seen.append((await judge.hear(order, {"status": "Partial", "remains": remains, "charge": charge})).refunded)
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
    assert len(await judge.kept(order, Sign.REFUND)) == 1
    there = await world.look(order)
    assert there.refunded in {PRICE, 30_000}
    assert await world.balance() == FULL - PRICE + there.refunded


async def test_a_second_thought_gives_the_difference_and_takes_nothing_back(world: World, judge: Judge) -> None:
    order = await judge.unclear()
    assert [(await judge.decide(order, Portion(part, 100))).amount for part in (10, 40, 20, 100)] == [
        30_000,
        90_000,
        0,
        180_000,
    ]
    assert not (await judge.decide(order, ALL)).ours  # there is nothing left to be decided
    assert await world.balance() == FULL


async def test_only_admins_say_so_and_only_of_what_has_ended_at_the_provider(world: World, judge: Judge) -> None:
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
    async with world.database.write() as connection:
        await connection.execute(orders.update().values(unclear_since=None))
    assert (await judge.decide(order, Portion(50, 100))).amount == PRICE // 2


async def test_a_package_is_decided_by_a_percentage(world: World, judge: Judge) -> None:
    order = await judge.hear(await world.accepted(PACKAGE), {"status": "Partial", "remains": "1"})
    assert (await judge.decide(order, Portion(40, 100))).amount == order.price * 40 // 100


async def test_triage_lists_what_is_asked_until_it_is_answered(world: World, judge: Judge) -> None:
    first, second = [await judge.unclear(link=f"https://example.com/{number}") for number in range(2)]
    triage = Triage(world.database, world.clock)
    page = await triage.page(0, 10)
    assert [(sheet.order.id, sheet.case.why if sheet.case else None) for sheet in page.sheets] == [
        (first.id, Why.UNCLEAR),
        (second.id, Why.UNCLEAR),
    ]
    assert page.sheets[0].stuck is None
    await judge.decide(first, NOTHING)
    await judge.hear(second, {"status": "Partial", "remains": "40"})
    assert (await triage.page(0, 10)).total == 0
    assert (await triage.sheet(first.id)).answer is not None


async def test_a_question_is_no_case_for_a_verdict_on_existence(world: World, judge: Judge) -> None:
    order, desk = await judge.unclear(), Desk(world)
    assert await desk.case(order) is None
    assert not (await desk.verdicts.it_does_not(order.id, ADMINS[0])).ours
    assert (await world.look(order)).refunded == 0


async def test_parents_that_stay_unclear_are_not_asked_about_again_once_they_are_decided(
    world: World, judge: Judge
) -> None:
    order = await drip_feed(world, runs=2, interval=1)
    said = {str(order.provider_order_id): {"status": "Completed", "runs": "2", "orders": ["a1", "a2"]}}
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


@pytest.mark.parametrize(("portion", "due"), [(NOTHING, 0), (Portion(60, 100), 180_000), (ALL, PRICE)])
async def test_a_stuck_order_ends_with_what_was_not_delivered(world: World, portion: Portion, due: int) -> None:
    desk = Desk(world)
    order = await desk.missing()
    told = await asyncio.gather(*(desk.verdicts.it_does_not(order.id, admin, None, portion) for admin in ADMINS))
    assert sorted(one.ours for one in told) == [False, True]
    there = await world.look(order)
    assert (there.state, there.refunded) == (OrderState.CANCELED, due)
    assert there.settled_by in ADMINS
    assert await world.balance() == FULL - PRICE + due
    world.provider.force_order(order.provider_order_id, "Canceled")
    await world.later(1000)
    assert (await world.look(order)).refunded == due  # the provider's word moves it no more


async def test_an_order_without_an_answer_is_ended_as_a_whole_or_not(world: World) -> None:
    order, desk = await unknown(world), Desk(world)
    with pytest.raises(NotFoundError):
        await desk.verdicts.it_does_not(order.id, ADMINS[0], None, Portion(50, 100))
    assert (await world.look(order)).state is OrderState.UNKNOWN


# A refund that stands although the order is delivered


async def test_an_order_delivered_after_a_refund_is_told_once_and_the_refund_taken_back_once(
    world: World, judge: Judge
) -> None:
    order = await judge.hear(await world.accepted(), {"status": "Canceled"}, {"status": "Completed", "remains": "0"})
    await judge.hear(order, {"status": "Completed", "remains": "0", "start_count": "5"})
    assert await world.told_admins() == ["refund_stands"]
    (told, _) = [row.payload for row in await world.rows(notices) if row.kind == "refund_stands"]
    assert told == {"amount": PRICE, "state": "completed"}
    seen = await judge.seen(order)
    taken = await asyncio.gather(*(judge.verdicts.take_back(order.id, admin, seen) for admin in (*ADMINS, *ADMINS)))
    assert sorted(one.ours for one in taken) == [False, False, False, True]
    assert (await world.look(order)).refunded == 0
    assert await world.balance() == FULL - PRICE
    (entry,) = [row for row in await world.rows(ledger) if row.key.startswith("takeback:")]
    assert (entry.source, entry.target, entry.amount) == ("wallet", "sales", PRICE)
    assert (await world.told())[-1] == "taken_back"
    assert not (await judge.take_back(order)).ours


async def test_what_was_taken_back_can_come_back_again(world: World, judge: Judge) -> None:
    """The keys of the ledger tell the refunds apart, however often they go and come."""
    order = await world.accepted()
    for _ in range(3):
        await judge.hear(order, {"status": "Partial", "remains": "40"}, {"status": "Completed", "remains": "0"})
        assert (await judge.take_back(order)).amount == 120_000
        await check_money(world.database)
    there = await judge.hear(order, {"status": "Canceled"})
    assert there.refunded == PRICE
    assert await world.balance() == FULL
    assert (await world.told_admins()).count("refund_stands") == 3


@pytest.mark.parametrize(("there", "taken"), [(50_000, 50_000), (PRICE, PRICE), (0, 0)])
async def test_no_more_is_taken_back_than_the_wallet_bears(world: World, judge: Judge, there: int, taken: int) -> None:
    order = await judge.hear(await world.accepted(), {"status": "Canceled"}, {"status": "Completed"})
    await judge.spend(there)
    if not taken:
        with pytest.raises(BadAnswerError):
            await judge.take_back(order)
        assert await judge.kept(order, Sign.TAKEN_BACK) == []
    else:
        answered = await judge.take_back(order)
        assert (answered.amount, answered.left) == (taken, PRICE - taken)
    assert await world.balance() == there - taken
    assert (await world.look(order)).refunded == PRICE - taken
    await world.customer(777)
    async with world.database.write() as connection:  # later there is money again
        await wallet.move(
            connection,
            user_id=CUSTOMER,
            source=Account.MANUAL,
            target=Account.WALLET,
            amount=PRICE,
            key="credit:again",
            reason="test",
            now=world.clock(),
        )
    if taken < PRICE:
        assert (await judge.take_back(order)).left == 0
        assert (await world.look(order)).refunded == 0


async def test_a_debt_bears_nothing(world: World, judge: Judge) -> None:
    order = await judge.hear(await world.accepted(), {"status": "Canceled"}, {"status": "Completed"})
    async with world.database.write() as connection:
        await wallet.move(
            connection,
            user_id=CUSTOMER,
            source=Account.WALLET,
            target=Account.STARS,
            amount=FULL + DOLLAR,
            key="chargeback:1",
            reason="chargeback",
            now=world.clock(),
            into_debt=True,
        )
    with pytest.raises(BadAnswerError):
        await judge.take_back(order)
    assert await world.balance() == -DOLLAR
    async with world.database.write() as connection:  # nobody has paid that: the books are to agree at the end
        await connection.execute(ledger.delete().where(ledger.c.key == "chargeback:1"))
        await connection.exec_driver_sql(f"UPDATE wallets SET balance = {FULL}, chargebacks = 0")


async def test_an_order_in_work_again_is_told_and_over_when_it_ends_early(world: World, judge: Judge) -> None:
    order = await judge.hear(await world.accepted(), {"status": "Partial", "remains": "40"}, {"status": "In progress"})
    assert await world.told_admins() == ["refund_stands"]
    await judge.hear(order, {"status": "Pending"}, {"status": "In progress", "remains": "30"})
    assert await world.told_admins() == ["refund_stands"]
    await judge.hear(order, {"status": "Partial", "remains": "40"})
    assert not (await judge.take_back(order)).ours
    await judge.hear(order, {"status": "In progress"}, {"status": "Completed"})
    assert (await world.told_admins()).count("refund_stands") == 3


async def test_what_a_completed_parent_rightly_gave_back_stays(world: World, judge: Judge) -> None:
    order = await drip_feed(world, runs=2, quantity=50)
    key = str(order.provider_order_id)
    parent = {"runs": "2", "orders": ["a1", "a2"]}
    say(
        world, **{key: {"status": "Canceled", **parent}, "a1": {"status": "Partial", "remains": "20"}, "a2": "Canceled"}
    )
    await world.later(100)
    assert (await world.look(order)).refunded == order.price * 70 // 100
    say(
        world,
        **{key: {"status": "Completed", **parent}, "a1": {"status": "Partial", "remains": "20"}, "a2": "Completed"},
    )
    for _ in range(12):
        await world.later(100)
    assert (await world.look(order)).state is OrderState.COMPLETED
    assert (await judge.take_back(order)).amount == order.price // 2
    assert (await world.look(order)).refunded == order.price * 20 // 100


# A subscription that outgrows its price


async def test_a_subscription_that_outgrows_its_price_is_told_once_and_can_be_stopped(
    world: World, judge: Judge
) -> None:
    order = await subscription(world)
    parent = {str(order.provider_order_id): {"status": "Active", "posts": "2", "orders": ["a1", "a2"]}}
    for charge in ("0.030", "0.052", "0.060"):
        say(world, **parent, a1={"status": "Completed", "charge": charge}, a2={"status": "Pending"})
        await world.later(100)
    assert await world.told_admins() == ["beyond_hold"]
    (told, _) = [row.payload for row in await world.rows(notices) if row.kind == "beyond_hold"]
    assert (Decimal(told["charged"]), told["posts"]) == (Decimal("0.052"), 2)
    await judge.verdicts.stop(order.id, ADMINS[1])
    (asked,) = await world.rows(requests)
    assert (asked.kind, asked.order_id, asked.user_id) == ("cancel", order.id, CUSTOMER)
    assert (await world.rows(order_events))[-1].note == f"{ADMINS[1]} asks for a cancellation"
    with pytest.raises(NotNowError):
        await judge.verdicts.stop(order.id, ADMINS[0])
