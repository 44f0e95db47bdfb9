"""A refund that stands although its order is delivered, or goes on; and subscriptions that outgrow
their price.
"""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from shop.errors import BadAnswerError
from shop.fulfilment.evidence import EvidenceKind
from shop.orders.eligibility import NotNowError
from storage import Database
from storage.enums import OrderState
from storage.queries.wallet import Account
from storage.schema.messages import notices
from storage.schema.orders import order_events, requests
from storage.schema.wallets import ledger
from tests.factories.parents import drip_feed, open_parents, say, subscription
from tests.harness.refund_judge import Judge
from tests.harness.world import ADMINS, CUSTOMER, DOLLAR, World, check_money

FULL, PRICE = 100 * DOLLAR, 300_000


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_parents(database) as opened:
        yield opened


@pytest.fixture
def judge(world: World) -> Judge:
    return Judge(world)


async def test_an_order_delivered_after_a_refund_is_told_once_and_the_refund_taken_back_once(
    world: World, judge: Judge
) -> None:
    order = await judge.hear(
        await world.accepted(), {"status": "Canceled"}, {"status": "Completed", "remains": "0"}
    )
    await judge.hear(order, {"status": "Completed", "remains": "0", "start_count": "5"})
    assert await world.told_admins() == ["refund_stands"]
    (told, _) = [row.payload for row in await world.rows(notices) if row.kind == "refund_stands"]
    assert told == {"amount": PRICE, "state": "completed"}
    seen = await judge.seen(order)
    taken = await asyncio.gather(
        *(judge.verdicts.take_back(order.id, admin, seen) for admin in (*ADMINS, *ADMINS))
    )
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
        await judge.hear(
            order, {"status": "Partial", "remains": "40"}, {"status": "Completed", "remains": "0"}
        )
        assert (await judge.take_back(order)).amount == 120_000
        await check_money(world.database)
    there = await judge.hear(order, {"status": "Canceled"})
    assert there.refunded == PRICE
    assert await world.balance() == FULL
    assert (await world.told_admins()).count("refund_stands") == 3


@pytest.mark.parametrize(("there", "taken"), [(50_000, 50_000), (PRICE, PRICE), (0, 0)])
async def test_no_more_is_taken_back_than_the_wallet_bears(
    world: World, judge: Judge, there: int, taken: int
) -> None:
    order = await judge.hear(
        await world.accepted(), {"status": "Canceled"}, {"status": "Completed"}
    )
    await judge.spend(there)
    if not taken:
        with pytest.raises(BadAnswerError):
            await judge.take_back(order)
        assert await judge.kept(order, EvidenceKind.TAKEN_BACK) == []
    else:
        answered = await judge.take_back(order)
        assert (answered.amount, answered.left) == (taken, PRICE - taken)
    assert await world.balance() == there - taken
    assert (await world.look(order)).refunded == PRICE - taken
    # then there is money again
    await judge.move(Account.MANUAL, Account.WALLET, PRICE, "manual:later")
    if taken < PRICE:
        assert (await judge.take_back(order)).left == 0
        assert (await world.look(order)).refunded == 0


async def test_a_debt_bears_nothing(world: World, judge: Judge) -> None:
    order = await judge.hear(
        await world.accepted(), {"status": "Canceled"}, {"status": "Completed"}
    )
    await judge.move(Account.WALLET, Account.STARS, FULL + DOLLAR, "chargeback:1")
    with pytest.raises(BadAnswerError):
        await judge.take_back(order)
    assert await world.balance() == -DOLLAR

    def transaction(tx):  # nobody has paid that: the books are to agree at the end
        tx.execute(ledger.delete().where(ledger.c.key == "chargeback:1"))
        tx.exec_driver_sql(f"UPDATE wallets SET balance = {FULL}, chargebacks = 0")

    await world.database.write(transaction)


async def test_an_order_in_work_again_is_told_and_over_when_it_ends_early(
    world: World, judge: Judge
) -> None:
    order = await judge.hear(
        await world.accepted(), {"status": "Partial", "remains": "40"}, {"status": "In progress"}
    )
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
        world,
        **{
            key: {"status": "Canceled", **parent},
            "a1": {"status": "Partial", "remains": "20"},
            "a2": "Canceled",
        },
    )
    await world.later(100)
    assert (await world.look(order)).refunded == order.price * 70 // 100
    say(
        world,
        **{
            key: {"status": "Completed", **parent},
            "a1": {"status": "Partial", "remains": "20"},
            "a2": "Completed",
        },
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
    parent = {
        str(order.provider_order_id): {"status": "Active", "posts": "2", "orders": ["a1", "a2"]}
    }
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
