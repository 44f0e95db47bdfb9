"""Lists, choices, dates and subscriptions in the chat: what is understood, and what is said when it
isn't.
"""

import pytest

from playground.telegram.people import Person
from tests.factories.every_type import LINK
from tests.harness.shop import Shop

KEYWORDS, REVIEWS, PACKAGE_OF_REVIEWS, MENTIONS, LIST, POLL, SUBSCRIPTION, TRAFFIC = (
    "8",
    "9",
    "10",
    "11",
    "13",
    "19",
    "21",
    "22",
)
PLAYS = "6"


async def ask(person: Person, service: str, *answers: str) -> None:
    await person.say(f"/start s_{service}")
    await person.press(
        "Order" if "Order" in person.last.labels else "Заказать", message=person.last
    )
    for answer in answers:
        await person.say(answer)


async def test_a_list_is_counted_and_its_repeats_are_left_out(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, LIST, LINK)
    assert "Send the user names, one per line" in ann.last.text
    assert "📏 2 – 1,000 lines, $0.004 each." in ann.last.text
    await ann.say("@anna\n\n  Ben \nANNA\n\u200b\ncarl\nben")
    assert "✓ 3 lines taken.\n2 repeats were left out." in ann.last.text
    assert "👥 3 user names: \u2068anna, Ben, carl\u2069" in ann.last.text
    assert "$0.012" in ann.last.text
    await ann.say("anything")
    assert "lines taken" not in ann.last.text


async def test_repeated_comments_are_kept_and_pointed_out(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, REVIEWS, LINK, "Nice\nNice\nNice\nGood")
    assert "✓ 4 lines taken.\n2 of them are repeats, and are kept." in ann.last.text
    assert "4 comments, the first: “\u2068Nice\u2069”" in ann.last.text


async def test_a_list_in_the_middle_is_told_of_at_the_next_question(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, "12", LINK, "20", "anna\nanna")
    assert ann.last.text.startswith("✓ 1 line taken.\n1 repeat was left out.")
    assert "Send the hashtags" in ann.last.text


async def test_a_list_comes_as_a_file_too(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, LIST, LINK)
    names = "\r\n".join(f"@name{number}" for number in range(900))
    await ann.send_file("names.txt", f"\ufeff{names}\r\n{names}\r\n".encode())
    assert "✓ 900 lines taken.\n900 repeats were left out." in ann.last.text
    assert "900 user names: \u2068name0, name1, name2 …\u2069" in ann.last.text


async def test_a_list_that_is_too_short_without_its_repeats_says_so(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, LIST, LINK, "anna\n@Anna")
    assert "Without repeats (1) that makes 1, but the least is 2" in ann.last.text
    await ann.say("anna\nben and carl")
    assert "Line 2 is not one word" in ann.last.text
    await ann.say("anna\nben")
    assert "Is this right?" in ann.last.text


async def test_the_lines_of_a_package_are_not_held_against_its_limits(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, PACKAGE_OF_REVIEWS, LINK)
    assert "lines," not in ann.last.text
    await ann.say("One\nTwo\nThree")
    assert "3 comments" in ann.last.text
    assert "One package" in ann.last.text


@pytest.mark.parametrize("written", ["2", "Android", " ANDROID ", "android"])
async def test_a_choice_is_pressed_or_typed(shop: Shop, written: str) -> None:
    ann = shop.person()
    await ask(ann, TRAFFIC, LINK, "100", "Germany")
    assert [label for row in ann.last.buttons for label in [one.text for one in row]][:5] == [
        "Desktop",
        "Android",
        "iOS",
        "Mixed mobile",
        "Mixed",
    ]
    await ann.say("Toaster")
    assert "press one of the buttons below" in ann.last.text
    await ann.say(written)
    assert "Where shall the visitors come from?" in ann.last.text
    await ann.press("No referrer", message=ann.last)
    assert "📱 Android\n🚦 No referrer" in ann.last.text
    assert "🌍 \u2068Germany\u2069" in ann.last.text


async def test_a_choice_is_typed_in_ones_own_language(shop: Shop) -> None:
    boris = shop.person(1002, "Борис", "ru")
    await ask(boris, TRAFFIC, LINK, "100", "Германия", "разные мобильные")
    assert "Откуда должны приходить" in boris.last.text
    await boris.say("Another page")
    assert "Нажмите одну из кнопок" in boris.last.text
    await boris.say("другая страница")
    assert "С какой страницы они придут?" in boris.last.text
    await boris.say("example.com/blog")
    assert "📱 Разные мобильные" in boris.last.text
    assert "https://example.com/blog" in boris.last.text
    await boris.press("Подтвердить", message=boris.last)
    (order,) = await shop.rows()
    assert order.fields["device"] == "4"
    assert order.fields["type_of_traffic"] == "2"


async def test_what_belongs_to_another_choice_is_forgotten(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, TRAFFIC, LINK, "100", "Germany", "1", "1", "flower shop")
    assert "🔎 \u2068flower shop\u2069" in ann.last.text
    await ann.forge("a:1:type_of_traffic:3", ann.last)
    assert "flower shop" not in ann.last.text
    await ann.forge("a:1:google_keyword:5", ann.last)
    assert "older version" in ann.toast
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    assert "google_keyword" not in order.fields


async def test_the_number_of_an_answer(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, POLL, LINK, "50", "the second")
    assert "I need a whole number from 1 to 100" in ann.last.text
    await ann.press("3", message=ann.last)
    assert "🗳 Answer 3" in ann.last.text


async def test_a_subscription_from_the_user_name_to_the_summary(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, SUBSCRIPTION, "two words")
    assert "I need one word" in ann.last.text
    await ann.say("@anna.smith")
    assert "at least? 10 – 5,000" in ann.last.text
    await ann.say("9")
    assert "9 is too few: the least is 10" in ann.last.text
    await ann.press("100 ·", message=ann.last)
    assert "And at most? 100 – 5,000" in ann.last.text
    await ann.say("99")
    assert "can't be less than the least, which is 100" in ann.last.text
    await ann.say("5001")
    assert "5,001 is too many" in ann.last.text
    await ann.press("200 ·", message=ann.last)
    assert "At once" in ann.last.labels
    await ann.say("25")
    assert "one of these numbers of minutes only: 0, 5, 10, 15, 20" in ann.last.text
    await ann.press("At once", message=ann.last)
    assert "Each is $0.15 at most" in ann.last.text
    await ann.say("0")
    assert "from 1 to 1,000" in ann.last.text
    assert "Skip" not in ann.last.labels
    await ann.press("5 · $0.75", message=ann.last)
    await ann.press("Skip", message=ann.last)
    await ann.say("22/11/2026")
    assert "22/11/2026 is not in the future" in ann.last.text
    await ann.say("whenever")
    assert "can't read that as a date" in ann.last.text
    assert "22/12/2026" in ann.last.text
    await ann.press("7 days", message=ann.last)
    for line in (
        "👤 \u2068anna.smith\u2069",
        "📈 100 – 200 for each post",
        "⏱ As soon as a post appears",
        "New posts: 5",
        "📅 Until 29/11/2026 (7 days)",
        "🔢 1,000 in all at most",
        "💵 $0.75",
        "What is not used comes back",
    ):
        assert line in ann.last.text
    assert "Older posts" not in ann.last.text
    assert "$10.00 → $9.25" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    assert (order.link, order.quantity, order.price) == ("anna.smith", 1000, 750_000)
    await shop.check_money()


async def test_a_skip_pressed_twice_skips_one_question(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, SUBSCRIPTION, "anna", "10", "10", "0", "1")
    question = ann.last
    skip = next(one for row in question.buttons for one in row if one.text == "Skip")
    await ann.forge(skip.value, question)
    await ann.forge(skip.value, question)
    assert "Until which day" in ann.last.text


async def test_a_least_above_the_most_asks_for_the_most_again(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, SUBSCRIPTION, "anna", "10", "20", "0", "1", "1")
    await ann.press("Skip", message=ann.last)
    assert "📈 10 – 20 for each post" in ann.last.text
    await ann.forge("a:1:min:50", ann.last)
    assert "can't be less than the least, which is 50" in ann.last.text
    assert "And at most? 50 – 5,000" in ann.last.text
    await ann.say("50")
    assert "Is this right?" in ann.last.text
    assert "🗂 Older posts: 1" in ann.last.text
    assert "📈 50 for each post" in ann.last.text


async def test_an_end_that_has_come_is_asked_again_when_ordered_again(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, SUBSCRIPTION, "anna", "10", "20", "30", "1", "0", "1.12.2026")
    assert "⏱ 30 min after a post appears" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    shop.clock.forward(days=9)
    await ann.forge("g:1", ann.last)
    assert "01/12/2026 is not in the future" in ann.last.text
    await ann.press("Skip", message=ann.last)
    assert "Is this right?" in ann.last.text
    assert "Until" not in ann.last.text


async def test_a_summary_that_waited_past_its_day_places_nothing(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, SUBSCRIPTION, "anna", "10", "20", "30", "1", "0", "23.11.2026")
    shop.clock.forward(days=1)
    await ann.press("Confirm", message=ann.last)
    assert "23/11/2026 is not in the future" in ann.last.text
    assert await shop.rows() == []


async def test_two_subscriptions_do_not_wait_for_each_other(shop: Shop) -> None:
    ann = shop.person()
    for name in ("anna", "ben"):
        await ask(ann, SUBSCRIPTION, name, "10", "20", "30", "1", "0")
        await ann.press("Skip", message=ann.last)
        await ann.press("Confirm", message=ann.last)
    assert [order.link for order in await shop.rows()] == ["anna", "ben"]
    await shop.submit()
    assert {order.state for order in await shop.rows()} == {"pending"}


async def test_drip_feed_that_is_gone_is_shown_as_a_change(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, PLAYS, LINK, "100", "3", "60")
    assert "🔢 300 in all" in ann.last.text
    shop.provider.change_service(PLAYS, dripfeed=False)
    await shop.sync()
    await ann.press("Confirm", message=ann.last)
    assert "Something has changed" in ann.last.text
    assert "parts" not in ann.last.text
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    assert (order.quantity, "runs" in order.fields) == (100, False)


async def test_a_long_plan_is_told_in_days(shop: Shop) -> None:
    ann = shop.person()
    await ask(ann, PLAYS, LINK, "20", "100", "75")
    assert "100 parts of 20, every 75 min" in ann.last.text
    assert "the last part begins 5 days 3 h after the first" in ann.last.text
    assert "2026-11-27 15:45 UTC" in ann.last.text


async def test_more_than_any_column_holds_is_refused_in_a_sentence(house: Shop) -> None:
    house.provider.change_service(SUBSCRIPTION, max=10**15, rate="9000")
    for _ in range(2):  # a jump is not believed at once
        await house.sync()
    ann = house.person()
    await ask(ann, SUBSCRIPTION, "anna", "10", "1" + "0" * 15, "30", "1000", "0")
    await ann.press("Skip", message=ann.last)
    await ann.press("Confirm", message=ann.last)
    assert "more than one order can be" in ann.toast
    assert await house.rows() == []
    await ann.press("Back", message=ann.last)
    assert "For how many new posts?" in ann.last.text
