"""Telegram refuses, waits and loses: nothing that was to be said is lost."""

import pytest

from bot.middlewares.in_flight import InFlight
from storage.schema.customers import users
from storage.schema.messages import notices
from tests.harness.shop import Shop
from tests.harness.walks import place, tell_all


async def accepted(shop: Shop) -> None:
    """An order is accepted; the customer has not been told yet."""
    await tell_all(shop.person())
    await place(shop.person())
    await shop.submit()


async def open_notices(shop: Shop) -> list:
    return [row for row in await shop.rows(notices) if row.done_at is None]


async def test_a_429_waits_as_long_as_telegram_says(shop: Shop) -> None:
    await accepted(shop)
    ann = shop.person()
    shop.api.fail_next("sendMessage", 429, retry_after=30)
    await shop.notify()
    assert not ann.sees("is accepted")
    shop.clock.forward(seconds=29)
    await shop.notify()
    assert not ann.sees("is accepted")
    shop.clock.forward(seconds=2)
    await shop.notify()
    assert ann.sees("is accepted")
    assert await open_notices(shop) == []


@pytest.mark.parametrize("fault", [{"code": 500}, {"code": 502}, {"drop": True}])
async def test_a_fault_is_tried_again(shop: Shop, fault) -> None:
    await accepted(shop)
    shop.api.fail_next("sendMessage", **fault)
    await shop.notify()
    assert len(await open_notices(shop)) == 1
    shop.clock.forward(seconds=60)
    await shop.notify()
    assert shop.person().sees("is accepted")
    assert await open_notices(shop) == []


async def test_a_block_marks_the_person_as_gone_and_others_are_served(shop: Shop) -> None:
    await accepted(shop)
    bob = shop.person(1002, "Bob")
    await tell_all(bob)
    await place(bob, link="https://example.com/bob")
    await shop.submit()
    shop.person().chat.blocked = True  # and the update that says so has not come yet
    await shop.notify()
    assert await open_notices(shop) == []
    rows = {row.id: row for row in await shop.rows(users)}
    assert rows[1001].gone_at is not None
    assert rows[1002].gone_at is None
    assert bob.sees("is accepted")
    shop.person().chat.blocked = False
    await shop.person().say("/start")
    rows = {row.id: row for row in await shop.rows(users)}
    assert rows[1001].gone_at is None


async def test_a_deleted_card_does_not_stop_the_push(shop: Shop) -> None:
    await accepted(shop)
    ann = shop.person()
    card = next(m for m in ann.from_bot if m.text.startswith("Order #1"))
    del ann.chat.messages[card.id]
    await shop.notify()
    assert ann.sees("is accepted")
    assert await open_notices(shop) == []


async def test_a_message_telegram_refuses_for_good_does_not_block_the_rest(shop: Shop) -> None:
    await accepted(shop)
    shop.api.fail_next("sendMessage", 400, "Bad Request: message is too long")
    await shop.notify()
    (row,) = [row for row in await shop.rows(notices) if row.kind == "order"]
    assert row.outcome.startswith("refused")


async def test_a_card_that_cannot_be_edited_any_more_is_sent_anew(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    shop.api.fail_next("editMessageText", 400, "Bad Request: message can't be edited")
    await ann.press("New order")
    assert "categories" in ann.last.text
    assert len(ann.from_bot) == 2


async def test_the_same_screen_again_is_no_error(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/order")
    await ann.press("1/9")
    await ann.forge("c:0")
    await ann.forge("c:0")
    assert not ann.toast


async def test_a_press_on_a_message_telegram_no_longer_shows_is_answered(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    await ann.forge("c:0", 9999)
    assert "categories" in ann.last.text


async def test_a_press_that_waited_too_long_still_changes_the_screen(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    text = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    shop.api.fail_next("answerCallbackQuery", 400, text)
    await ann.press("New order")
    assert "categories" in ann.last.text
    assert not ann.sees("something went wrong")


async def test_a_stop_waits_for_running_handlers() -> None:
    running = InFlight()
    assert await running.drain(0.01)
    seen = []

    async def handler(event, data):
        seen.append(await running.drain(0.01))

    await running(handler, None, {})
    assert seen == [False]
    assert await running.drain(0.01)
