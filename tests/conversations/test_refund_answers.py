"""Refunds that need an admin's word, in the chat: from the alert to the wallet, in both
languages.
"""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from handlers.admin.recovery import refund_callbacks as callbacks
from playground.telegram.people import Person
from shop.outbox import Payload, notify_admins
from shop.outbox.payloads import BeyondHoldNotice, ChargeCurrencyNotice
from storage.enums import OrderState
from storage.schema.messages import notices
from storage.schema.orders import requests
from tests.harness.shop import ADMIN, Shop, open_shop
from tests.harness.triage_walks import ID, change, missing, order
from tests.harness.walks import open_service, place

PAVEL = 1004


@pytest.fixture
async def two(tmp_path) -> AsyncIterator[Shop]:
    """A shop with two admins: Olga, and Pavel, who speaks Russian."""
    async with open_shop(tmp_path, admin_ids=frozenset({ADMIN, PAVEL})) as opened:
        yield opened


def pavel(shop: Shop) -> Person:
    return shop.person(PAVEL, "Pavel", "ru")


async def ends(shop: Shop, status: str, remains: int, charge: str | None = None) -> None:
    """Have the provider say so of Ann's order, and everybody hear of it."""
    shop.provider.force_order(ID, status, remains=remains)
    if charge is not None:
        shop.provider.order(ID).net = Decimal(charge)
    shop.pass_time(60)
    await shop.app.features.fulfilment.tracker.look(
        [1]
    )  # an ended order has its turn only now and then
    await shop.notify()


def told(person: Person, words: str) -> Any:
    """Give the newest message with these words."""
    return next(view for view in reversed(person.from_bot) if words in view.text)


async def unclear(shop: Shop, **given: Any) -> Person:
    """Ann's order of 100 for $0.12 has ended, and nobody knows how much of it was delivered."""
    ann = shop.person(**given)
    await shop.admin.say("/start")
    await place(ann)
    await shop.work()
    await ends(shop, "Partial", 0, "0")
    return ann


async def test_from_the_alert_to_the_wallet(shop: Shop) -> None:
    ann, olga = await unclear(shop), shop.admin
    alert = olga.last
    assert (
        "🟡 Order #1 has ended, and what the provider says does not tell how much was delivered."
        in alert.text
    )
    assert "The provider says: \u2068Partial\u2069, charge 0.00, remains 0" in alert.text
    assert alert.labels == ["Nothing", "A part …", "All of it"]
    await olga.press("A part …", message=alert)
    assert "Order #1: how many of 100 were not delivered in all?" in olga.last.text
    await olga.say("forty")
    assert "That is no number." in olga.last.text
    await olga.say("101")
    assert "That is more than the order has: 100." in olga.last.text
    await olga.say("101 %")
    assert "More than 100 % can't be undelivered." in olga.last.text
    await olga.send_sticker()
    assert "That is no number." in olga.last.text
    await olga.say("٤٠")
    assert "Order #1: not delivered was 40" in olga.last.text
    assert "goes back to user 1001" in olga.last.text
    assert "only the difference comes on top" in olga.last.text
    assert (await order(shop)).refunded == 0  # it is asked once more
    await olga.press("Yes, book it", message=olga.last)
    assert olga.toast == "✅ Order #1: $0.048 given back."
    assert "💵 \u2068Olga\u2069: not delivered 40 %, given back $0.048" in olga.last.text
    await shop.notify()
    assert ann.sees("$0.048 is back in your wallet")
    await ends(shop, "Partial", 60)
    assert (await order(shop)).refunded == (await order(shop)).price * 60 // 100
    await shop.check_money()


@pytest.mark.parametrize(
    ("label", "asked", "refund"), [("Nothing", "0 %", False), ("All of it", "100 %", True)]
)
async def test_nothing_and_all_are_asked_once_more(
    shop: Shop, label: str, asked: str, refund: bool
) -> None:
    await unclear(shop)
    olga = shop.admin
    await olga.press(label, message=olga.last)
    assert f"not delivered was {asked}" in olga.last.text
    await olga.press("Back", message=olga.last)
    assert label in olga.last.labels
    await olga.press(label, message=olga.last)
    await olga.press("Yes, book it", message=olga.last)
    assert (await order(shop)).refunded == ((await order(shop)).price if refund else 0)
    await olga.say("/triage")
    assert "Nothing to decide" in olga.last.text
    await shop.check_money()


async def test_triage_lists_it_and_shows_the_buttons_of_an_alert_from_before(shop: Shop) -> None:
    await unclear(shop)
    olga = shop.admin
    await olga.say("/triage")
    assert "1 order waits for your verdict" in olga.last.text
    assert "what the provider says does not tell how much was delivered" in olga.last.text
    assert "#1: Nothing" in olga.last.labels
    await change(shop, unclear_since=None)  # as it was before the upgrade
    await shop.app.database.write(
        lambda tx: tx.execute(
            notices.update().where(notices.c.kind == "unclear_refund").values(payload={})
        )
    )
    await olga.say("/triage 1")
    assert {"Nothing", "A part …", "All of it"} <= set(olga.last.labels)
    await olga.press("A part …", message=olga.last)
    await olga.say("25 %")
    await olga.press("Yes, book it", message=olga.last)
    assert olga.toast == "✅ Order #1: $0.03 given back."


async def test_cancel_leaves_the_question_and_what_was_awaited_before_goes_on(shop: Shop) -> None:
    await unclear(shop)
    olga = shop.admin
    alert = olga.last
    await open_service(olga)
    await olga.press("Order", message=olga.last)
    await olga.press("A part …", message=alert)
    await olga.say("/cancel")
    assert "Order #1" in olga.last.text
    await olga.say("https://example.com/olga")
    assert "How many" in olga.last.text


async def test_of_two_admins_the_second_sees_what_was_decided_in_russian(two: Shop) -> None:
    paul, olga = pavel(two), two.admin
    await paul.say("/start")
    ann = await unclear(two)
    alert = paul.last
    assert (
        "🟡 Заказ #1 закончен, но по словам поставщика не понять, сколько выполнено." in alert.text
    )
    assert alert.labels == ["Ничего", "Часть …", "Всё"]
    await paul.press("Часть …", message=alert)
    assert "сколько из 100 не выполнено всего?" in paul.last.text
    await paul.say("сорок")
    assert "Это не число" in paul.last.text
    await paul.say("40")
    asked = paul.last
    assert "не выполнено 40" in asked.text
    assert "вернётся пользователю 1001" in asked.text
    await olga.say("/triage 1")
    await olga.press("All of it", message=olga.last)
    await olga.press("Yes, book it", message=olga.last)
    await paul.press("Да, записать", message=asked)
    assert paul.toast == "Уже решено, кем: Olga. Заказ #1, не выполнено 100 %."
    # the alert's own
    await paul.forge(callbacks.Undelivered(order=1, part=0, percent=1, seen=0, sure=0).pack())
    assert paul.toast == "Уже решено, кем: Olga. Заказ #1, не выполнено 100 %."
    assert "💵 \u2068Olga\u2069: не выполнено 100 %" in paul.last.text
    await olga.forge(callbacks.Undelivered(order=1, part=100, percent=1, seen=0, sure=1).pack())
    assert olga.toast == "Decided already by you: order #1, not delivered 100 %."
    row = await order(two)
    assert row.refunded == row.price
    await two.notify()
    assert ann.sees("$0.12 is back in your wallet")
    await two.check_money()


async def test_an_alert_that_the_provider_has_answered_says_so(shop: Shop) -> None:
    await unclear(shop)
    olga = shop.admin
    alert = olga.last
    await ends(shop, "Canceled", 100, "0")
    await olga.press("All of it", message=alert)
    assert olga.toast == "Order #1 needs no answer about its refund now: ↩️ Canceled"
    await shop.check_money()


async def test_an_alert_that_is_over_says_so_and_a_second_thought_is_possible(two: Shop) -> None:
    paul, olga = pavel(two), two.admin
    await paul.say("/start")
    await unclear(two)
    alert = paul.last
    await olga.press("A part …", message=olga.last)
    await olga.say("40")
    await olga.press("Yes, book it", message=olga.last)
    for label in ("Ничего", "Часть …", "Всё"):
        assert label in alert.labels
    await paul.press("Всё", message=alert)
    assert paul.toast == "Уже решено, кем: Olga. Заказ #1, не выполнено 40 %."
    await paul.press("Всё", message=paul.last)  # knowing that
    assert "Возвращено раньше: 0,048\u00a0$" in paul.last.text
    await paul.press("Да, записать", message=paul.last)
    assert paul.toast == "✅ Заказ #1: возвращено 0,072\u00a0$."
    await two.check_money()


async def test_a_word_of_the_provider_ends_the_question_of_an_alert(shop: Shop) -> None:
    await unclear(shop)
    olga = shop.admin
    alert = olga.last
    await ends(shop, "Partial", 40)
    await olga.press("A part …", message=alert)
    assert olga.toast == "Order #1 needs no answer about its refund now: 🟡 Partly delivered"
    assert "A part …" in olga.last.labels


async def test_forged_presses_and_those_of_others_do_nothing(shop: Shop) -> None:
    ann, olga = await unclear(shop), shop.admin
    await olga.forge(callbacks.Undelivered(order=1, part=101, percent=1, seen=0, sure=1).pack())
    assert "older version" in olga.toast
    await olga.forge(callbacks.AskUndelivered(order=77, seen=0).pack())
    assert "don't know an order #77" in olga.toast
    for data in (
        callbacks.Undelivered(order=1, part=100, percent=1, seen=10**9, sure=1),
        callbacks.AskUndelivered(order=1, seen=0),
        callbacks.TakeBack(order=1, seen=10**9, sure=1),
        callbacks.StopOrder(order=1, sure=1),
    ):
        await ann.forge(data.pack())
        assert "older version" in ann.toast
    assert (await order(shop)).refunded == 0


# Stuck orders


async def test_a_stuck_order_is_ended_by_what_remains(shop: Shop) -> None:
    ann, olga = await missing(shop), shop.admin
    await change(shop, remains=30)
    await olga.say("/triage 1")
    await olga.press("It doesn't", message=olga.last)
    assert "Was a part of it delivered?" in olga.last.text
    assert {"What remains: 30 of 100", "Nothing", "A part …"} <= set(olga.last.labels)
    await olga.press("What remains: 30 of 100", message=olga.last)
    assert (
        "not delivered was 30 of 100" in olga.last.text
        or "not delivered was 30 %" in olga.last.text
    )
    assert (
        "The order ends as delivered in part, whatever the provider says of it later."
        in olga.last.text
    )
    await olga.press("Yes, book it", message=olga.last)
    assert olga.toast == "Order #1 is ended."
    assert "ended, not delivered 30" in olga.last.text
    row = await order(shop)
    assert (row.state, row.refunded, row.settled_by) == (
        OrderState.PARTIAL,
        row.price * 30 // 100,
        ADMIN,
    )
    await shop.notify()
    assert ann.sees("Order #1 was delivered in part")
    await shop.check_money()


async def test_a_stuck_order_is_ended_by_a_number_in_russian(two: Shop) -> None:
    await missing(two)
    paul = pavel(two)
    await paul.say("/triage 1")
    await paul.press("Его нет", message=paul.last)
    assert "Часть всё же выполнена?" in paul.last.text
    await paul.press("Часть …", message=paul.last)
    await paul.say("75 %")
    await paul.press("Да, записать", message=paul.last)
    row = await order(two)
    assert (row.state, row.refunded) == (OrderState.PARTIAL, row.price * 3 // 4)
    assert "заказ закончен, не выполнено 75 %" in paul.last.text


# Taking a refund back


async def test_a_refund_of_an_order_that_was_delivered_after_all_is_taken_back(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await place(ann)
    await shop.work()
    await ends(shop, "Canceled", 100)
    await ends(shop, "Completed", 0)
    alert = told(olga, "🔁 Order #1 came back: Completed.")
    assert "$0.12 was given back for it to user 1001" in alert.text
    await olga.press("Take it back", message=alert)
    assert "Take $0.12 back for order #1?" in olga.last.text
    assert (await order(shop)).refunded > 0
    await olga.press("Yes, take it back", message=olga.last)
    assert olga.toast == "✅ $0.12 taken back."
    assert "🔁 \u2068Olga\u2069: $0.12 taken back" in olga.last.text
    await shop.notify()
    assert ann.sees("did not end early after all")
    assert ann.sees("that amount was taken out of your wallet again")
    await ann.say("/wallet")
    assert "order #1: delivered after all" in ann.last.text
    assert (await order(shop)).refunded == 0
    assert "Take it back" not in olga.last.labels
    await olga.forge(callbacks.TakeBack(order=1, seen=0, sure=0).pack())  # the alert's own
    assert olga.toast == "you: $0.12 was taken back already for order #1."
    await shop.check_money()


async def test_a_wallet_with_too_little_is_said_so_in_russian(two: Shop) -> None:
    ann, paul = two.person(), pavel(two)
    await paul.say("/start")
    await place(ann)
    await two.work()
    await ends(two, "Canceled", 100)
    await ends(two, "Completed", 0)
    alert = told(paul, "🔁 Заказ #1 вернулся: Выполнен")
    await two.admin.say("/debit 1001 9.95 spent")
    await paul.press("Удержать обратно", message=alert)
    assert "Удержать обратно 0,12\u00a0$ по заказу #1?" in paul.last.text
    await paul.press("Да, удержать", message=paul.last)
    assert paul.toast == (
        "Удержано 0,05\u00a0$. Больше в кошельке нет, осталось 0,07\u00a0$. Нажмите "
        "снова, когда деньги появятся."
    )
    # what is open stays at hand, in /triage 1 too
    await paul.press("Удержать обратно", message=paul.last)
    await paul.press("Да, удержать", message=paul.last)
    assert "В кошельке нет денег, чтобы удержать 0,07" in paul.last.text
    assert "Да, удержать" in paul.last.labels
    await two.admin.say("/credit 1001 1 again")
    await paul.press("Да, удержать", message=paul.last)
    assert paul.toast == "✅ Удержано обратно: 0,07\u00a0$."
    await two.check_money()


async def test_the_customer_is_told_in_russian(shop: Shop) -> None:
    anna = shop.person(1001, "Anna")
    await shop.admin.say("/start")
    await place(anna)
    await anna.say("/language")
    await anna.press("Русский", message=anna.last)
    await shop.work()
    await ends(shop, "Canceled", 100)
    await ends(shop, "In progress", 40)
    await shop.admin.press(
        "Take it back", message=told(shop.admin, "🔁 Order #1 came back: In progress.")
    )
    await shop.admin.press("Yes, take it back", message=shop.admin.last)
    await shop.notify()
    assert anna.sees("всё-таки не закончился раньше срока")
    await shop.check_money()


async def test_where_the_house_pays_only_a_count_moves(house: Shop) -> None:
    await unclear(house)
    olga = house.admin
    await olga.press("All of it", message=olga.last)
    assert "is noted as given back to the house" in olga.last.text
    await olga.press("Yes, book it", message=olga.last)
    await ends(house, "Completed", 0)
    await olga.press("Take it back", message=olga.last)
    assert "No wallet moves" in olga.last.text
    await olga.press("Yes, take it back", message=olga.last)
    assert (await order(house)).refunded == 0
    await house.check_money()


# A subscription that costs more than its price was made from


async def alert(shop: Shop, told: Payload) -> None:
    await shop.app.database.write(
        notify_admins, shop.app.settings.admin_ids, told, shop.clock(), order_id=1
    )
    await shop.notify()


async def test_an_order_that_outgrows_its_price_is_stopped_from_its_alert(two: Shop) -> None:
    olga, paul = two.admin, pavel(two)
    for admin in (olga, paul):
        await admin.say("/start")
    await place(two.person())
    await two.submit()
    await alert(two, BeyondHoldNotice(charged="0.30", posts=2))
    assert "📈 Subscription #1 costs more than its price was made from." in olga.last.text
    assert (
        "2 posts have cost $0.30 at the provider; expected for all of them: $0.12."
        in olga.last.text
    )
    assert "📈 Подписка #1 обходится дороже, чем заложено в её цену." in paul.last.text
    await olga.press("Stop it", message=olga.last)
    assert "Ask the provider to stop order #1?" in olga.last.text
    assert await two.rows(requests) == []
    await olga.press("Yes, ask to stop it", message=olga.last)
    assert olga.toast == "I am asking the provider to stop order #1."
    (asked,) = await two.rows(requests)
    assert (asked.kind, asked.user_id) == ("cancel", 1001)
    await paul.press("Остановить", message=paul.last)
    assert "Попросить поставщика остановить заказ #1?" in paul.last.text
    await paul.press("Да, попросить остановить", message=paul.last)
    assert paul.toast == "Отмена уже запрошена."
    assert len(await two.rows(requests)) == 1


async def test_a_charge_in_another_currency_is_told_in_both_languages(two: Shop) -> None:
    olga, paul = two.admin, pavel(two)
    for admin in (olga, paul):
        await admin.say("/start")
    await place(two.person())
    await two.submit()
    await alert(two, ChargeCurrencyNotice(currency="XAU"))
    assert "💱 The provider names a charge in XAU" in olga.last.text
    assert "first seen on order #1" in olga.last.text
    assert "💱 Поставщик называет списание в XAU" in paul.last.text
