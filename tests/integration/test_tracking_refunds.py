"""What an order that ended early gives back: the difference, once, whatever the provider repeats or
takes back.
"""

import asyncio

import pytest
from sqlalchemy import select

from playground.provider.orders import Fixed
from storage.enums import OrderState
from storage.queries import wallet
from storage.queries.wallet import Account
from storage.schema.messages import notices
from storage.schema.orders import orders
from storage.schema.wallets import ledger
from tests.factories.entry_keys import entry_key
from tests.factories.stock import write_order
from tests.harness.world import CUSTOMER, DOLLAR, PACKAGE, World, add_customer, check_money

FULL = 100 * DOLLAR
PRICE = 300_000  # of 100 plays


async def said(world: World, order, status: str, remains=None) -> None:
    """Have the provider say this of the order, and the tracker hear of it."""
    world.provider.force_order(order.provider_order_id, status, remains=remains)
    await world.later(100)


@pytest.mark.parametrize(
    ("remains", "refund"),
    [(0, 0), (1, 3_000), (37, 111_000), (100, PRICE), (250, PRICE), (-20, 0), ("40", 120_000)],
)
async def test_a_partial_order_gives_back_what_was_not_delivered(
    world: World, remains, refund: int
) -> None:
    order = await world.accepted()
    await said(world, order, "Partial", remains)
    there = await world.look(order)
    assert (there.state, there.refunded) == (OrderState.PARTIAL, refund)
    assert await world.balance() == FULL - PRICE + refund
    (told,) = [row for row in await world.rows(notices) if row.payload.get("state") == "partial"]
    assert told.payload["refund"] == refund


async def test_a_canceled_order_gives_back_everything(world: World) -> None:
    order = await world.accepted()
    await said(world, order, "Canceled")
    assert (await world.look(order)).refunded == PRICE
    assert await world.balance() == FULL


async def test_what_is_repeated_gives_nothing_more(world: World) -> None:
    order = await world.accepted()
    for _ in range(5):
        await said(world, order, "Partial", 40)
    assert (await world.look(order)).refunded == 120_000
    given_back = [
        row for row in await world.rows(ledger) if (row.source, row.target) == ("sales", "wallet")
    ]
    assert len(given_back) == 1
    assert (await world.told()).count("order:partial") == 1


async def test_an_order_reopened_and_ended_again_gives_back_only_the_difference(
    world: World,
) -> None:
    order = await world.accepted()
    seen = []
    for status, remains in (
        ("Partial", 40),
        ("In progress", 40),
        ("Partial", 60),
        ("In progress", 20),
        ("Partial", 20),
        ("Canceled", 100),
        ("In progress", 10),
        ("Canceled", 100),
        ("Completed", 0),
    ):
        await said(world, order, status, remains)
        seen.append((await world.look(order)).refunded)
        await check_money(world.database)
    assert seen == [120_000, 120_000, 180_000, 180_000, 180_000, PRICE, PRICE, PRICE, PRICE]
    assert await world.balance() == FULL


async def test_a_later_and_larger_remainder_of_a_partial_order_is_paid_too(world: World) -> None:
    order = await world.accepted()
    await said(world, order, "Partial", 40)
    await said(world, order, "Partial", 50)
    assert (await world.look(order)).refunded == 150_000


async def test_two_trackers_at_once_pay_back_once(world: World) -> None:
    placed = [await world.accepted(link=f"https://example.com/{number}") for number in range(6)]
    for order in placed:
        world.provider.force_order(order.provider_order_id, "Canceled")
    other = world.another_tracker()
    await asyncio.gather(*(tracker.sweep() for tracker in (world.tracker, other) for _ in range(3)))
    assert await world.balance() == FULL
    assert (await world.told()).count("order:canceled") == 6


@pytest.mark.parametrize("remains", ["Unknown", "", "n/a"])
async def test_where_remains_say_nothing_the_charge_does(world: World, remains: str) -> None:
    order = await world.accepted()
    await said(world, order, "In progress", 60)
    at_provider = world.provider.order(order.provider_order_id)
    at_provider.fixed = Fixed("Partial", remains)
    at_provider.net = order.cost * 3 / 10
    await world.later(10)
    assert (await world.look(order)).refunded == PRICE * 7 // 10


async def test_an_end_that_says_nothing_is_left_to_the_admins(world: World) -> None:
    order = await world.accepted()
    await said(world, order, "In progress", 60)
    world.line.says["status"] = (
        f'{{"{order.provider_order_id}": {{"status": "Partial", "remains": null}}}}'
    )
    await world.later(10)
    there = await world.look(order)
    assert (there.state, there.refunded) == (OrderState.PARTIAL, 0)
    assert await world.told_admins() == ["unclear_refund"]
    del world.line.says["status"]
    await said(world, order, "Partial", 40)  # later it does say so
    assert (await world.look(order)).refunded == 120_000
    assert await world.told_admins() == ["unclear_refund"]


async def test_a_package_that_ended_early_is_settled_by_its_charge(world: World) -> None:
    order = await world.accepted(PACKAGE)
    at_provider = world.provider.order(order.provider_order_id)
    at_provider.fixed = Fixed("Partial", 0)
    at_provider.net = order.cost / 4
    await world.later(10)
    assert (await world.look(order)).refunded == order.price * 3 // 4


async def test_a_canceled_package_gives_back_everything(world: World) -> None:
    order = await world.accepted(PACKAGE)
    await said(world, order, "Cancelled")
    assert (await world.look(order)).refunded == order.price == 18_750_000
    assert await world.balance() == FULL


async def test_refunds_of_the_same_people_in_many_batches_do_not_stop_each_other(
    world: World, caplog
) -> None:
    """On PostgreSQL, transactions that pay the same people in another order would wait for each
    other for ever.
    """
    people = [CUSTOMER, 601, 602, 603]
    for person in people[1:]:
        await add_customer(world.database, person, FULL)
    # Every second batch of a hundred meets the people in the opposite order.
    owners = [people[::-1] if number // 100 % 2 else people for number in range(200)]
    await paid_orders(world, [order[number % 4] for number, order in enumerate(owners)])
    canceled = [f'"p{number}": {{"status": "Canceled"}}' for number in range(200)]
    world.line.says["status"] = "{" + ",".join(canceled) + "}"
    await asyncio.gather(world.tracker.sweep(), world.another_tracker().sweep())
    assert {row.state for row in await world.rows(orders)} == {"canceled"}
    assert [await world.balance(person) for person in people] == [FULL] * 4
    assert "can't be written" not in caplog.text


async def paid_orders(world: World, owners: list[int]) -> None:
    """Write accepted orders p0, p1, ... of these people, 1,000 each."""
    columns = {"state": OrderState.PENDING, "price": 1_000, "link": "x", "now": world.clock()}

    def transaction(tx):
        for number, owner in enumerate(owners):
            write_order(tx, user_id=owner, provider_order_id=f"p{number}", **columns)
        for row in tx.execute(select(orders.c.id, orders.c.user_id)):
            ways = (
                (Account.WALLET, Account.HOLD, "hold"),
                (Account.HOLD, Account.SALES, "release"),
            )
            for source, target, kind in ways:
                wallet.move(
                    tx,
                    user_id=row.user_id,
                    source=source,
                    target=target,
                    amount=1_000,
                    reason="test",
                    order_id=row.id,
                    key=entry_key(f"{kind}:{row.id}"),
                    now=world.clock(),
                )

    await world.database.write(transaction)
