"""Each refusal of the Bot API, with its exact text."""

import json

import pytest

from playground.telegram import BotApi, Dropped
from playground.telegram.params import Upload

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Clock:
    def __init__(self):
        self.now = 1_700_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def api(clock):
    api = BotApi(clock=clock)
    api.person(id=1, started=True)
    return api


def ask(api, method, **params):
    status, body = api.call(api.token, method, params)
    assert status == body.get("error_code", 200)
    return body["result"] if body["ok"] else body["description"].removeprefix("Bad Request: ")


def keyboard(*buttons):
    return {"inline_keyboard": [[button] for button in buttons]}


def button(**fields):
    return {"text": "x", **fields}


MANY = {"inline_keyboard": [[button(callback_data="a")] * 8] * 13}
REFUSED = [
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 99, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": 1}, "message text is empty"),
    ("sendMessage", {"chat_id": 1, "text": " \n "}, "text must be non-empty"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "<b> </b>", "parse_mode": "HTML"},
        "text must be non-empty",
    ),
    ("sendMessage", {"chat_id": 1, "text": "a" * 4097}, "message is too long"),
    ("sendMessage", {"chat_id": 1, "text": "😀" * 2049}, "message is too long"),
    ("sendMessage", {"chat_id": 1, "text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": "{"},
        "can't parse reply markup JSON object",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": "[]"},
        "object expected as reply markup",
    ),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": MANY}, "reply markup is too long"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": keyboard(button(callback_data="я" * 33))},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": keyboard(button())},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {
            "chat_id": 1,
            "text": "x",
            "reply_markup": keyboard(button(callback_data="a", style="pink")),
        },
        "can't parse inline keyboard button: invalid button style specified",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": keyboard(button(url="not a link"))},
        "inline keyboard button URL 'not a link' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        {
            "chat_id": 1,
            "text": "x",
            "reply_markup": keyboard(button(copy_text={"text": "a" * 257})),
        },
        "BUTTON_COPY_TEXT_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 5}},
        "message to be replied not found",
    ),
    ("editMessageText", {"chat_id": 1, "message_id": 9, "text": "x"}, "message to edit not found"),
    ("editMessageText", {"chat_id": 1, "text": "x"}, "message identifier is not specified"),
    ("editMessageText", {"chat_id": 1, "message_id": 9, "text": "x" * 4097}, "MESSAGE_TOO_LONG"),
    ("deleteMessage", {"chat_id": 1, "message_id": 9}, "message to delete not found"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    (
        "answerInlineQuery",
        {"inline_query_id": "1", "results": [{}] * 51},
        "too many inline query results specified",
    ),
    (
        "sendDocument",
        {"chat_id": 1, "document": "unknown"},
        "wrong file identifier/HTTP URL specified",
    ),
    ("sendDocument", {"chat_id": 1, "document": "attach://gone"}, "file not found in the request"),
    ("sendChatAction", {"chat_id": 1, "action": "dancing"}, "wrong parameter action in request"),
    ("getFile", {"file_id": "unknown"}, "invalid file_id"),
    (
        "setMyCommands",
        {"commands": [{"command": "Bad!", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [], "language_code": "english"},
        "invalid language code specified",
    ),
    (
        "setWebhook",
        {"url": "http://example.com"},
        "bad webhook: An HTTPS URL must be provided for webhook",
    ),
]


@pytest.mark.parametrize(("method", "params", "text"), REFUSED)
def test_refusals(api, method, params, text):
    assert ask(api, method, **params) == text


def test_caption_is_too_long(api):
    files = {"f": Upload("a.txt", b"x")}
    params = {"chat_id": 1, "document": "attach://f", "caption": "x" * 1025}
    _, body = api.call(api.token, "sendDocument", params, files)
    assert body["description"] == "Bad Request: message caption is too long"


def test_lengths_are_counted_after_parsing(api):
    text = "<b>" + "a" * 4096 + "</b>"
    assert ask(api, "sendMessage", chat_id=1, text=text, parse_mode="HTML")["text"] == "a" * 4096


def test_wrong_token_and_unknown_method(api):
    assert api.call("1:no", "getMe") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert api.call(api.token, "sendFlowers")[1]["description"] == "Not Found: method not found"
    assert api.call(api.token, "GETME")[0] == 200


def test_the_three_kinds_of_forbidden(api):
    stranger, person = api.person(id=2), api.person(id=1)
    assert ask(api, "sendMessage", chat_id=2, text="x") == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    person.block()
    assert ask(api, "sendMessage", chat_id=1, text="x") == "Forbidden: bot was blocked by the user"
    person.unblock()
    person.deactivate()
    assert ask(api, "sendMessage", chat_id=1, text="x") == "Forbidden: user is deactivated"
    assert not stranger.messages


def test_not_modified_in_text_and_keyboard(api):
    markup = keyboard(button(callback_data="a"))
    sent = ask(
        api,
        "sendMessage",
        chat_id=1,
        text="<b>x</b>",
        parse_mode="HTML",
        reply_markup=json.dumps(markup),
    )
    same = {"chat_id": 1, "message_id": sent["message_id"], "reply_markup": markup}
    assert ask(api, "editMessageText", text="<b>x</b>", parse_mode="HTML", **same) == NOT_MODIFIED
    assert ask(api, "editMessageReplyMarkup", **same) == NOT_MODIFIED
    assert ask(api, "editMessageText", text="x", **same)["edit_date"]
    assert "reply_markup" not in ask(
        api, "editMessageReplyMarkup", chat_id=1, message_id=sent["message_id"]
    )


async def test_another_persons_message_cannot_be_edited(api):
    await api.person(id=1).say("mine")
    number = api.person(id=1).messages[0].id
    assert (
        ask(api, "editMessageText", chat_id=1, message_id=number, text="x")
        == "message can't be edited"
    )


async def test_a_query_is_answered_once_and_in_time(api, clock):
    person = api.person(id=1)
    query = await person.forge("data")
    assert ask(api, "answerCallbackQuery", callback_query_id=query, text="done") is True
    assert person.toast == "done"
    assert ask(api, "answerCallbackQuery", callback_query_id=query) == TOO_OLD
    query = await person.forge("data")
    clock.now += 16
    assert ask(api, "answerCallbackQuery", callback_query_id=query) == TOO_OLD


def test_old_messages_stay(api, clock):
    sent = ask(api, "sendMessage", chat_id=1, text="x")
    clock.now += 48 * 3600 + 1
    gone = ask(api, "deleteMessage", chat_id=1, message_id=sent["message_id"])
    assert gone == "message can't be deleted for everyone"


def test_replies_may_tolerate_a_missing_message(api):
    reply = {"message_id": 77, "allow_sending_without_reply": True}
    assert "reply_to_message" not in ask(
        api, "sendMessage", chat_id=1, text="x", reply_parameters=reply
    )


def test_effects_are_for_private_chats(api):
    api.group(-100)
    assert ask(api, "sendMessage", chat_id=1, text="x", message_effect_id="5046509860389126442")[
        "effect_id"
    ]
    assert (
        ask(api, "sendMessage", chat_id=-100, text="x", message_effect_id="5")
        == "EFFECT_ID_INVALID"
    )


def test_flood_limits(clock):
    api = BotApi(clock=clock, flood_limits=True)
    for number in range(1, 12):
        api.person(id=number, started=True)
    assert all(isinstance(ask(api, "sendMessage", chat_id=1, text="x"), dict) for _ in range(3))
    status, body = api.call(api.token, "sendMessage", {"chat_id": 1, "text": "x"})
    assert (status, body["parameters"]) == (429, {"retry_after": 3})
    assert body["description"] == "Too Many Requests: retry after 3"
    for number in range(2, 11):
        for _ in range(3):
            assert isinstance(ask(api, "sendMessage", chat_id=number, text="x"), dict)
    assert ask(api, "sendMessage", chat_id=11, text="x") == "Too Many Requests: retry after 1"
    clock.now += 3
    assert isinstance(ask(api, "sendMessage", chat_id=1, text="x"), dict)


def test_faults(api):
    person = api.person(id=1)
    api.fail_next("sendMessage", 429, retry_after=7)
    api.fail_next("sendMessage", 500, times=2)
    answers = [ask(api, "sendMessage", chat_id=1, text=str(n)) for n in range(4)]
    assert answers[:3] == ["Too Many Requests: retry after 7", *["Internal Server Error"] * 2]
    assert answers[3]["text"] == "3"
    api.fail_next("*", drop=True, after=True)
    with pytest.raises(Dropped):
        ask(api, "sendMessage", chat_id=1, text="delivered")
    assert person.last.text == "delivered"
    api.fail_next("sendMessage", drop=True)
    with pytest.raises(Dropped):
        ask(api, "sendMessage", chat_id=1, text="lost")
    assert not person.sees("lost")
    assert [(method, params["text"]) for method, params in api.unanswered] == [
        ("sendMessage", "delivered")
    ]
