"""What Telegram refuses of a message's looks goes once more without them, and nothing else ever
does.
"""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, EditMessageText, GetMe, SendMessage, TelegramMethod
from aiogram.types import (
    CopyTextButton,
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)

from bot.telegram.ornaments import WithoutOrnaments

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(
                text="Go", callback_data="go", style="success", icon_custom_emoji_id="5"
            ),
            InlineKeyboardButton(text="Done", disabled=DisabledButton()),
        ],
        [InlineKeyboardButton(text="Copy", copy_text=CopyTextButton(text="12"))],
        [InlineKeyboardButton(text="Site", url="https://example.com")],
    ]
)
TEXT = (
    '<b>At</b> <tg-time unix="1" format="r">1970</tg-time> &lt;b&gt;\n<blockquote '
    "expandable>more</blockquote>"
)
DRESSED = SendMessage(
    chat_id=1,
    text=TEXT,
    message_effect_id="5",
    reply_parameters=ReplyParameters(message_id=3),
    link_preview_options=LinkPreviewOptions(is_disabled=True),
    reply_markup=KEYBOARD,
)


class Wire:
    """Answers with these, one after another; what was sent is kept."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.sent = list(answers), []

    async def __call__(self, bot: Bot, method: TelegramMethod) -> Any:
        self.sent.append(method)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def send(method: TelegramMethod, *answers: Any) -> tuple[list[Any], Any]:
    """Send it; give what went over the wire and what came of it."""
    wire = Wire(*answers)
    bot = Bot("42:TEST", default=DefaultBotProperties(parse_mode="HTML"))
    try:
        outcome = await WithoutOrnaments()(wire, bot, method)
    except (TelegramAPIError, TimeoutError) as error:
        outcome = error
    return wire.sent, outcome


def refused(words: str) -> TelegramBadRequest:
    return TelegramBadRequest(method=DRESSED, message=f"Bad Request: {words}")


async def test_a_message_goes_once_more_without_any_ornament() -> None:
    sent, outcome = await send(DRESSED, refused("REPLY_MESSAGE_ID_INVALID"), "there")
    assert outcome == "there"
    assert sent[0] is DRESSED
    plain = sent[1]
    assert plain.text == "<b>At</b> 1970 &lt;b&gt;\n<blockquote>more</blockquote>"
    assert (plain.message_effect_id, plain.reply_parameters, plain.link_preview_options) == (
        None,
        None,
        None,
    )
    assert [[button.text for button in row] for row in plain.reply_markup.inline_keyboard] == [
        ["Go"],
        ["Site"],
    ]
    assert plain.reply_markup.inline_keyboard[0][0] == InlineKeyboardButton(
        text="Go", callback_data="go"
    )
    assert DRESSED.reply_markup is KEYBOARD


async def test_where_tags_are_refused_the_words_go_alone() -> None:
    sent, outcome = await send(
        DRESSED, *[refused('can\'t parse entities: Unsupported start tag "b"')] * 2, "there"
    )
    assert outcome == "there"
    assert sent[2].text == "At 1970 &lt;b&gt;\nmore"


async def test_a_keyboard_of_ornaments_alone_goes_away() -> None:
    markup = InlineKeyboardMarkup(inline_keyboard=[KEYBOARD.inline_keyboard[1]])
    edit = EditMessageText(text="a", chat_id=1, message_id=2, reply_markup=markup)
    sent, outcome = await send(edit, refused("BUTTON_COPY_TEXT_INVALID"), "there")
    assert (outcome, sent[1].reply_markup) == ("there", None)


async def test_what_is_refused_again_is_an_error() -> None:
    sent, outcome = await send(DRESSED, refused("one"), refused("two"), refused("three"))
    assert len(sent) == 3
    assert outcome.message == "Bad Request: three"
    sent, outcome = await send(DRESSED, refused("one"), refused("message to edit not found"))
    assert len(sent) == 2


@pytest.mark.parametrize(
    "words",
    [
        "message is not modified: specified new message content",
        "message to edit not found",
        "chat not found",
        "message can't be edited",
        "message is too long",
        "MESSAGE_ID_INVALID",
        "MESSAGE_TOO_LONG",
        "message text is empty",
    ],
)
async def test_what_is_not_about_looks_is_not_sent_again(words: str) -> None:
    sent, outcome = await send(DRESSED, refused(words))
    assert len(sent) == 1
    assert isinstance(outcome, TelegramBadRequest)


@pytest.mark.parametrize(
    "error",
    [
        TelegramRetryAfter(DRESSED, "Too Many Requests: retry after 5", 5),
        TelegramMigrateToChat(DRESSED, "Bad Request: group chat was upgraded", -1001),
        *(
            kind(method=DRESSED, message="EFFECT_ID_INVALID")
            for kind in (
                TelegramForbiddenError,
                TelegramNotFound,
                TelegramConflictError,
                TelegramServerError,
                TelegramNetworkError,
            )
        ),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_only_a_400_is_a_definite_no(error: Exception) -> None:
    sent, outcome = await send(DRESSED, error)
    assert len(sent) == 1
    assert outcome is error


@pytest.mark.parametrize("method", [GetMe(), AnswerCallbackQuery(callback_query_id="1", text="a")])
async def test_what_is_no_message_is_left_alone(method: TelegramMethod) -> None:
    sent, _ = await send(method, refused("no"))
    assert len(sent) == 1


async def test_a_message_that_has_no_ornament_is_not_sent_again() -> None:
    plain = SendMessage(chat_id=1, text="a", link_preview_options=None)
    sent, _ = await send(plain, refused("no"))
    assert len(sent) == 1
