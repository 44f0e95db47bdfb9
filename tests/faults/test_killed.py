"""kill -9 at every step between a tap and its message: nothing is lost, nothing is done twice."""

import asyncio

import pytest

from storage.enums import OrderState
from storage.schema.messages import notices
from storage.schema.orders import drafts, order_events
from tests.runtime.process import ADMIN, COMMENTS, LINK, Launcher, Operator, adds, pushes, until

SILENT = {OrderState.QUEUED, OrderState.SUBMITTING}


async def check_every_change_was_told(shop: Operator) -> None:
    """Each event of an order has its notice, and Telegram has taken it."""
    await shop.told()
    events = [
        (row.order_id, row.state)
        for row in await shop.rows(order_events)
        if row.state not in SILENT
    ]
    said = [
        (row.order_id, row.payload["state"])
        for row in await shop.rows(notices)
        if row.kind == "order"
    ]
    assert said == events
    assert {row.outcome for row in await shop.rows(notices)} == {"said"}


async def check_it_is_held_and_never_sent_again(shop: Operator, user_id: int) -> None:
    (order,) = await shop.rows()
    assert order.state == OrderState.UNKNOWN
    assert await shop.balance(user_id) == 10_000_000 - order.price
    await asyncio.sleep(1.5)
    assert adds(shop) == 1
    await shop.check_money()


@pytest.mark.parametrize(("kind", "there"), [("hang_after", 1), ("hang_before", 0)])
async def test_while_an_add_is_in_flight(
    shop: Operator, cold: Launcher, kind: str, there: int
) -> None:
    bot = await shop.start(PANEL_TIMEOUT="30")
    ann = await shop.person()
    shop.pg.provider.fault(kind, "add")
    await shop.place(ann)
    await until(lambda: adds(shop) == 1, "the add is in flight")
    await bot.kill()
    assert await shop.states() == ["submitting"]

    bot = await shop.start(launcher=cold if there else None)
    alert = await shop.admin.wait_for("outcome unknown")
    assert "the bot stopped while the order was being sent" in alert.text
    assert str(ann.id) in alert.text
    await ann.wait_for("is being checked")
    card = await ann.wait_for("Order #1 – 🔎 Being checked")
    assert "Your money is held safely" in card.text
    await check_it_is_held_and_never_sent_again(shop, ann.id)
    assert len(shop.pg.provider.book.orders) == there
    assert "being sent when the bot stopped, unknown now: 1" in bot.said


async def test_while_an_add_is_in_flight_on_postgresql(postgres_shop: Operator) -> None:
    """There another process might still be at it: the order is given up only when its lease has
    ended.
    """
    shop = postgres_shop
    bot = await shop.start(PANEL_TIMEOUT="30")
    ann = await shop.person()
    shop.pg.provider.fault("hang_after", "add")
    await shop.place(ann)
    await until(lambda: adds(shop) == 1, "the add is in flight")
    await bot.kill()

    bot = await shop.start()
    assert await shop.states() == ["submitting"]
    await bot.kill()
    await shop.change("UPDATE orders SET lease_until = submitted_at")
    await shop.lapse()
    await shop.start()
    await shop.admin.wait_for("outcome unknown")
    await ann.wait_for("is being checked")
    await check_it_is_held_and_never_sent_again(shop, ann.id)
    assert len(shop.pg.provider.book.orders) == 1


async def test_right_after_confirm(shop: Operator) -> None:
    """An order waits behind another one of its link, which is in flight."""
    bot = await shop.start(PANEL_TIMEOUT="30")
    ann, boris = await shop.person(1), await shop.person(2, "Boris")
    for person in (ann, boris):
        await shop.tell_all(person)
    shop.pg.provider.fault("hang_before", "add")
    await shop.place(ann)
    await until(lambda: adds(shop) == 1, "the add is in flight")
    await shop.place(boris, quantity="200")
    await bot.kill()
    assert await shop.states() == ["submitting", "queued"]

    await shop.start()
    await boris.wait_for("is completed", 15)
    await ann.wait_for("is being checked")
    assert await shop.states() == ["unknown", "completed"]
    assert [order.quantity for order in shop.pg.provider.book.orders.values()] == [200]
    assert adds(shop) == 2
    await check_every_change_was_told(shop)
    await shop.check_money()


async def test_in_the_middle_of_tracking(any_shop: Operator) -> None:
    shop = any_shop
    shop.pg.provider.speed = 20
    bot = await shop.start()
    ann = await shop.person()
    await shop.tell_all(ann)
    await shop.place(ann)
    await shop.reached(OrderState.PENDING)
    await bot.kill()
    await shop.lapse()

    bot = await shop.start()
    await shop.reached(OrderState.IN_PROGRESS)
    await bot.kill()
    await shop.lapse()
    shop.pg.provider.speed = 200

    await shop.start()
    await ann.wait_for("is completed", 15)
    await ann.wait_for("Order #1 – ✅ Completed")
    assert adds(shop) == 1
    await check_every_change_was_told(shop)
    assert sum("is completed" in push for push in pushes(ann)) == 1
    assert await shop.balance(ann.id) == 10_000_000 - 35_000
    await shop.check_money()


@pytest.mark.parametrize("trouble", ["500", "slow"])
async def test_while_notices_wait(shop: Operator, trouble: str) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await shop.tell_all(ann)
    await shop.place(ann)
    for method in ("sendMessage", "editMessageText"):
        if trouble == "500":
            shop.pg.api.fail_next(method, 500, times=1000)
        else:
            shop.pg.api.fail_next(method, 0, delay=30, times=1000)
    await shop.reached(OrderState.COMPLETED)
    await bot.kill()
    assert not any("is completed" in push for push in pushes(ann))
    shop.pg.api.faults.clear()
    await shop.change("UPDATE notices SET not_before = created_at")

    await shop.start()
    await ann.wait_for("is completed")
    await ann.wait_for("Order #1 – ✅ Completed")
    await check_every_change_was_told(shop)
    assert adds(shop) == 1
    await shop.check_money()


async def test_a_half_written_order_goes_on(shop: Operator) -> None:
    """The link was given before the kill; the quantity is typed while nobody is there."""
    bot = await shop.start()
    ann = await shop.person()
    await ann.say(f"/start s_{await shop.service(COMMENTS)}")
    await until(lambda: "Order" in ann.buttons)
    await ann.press("Order")
    await ann.wait_for("Send me the link")
    await ann.say(LINK)
    await ann.wait_for("Send the comments")
    await bot.kill()
    await ann.say("First line\nSecond line")

    await shop.start()
    await ann.wait_for("Is this right?")
    await ann.press("Confirm")
    await ann.wait_for("is completed", 15)
    (order,) = await shop.rows()
    assert order.fields == {"link": LINK, "comments": ["First line", "Second line"]}
    assert len(await shop.rows(drafts)) == adds(shop) == 1
    await shop.check_money()


async def test_nothing_was_said_to_admins_without_a_reason(shop: Operator) -> None:
    """A kill while nothing is in flight is nobody's business."""
    bot = await shop.start()
    await bot.kill()
    await shop.start()
    assert shop.pg.api.person(ADMIN).from_bot == []
