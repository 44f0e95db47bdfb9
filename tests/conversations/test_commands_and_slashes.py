"""Commands however they are written, and answers that only look like one."""

import pytest

from handlers.customer.ordering.slash_answers import COMMAND
from storage.schema.orders import mass_orders
from tests.factories.mass import PLAYS, URL
from tests.harness.shop import Shop
from tests.harness.walks import COMMENTS, to_quantity


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/Start", "Hello"),
        ("/START", "Hello"),
        ("/Start@panel_shop_bot", "Hello"),
        ("/start@PANEL_SHOP_BOT", "Hello"),
        ("/ORDER@Panel_Shop_Bot", "What would you like to order?"),
        ("/Order ", "What would you like to order?"),
        ("/Cancel_Orders 5", "#5"),
        ("/Start s_6", "Podcast plays"),
        ("/HELP please", "/orders"),
    ],
)
async def test_a_command_is_one_in_any_case(shop: Shop, text: str, answer: str) -> None:
    ann = shop.person()
    await ann.say(text)
    assert answer in ann.last.text


async def test_what_comes_after_a_command_keeps_its_letters(shop: Shop) -> None:
    await shop.admin.say("/start")
    ann = shop.person()
    await ann.say("/SUPPORT My Order Is LATE")
    await shop.notify()
    assert "My Order Is LATE" in shop.admin.last.text


async def test_an_admins_commands_too(shop: Shop) -> None:
    await shop.person().say("/start")
    await shop.admin.say("/Credit 1001 5 Thanks")
    assert "$15.00" in shop.admin.last.text


@pytest.mark.parametrize(
    "text", ["/start@helper_bot", "/Nonsense", "/starts", "/start-up", "//start", "/"]
)
async def test_what_is_no_command_of_ours_is_not_understood(shop: Shop, text: str) -> None:
    ann = shop.person()
    await ann.say(text)
    assert "I didn't get that" in ann.last.text


@pytest.mark.parametrize(
    "text",
    [
        "/10 would come again\nGreat",
        "/start of something new\nGreat",
        "/start\nGreat",
        "/ slash\nGreat",
        "//\nGreat",
        "/cancel my doubts, it is good\nGreat",
        "/start@helper_bot\nGreat",
    ],
)
async def test_a_list_may_begin_with_a_slash(shop: Shop, text: str) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    await ann.say(text)
    assert "2 lines taken" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    assert order.fields["comments"] == text.splitlines()


async def test_one_line_that_is_no_command_is_a_list_of_one(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    await ann.say("/10 would come again")
    assert "That makes 1, but the least is 2." in ann.last.text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/cancel", "form is closed"),
        ("/Cancel", "form is closed"),
        ("/start", "Hello"),
        ("/START@panel_shop_bot", "Hello"),
        ("/support where is it?\nI wait", "your message is with us"),
        ("/status 1\n2", "#1"),
        ("/cancle", "I didn't get that"),
    ],
)
async def test_a_command_stays_one_while_a_list_is_awaited(
    shop: Shop, text: str, answer: str
) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    await ann.say(text)
    assert "taken" not in ann.last.text
    assert answer in ann.last.text, ann.last.text


async def test_lines_of_a_mass_order_may_begin_with_one_too(shop: Shop) -> None:
    ann = shop.person(language="ru")
    await ann.say("/mass")
    await ann.say(f"/mass {PLAYS}\n{PLAYS} | {URL} | 100")
    assert "Годных строк: 1 · с ошибкой: 1" in ann.last.text
    assert len(await shop.rows(mass_orders)) == 1
    await ann.say("/mass")
    await ann.say("/cancel")
    assert len(await shop.rows(mass_orders)) == 1


def test_known_commands_are_those_of_the_handlers(shop: Shop) -> None:
    known = shop.app.dispatcher["known_commands"]
    assert {"start", "cancel", "mass", "credit", "cancel_orders"} <= known
    assert all(COMMAND.fullmatch(f"/{name}") for name in known)
