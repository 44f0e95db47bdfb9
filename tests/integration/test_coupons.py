"""Coupons on both engines: limits hold whoever comes at once, and what came to nothing can be used
again.
"""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from shop.errors import NotFoundError, QuoteChangedError, ShopError
from shop.promotions.coupons import Coupons
from storage import Database
from storage.enums import OrderState, RequestKind
from storage.queries import coupons as statements
from storage.queries import facts
from storage.rows import Coupon, Order
from storage.schema.customers import users
from storage.schema.orders import orders
from storage.schema.payments import coupon_uses, coupons
from storage.schema.wallets import ledger
from tests.harness.world import CUSTOMER, DOLLAR, World, add_customer, check_money, open_world

PRICE = 300_000  # of 100 plays: $2.00 per 1,000, and half of that on top


@pytest.fixture
async def gifts(world: World) -> Coupons:
    found = coupons_of(world)
    await found.turn(on=True)
    return found


def coupons_of(world: World) -> Coupons:
    return Coupons(world.database, world.access, lambda: "USD", world.bells, world.clock)


async def refusal(gifts: Coupons, code: str, user_id: int = CUSTOMER) -> str:
    with pytest.raises(ShopError) as caught:
        await gifts.redeem(user_id, code)
    return caught.value.key


async def kept(world: World, code: str) -> Coupon:
    found = await world.database.read(statements.by_code, code)
    assert found is not None
    return found


async def next_coupon(world: World, user_id: int = CUSTOMER) -> int | None:
    return next(row.coupon_id for row in await world.rows(users) if row.id == user_id)


async def with_spring(world: World, gifts: Coupons, line: str = "SPRING 20%") -> Order:
    """Order with a coupon that takes a fifth off."""
    await gifts.create(9001, line)
    await gifts.redeem(CUSTOMER, "spring")
    return await world.order()


async def test_until_an_admin_turns_them_on_nothing_can_be_redeemed(world: World) -> None:
    gifts = coupons_of(world)
    await gifts.create(9001, "GIFT 5")
    assert await refusal(gifts, "GIFT") == "error-coupons-off"
    await gifts.turn(on=True)
    assert (await gifts.redeem(CUSTOMER, "GIFT")).balance == 105 * DOLLAR
    await gifts.turn(on=False)
    assert await refusal(gifts, "GIFT") == "error-coupons-off"


async def test_where_the_house_pays_there_are_no_coupons(database: Database) -> None:
    async with open_world(database, billing="house") as world:
        gifts = coupons_of(world)
        await database.write(facts.put, "coupons", {"on": True}, world.clock())
        assert await refusal(gifts, "GIFT", 9001) == "error-coupons-off"
        with pytest.raises(NotFoundError):
            await gifts.turn(on=True)


async def test_an_amount_is_booked_once_for_each_person(world: World, gifts: Coupons) -> None:
    await gifts.create(9001, "GIFT 5.00")
    redeemed = await gifts.redeem(CUSTOMER, " gift ")
    assert (redeemed.coupon.code, redeemed.balance) == ("GIFT", 105 * DOLLAR)
    assert await refusal(gifts, "GIFT") == "error-coupon-yours"
    entry = (await world.rows(ledger))[-1]
    (use,) = await world.rows(coupon_uses)
    assert (entry.source, entry.target, entry.amount, entry.key) == (
        "bonus",
        "wallet",
        5 * DOLLAR,
        f"coupon:{use.id}",
    )
    assert entry.reason == "coupon"


async def test_of_twenty_at_once_a_coupon_for_five_serves_five(
    world: World, gifts: Coupons
) -> None:
    await gifts.create(9001, "GIFT 1 total 5")
    people = range(1, 21)
    for person in people:
        await add_customer(world.database, person, 0)
    results = await asyncio.gather(
        *(gifts.redeem(person, "GIFT") for person in people), return_exceptions=True
    )
    refused = [str(result) for result in results if isinstance(result, BaseException)]
    assert refused == ["error-coupon-used-up"] * 15
    assert (await kept(world, "GIFT")).used == len(await world.rows(coupon_uses)) == 5
    assert sum([await world.balance(person) for person in people]) == 5 * DOLLAR


async def test_one_person_at_once_gets_no_more_than_their_share(
    world: World, gifts: Coupons
) -> None:
    await gifts.create(9001, "GIFT 1 per 2")
    results = await asyncio.gather(
        *(gifts.redeem(CUSTOMER, "GIFT") for _ in range(6)), return_exceptions=True
    )
    assert sum(not isinstance(result, BaseException) for result in results) == 2
    assert {str(result) for result in results if isinstance(result, BaseException)} == {
        "error-coupon-yours"
    }
    assert await world.balance() == 102 * DOLLAR
    assert (await kept(world, "GIFT")).used == 2


async def test_a_percentage_comes_off_the_next_order_only(world: World, gifts: Coupons) -> None:
    order = await with_spring(world, gifts)
    assert (order.price, order.discount) == (PRICE * 4 // 5, PRICE // 5)
    assert await world.balance() == 100 * DOLLAR - order.price
    (use,) = await world.rows(coupon_uses)
    assert (use.order_id, use.amount, use.returned_at) == (order.id, order.discount, None)
    assert (await kept(world, "SPRING")).used == 1
    assert await next_coupon(world) is None
    assert ((await world.order()).price, len(await world.rows(coupon_uses))) == (PRICE, 1)


async def test_the_discount_is_rounded_down(world: World, gifts: Coupons) -> None:
    order = await with_spring(world, gifts, "SPRING 33.33% until 2099-01-01")
    assert (order.price, order.discount) == (PRICE - 99_990, 99_990)


async def test_a_coupon_may_pay_for_all_of_it(world: World, gifts: Coupons) -> None:
    order = await with_spring(world, gifts, "SPRING 100% below-cost")
    assert (order.price, order.discount) == (0, PRICE)
    await world.aftercare.ask(CUSTOMER, order.id, RequestKind.CANCEL)
    assert (await kept(world, "SPRING")).used == 0


COST = 200_000  # of 100 plays


@pytest.mark.parametrize(
    ("line", "price"),
    [
        ("SPRING 20%", PRICE - 60_000),
        ("SPRING 100%", COST),
        ("SPRING 40%", COST),
        ("SPRING 33%", PRICE - 99_000),
        ("SPRING 40% below-cost", PRICE - 120_000),
        ("SPRING 100% below-cost", 0),
        ("SPRING 20% max 0.05", PRICE - 50_000),
        ("SPRING 20% max 0.06", PRICE - 60_000),
        ("SPRING 20% max 5", PRICE - 60_000),
        ("SPRING 100% max 0.2", COST),
        ("SPRING 100% max 0.2 below-cost", COST - 100_000),
    ],
)
async def test_a_percentage_has_a_largest_amount_and_ends_at_the_cost(
    world: World, gifts: Coupons, line: str, price: int
) -> None:
    order = await with_spring(world, gifts, line)
    assert (order.price, order.discount) == (price, PRICE - price)


async def test_the_cost_is_what_it_is_in_the_shops_currency(world: World, gifts: Coupons) -> None:
    world.ordering = replace(world.ordering, prices=replace(world.prices, exchange=Decimal(90)))
    await world.customer(777, 1_000)
    await gifts.create(9001, "SPRING 100%")
    await gifts.redeem(777, "SPRING")
    order = await world.order(user_id=777)
    assert (order.price, order.discount) == (90 * COST, 90 * (PRICE - COST))


async def test_a_coupon_that_can_take_nothing_off_waits(world: World, gifts: Coupons) -> None:
    world.ordering = replace(
        world.ordering, prices=replace(world.prices, markup_percent=Decimal(0))
    )
    order = await with_spring(world, gifts)
    assert (order.price, order.discount) == (COST, 0)
    assert await world.rows(coupon_uses) == []
    assert await next_coupon(world) is not None
    world.ordering = replace(world.ordering, prices=world.prices)
    order = await world.order(link="https://example.com/next")
    assert (order.price, order.discount) == (PRICE - 60_000, 60_000)


async def test_a_partial_order_that_delivered_nothing_gives_the_use_back(
    world: World, gifts: Coupons
) -> None:
    order = await with_spring(world, gifts)
    await world.submit()
    order = await world.look(order)
    for remains, returned in ((99, False), (100, True)):
        world.provider.force_order(order.provider_order_id, "Partial", remains=remains)
        await world.later(100)
        (use,) = await world.rows(coupon_uses)
        assert (use.returned_at is not None) is returned
    order = await world.look(order)
    # of what was paid, not of the list price
    assert order.refunded == order.price == PRICE - 60_000
    assert (await kept(world, "SPRING")).used == 0


async def test_coupons_of_before_have_no_largest_amount(world: World, gifts: Coupons) -> None:
    await gifts.create(9001, "SPRING 20%")
    found = await kept(world, "SPRING")
    assert (found.most, found.below_cost) == (None, False)


@pytest.mark.parametrize("how", ["ended", "expired", "used up", "off"])
async def test_a_confirm_does_not_hold_when_the_coupon_has_gone_meanwhile(
    world: World, gifts: Coupons, how: str
) -> None:
    made = await gifts.create(9001, "SPRING 20% total 1 until 2026-11-23")
    await gifts.redeem(CUSTOMER, "SPRING")
    draft = await world.draft()
    assert (await world.ordering.form(CUSTOMER, draft)).price == PRICE * 4 // 5
    if how == "ended":
        await gifts.end(made.id)
    elif how == "expired":
        world.clock.forward(days=2)
    elif how == "off":
        await gifts.turn(on=False)
    else:
        await add_customer(world.database, 77, DOLLAR)
        await gifts.redeem(77, "SPRING")
        await world.order(user_id=77, link="https://example.com/other")
    with pytest.raises(QuoteChangedError):
        await world.ordering.submit(CUSTOMER, draft)
    assert await world.balance() == 100 * DOLLAR
    form = await world.ordering.form(CUSTOMER, draft)
    assert (form.price, form.discount, form.changed is not None) == (PRICE, None, True)
    assert (await world.ordering.submit(CUSTOMER, draft)).order.discount == 0


async def test_two_confirms_at_once_share_one_coupon_once(world: World, gifts: Coupons) -> None:
    """The second sees its coupon gone, although the limit would allow another use."""
    await gifts.create(9001, "SPRING 20% per 5")
    await gifts.redeem(CUSTOMER, "SPRING")
    drafts = [await world.draft(link=f"https://example.com/{number}") for number in range(4)]
    results = await asyncio.gather(
        *(world.ordering.submit(CUSTOMER, draft) for draft in drafts),
        return_exceptions=True,
    )
    assert sum(isinstance(result, QuoteChangedError) for result in results) == 3
    assert [row.discount for row in await world.rows(orders)] == [PRICE // 5]
    assert (await kept(world, "SPRING")).used == 1


async def test_many_people_at_once_share_the_last_uses(world: World, gifts: Coupons) -> None:
    await gifts.create(9001, "SPRING 20% total 3")
    people = range(1, 9)
    drafts = {}
    for person in people:
        await add_customer(world.database, person, DOLLAR)
        await gifts.redeem(person, "SPRING")
        drafts[person] = await world.draft(user_id=person, link=f"https://example.com/{person}")
    results = await asyncio.gather(
        *(world.ordering.submit(person, draft) for person, draft in drafts.items()),
        return_exceptions=True,
    )
    assert sum(isinstance(result, QuoteChangedError) for result in results) == 5
    assert (await kept(world, "SPRING")).used == len(await world.rows(coupon_uses)) == 3
    await check_money(world.database)


async def taken_back(world: World, order: Order) -> None:
    await world.aftercare.ask(CUSTOMER, order.id, RequestKind.CANCEL)


async def rejected(world: World, order: Order) -> None:
    del order
    world.provider.fault("refuse", "add", text="Bad link")
    await world.submit()


async def canceled(world: World, order: Order) -> None:
    await world.submit()
    world.provider.force_order(str((await world.look(order)).provider_order_id), "Canceled")
    await world.later(60)


@pytest.mark.parametrize("how", [taken_back, rejected, canceled])
async def test_an_order_that_came_to_nothing_gives_the_use_back(
    world: World, gifts: Coupons, how
) -> None:
    order = await with_spring(world, gifts)
    await how(world, order)
    ended = await world.look(order)
    assert ended.state in {OrderState.CANCELED, OrderState.REJECTED}
    (use,) = await world.rows(coupon_uses)
    assert use.returned_at == world.clock()
    coupon = await kept(world, "SPRING")
    assert (coupon.used, await next_coupon(world)) == (0, coupon.id)
    assert await world.balance() == 100 * DOLLAR
    again = await world.order(link="https://example.com/again")
    assert (again.discount, (await kept(world, "SPRING")).used) == (PRICE // 5, 1)


async def test_a_returned_use_does_not_push_out_the_coupon_that_waits(
    world: World, gifts: Coupons
) -> None:
    order = await with_spring(world, gifts)
    other = await gifts.create(9001, "SUMMER 10%")
    await gifts.redeem(CUSTOMER, "SUMMER")
    await taken_back(world, order)
    assert await next_coupon(world) == other.id
    assert (await gifts.redeem(CUSTOMER, "SPRING")).instead_of == other


async def test_an_order_that_was_delivered_keeps_its_use(world: World, gifts: Coupons) -> None:
    order = await with_spring(world, gifts)
    for _ in range(30):
        await world.later(30)
    assert (await world.look(order)).state is OrderState.COMPLETED
    assert (await kept(world, "SPRING")).used == 1
    assert await refusal(gifts, "SPRING") == "error-coupon-yours"


async def test_every_refusal_has_its_reason(world: World, gifts: Coupons) -> None:
    ended = await gifts.create(9001, "ENDED 5")
    assert await gifts.end(ended.id)
    assert not await gifts.end(ended.id)
    await gifts.create(9001, "SHORT 5 until 2026-11-22")
    world.clock.forward(days=1)
    assert await refusal(gifts, "ENDED") == "error-coupon-ended"
    assert await refusal(gifts, "SHORT") == "error-coupon-expired"
    assert await refusal(gifts, "NOSUCH") == "error-coupon-unknown"
    assert await refusal(gifts, "'; drop table") == "error-coupon-unknown"


async def test_who_guesses_has_to_wait(world: World, gifts: Coupons) -> None:
    await gifts.create(9001, "GIFT 5")
    for number in range(10):
        assert await refusal(gifts, f"GUESS{number}") == "error-coupon-unknown"
    assert await refusal(gifts, "GIFT") == "error-coupon-later"
    await add_customer(world.database, 77, 0)
    assert (await gifts.redeem(77, "GIFT")).balance == 5 * DOLLAR
    world.clock.forward(minutes=61)
    assert (await gifts.redeem(CUSTOMER, "GIFT")).balance == 105 * DOLLAR


async def test_a_code_can_be_made_once(world: World, gifts: Coupons) -> None:
    await gifts.create(9001, "SPRING 20%")
    with pytest.raises(ShopError) as caught:
        await gifts.create(9002, "spring 5")
    assert caught.value.key == "coupon-line-taken"
    assert len(await world.rows(coupons)) == 1


async def test_lines_of_mass_orders_use_no_coupon(world: World, gifts: Coupons) -> None:
    await gifts.create(9001, "SPRING 20%")
    await gifts.redeem(CUSTOMER, "SPRING")
    read = await world.mass.read(
        CUSTOMER, "11 | https://example.com/a | 100\n11 | https://example.com/b | 100"
    )
    await world.mass.confirm(CUSTOMER, read.id, message_id=1)
    await world.place()
    assert [(row.price, row.discount) for row in await world.rows(orders)] == [(PRICE, 0)] * 2
    assert await next_coupon(world) is not None
