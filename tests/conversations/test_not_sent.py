"""Orders that are not sent, in the chat: what customers are asked, and what admins are told and
asked.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from playground.telegram.people import Person
from shop.catalogue.pricing import Prices
from shop.fulfilment import costs
from storage.queries import catalogue
from storage.queries import orders as statements
from storage.schema.orders import orders
from tests.harness.shop import ADMIN, Shop, open_shop
from tests.harness.triage_walks import lose
from tests.harness.walks import CANCELED, STEADY, place

PAVEL = 1004
WORDS = {
    "en": {
        "push": "has not been sent",
        "again": "Look at it again",
        "back": "Take it back",
        "changed": "has changed",
        "confirm": "Confirm",
        "replaces": "Takes the place of order #1",
        "card": "Not sent yet",
        "gone": "is not offered at the moment",
        "late": "not confirmed in time",
        "show": "Show order",
        "anew": "you have confirmed it anew",
    },
    "ru": {
        "push": "не отправлен",
        "again": "Посмотреть ещё раз",
        "back": "Вернуть деньги",
        "changed": "изменилась",
        "confirm": "Заказать",
        "replaces": "Вместо заказа #1",
        "card": "Ещё не отправлен",
        "gone": "сейчас не предлагается",
        "late": "не подтвердили вовремя",
        "show": "Показать заказ",
        "anew": "вы подтвердили заказ заново",
    },
}
in_each_language = pytest.mark.parametrize("language", ["en", "ru"])


@pytest.fixture
async def shop(tmp_path) -> AsyncIterator[Shop]:
    """A shop with two admins: Olga, and Pavel, who speaks Russian."""
    async with open_shop(tmp_path, admin_ids=frozenset({ADMIN, PAVEL})) as opened:
        yield opened


def who_runs_it(shop: Shop, language: str) -> Person:
    return shop.admin if language == "en" else shop.person(PAVEL, "Pavel", "ru")


async def waiting(shop: Shop, language: str = "en", **changes) -> Person:
    """Ann has confirmed an order, and its service has changed since."""
    ann = shop.person(language=language)
    await place_in(ann, language)
    service = (await shop.rows())[0].service_id
    found = await shop.app.database.read(catalogue.service, service)
    shop.provider.change_service(found.provider_id, **changes)
    await shop.sync()
    await shop.work()
    return ann


async def place_in(person: Person, language: str) -> None:
    if language == "en":
        await place(person)
        return
    await person.say("/start s_1")
    await person.press("Заказать", message=person.last)
    await person.say("https://example.com/page")
    await person.say("100")
    if "Пропустить" in person.last.labels:
        await person.press("Пропустить", message=person.last)
    await person.press("Подтвердить", message=person.last)


@in_each_language
async def test_the_summary_comes_again_with_the_change_marked(shop: Shop, language: str) -> None:
    words = WORDS[language]
    ann = await waiting(shop, language, rate="4.00")
    assert words["push"] in ann.last.text
    assert words["changed"] in ann.last.text
    await ann.press(words["again"], message=ann.last)
    assert words["replaces"] in ann.last.text
    assert "❗️" in ann.last.text
    await ann.press("Подтвердить" if language == "ru" else "Confirm", message=ann.last)
    first, second = await shop.rows(orders)
    assert (first.state, second.state) == ("canceled", "queued")
    await shop.work()
    assert {row.state for row in await shop.rows(orders)} == {"canceled", "pending"}
    await ann.say("/status 1")
    await ann.forge("i:1")
    assert words["anew"] in ann.last.text
    await shop.check_money()


@in_each_language
async def test_the_money_can_be_taken_back_from_the_push_and_comes_back_by_itself(
    shop: Shop, language: str
) -> None:
    words = WORDS[language]
    ann = await waiting(shop, language, rate="0")
    assert words["gone"] in ann.last.text
    assert words["again"] not in ann.last.labels
    push = ann.last
    await shop.work(24 * 3600 + 301)
    await ann.forge("i:1")
    assert "↩️" in ann.last.text
    await ann.press(words["back"], message=push)  # too late: the card as it is
    assert "↩️" in ann.last.text
    await shop.check_money()


async def test_the_card_says_it_and_has_the_same_button(shop: Shop) -> None:
    ann = await waiting(shop, name="Podcast plays, of bots")
    await ann.press("Show order", message=ann.last)
    assert "Not sent yet" in ann.last.text
    await ann.press("Look at it again", message=ann.last)
    assert "🏷" in ann.last.text
    assert "Podcast plays, of bots" in ann.last.text
    await ann.press("Cancel", message=ann.last)
    assert (await shop.rows(orders))[0].state == "queued"


async def test_a_button_that_is_too_old_says_so(shop: Shop) -> None:
    ann = await waiting(shop, rate="4.00")
    push = ann.last
    await ann.press("Take it back", message=push)
    assert "back in your wallet" in ann.toast or "↩️" in ann.last.text
    await ann.forge("ag:1", push)
    assert "does not wait for you" in ann.toast + ann.last.text
    bob = shop.person(1002, "Bob")
    await bob.say("/start")
    await bob.forge("ag:1")
    assert "does not wait for you" in bob.toast + bob.last.text
    await shop.check_money()


async def test_the_brake_tells_once_and_in_the_same_message_that_it_is_over(shop: Shop) -> None:
    await lose(shop)
    olga = shop.admin
    alerts = [view for view in olga.from_bot if "Orders are sent again" in view.text]
    assert len(alerts) == 1
    assert alerts[0].edited
    assert not olga.sees("Nothing is sent for the moment")


@in_each_language
async def test_words_that_nobody_knows_are_shown_with_their_order_and_a_button(
    shop: Shop, language: str
) -> None:
    olga = who_runs_it(shop, language)
    await olga.say("/start")
    ann = shop.person()
    shop.provider.fault("refuse", "add", text="Bestellung abgelehnt (7731)", times=0)
    for number, service in enumerate((STEADY, CANCELED, "usually ends in part")):
        await place(ann, service, link=f"https://example.com/{number}")
        await shop.work()
    held = "Сейчас ничего не отправляется" if language == "ru" else "Nothing is sent for the moment"
    assert olga.sees("Bestellung abgelehnt (7731)")
    assert olga.sees(held)
    shop.provider.clear_faults()
    button = "Продолжить отправку" if language == "ru" else "Go on sending"
    await olga.press(button)
    assert ("снова отправляются" if language == "ru" else "sent again") in olga.last.text
    await place(ann, link="https://example.com/after")
    await shop.work()
    assert (await shop.rows(orders))[-1].state == "pending"
    await olga.forge("xs:1")
    assert ("уже решён" if language == "ru" else "settled already") in olga.last.text
    await ann.forge("xs:1")
    assert "settled already" not in ann.last.text


@in_each_language
async def test_held_rates_are_listed_and_believed_at_a_press(shop: Shop, language: str) -> None:
    olga = who_runs_it(shop, language)
    await olga.say("/start")
    shop.provider.change_service("6", rate="900.00")
    await shop.sync()
    await shop.notify()
    assert "900" in olga.last.text
    await olga.press(
        "Всё верно: продавать" if language == "ru" else "They are right: sell", message=olga.last
    )
    assert "✅" in olga.last.text
    await olga.forge("xr:1")
    assert ("уже решён" if language == "ru" else "settled already") in olga.last.text


@in_each_language
async def test_another_currency_is_an_admins_question_asked_twice(
    shop: Shop, language: str
) -> None:
    ru = language == "ru"
    olga, ann = who_runs_it(shop, language), shop.person()
    await olga.say("/start")
    await ann.say("/start")
    await place(ann)
    shop.provider.account.currency = "INR"
    await shop.sync()
    await shop.notify()
    assert "INR" in olga.last.text
    question = olga.last
    await place(ann, link="https://example.com/2")
    assert "paused for a moment" in ann.toast + ann.last.text
    await olga.press("Теперь это INR" if ru else "It is INR now", message=question)
    assert "SHOP_CURRENCY=USD" in olga.last.text
    await olga.press("Назад" if ru else "Back", message=olga.last)
    await olga.press("ошибка поставщика" if ru else "the provider's mistake", message=olga.last)
    assert "?" in olga.last.text
    await olga.press("Да, точно" if ru else "Yes, I'm sure", message=olga.last)
    assert "USD" in olga.last.text
    await place(ann, link="https://example.com/3")
    assert len(await shop.rows(orders)) == 2
    await olga.forge("xu:1:1:1")
    assert ("уже решён" if ru else "settled already") in olga.last.text
    await ann.forge("xu:1:1:1")
    assert "settled already" not in ann.last.text


@in_each_language
async def test_numbers_that_begin_anew_are_asked_about(shop: Shop, language: str) -> None:
    ru = language == "ru"
    olga, ann = who_runs_it(shop, language), shop.person()
    await olga.say("/start")
    await place(ann)
    await shop.work()
    number = (await shop.rows(orders))[0].provider_order_id
    shop.provider.force_order(number, "Completed")
    await shop.work(31)
    shop.pass_time(40 * 86_400)
    shop.provider.fault("repeat_id", "add")
    await place(ann, link="https://example.com/2")
    await shop.work()
    assert f"{number}" in olga.last.text
    assert ("заново" if ru else "anew") in olga.last.text
    await olga.press("Да, заново" if ru else "Yes, they begin anew", message=olga.last)
    await olga.press("Да, точно" if ru else "Yes, I'm sure", message=olga.last)
    assert "✅" in olga.last.text
    assert [row.provider_order_id for row in await shop.rows(orders)] == [number, number]
    await shop.check_money()
    await olga.forge("xn:1:1:1")
    assert ("уже решён" if ru else "settled already") in olga.last.text


async def test_a_service_that_was_sold_below_cost_is_sold_again_at_a_press(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await place(ann)
    await shop.work()
    row = (await shop.rows(orders))[0]

    def transaction(tx):
        order = statements.get(tx, row.id)
        dear = replace(order, charge=Decimal(9))
        tx.execute(orders.update().values(charge=dear.charge))
        costs.book(tx, [dear], {olga.id}, Prices(), shop.clock())

    await shop.app.database.write(transaction)
    await shop.notify()
    assert "not sold" in olga.last.text
    await ann.say(f"/start s_{row.service_id}")
    assert "Order" not in ann.last.labels
    await olga.press("Sell it again", message=olga.last)
    assert "is sold again" in olga.toast
    await ann.say(f"/start s_{row.service_id}")
    assert "Order" in ann.last.labels


@in_each_language
async def test_questions_about_the_shop_wait_in_triage_until_they_are_answered(
    shop: Shop, language: str
) -> None:
    """An alert may be far up in the chat, or deleted."""
    ru = language == "ru"
    olga, ann = who_runs_it(shop, language), shop.person()
    await olga.say("/start")
    await place(ann)
    shop.provider.change_service("6", rate="900.00")
    shop.provider.account.currency = "INR"
    await shop.sync()
    await olga.say("/triage")
    waits = olga.last
    currency, rates = (
        ("Валюта поставщика", "Резкие")
        if ru
        else ("The provider's currency", "Rates that have jumped")
    )
    assert [currency in waits.labels[0], rates in waits.labels[1]] == [True, True]
    assert (
        "Магазин ждёт вашего ответа" if ru else "The shop waits for an answer of yours"
    ) in waits.text
    await olga.press(currency, message=waits)
    assert "INR" in olga.last.text
    await olga.press("ошибка поставщика" if ru else "the provider's mistake", message=olga.last)
    await olga.press("Да, точно" if ru else "Yes, I'm sure", message=olga.last)
    await olga.forge("xq:1")
    assert ("уже решён" if ru else "settled already") in olga.last.text
    await olga.forge("xq:3")
    assert "900" in olga.last.text
    await olga.press("Всё верно: продавать" if ru else "They are right: sell", message=olga.last)
    await olga.forge("xq:9")
    await olga.say("/triage")
    assert ("Решать нечего" if ru else "Nothing to decide") in olga.last.text
    await ann.forge("xq:1")
    assert "INR" not in ann.last.text


async def test_words_that_hold_the_queue_are_shown_from_triage_too(shop: Shop) -> None:
    olga, ann = shop.admin, shop.person()
    await olga.say("/start")
    shop.provider.fault("refuse", "add", text="Bestellung abgelehnt (7731)", times=0)
    for number, service in enumerate((STEADY, CANCELED, "usually ends in part")):
        await place(ann, service, link=f"https://example.com/{number}")
        await shop.work()
    await olga.say("/triage")
    await olga.press("Orders are not sent", message=olga.last)
    assert "Bestellung abgelehnt (7731)" in olga.last.text
    await olga.press("Go on sending", message=olga.last)
    await olga.say("/triage")
    assert "Nothing to decide" in olga.last.text


async def test_two_summaries_of_one_order_make_one(shop: Shop) -> None:
    ann = await waiting(shop, rate="4.00")
    asking = ann.last
    await ann.press("Look at it again", message=asking)
    first = ann.last
    card = next(message for message in ann.from_bot if message.text.startswith("Order #1 "))
    await ann.press("Look at it again", message=card)
    second = next(message for message in ann.from_bot if message.id == card.id)
    assert "Takes the place of order #1" in first.text
    assert "Takes the place of order #1" in second.text
    assert "still in work" not in second.text
    await ann.press("Confirm", message=first)
    await ann.press("Confirm", message=second)
    assert "Order #1 does not wait for you any more, so nothing takes its place." in ann.toast
    await shop.work(61)
    assert [row.state for row in await shop.rows()] == ["canceled", "pending"]
