"""Refills and cancellations by the real process, in the dialects where they differ."""

import pytest

from handlers import callbacks
from playground.telegram.people import Person
from playground.telegram.views import MessageView
from storage.enums import OrderState
from storage.schema.orders import requests
from tests.runtime.process import LINK, STEADY, STUCK, Launcher, Operator, until

REFILL = "♻️ Refill"
STANDSTILL = 0.001  # of the provider's clock: what a test does not force stays as it is


def card(person: Person, number: int = 1) -> MessageView | None:
    return next(
        (view for view in person.from_bot if view.text.startswith(f"Order #{number} ")), None
    )


async def shows(person: Person, words: str, number: int = 1) -> MessageView:
    """Wait until the order's card has these words, in its text or on a button."""

    def there() -> MessageView | None:
        found = card(person, number)
        return found if found and (words in found.text or words in found.labels) else None

    found: MessageView = await until(there, f"the card says {words!r}\n{person.transcript()}", 20)
    return found


async def listed(person: Person, command: str, *lines: str) -> None:
    """Wait until the answer to a command has exactly these lines."""

    def there() -> bool:
        return any(view.text.splitlines()[2:] == list(lines) for view in person.from_bot)

    await until(there, f"{command}: {lines}\n{person.transcript()}", 20)


async def delivered(shop: Operator, person: Person, count: int = 1) -> None:
    for number in range(count):
        await shop.place(person, STEADY, f"{LINK}/{number}")
    await shop.reached(*[OrderState.COMPLETED] * count, seconds=20)


def refills(shop: Operator) -> int:
    return len(shop.pg.provider.refills._refills)


async def test_a_refill_from_the_press_to_its_end(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await delivered(shop, ann)
    shop.pg.provider.speed = STANDSTILL
    await ann.press(REFILL, message=await shows(ann, REFILL))
    await shows(ann, "Refill accepted")
    shop.pg.provider.force_refill(1, "In progress")
    await shows(ann, "Being refilled")
    shop.pg.provider.force_refill(1, "Completed")
    push = await ann.wait_for("was refilled", 15)
    found = await shows(ann, "Refilled")
    assert push.reply_to == found.id

    await ann.press(REFILL, message=await shows(ann, REFILL))
    await until(lambda: refills(shop) == 2, "the second refill")
    shop.pg.provider.force_refill(2, "Rejected")
    await ann.wait_for("rejected the refill of order #1", 15)
    await shows(ann, "The provider rejected the refill")
    assert shop.pg.provider.calls["refill"] == 2
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said


async def test_a_cancellation_is_requested_and_comes_true(any_shop: Operator) -> None:
    shop = any_shop
    bot = await shop.start()
    ann = await shop.person()
    shop.pg.provider.speed = STANDSTILL
    await shop.place(ann, STUCK)
    await shop.reached(OrderState.PENDING)
    await ann.press("Cancel order", message=await shows(ann, "Cancel order"))
    await ann.wait_for("a request and not a promise")
    await ann.press("Yes, cancel it")
    await shows(ann, "Cancellation requested.")
    (order,) = await shop.rows()
    assert await shop.balance(ann.id) == 10_000_000 - order.price
    shop.pg.provider.speed = 10
    push = await ann.wait_for("was canceled", 15)
    assert "is back in your wallet" in push.text
    assert await shop.balance(ann.id) == 10_000_000
    assert [row.state for row in await shop.rows(requests)] == ["completed"]
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said


async def test_an_order_that_waits_is_taken_back(shop: Operator) -> None:
    await shop.start()
    ann = await shop.person()
    shop.pg.provider.fault("no_funds", "add", times=0)
    await shop.place(ann)
    await shows(ann, "waits for its turn")
    await ann.press("Cancel order", message=await shows(ann, "Cancel order"))
    await ann.wait_for("canceled at once")
    await ann.press("Yes, cancel it")
    await ann.wait_for("is back in your wallet", 15)
    assert await shop.balance(ann.id) == 10_000_000
    assert len(shop.pg.provider.book.orders) == 0
    await shop.check_money()


async def test_many_orders_in_one_answer(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await delivered(shop, ann, 3)
    shop.pg.provider.speed = STANDSTILL
    calls = shop.pg.provider.calls
    await ann.say("/refill 1, 2 #3 99")
    gone = "#99 · ❔ no such order"
    await listed(ann, "/refill", *[f"#{number} · ✅ accepted" for number in (1, 2, 3)], gone)
    assert (calls["refill"], refills(shop)) == (1, 3)
    for number, status in ((1, "Completed"), (2, "Rejected"), (3, "In progress")):
        shop.pg.provider.force_refill(number, status)
    await listed(
        ann, "/refill", "#1 · ✅ refilled", "#2 · ✖️ rejected", "#3 · ♻️ being refilled", gone
    )

    shop.pg.provider.speed = 1
    await shop.place(ann, STUCK, f"{LINK}/stuck")
    await shop.reached(*[OrderState.COMPLETED] * 3, OrderState.PENDING)
    await ann.say("/status 1 4 99")
    await listed(ann, "/status", "#1 · ✅ Completed", "#4 · 📨 Accepted", gone)
    await ann.say("/cancel_orders 1 4")
    await listed(ann, "/cancel_orders", "#1 · ✖️ already over", "#4 · ✅ canceled")
    assert calls["cancel"] == 1
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said


async def test_a_snake_provider_offers_neither(shop: Operator) -> None:
    shop.pg.provider.dialect = "snake"
    await shop.start()
    ann = await shop.person()
    await delivered(shop, ann)
    found = await shows(ann, "Completed")
    assert "Refill possible" not in found.text
    assert not {REFILL, "Cancel order"} & set(found.labels)
    await ann.forge(callbacks.Refill(order=1).pack(), found)
    await until(
        lambda: any(one.text == "There is no refill for this service." for one in ann.answers),
        "a sentence",
    )
    await ann.say("/refill 1")
    await listed(ann, "/refill", "#1 · ✖️ not offered")
    await shop.place(ann, STUCK, f"{LINK}/stuck")
    await shop.reached(OrderState.COMPLETED, OrderState.PENDING)
    await ann.say("/cancel_orders 2")
    await listed(ann, "/cancel_orders", "#2 · ✖️ not offered")
    assert shop.pg.provider.calls["refill"] == shop.pg.provider.calls["cancel"] == 0


async def test_a_provider_that_promised_what_it_lacks(shop: Operator) -> None:
    """The catalogue says refill and cancel; the provider knows neither action."""
    bot = await shop.start()
    ann = await shop.person()
    await delivered(shop, ann)
    await shop.place(ann, STUCK, f"{LINK}/stuck")
    await shop.reached(OrderState.COMPLETED, OrderState.PENDING)
    shop.pg.provider.dialect = "snake"
    await ann.press(REFILL, message=await shows(ann, REFILL))
    await shows(ann, "This provider does not offer refills.")
    await ann.say("/cancel_orders 2")
    await listed(ann, "/cancel_orders", "#2 · ✖️ no cancel here")
    await shows(ann, "This provider does not cancel orders.", 2)
    assert "Traceback" not in bot.said


async def test_a_numeric_provider_is_asked_one_by_one(shop: Operator) -> None:
    shop.pg.provider.dialect = "numeric"
    bot = await shop.start()
    ann = await shop.person()
    await delivered(shop, ann, 3)
    shop.pg.provider.speed = STANDSTILL
    await ann.say("/refill 1 2 3")
    await listed(ann, "/refill", *[f"#{number} · ✅ accepted" for number in (1, 2, 3)])
    assert refills(shop) == 3
    assert shop.pg.provider.calls["refill"] == 4  # all in one, which it refuses, then each alone
    for number in (1, 2, 3):
        shop.pg.provider.force_refill(number, "Completed")
    await listed(ann, "/refill", *[f"#{number} · ✅ refilled" for number in (1, 2, 3)])

    await shop.place(ann, STUCK, f"{LINK}/stuck")
    await shop.reached(*[OrderState.COMPLETED] * 3, OrderState.PENDING)
    shop.pg.provider.fault("null", "cancel")  # nothing was done, and its answer is the same
    await ann.press("Cancel order", message=await shows(ann, "Cancel order", 4))
    await ann.wait_for("a request and not a promise")
    await ann.press("Yes, cancel it")
    await shows(ann, "but the provider has not confirmed it", 4)
    assert shop.pg.provider.calls["cancel"] == 1
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said


@pytest.mark.parametrize(("kind", "there"), [("hang_after", 1), ("hang_before", 0)])
async def test_a_kill_while_a_refill_is_being_sent(
    shop: Operator, cold: Launcher, kind: str, there: int
) -> None:
    bot = await shop.start(PANEL_TIMEOUT="30")
    ann = await shop.person()
    await delivered(shop, ann)
    shop.pg.provider.fault(kind, "refill")
    await ann.press(REFILL, message=await shows(ann, REFILL))
    await until(lambda: shop.pg.provider.calls["refill"] == 1, "the refill is in flight")
    await bot.kill()
    assert [row.state for row in await shop.rows(requests)] == ["sending"]

    bot = await shop.start(launcher=cold if there else None, REFILL_WAIT_HOURS="24")
    await ann.wait_for("It may be under way, so I don't ask again by myself", 20)
    found = await shows(ann, "answer to the refill got lost")
    assert REFILL not in found.labels
    await shop.told()
    assert shop.pg.provider.calls["refill"] == 1
    assert refills(shop) == there
    assert "unknown now: 1" in bot.said


async def put_off(shop: Operator) -> bool:
    return any(
        row.state == "waiting" and row.not_before > row.created_at
        for row in await shop.rows(requests)
    )


async def test_a_kill_while_a_request_waits_loses_none(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await delivered(shop, ann)
    shop.pg.provider.fault("rate_limit_200", "refill")
    await ann.press(REFILL, message=await shows(ann, REFILL))
    await until(lambda: put_off(shop), "the refill was put off")
    await bot.kill()
    await shop.change("UPDATE requests SET not_before = created_at WHERE state = 'waiting'")
    await shop.start()
    await until(lambda: refills(shop) == 1, "the refill is sent")
    assert shop.pg.provider.calls["refill"] == 2
