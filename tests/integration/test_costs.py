"""What the provider charges is booked as cost: by difference, once, in the transaction of the
change itself.
"""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update

from playground.provider.orders import Fixed
from shop.access import Billing
from shop.catalogue.pricing import Prices
from shop.money import LARGEST_UNITS
from storage import Database
from storage.enums import OrderState
from storage.schema.messages import notices
from storage.schema.orders import orders
from storage.schema.wallets import ledger
from tests.harness.world import ADMINS, DOLLAR, World, open_world

COST = 200_000  # of 100 plays at $2.00
PRICE = 300_000


async def entries(world: World, order) -> list[tuple[str, str, int]]:
    """List the cost's entries of an order, with their keys in order."""
    rows = [row for row in await world.rows(ledger) if row.key.startswith("cost:")]
    assert [row.key for row in rows if row.order_id == order.id] == [
        f"cost:{order.id}:{number}" for number in range((await world.look(order)).bookings)
    ]
    return [(row.source, row.target, row.amount) for row in rows if row.order_id == order.id]


def says(world: World, order, charge: str, status: str = "In progress", remains: int = 0) -> None:
    """Have the provider say this charge of an order."""
    held = world.provider.book.orders[int(order.provider_order_id)]
    held.net = Decimal(charge)
    held.fixed = Fixed(status, remains)


async def charged(
    world: World, order, charge: str, status: str = "In progress", remains: int = 0
) -> None:
    """The same, and have the tracker hear of it."""
    says(world, order, charge, status, remains)
    world.pass_time(100)
    await world.tracker.sweep()


async def test_the_charge_becomes_the_cost_once(world: World) -> None:
    order = await world.accepted()
    assert await entries(world, order) == []  # nothing is known yet
    for _ in range(4):
        await charged(world, order, "0.2")
    assert await entries(world, order) == [("sales", "provider", COST)]
    there = await world.look(order)
    assert (there.booked_cost, there.bookings) == (COST, 1)
    assert await world.balance() == 100 * DOLLAR - PRICE  # the customer's money is another matter


async def test_a_charge_that_rises_and_sinks_is_booked_by_difference(world: World) -> None:
    order = await world.accepted()
    for charge in ("0.1", "0.2", "0.05", "0"):
        await charged(world, order, charge)
    await charged(world, order, "0", "Canceled", 100)
    assert await entries(world, order) == [
        ("sales", "provider", 100_000),
        ("sales", "provider", 100_000),
        ("provider", "sales", 150_000),
        ("provider", "sales", 50_000),
    ]
    there = await world.look(order)
    assert (there.booked_cost, there.bookings, there.refunded) == (0, 4, PRICE)


async def test_a_charge_that_comes_with_the_add_is_booked_with_it(world: World) -> None:
    world.line.says["add"] = '{"order": 777, "charge": "0.1999999"}'
    order = await world.accepted()
    assert order.state is OrderState.PENDING
    assert await entries(world, order) == [("sales", "provider", COST)]  # rounded up to millionths


async def test_the_cost_is_in_the_shops_currency_as_it_was_when_the_order_was_placed(
    database: Database,
) -> None:
    async with open_world(database) as world:
        world.ordering = replace(
            world.ordering, prices=Prices(Decimal(50), exchange=Decimal("0.9"))
        )
        order = await world.accepted()
        assert (order.exchange, order.price) == (Decimal("0.9"), 270_000)
        world.ordering = replace(world.ordering, prices=Prices(Decimal(50), exchange=Decimal(7)))
        await charged(world, order, "0.2")
        assert await entries(world, order) == [("sales", "provider", 180_000)]


async def test_where_the_house_pays_nothing_is_booked(database: Database) -> None:
    async with open_world(database, billing=Billing.HOUSE) as world:
        await world.customer(ADMINS[0])
        order = await world.accepted(user_id=ADMINS[0])
        await charged(world, order, "5")
        assert (await world.look(order)).charge == 5
        assert [row for row in await world.rows(ledger) if row.order_id == order.id] == []
        assert await leaks(world) == []


@pytest.mark.parametrize(("charge", "booked"), [("99999999999999999", LARGEST_UNITS), ("-3", 0)])
async def test_a_charge_that_no_book_can_hold_stops_nothing(
    world: World, charge: str, booked: int, caplog
) -> None:
    order = await world.accepted()
    await charged(world, order, charge)
    there = await world.look(order)
    assert (there.booked_cost, there.state) == (booked, OrderState.IN_PROGRESS)
    assert ("larger than the books" in caplog.text) == (booked > 0)


async def test_trackers_at_once_book_once(world: World) -> None:
    placed = [await world.accepted(link=f"https://example.com/{number}") for number in range(6)]
    for order in placed:
        says(world, order, "0.15", "Partial", 50)
    world.pass_time(100)
    await asyncio.gather(*(world.another_tracker().sweep() for _ in range(4)))
    for order in placed:
        assert await entries(world, order) == [("sales", "provider", 150_000)]
        assert (await world.look(order)).refunded == 150_000


async def test_what_was_booked_in_between_is_not_booked_again(world: World) -> None:
    """A booking that is counted elsewhere meanwhile leaves nothing of the later one, the change
    included.
    """
    order = await world.accepted()
    await charged(world, order, "0.1")
    await world.database.write(
        lambda tx: tx.execute(update(orders).where(orders.c.id == order.id).values(bookings=0))
    )
    await charged(world, order, "0.2")
    there = await world.look(order)
    assert (there.charge, there.booked_cost) == (Decimal("0.1"), 100_000)
    await world.database.write(
        lambda tx: tx.execute(update(orders).where(orders.c.id == order.id).values(bookings=1))
    )
    assert await entries(world, order) == [("sales", "provider", 100_000)]


async def leaks(world: World) -> list[dict]:
    rows = [
        row
        for row in await world.rows(notices)
        if row.kind == "margin_leak" and row.user_id == ADMINS[0]
    ]
    return [row.payload for row in rows]


async def test_an_order_that_brought_less_than_it_cost_is_told_once_per_service(
    world: World,
) -> None:
    first, second = [
        await world.accepted(link=f"https://example.com/{number}") for number in range(2)
    ]
    other = await world.accepted("12")
    says(world, second, "0.5")
    says(world, other, "0.03")
    await charged(world, first, "0.4")
    (told,) = await leaks(world)
    assert (told["cost"], told["paid"], told["scope"], told["percent"]) == (400_000, PRICE, "", "0")
    assert (await world.told_admins()).count("margin_leak") == 1
    (row, _) = [row for row in await world.rows(notices) if row.kind == "margin_leak"]
    assert row.order_id == first.id


async def test_the_alert_is_over_when_a_later_order_earns_again(world: World) -> None:
    early, leaking, later, last = [
        await world.accepted(link=f"https://example.com/{number}") for number in range(4)
    ]
    for order in (leaking, later, last):
        says(world, order, "0.4")
    await charged(world, early, "0.2")
    await charged(world, early, "0.25")  # an earlier one proves nothing
    assert len(await leaks(world)) == 1
    await charged(world, later, "0.2")
    await charged(world, last, "0.41")
    assert [told["cost"] for told in await leaks(world)] == [400_000, 410_000]


async def test_what_was_given_back_counts(world: World) -> None:
    order = await world.accepted()
    await charged(world, order, "0.2")
    assert await leaks(world) == []
    # half is given back, and the provider keeps all
    await charged(world, order, "0.2", "Partial", 50)
    (told,) = await leaks(world)
    assert (told["paid"], told["cost"]) == (150_000, COST)


async def test_a_refund_of_an_order_that_is_delivered_after_all_is_no_leak(world: World) -> None:
    order = await world.accepted()
    await charged(world, order, "0", "Canceled", 100)
    await charged(world, order, "0.2", "In progress")
    await charged(world, order, "0.2", "Completed")
    assert await leaks(world) == []
    await charged(world, order, "0.4", "Completed")
    (told,) = await leaks(world)
    assert (told["paid"], told["cost"]) == (PRICE, 2 * COST)


async def test_a_providers_rounding_is_no_leak(world: World) -> None:
    order = await world.accepted()
    await charged(world, order, "0.3001")
    assert await leaks(world) == []
    await charged(world, order, "0.300101")
    assert len(await leaks(world)) == 1
