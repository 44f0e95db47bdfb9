"""People: what they can do, what they see, and that pressing is possible only while the button is
there.
"""

import pytest

from playground.telegram import BotApi


@pytest.fixture
def api():
    return BotApi()


@pytest.fixture
def ann(api):
    return api.person(id=1001, first_name="Ann", username="ann", started=True)


def bot_says(api, text, *rows, **more):
    markup = {"inline_keyboard": [[{"text": t, **does} for t, does in row] for row in rows]}
    params = {"chat_id": 1001, "text": text, "reply_markup": markup, "parse_mode": "HTML", **more}
    return api.call(api.token, "sendMessage", params)[1]["result"]["message_id"]


async def test_buttons_exact_first_then_the_only_one_that_contains_it(api, ann):
    bot_says(api, "old", [("Order", {"callback_data": "old"})])
    bot_says(
        api, "new", [("Order now", {"callback_data": "now"}), ("Page ▶", {"callback_data": "next"})]
    )
    seen = []

    async def pump(update):
        seen.append(update["callback_query"]["data"])

    api.on_update = pump
    await ann.press("Order")
    await ann.press("now")
    await ann.press("▶")
    await ann.press("Order", message=ann.messages[0])
    assert seen == ["old", "now", "next", "old"]
    with pytest.raises(AssertionError, match=r"visible: \['Order now', 'Page ▶', 'Order'\]"):
        await ann.press("Cancel")
    with pytest.raises(AssertionError, match="several"):
        await ann.press("e")


async def test_a_button_that_is_gone_cannot_be_pressed_but_can_be_forged(api, ann):
    number = bot_says(api, "x", [("Buy", {"callback_data": "buy"})])
    api.call(api.token, "editMessageText", {"chat_id": 1001, "message_id": number, "text": "sold"})
    with pytest.raises(AssertionError, match="no button 'Buy'"):
        await ann.press("Buy")
    await ann.forge("buy", number)
    assert api.updates.pending[-1]["callback_query"]["message"]["text"] == "sold"
    api.call(api.token, "deleteMessage", {"chat_id": 1001, "message_id": number})
    await ann.forge("buy", number)
    assert api.updates.pending[-1]["callback_query"]["message"] == {
        "message_id": number,
        "chat": ann.chat.as_dict(),
        "date": 0,
    }


async def test_other_kinds_of_buttons(api, ann):
    bot_says(
        api,
        "x",
        [("Site", {"url": "https://example.com"}), ("Copy", {"copy_text": {"text": "42"}})],
        [
            ("Wait", {"disabled": {}, "callback_data": "w"}),
            ("Find", {"switch_inline_query_current_chat": ""}),
        ],
    )
    await ann.press("Site")
    await ann.press("Copy")
    await ann.press("Find")
    assert (ann.opened, ann.copied) == (["https://example.com"], ["42"])
    assert api.updates.pending[-1]["inline_query"]["query"] == ""
    with pytest.raises(AssertionError, match="disabled"):
        await ann.press("Wait")


async def test_inline_results_are_sent_by_choosing(api, ann):
    await ann.inline("views")
    article = {
        "type": "article",
        "id": "7",
        "title": "Views",
        "input_message_content": {"message_text": "/s_7"},
    }
    query = api.updates.pending[-1]["inline_query"]["id"]
    api.call(api.token, "answerInlineQuery", {"inline_query_id": query, "results": [article]})
    await ann.choose("View")
    message = api.updates.pending[-1]["message"]
    assert (message["text"], message["via_bot"]["is_bot"]) == ("/s_7", True)


async def test_views_and_looking(api, ann):
    await ann.say("/start s_5")
    number = bot_says(api, "<b>Hi</b> Ann", reply_parameters={"message_id": ann.messages[0].id})
    assert ann.last.html == "<b>Hi</b> Ann"
    assert ann.last.reply_to == ann.messages[0].id
    assert ann.sees("Hi")
    assert not ann.sees("/start")
    assert (ann.last.edited, ann.last.id) == (False, number)
    assert (await ann.wait_for("Hi")).id == number
    with pytest.raises(AssertionError, match="did not come"):
        await ann.wait_for("never", timeout=0.01)
    assert "me  #1: /start s_5" in ann.transcript()


async def test_a_long_text_goes_in_pieces(api, ann):
    await ann.say("a" * 5000)
    assert [len(view.text) for view in ann.messages] == [4096, 904]


async def test_reply_keyboards(api, ann):
    markup = {"keyboard": [[{"text": "Orders"}]]}
    api.call(api.token, "sendMessage", {"chat_id": 1001, "text": "x", "reply_markup": markup})
    await ann.press("Orders")
    assert ann.messages[-1].text == "Orders"
    api.call(
        api.token,
        "sendMessage",
        {"chat_id": 1001, "text": "x", "reply_markup": {"remove_keyboard": True}},
    )
    assert ann.reply_keyboard == []


def test_the_narrowest_commands_win(api, ann):
    def commands(name, **more):
        given = [{"command": name, "description": name}]
        assert api.call(api.token, "setMyCommands", {"commands": given, **more})[0] == 200

    def shown(language):
        return api.profile.commands_for(1001, language)[0]["command"]

    commands("any")
    commands("russian", language_code="ru")
    assert (shown("en"), shown("ru")) == ("any", "russian")
    commands("admin", scope={"type": "chat", "chat_id": 1001})
    assert shown("ru") == "admin"
