"""An order that is short of money starts by itself when that is paid: once, and only as it was
shown.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shop.errors import NotFoundError, ShopError
from shop.ordering.placement import Form
from shop.payments.shortfall import Way
from storage.enums import Method
from storage.rows import Invoice
from storage.schema.messages import notices
from storage.schema.orders import drafts, orders
from tests.harness.paying import POOR, Desk, open_desk
from tests.harness.world import CUSTOMER, PLAYS, World

PRICE = 300_000  # 100 plays
EXACT = 24  # Stars at $0.013: $0.312
STAR = 13_000


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    async with open_desk(world) as opened:
        yield opened


async def asked(desk: Desk, draft: int, method: str = "stars", stars: int = 0) -> Invoice:
    invoice = await desk.difference.pay(POOR, draft, method, stars)
    assert isinstance(invoice, Invoice)
    return invoice


async def topped_up(desk: Desk) -> list[dict[str, object]]:
    """Give what the notices of top-ups say of the order."""
    rows = [row for row in await desk.world.rows(notices) if row.kind == "topped_up"]
    return [
        {name: row.payload[name] for name in ("order", "draft") if name in row.payload}
        for row in rows
    ]


async def test_the_ways_are_exactly_what_is_missing_presets_that_are_enough_and_crypto(
    desk: Desk,
) -> None:
    form = await desk.world.ordering.form(POOR, await desk.world.draft(user_id=POOR))
    assert desk.difference.ways(form) == [
        Way(Method.STARS, EXACT * STAR, EXACT),
        Way(Method.STARS, 100 * STAR, 100, exact=False),
        Way(Method.STARS, 250 * STAR, 250, exact=False),
        Way(Method.CRYPTO, PRICE),
    ]
    rich = await desk.world.ordering.form(CUSTOMER, await desk.world.draft())
    assert list(desk.difference.ways(rich)) == []


async def test_more_stars_than_an_invoice_can_ask_are_not_offered(desk: Desk) -> None:
    desk.world.provider.change_service(PLAYS, rate="2000.00")
    for _ in range(2):  # such a rate is not believed at once
        await desk.world.synchroniser.sync()
    draft = await desk.world.draft(user_id=POOR)
    ways = desk.difference.ways(await desk.world.ordering.form(POOR, draft))
    assert [way.method for way in ways] == [Method.CRYPTO]


@pytest.mark.parametrize(
    ("method", "stars", "amount"), [("stars", 0, 312_000), ("stars", 250, 3_250_000)]
)
async def test_when_it_is_paid_the_order_starts_in_the_same_transaction(
    desk: Desk, method: str, stars: int, amount: int
) -> None:
    draft = await desk.world.draft(user_id=POOR)
    invoice = await asked(desk, draft, method, stars)
    assert (invoice.draft_id, invoice.amount) == (draft, amount)
    assert await desk.pay(invoice)

    (order,) = await desk.world.rows(orders)
    assert (order.draft_id, order.price, order.state) == (draft, PRICE, "queued")
    assert await desk.world.balance(POOR) == amount - PRICE
    assert await topped_up(desk) == [{"order": order.id}]
    assert desk.world.bells.submit.is_set()


async def test_paid_by_crypto_it_starts_as_well(desk: Desk) -> None:
    await asked(desk, await desk.world.draft(user_id=POOR), "crypto")
    await desk.crypto.step()
    (number,) = desk.crypto_bot.invoices
    desk.crypto_bot.pay(number)
    await desk.later(15)
    assert len(await desk.world.rows(orders)) == 1
    assert await desk.world.balance(POOR) == 0


async def test_an_invoice_paid_twice_places_one_order_and_both_payments_count(desk: Desk) -> None:
    invoice = await asked(desk, await desk.world.draft(user_id=POOR))
    assert [await desk.pay(invoice, charge) for charge in ("one", "one", "two")] == [
        True,
        False,
        True,
    ]
    assert len(await desk.world.rows(orders)) == 1
    assert await desk.world.balance(POOR) == 2 * invoice.amount - PRICE


async def test_a_confirm_meanwhile_places_one_order(desk: Desk) -> None:
    draft = await desk.world.draft(user_id=POOR)
    invoice = await asked(desk, draft)
    await desk.pay(await asked(desk, await desk.world.draft(user_id=POOR, quantity=200)), "other")
    await desk.pay(await desk.top_ups.ask_stars(POOR, 100), "plain")
    confirmed = (await desk.world.ordering.submit(POOR, draft)).order
    await desk.pay(invoice)
    assert (await topped_up(desk))[-1] == {"order": confirmed.id}
    assert len(await desk.world.rows(orders)) == 2


async def test_payments_and_confirms_at_once_place_one_order(desk: Desk) -> None:
    """On PostgreSQL they really are at once, and none waits for the other for ever."""
    world = desk.world
    draft = await world.draft(user_id=POOR)
    invoice = await asked(desk, draft)
    await desk.pay(await desk.top_ups.ask_stars(POOR, 100), "plain")
    work = [desk.pay(invoice, f"charge-{number % 3}") for number in range(6)]
    results = await asyncio.gather(*work, *(world.ordering.submit(POOR, draft) for _ in range(4)))
    assert (results[:6].count(True), len({sheet.order.id for sheet in results[6:]})) == (3, 1)
    assert len(await world.rows(orders)) == 1
    assert await world.balance(POOR) == 100 * STAR + 3 * invoice.amount - PRICE


async def test_a_changed_price_is_shown_before_anything_is_ordered(desk: Desk) -> None:
    world = desk.world
    draft = await world.draft(user_id=POOR)
    invoice = await asked(desk, draft, stars=250)
    world.provider.change_service(PLAYS, rate="3.00")
    await world.synchroniser.sync()
    await desk.pay(invoice)
    assert await topped_up(desk) == [{"draft": draft}]
    assert await world.rows(orders) == []
    form = await world.ordering.form(POOR, draft)
    assert form.changed is not None
    assert (form.changed.price, form.price) == (PRICE, 450_000)
    await world.ordering.submit(POOR, draft)  # now they have seen it
    assert await world.balance(POOR) == 250 * STAR - 450_000


async def test_a_price_that_changed_before_the_press_is_shown_first(desk: Desk) -> None:
    world = desk.world
    draft = await world.draft(user_id=POOR)
    world.provider.change_service(PLAYS, rate="3.00")
    await world.synchroniser.sync()
    shown = await desk.difference.pay(POOR, draft, "stars")
    assert isinstance(shown, Form)
    assert shown.changed is not None
    assert await desk.invoices() == []


async def test_what_is_missing_is_counted_anew_at_the_press(desk: Desk) -> None:
    draft = await desk.world.draft(user_id=POOR)
    await desk.pay(await desk.top_ups.ask_stars(POOR, 10))
    assert (await asked(desk, draft)).stars == 14  # 0.30 - 0.13
    await desk.pay(await desk.top_ups.ask_stars(POOR, 20), "more")
    assert isinstance(await desk.difference.pay(POOR, draft, "stars"), Form)  # enough: Confirm


async def test_money_that_is_not_enough_after_all_asks_again(desk: Desk) -> None:
    draft = await desk.world.draft(user_id=POOR)
    await desk.pay(await desk.top_ups.ask_stars(POOR, 10))
    invoice = await asked(desk, draft)
    await desk.world.ordering.submit(POOR, await desk.world.draft(user_id=POOR, quantity=40))
    await desk.pay(invoice, "late")
    assert (await topped_up(desk))[-1] == {"draft": draft}
    assert len(await desk.world.rows(orders)) == 1


async def test_of_a_form_that_is_gone_only_the_top_up_is_told(desk: Desk) -> None:
    draft = await desk.world.draft(user_id=POOR)
    invoice = await asked(desk, draft)
    await desk.world.ordering.cancel(POOR, draft)
    await desk.pay(invoice)
    assert await topped_up(desk) == [{}]
    assert await desk.world.balance(POOR) == invoice.amount


async def test_a_service_that_is_not_sold_any_more_is_told(desk: Desk) -> None:
    draft = await desk.world.draft(user_id=POOR)
    invoice = await asked(desk, draft)
    await desk.world.database.write(
        lambda tx: tx.exec_driver_sql("UPDATE services SET sold = FALSE")
    )
    await desk.pay(invoice)
    assert await topped_up(desk) == [{"draft": draft}]
    with pytest.raises(NotFoundError, match="error-not-for-sale"):
        await desk.world.ordering.form(POOR, draft)


async def test_drafts_of_others_closed_ones_and_strange_methods_are_refused(desk: Desk) -> None:
    theirs, closed = await desk.world.draft(), await desk.world.draft(user_id=POOR)
    await desk.world.ordering.cancel(POOR, closed)
    for draft in (theirs, closed, 10**9):
        with pytest.raises(NotFoundError, match="error-draft-gone"):
            await desk.difference.pay(POOR, draft, "stars")
    with pytest.raises(NotFoundError, match="error-button-old"):
        await desk.difference.pay(POOR, await desk.world.draft(user_id=POOR), "shells")
    assert await desk.invoices() == []


async def test_somebody_elses_payment_starts_no_order(desk: Desk) -> None:
    invoice = await asked(desk, await desk.world.draft(user_id=POOR))
    paid = Invoice(
        **{name: getattr(invoice, name) for name in Invoice.__slots__} | {"user_id": CUSTOMER}
    )
    await desk.pay(paid)
    assert await desk.world.rows(orders) == []
    assert (await desk.world.rows(drafts))[0].closed_at is None


async def test_the_days_limit_is_said(desk: Desk) -> None:
    draft = await desk.world.draft(user_id=POOR)
    for number in range(1, 11):
        await desk.pay(await desk.top_ups.ask_stars(CUSTOMER, 1_000), f"charge-{number}")
    with pytest.raises(ShopError, match="error-stars-per-day"):
        await desk.top_ups.ask_stars(CUSTOMER, 1)
    assert (await asked(desk, draft)).stars == EXACT  # a limit is everybody's own
