"""Orders without an answer, from the alert to the verdict, in the chat."""

from collections.abc import AsyncIterator

import pytest

from handlers import callbacks
from playground.telegram.people import Person
from shop.fulfilment.evidence import EvidenceKind
from storage.enums import OrderState
from storage.schema.operations import evidence as table
from tests.harness.shop import ADMIN, Shop, open_shop
from tests.harness.triage_walks import ID, change, check, keep, lose, order
from tests.harness.walks import open_service, place

PAVEL = 1004


@pytest.fixture
async def two(tmp_path) -> AsyncIterator[Shop]:
    """A shop with two admins: Olga, and Pavel, who speaks Russian."""
    async with open_shop(tmp_path, admin_ids=frozenset({ADMIN, PAVEL})) as opened:
        yield opened


def pavel(shop: Shop) -> Person:
    return shop.person(PAVEL, "Pavel", "ru")


async def test_nothing_to_decide_says_what_can_be_done(shop: Shop) -> None:
    await shop.admin.say("/triage")
    assert "Nothing to decide" in shop.admin.last.text
    assert "/triage 12" in shop.admin.last.text


async def test_from_the_alert_to_an_order_that_goes_on(shop: Shop) -> None:
    ann, olga = await lose(shop), shop.admin
    assert "outcome unknown" in olga.last.text
    await olga.press("Decide", message=olga.last)
    shown = olga.last.text
    assert "Order #1 – 🔎 Being checked" in shown
    assert "No definite answer since" in shown
    assert "user 1001 · $0.12" in shown
    assert "Podcast plays" in shown
    assert "https://example.com/page" in shown
    assert "📭 The answer got lost: " in shown
    await olga.press("It exists", message=olga.last)
    assert "Send me its ID at the provider" in olga.last.text
    await olga.say(ID)
    assert f"Asking the provider about {ID}" in olga.last.text
    await check(shop)
    assert f"🔍 Order #1 as {ID}" in olga.last.text
    assert "The provider says: \u2068Pending\u2069, charge $0.12, remains 100" in olga.last.text
    assert "Expected charge: $0.12" in olga.last.text
    assert (await order(shop)).state == OrderState.UNKNOWN  # it is asked once more
    await olga.press("Yes, it is this one", message=olga.last)
    assert olga.toast == f"✅ Order #1 goes on as {ID}."
    assert f"✅ \u2068Olga\u2069: it exists, as {ID}" in olga.last.text
    assert "It exists" not in olga.last.labels
    await shop.notify()
    assert ann.sees("Order #1 – 📨 Accepted")
    for _ in range(20):
        await shop.work(10)
    assert ann.sees("Order #1 is completed")
    await shop.check_money()


async def test_an_order_that_does_not_exist_is_given_back(shop: Shop) -> None:
    ann, olga = await lose(shop, "drop_before"), shop.admin
    await olga.say("/triage")
    assert "1 order waits for your verdict" in olga.last.text
    await olga.press("#1: It doesn't", message=olga.last)
    assert "Order #1 does not exist at the provider?" in olga.last.text
    assert "$0.12 goes back to user 1001" in olga.last.text
    assert "that is the shop's loss" in olga.last.text
    assert "This speaks for it" not in olga.last.text
    assert (await order(shop)).state == OrderState.UNKNOWN
    await olga.press("Yes, it doesn't exist: refund", message=olga.last)
    assert olga.toast == "Order #1 is ended."
    assert "✖️ \u2068Olga\u2069: it does not exist" in olga.last.text
    await shop.notify()
    assert ann.sees("$0.12 is back in your wallet")
    await shop.check_money()
    await olga.say("/triage")
    assert "Nothing to decide" in olga.last.text
    await olga.say("/triage 1")
    assert "✖️ \u2068Olga\u2069: it does not exist" in olga.last.text


async def test_what_speaks_for_an_order_comes_before_its_end(shop: Shop) -> None:
    await lose(shop)
    olga = shop.admin
    await keep(
        shop,
        EvidenceKind.BALANCE,
        before="100",
        after="99.88",
        expected="0.12",
        others=0,
        speaks="for",
    )
    await keep(shop, EvidenceKind.BUSY_LINK, order=2, said="You have active order with this link")
    await keep(shop, EvidenceKind.GAP, last="23500", first="23510", asked=9, ours=1, complete=True)
    await keep(
        shop,
        EvidenceKind.CANDIDATE,
        id=ID,
        status="Pending",
        charge="0.12",
        remains=100,
        fits=True,
        why="",
    )
    await keep(
        shop,
        EvidenceKind.CANDIDATE,
        id="23505",
        status="Pending",
        charge="7",
        remains=1,
        fits=False,
        why="charge",
    )
    await keep(shop, EvidenceKind.MISSING)  # nothing in it: its customer was erased
    await keep(shop, EvidenceKind.LATE, id="", said="Too late")
    await olga.say("/triage 1")
    shown = olga.last.text
    assert "💰 The balance says yes: $100.00 → $99.88, expected $0.12" in shown
    assert "🔗 The link is busy: order #2 was refused because of it" in shown
    assert "🔢 Between 23500 and 23510: all 9 IDs asked, ours and unknown to us: 1" in shown
    assert f"🎯 ID {ID} is ours and fits: \u2068Pending\u2069, charge $0.12, remains 100" in shown
    assert "❔ ID 23505 is ours, but its charge is another one" in shown
    await olga.press("It doesn't", message=olga.last)
    assert olga.last.text.index("This speaks for it") < olga.last.text.index("goes back to user")
    assert f"🎯 ID {ID} is ours and fits" in olga.last.text
    assert "The link is busy" in olga.last.text
    await olga.press("Back", message=olga.last)
    await olga.press("It exists", message=olga.last)
    assert "Ask about 23505" not in olga.last.labels
    await olga.press(f"Ask about {ID}", message=olga.last)
    await check(shop)
    await olga.press("Yes, it is this one", message=olga.last)
    assert (await order(shop)).provider_order_id == ID


async def test_what_was_found_out_meanwhile_is_shown_first(shop: Shop) -> None:
    await lose(shop)
    olga = shop.admin
    await olga.say("/triage 1")
    await olga.press("It doesn't", message=olga.last)
    await keep(
        shop,
        EvidenceKind.CANDIDATE,
        id=ID,
        status="Pending",
        charge="0.12",
        remains=100,
        fits=True,
        why="",
    )
    await olga.press("Yes, it doesn't exist: refund", message=olga.last)
    assert "Something new was found out meanwhile" in olga.last.text
    assert f"ID {ID} is ours and fits" in olga.last.text
    assert (await order(shop)).state == OrderState.UNKNOWN
    await olga.press("Yes, it doesn't exist: refund", message=olga.last)
    assert (await order(shop)).state == OrderState.REJECTED


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("it is 23501", "more than one word"),
        ("Ünïcode!", "That is no ID"),
        ("7" * 200, "too long for an ID"),
        ("#", "That is no ID"),
    ],
)
async def test_what_is_no_id_is_asked_again(shop: Shop, said: str, answer: str) -> None:
    await lose(shop)
    olga = shop.admin
    await olga.say("/triage 1")
    await olga.press("It exists", message=olga.last)
    await olga.say(said)
    assert answer in olga.last.text
    assert "Send me its ID" in olga.last.text
    await olga.send_sticker()
    assert "That is no ID" in olga.last.text
    await olga.say("#٢٣٥٠١")
    assert f"Asking the provider about {ID}" in olga.last.text


async def test_cancel_leaves_the_question_and_what_was_awaited_before_goes_on(shop: Shop) -> None:
    await lose(shop)
    olga = shop.admin
    await open_service(olga)
    await olga.press("Order", message=olga.last)
    await olga.say("/triage 1")
    await olga.press("It exists", message=olga.last)
    await olga.say("/cancel")
    assert "Order #1" in olga.last.text
    assert "It exists" in olga.last.labels
    await olga.say("https://example.com/olga")
    assert "How many" in olga.last.text


async def test_what_does_not_fit_is_refused_with_the_reason(shop: Shop) -> None:
    await lose(shop)
    olga, bob = shop.admin, shop.person(1002, "Bob")
    await place(bob, link="https://example.com/bob", quantity="500")
    await shop.submit()
    taken, strange = "23502", "99999"
    shop.provider.order(ID).net = shop.provider.order(ID).net * 3
    for wrong, why in (
        (taken, "It can't be this one: it belongs to order #2"),
        (strange, "It can't be this one: the provider does not know it"),
        (ID, "It can't be this one: its charge is another one"),
    ):
        await olga.say("/triage 1")
        await olga.press("It exists", message=olga.last)
        await olga.say(wrong)
        await check(shop)
        assert why in olga.last.text
        assert "Yes, it is this one" not in olga.last.labels
        assert "Another ID" in olga.last.labels
    assert "charge $0.36" in olga.last.text
    assert "Expected charge: $0.12" in olga.last.text
    await olga.say("/triage 1")
    assert "🔍 \u2068Olga\u2069 asked about 99999: the provider does not know it" in olga.last.text
    assert (await order(shop)).state == OrderState.UNKNOWN


async def test_a_provider_that_can_not_be_asked_is_tried_again(shop: Shop) -> None:
    await lose(shop)
    olga = shop.admin
    shop.provider.fault("html_502", "status")
    await olga.say("/triage 1")
    await olga.press("It exists", message=olga.last)
    await olga.say(ID)
    await check(shop)
    assert (
        "I could not find out: the provider gave no answer. Nothing has changed." in olga.last.text
    )
    await olga.press("Try again", message=olga.last)
    await check(shop)
    await olga.press("Yes, it is this one", message=olga.last)
    assert (await order(shop)).state == OrderState.PENDING


async def test_an_old_check_is_asked_for_again(shop: Shop) -> None:
    await lose(shop)
    olga = shop.admin
    await olga.say("/triage 1")
    await olga.press("It exists", message=olga.last)
    await olga.say(ID)
    await check(shop)
    shop.pass_time(3600)
    await olga.press("Yes, it is this one", message=olga.last)
    assert "too old by now" in olga.toast
    assert (await order(shop)).state == OrderState.UNKNOWN


async def test_of_two_admins_the_second_is_told_kindly(two: Shop) -> None:
    await lose(two)
    olga, paul = two.admin, pavel(two)
    await paul.say("/triage")
    assert "Вашего решения ждёт 1 заказ" in paul.last.text
    await paul.press("#1: Его нет", message=paul.last)
    asked = paul.last
    assert "Заказа #1 у поставщика нет?" in asked.text
    assert "вернётся пользователю 1001" in asked.text
    await olga.say("/triage 1")
    await olga.press("It exists", message=olga.last)
    await olga.say(ID)
    await check(two)
    await olga.press("Yes, it is this one", message=olga.last)
    await paul.press("Да, его нет: вернуть деньги", message=asked)
    assert paul.toast == f"Уже решено, кем: Olga. Заказ #1 есть, это {ID}."
    assert f"✅ \u2068Olga\u2069: заказ есть, это {ID}" in paul.last.text
    (checked,) = [row.id for row in await two.rows(table) if row.kind == EvidenceKind.CHECKED]
    for late in (  # on older messages
        callbacks.ConfirmExists(evidence=checked),
        callbacks.ItDoesNot(order=1, seen=0, sure=0),
        callbacks.ItExists(order=1),
    ):
        await olga.forge(late.pack())
        assert olga.toast == f"Decided already by you: order #1 exists, as {ID}."
    await two.check_money()


async def test_a_verdict_in_russian(two: Shop) -> None:
    ann, paul = await lose(two), pavel(two)
    await paul.say("/triage 1")
    assert "Определённого ответа нет" in paul.last.text
    await paul.press("Он есть", message=paul.last)
    await paul.say("два слова")
    assert "больше одного слова" in paul.last.text
    await paul.say(ID)
    assert f"Спрашиваю поставщика о {ID}" in paul.last.text
    await check(two)
    assert (
        "Поставщик говорит: \u2068Pending\u2069, списано 0,12\u00a0$, осталось 100"
        in paul.last.text
    )
    await paul.press("Да, это он", message=paul.last)
    assert paul.toast == f"✅ Заказ #1 продолжается как {ID}."
    await two.notify()
    assert ann.sees("Order #1 – 📨 Accepted")


async def test_many_are_paged_with_the_oldest_first(shop: Shop) -> None:
    for number in range(4):
        await lose(shop, "drop_before", link=f"https://example.com/{number}")
        shop.pass_time(600)
    olga = shop.admin
    await olga.say("/triage")
    assert "4 orders wait for your verdict" in olga.last.text
    assert [line[:9] for line in olga.last.text.splitlines() if line.startswith("Order #")] == [
        "Order #1 ",
        "Order #2 ",
        "Order #3 ",
    ]
    await olga.press("▶", message=olga.last)
    assert "https://example.com/3" in olga.last.text
    assert "https://example.com/2" not in olga.last.text
    for text in ("/triage twelve", "/triage 0", "/triage " + "9" * 30):
        await olga.say(text)
        assert "is no order number" in olga.last.text
    await olga.say("/triage 77")
    assert "I don't know an order #77" in olga.last.text


async def test_long_texts_fit_into_a_message(shop: Shop) -> None:
    for number in range(3):
        await lose(shop, "drop_before", link=f"https://example.com/{number}")
        await change(
            shop, number + 1, link="https://example.com/?" + "&" * 1500, service_name="<" * 512
        )
        for other in range(20):
            await keep(
                shop,
                EvidenceKind.CHECKED,
                order_id=number + 1,
                id="<" * 100 + str(other),
                fits=False,
                why="strange",
            )
    olga = shop.admin
    await olga.say("/triage")
    assert "3 orders wait for your verdict" in olga.last.text
    await olga.say("/triage 1")
    assert "Order #1" in olga.last.text


async def test_where_the_house_pays_nothing_is_given_back(house: Shop) -> None:
    ann, olga = await lose(house), house.admin
    await olga.say("/triage 1")
    await olga.press("It doesn't", message=olga.last)
    assert "No money moves here." in olga.last.text
    await olga.press("Yes, it doesn't exist", message=olga.last)
    await house.notify()
    assert ann.sees("Order #1 was not accepted")
    assert not ann.sees("wallet")
    await house.check_money()


async def test_for_customers_there_is_no_triage(shop: Shop) -> None:
    ann = await lose(shop)
    await ann.say("/triage 1")
    assert "I didn't get that" in ann.last.text
