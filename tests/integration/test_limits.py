"""Limits hold whoever asks at once, over a restart, and for who has themselves erased and comes
back.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import Any

import pytest

from shop import limits
from shop.customers.privacy import Privacy
from shop.customers.support import MESSAGES, Support
from shop.errors import ShopError
from shop.limits import Allowance, Limited
from shop.outbox import Kind
from shop.payments.service import Receipt
from shop.promotions.coupons import GUESSES, Coupons
from storage.enums import Method
from storage.queries import users
from storage.schema.messages import notices
from storage.schema.operations import limited
from storage.schema.payments import invoices, payments
from tests.harness.paying import POOR, Desk, open_desk
from tests.harness.world import ADMINS, CUSTOMER, DOLLAR, World, add_customer


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    async with open_desk(world, stars_per_day=1_000, crypto_per_day=100 * DOLLAR) as opened:
        yield opened


async def refusals(*works: Awaitable[Any]) -> list[str]:
    """Do these at once; list why those were refused that were."""
    told = await asyncio.gather(*works, return_exceptions=True)
    if odd := [
        one for one in told if isinstance(one, BaseException) and not isinstance(one, ShopError)
    ]:
        raise odd[0]
    return [one.key for one in told if isinstance(one, ShopError)]


async def erased_and_back(world: World, user: int) -> None:
    privacy = Privacy(world.database, lambda: "USD", world.clock)
    await privacy.erase(user, world.clock())
    await world.database.write(
        users.create, user, first_name="x", username=None, language="en", now=world.clock()
    )


async def test_invoices_that_can_still_be_paid_count(desk: Desk) -> None:
    ask = desk.top_ups.ask_stars
    assert await refusals(*(ask(POOR, 300) for _ in range(6))) == ["error-stars-per-day"] * 3
    with pytest.raises(ShopError) as caught:
        await ask(POOR, 101)
    assert caught.value.values == {"most": 1_000, "left": 100}
    await ask(POOR, 100)
    assert await refusals(ask(CUSTOMER, 1_000)) == []  # somebody else's day
    desk.world.pass_time(24 * 3600 + 1)
    assert await refusals(ask(POOR, 1_000)) == []


async def test_amounts_by_crypto_pay_count_in_the_same_way(desk: Desk) -> None:
    ask = desk.top_ups.ask_crypto
    assert (
        await refusals(*(ask(POOR, 30 * DOLLAR) for _ in range(6))) == ["error-crypto-per-day"] * 3
    )
    assert await refusals(ask(POOR, 10 * DOLLAR)) == []
    assert await refusals(ask(POOR, 1)) == ["error-crypto-per-day"]
    assert await refusals(desk.top_ups.ask_stars(POOR, 1_000)) == []  # each way has its own
    desk.world.pass_time(3601)
    assert await refusals(ask(POOR, 100 * DOLLAR)) == []


async def test_what_was_let_through_counts_before_its_payment_is_seen(desk: Desk) -> None:
    """Two devices, one invoice: each is asked once, both would be paid."""
    invoice = await desk.top_ups.ask_stars(POOR, 600)
    check = desk.top_ups.check_out
    assert (
        await refusals(*(check(POOR, invoice.id, 600) for _ in range(4)))
        == ["error-stars-per-day"] * 3
    )
    assert await refusals(desk.top_ups.ask_stars(POOR, 401)) == ["error-stars-per-day"]
    await desk.pay(invoice)
    other = await desk.top_ups.ask_stars(POOR, 400)
    assert await refusals(check(POOR, other.id, 400)) == []
    assert await refusals(check(POOR, invoice.id, 600)) == ["error-invoice-paid"]
    assert await refusals(check(POOR, other.id, 400)) == ["error-stars-per-day"]
    desk.world.pass_time(3601)  # it was never paid
    assert await refusals(check(POOR, other.id, 400)) == []
    assert [row.checkouts for row in await desk.invoices()] == [1, 2]


async def test_a_second_payment_of_an_invoice_counts_beside_the_first(desk: Desk) -> None:
    invoice = await desk.top_ups.ask_stars(POOR, 500)
    check = desk.top_ups.check_out
    assert await refusals(check(POOR, invoice.id, 500), check(POOR, invoice.id, 500)) == []
    await desk.pay(invoice)
    assert await refusals(desk.top_ups.ask_stars(POOR, 1)) == ["error-stars-per-day"]
    await desk.pay(invoice, "charge-2")
    assert await refusals(desk.top_ups.ask_stars(POOR, 1)) == ["error-stars-per-day"]
    assert len(await desk.world.rows(payments)) == 2


async def test_an_open_invoice_of_a_higher_limit_is_not_let_through(desk: Desk) -> None:
    invoice = await desk.top_ups.ask_stars(POOR, 1_000)
    await desk.payments.credit(
        Receipt(POOR, Method.STARS, "elsewhere", desk.world.clock(), stars=1)
    )
    assert await refusals(desk.top_ups.check_out(POOR, invoice.id, 1_000)) == [
        "error-stars-per-day"
    ]


@pytest.mark.parametrize("paid", [True, False])
async def test_whoever_is_erased_and_comes_back_has_the_same_day(desk: Desk, paid: bool) -> None:
    world = desk.world
    invoice = await desk.top_ups.ask_stars(POOR, 700)
    await desk.top_ups.ask_crypto(POOR, 60 * DOLLAR)
    if paid:
        await desk.pay(invoice)
    for _ in range(10):
        await desk.manual.cancel(POOR, (await desk.manual.ask(POOR, DOLLAR)).id)
    await erased_and_back(world, POOR)
    assert str(POOR) not in repr(await world.rows(limited))
    assert await refusals(desk.top_ups.ask_stars(POOR, 301)) == ["error-stars-per-day"]
    assert await refusals(desk.top_ups.ask_crypto(POOR, 41 * DOLLAR)) == ["error-crypto-per-day"]
    assert await refusals(desk.manual.ask(POOR, DOLLAR)) == ["error-top-up-requests"]
    await desk.top_ups.ask_stars(POOR, 300)
    await erased_and_back(world, POOR)
    assert await refusals(desk.top_ups.ask_stars(POOR, 1)) == ["error-stars-per-day"]
    world.pass_time(24 * 3600 + 1)
    assert await refusals(desk.top_ups.ask_stars(POOR, 1_000), desk.manual.ask(POOR, DOLLAR)) == []


async def test_requests_by_hand_that_are_made_at_once_are_counted(desk: Desk) -> None:
    for _ in range(9):
        await desk.manual.cancel(POOR, (await desk.manual.ask(POOR, DOLLAR)).id)

    async def ask_and_cancel() -> None:
        await desk.manual.cancel(POOR, (await desk.manual.ask(POOR, DOLLAR)).id)

    await refusals(*(ask_and_cancel() for _ in range(5)))
    assert await refusals(desk.manual.ask(POOR, DOLLAR)) == ["error-top-up-requests"]


# Codes of coupons


def coupons_of(world: World) -> Coupons:
    return Coupons(world.database, world.access, lambda: "USD", world.bells, world.clock)


@pytest.fixture
async def gifts(world: World) -> Coupons:
    found = coupons_of(world)
    await found.turn(on=True)
    await found.create(9001, "GIFT 5 per 999")
    await found.create(9001, "SPRING 20%")
    return found


async def test_a_right_code_in_between_forgets_no_wrong_one(world: World, gifts: Coupons) -> None:
    """Whoever knows one code could try as many others as they like."""
    told = []
    for number in range(25):
        told += await refusals(gifts.redeem(CUSTOMER, f"GUESS{number}"))
        told += await refusals(
            coupons_of(world).redeem(CUSTOMER, "GIFT" if number % 2 else "SPRING")
        )
    assert told.count("error-coupon-unknown") == GUESSES.each == 10
    assert set(told[10:]) == {"error-coupon-later"}


async def test_codes_that_are_tried_at_once_are_counted_one_by_one(
    world: World, gifts: Coupons
) -> None:
    told = await refusals(*(gifts.redeem(CUSTOMER, f"GUESS{number}") for number in range(30)))
    assert sorted(told) == ["error-coupon-later"] * 20 + ["error-coupon-unknown"] * 10
    assert len(await world.rows(limited)) == 10


async def test_a_restart_and_an_erasure_forget_no_try(world: World, gifts: Coupons) -> None:
    for number in range(10):
        await refusals(gifts.redeem(CUSTOMER, f"GUESS{number}"))
    assert await refusals(coupons_of(world).redeem(CUSTOMER, "GIFT")) == ["error-coupon-later"]
    await erased_and_back(world, CUSTOMER)
    assert await refusals(gifts.redeem(CUSTOMER, "GIFT")) == ["error-coupon-later"]
    world.clock.forward(minutes=61)
    assert await refusals(gifts.redeem(CUSTOMER, "GIFT")) == []


async def test_many_who_guess_together_have_the_shop_wait_and_the_admins_told(
    world: World, gifts: Coupons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "shop.promotions.coupons.GUESSES", Allowance(Limited.COUPON, each=10, everybody=25)
    )
    for person in range(5):
        await add_customer(world.database, 7_000 + person, 0)
    tries = [
        gifts.redeem(7_000 + person, f"G{person}X{number}")
        for person in range(5)
        for number in range(9)
    ]
    told = await refusals(*tries)
    assert told.count("error-coupon-unknown") == 25
    assert await refusals(gifts.redeem(CUSTOMER, "GIFT")) == ["error-coupon-later"]
    alerts = [row for row in await world.rows(notices) if row.kind == Kind.COUPON_GUESSES]
    assert [row.user_id for row in alerts] == sorted(ADMINS)
    assert alerts[0].payload == {"wrong": 25}
    world.clock.forward(minutes=61)
    assert await refusals(gifts.redeem(CUSTOMER, "GIFT")) == []
    await refusals(
        *(gifts.redeem(7_000 + person, f"N{person}X{n}") for person in range(5) for n in range(5))
    )
    assert len([row for row in await world.rows(notices) if row.kind == Kind.COUPON_GUESSES]) == 4


# Messages


async def test_messages_to_the_admins_are_few_within_an_hour(world: World) -> None:
    support = Support(world.database, ADMINS, "", world.bells, world.clock)
    told = await refusals(
        *(support.write(CUSTOMER, "Ann", f"number {number}") for number in range(9))
    )
    assert told == ["error-support-later"] * 4
    assert MESSAGES.each == 5
    assert len([row for row in await world.rows(notices) if row.kind == Kind.SUPPORT]) == 5 * len(
        ADMINS
    )
    await add_customer(world.database, 77, 0)
    await support.write(77, "Bob", "hello")
    await erased_and_back(world, CUSTOMER)
    assert await refusals(support.write(CUSTOMER, "Ann", "once more")) == ["error-support-later"]
    world.clock.forward(minutes=61)
    await support.write(CUSTOMER, "Ann", "once more")


async def test_what_counts_no_more_is_removed(world: World) -> None:
    def transaction(tx):
        MESSAGES.use(tx, CUSTOMER, world.clock() - timedelta(days=3))
        MESSAGES.use(tx, CUSTOMER, world.clock() - timedelta(hours=23))
        limits.forget(tx, world.clock())

    await world.database.write(transaction)
    assert len(await world.rows(limited)) == 1


async def test_invoices_stay_as_they_were_for_a_shop_that_is_upgraded(desk: Desk) -> None:
    await desk.top_ups.ask_stars(POOR, 5)
    assert [(row.checkouts, row.checked_out_at) for row in await desk.world.rows(invoices)] == [
        (0, None)
    ]
