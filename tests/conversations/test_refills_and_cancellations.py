"""Refill and Cancel on an order's card, the commands for many orders, and the admins'
warranties.
"""

import pytest

from handlers import callbacks
from storage.schema.orders import orders, requests
from tests.factories.delivered import HOUR, card, delivered, toast
from tests.harness.shop import Shop, open_shop
from tests.harness.walks import PACKAGE, open_service, place


async def test_a_refill_from_the_countdown_to_its_end(shop: Shop) -> None:
    ann = shop.person()
    await delivered(shop, ann)
    assert "♻️ Refill possible 2026-11-23 12:0" in card(ann).text
    assert "♻️ Refill" not in card(ann).labels
    await shop.work(24 * HOUR)
    assert "♻️ Refill possible until 2026-12-22" in card(ann).text  # drawn again by itself
    await ann.press("♻️ Refill", message=card(ann))
    assert toast(ann) == "♻️ I am asking the provider for a refill."
    assert "Refill asked for" in card(ann).text
    assert "♻️ Refill" not in card(ann).labels
    await shop.work()
    assert "Refill accepted" in card(ann).text
    shop.provider.force_refill(1, "In progress")
    await shop.work(10)
    assert "Being refilled" in card(ann).text
    assert not ann.sees("was refilled")
    shop.provider.force_refill(1, "Completed")
    await shop.work(10)
    assert "♻️ Refilled" in card(ann).text
    push = next(view for view in ann.from_bot if "Order #1 was refilled" in view.text)
    assert push.reply_to == card(ann).id
    assert push.labels == ["Show order"]
    assert "♻️ Refill" in card(ann).labels  # the next one needs no wait


async def test_a_rejection_says_when_it_may_be_tried_again(shop: Shop) -> None:
    ann = shop.person()
    await delivered(shop, ann)
    await shop.work(24 * HOUR)
    await ann.press("♻️ Refill", message=card(ann))
    await shop.work()
    shop.provider.force_refill(1, "Rejected")
    await shop.work(10)
    push = next(view for view in ann.from_bot if "rejected the refill of order #1" in view.text)
    assert "It may be tried again 2026-11-24 12:0" in push.text
    assert "It may be tried again 2026-11-24 12:0" in card(ann).text
    assert "♻️ Refill" not in card(ann).labels
    await shop.work(24 * HOUR)
    assert "♻️ Refill" in card(ann).labels


async def test_an_old_button_says_why_it_can_not_be_pressed(shop: Shop) -> None:
    ann = shop.person()
    await delivered(shop, ann)
    refill = callbacks.Refill(order=1).pack()
    await ann.forge(refill, card(ann))
    assert toast(ann) == "It is too early for a refill. The order's card says from when."
    await shop.work(24 * HOUR)
    for _ in range(2):
        await ann.forge(refill, card(ann))
    assert toast(ann) == "A refill is already under way."
    await shop.work()
    shop.provider.force_refill(1, "Completed")
    await shop.work(10)
    await shop.work(40 * 24 * HOUR)
    await ann.forge(refill, card(ann))
    assert toast(ann) == "The warranty is over, so a refill is no longer possible."
    assert "The warranty ended on 2026-12-22" in card(ann).text
    assert "♻️ Refill" not in card(ann).labels
    assert len(await shop.rows(requests)) == 1


async def test_what_is_never_refilled_has_no_button_and_no_word(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    await shop.credit(1001, "10")
    await delivered(shop, ann, PACKAGE)
    await shop.work(48 * HOUR)
    assert "efill" not in card(ann).text
    await ann.forge(callbacks.Refill(order=1).pack(), card(ann))
    assert toast(ann) == "There is no refill for this service."


async def test_a_refusal_and_a_lost_answer_are_told(shop: Shop) -> None:
    ann = shop.person()
    await delivered(shop, ann)
    await shop.work(24 * HOUR)
    shop.provider.fault("refuse", "refill", text="Order is not eligible for refill")
    await ann.press("♻️ Refill", message=card(ann))
    await shop.work()
    assert "did not accept the refill" in card(ann).text
    assert "eligible" not in ann.transcript()  # the provider's words are for admins
    assert ann.sees("did not accept the refill of order #1")
    await shop.work(24 * HOUR)
    shop.provider.fault("null", "refill")
    await ann.press("♻️ Refill", message=card(ann))
    await shop.work()
    assert "answer to the refill got lost" in card(ann).text
    assert shop.provider.calls["refill"] == 2


async def test_a_provider_without_refills_is_named(shop: Shop) -> None:
    ann = shop.person()
    await delivered(shop, ann)
    await shop.work(24 * HOUR)
    shop.provider.dialect = "snake"
    await ann.press("♻️ Refill", message=card(ann))
    await shop.work()
    assert "This provider does not offer refills." in card(ann).text
    assert ann.sees("can't be refilled: this provider does not offer refills")


async def test_an_order_that_waits_is_canceled_at_once(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await ann.press("Cancel order", message=card(ann))
    question = ann.last
    assert "canceled at once and the whole price is given back" in question.text
    assert question.labels == ["Yes, cancel it", "No, keep it"]
    await ann.press("No, keep it")
    assert "Cancel order" in card(ann).labels
    await ann.press("Cancel order", message=card(ann))
    await ann.press("Yes, cancel it")
    assert toast(ann) == "↩️ Canceled. Nothing had been sent to the provider."
    assert "↩️ Canceled" in card(ann).text
    await shop.work()
    assert ann.sees("$0.12 is back in your wallet")
    assert shop.provider.calls["add"] == 0
    await shop.check_money()
    await ann.forge(callbacks.CancelOrder(order=1).pack(), card(ann))
    assert toast(ann) == "This order is over, so there is nothing to cancel."


async def test_a_request_is_not_a_promise(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work(20)
    shown = card(ann)
    await ann.press("Cancel order", message=shown)
    question = next(view for view in ann.from_bot if view.id == shown.id)
    assert "a request and not a promise" in question.text
    await ann.press("Yes, cancel it")
    assert "Asking the provider to cancel" in card(ann).text
    await shop.request()
    await shop.notify()
    assert "Cancellation requested." in card(ann).text
    assert "Cancel order" not in card(ann).labels
    await ann.forge(callbacks.AskCancel(order=1).pack(), card(ann))
    assert toast(ann) == "The cancellation is already requested."
    await shop.work(30)
    assert ann.sees("Order #1 was")
    assert "Cancellation requested" not in card(ann).text
    await shop.check_money()


async def test_a_cancellation_that_comes_too_late(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work(20)
    await ann.press("Cancel order", message=card(ann))
    await ann.press("Yes, cancel it")
    await shop.request()
    shop.provider.force_order(23501, "Completed")
    await shop.work(30)
    assert "The cancellation came too late." in card(ann).text


@pytest.mark.parametrize(
    ("fault", "text", "push"),
    [
        (
            {"kind": "refuse", "text": "Order cannot be canceled"},
            "did not accept the cancellation",
            "did not accept",
        ),
        (
            {"kind": "refuse", "text": "Incorrect request"},
            "does not cancel orders",
            "does not cancel orders",
        ),
        ({"kind": "null"}, "but the provider has not confirmed it", "has not confirmed it"),
    ],
)
async def test_what_the_provider_says_to_a_cancellation(
    shop: Shop, fault: dict, text: str, push: str
) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work(20)
    shop.provider.fault(action="cancel", times=0, **fault)
    await ann.press("Cancel order", message=card(ann))
    await ann.press("Yes, cancel it")
    await shop.request()
    await shop.notify()
    assert text in card(ann).text
    assert any(push in view.text for view in ann.from_bot if view.reply_to == card(ann).id)
    again = "Cancel order" in card(ann).labels
    assert again is ("confirmed" not in text)
    assert ("It may be requested again" in card(ann).text) is not again


async def test_a_press_on_a_message_that_is_too_old_shows_the_card_in_a_new_one(
    shop: Shop,
) -> None:
    """The old one can't be edited, so no card is looked for there meanwhile."""
    ann = shop.person()
    await place(ann)
    asked = []
    plain = shop.app.database.write

    async def noted(work, *args, **named):
        result = await plain(work, *args, **named)
        asked.extend(row.card_message_id for row in await shop.rows(orders))
        return result

    shop.app.database.write = noted
    await ann.forge(callbacks.CancelOrder(order=1).pack(), 0)
    del shop.app.database.write
    assert 0 not in asked
    assert (await shop.rows(orders))[0].card_message_id == ann.last.id
    assert "Canceled" in ann.last.text


async def test_somebody_elses_order_is_none(shop: Shop) -> None:
    ann, eve = shop.person(), shop.person(1009, "Eve")
    await place(ann)
    await eve.say("/start")
    for data in (callbacks.Refill, callbacks.AskCancel, callbacks.CancelOrder):
        await eve.forge(data(order=1).pack(), 0)
        assert toast(eve) == "There is no such order."
    for command in ("/refill 1", "/cancel_orders 1", "/status 1"):
        await eve.say(command)
        assert eve.last.text.endswith("#1 · ❔ no such order")
    assert [row.state for row in await shop.rows(orders)] == ["queued"]


async def test_strangers_are_not_let_in(house: Shop) -> None:
    eve = house.person(1009, "Eve")
    for command in ("/refill 1", "/cancel_orders 1", "/status 1"):
        await eve.say(command)
        assert "invited people only" in eve.last.text


async def test_a_card_that_the_provider_overtakes_shows_what_is(shop: Shop, monkeypatch) -> None:
    ann = shop.person()
    await delivered(shop, ann)
    await shop.work(24 * HOUR)
    serve = shop.api.serve

    async def slow(token, method, params=None, files=None):
        """Our own picture of the card is drawn after the notifier's newer one."""
        if method == "editMessageText":
            monkeypatch.setattr(shop.api, "serve", serve)
            await shop.request()
            await shop.notify()
        return await serve(token, method, params, files)

    monkeypatch.setattr(shop.api, "serve", slow)
    await ann.press("♻️ Refill", message=card(ann))
    assert "Refill accepted" in card(ann).text


async def test_the_house_refills_and_cancels_too(house: Shop) -> None:
    ann = house.person()
    await delivered(house, ann)
    await place(ann, link="https://example.com/2")
    await house.work(24 * HOUR)
    await ann.say("/refill 1")
    await house.request()
    await house.notify()
    assert ann.last.text.endswith("#1 · ✅ accepted")
    await place(ann, link="https://example.com/3")
    await ann.say("/cancel_orders 3")
    assert ann.last.text.endswith("#3 · ✅ canceled at once")
    await house.work()
    assert ann.sees("Order #3 was canceled")


async def test_the_operator_chooses_the_wait(tmp_path) -> None:
    async with open_shop(tmp_path, refill_wait_hours=0) as shop:
        ann = shop.person()
        await delivered(shop, ann)
        assert "♻️ Refill" in card(ann).labels


async def test_in_russian(shop: Shop) -> None:
    boris = shop.person(1002, "Борис", "ru")
    await boris.say("/refill 5")
    assert boris.last.text.endswith("#5 · ❔ нет такого заказа")
    await boris.say("/help")
    assert "/cancel_orders 12 15 19" in boris.last.text


async def test_an_admin_sets_a_warranty(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await delivered(shop, ann)
    await open_service(ann)
    assert "♻️ Warranty" not in ann.last.labels
    await open_service(olga)
    await olga.press("♻️ Warranty", message=olga.last)
    assert "Its own words say: 30 days" in olga.last.text
    assert "✓ What the service says: 30 days" in olga.last.labels
    await olga.press("7 days", message=olga.last)
    assert toast(olga) == "Saved. Orders follow it from now on."
    assert "Refill for 7 days" in olga.last.text
    await shop.work(24 * HOUR)
    assert "until 2026-11-29" in card(ann).text
    await olga.press("♻️ Warranty", message=olga.last)
    assert "✓ 7 days" in olga.last.labels
    await olga.press("none", message=olga.last)
    assert "No refill" in olga.last.text
    await ann.press("Refresh", message=card(ann))
    assert "♻️ Refill" not in card(ann).labels
    await olga.press("♻️ Warranty", message=olga.last)
    await olga.press("lifetime", message=olga.last)
    assert "Lifetime refill" in olga.last.text
    await olga.press("♻️ Warranty", message=olga.last)
    await olga.press("What the service says", message=olga.last)
    assert "Refill for 30 days" in olga.last.text


async def test_a_warranty_is_the_admins_alone(shop: Shop) -> None:
    ann = shop.person()
    await open_service(ann)
    for data in (callbacks.ChooseWarranty(service=6), callbacks.SetWarranty(service=6, days=7)):
        await ann.forge(data.pack(), ann.last)
        assert "older version" in toast(ann)
    await shop.admin.say("/start")
    await shop.admin.forge(callbacks.SetWarranty(service=6, days=8).pack(), 0)
    assert "older version" in toast(shop.admin)
    await shop.admin.forge(callbacks.SetWarranty(service=99_999, days=7).pack(), 0)
    assert "not available" in toast(shop.admin)
