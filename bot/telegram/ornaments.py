"""A message is never lost for its looks: what Telegram refuses goes again, without its ornaments.

Only after a 400: that is a definite no, so nothing is there twice. Which ornament was meant is not
guessed from the words: they differ between servers and years.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
    SendDocument,
    SendInvoice,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.methods.base import Response, TelegramType
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

log = logging.getLogger(__name__)

_DRESSED: frozenset[type] = frozenset(
    {
        SendMessage,
        SendDocument,
        SendPhoto,
        SendInvoice,
        EditMessageText,
        EditMessageCaption,
        EditMessageReplyMarkup,
    }
)
_FIELDS = frozenset({"message_effect_id", "reply_parameters", "link_preview_options"})
_TEXTS = ("text", "caption")
# Whatever it looked like, these would be said again; the first one even is what was wanted.
_NOT_ABOUT_LOOKS = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    ": MESSAGE_ID_INVALID",  # one of a reply ends with the same words
    "chat not found",
    "message is too long",
    "message caption is too long",
    "MESSAGE_TOO_LONG",
    "message text is empty",
    "text must be non-empty",
)
# Those that not every server knows, and all of them.
_NEW_TAG = re.compile(r"</?tg-[a-z-]+(?:\s[^<>]*)?>|(?<=<blockquote) expandable(?=>)")
_ANY_TAG = re.compile(r"<[^<>]*>")


class WithoutOrnaments(BaseRequestMiddleware):
    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        refusal: TelegramBadRequest | None = None
        for version in _ever_plainer(method):
            if refusal is not None:
                log.warning(
                    "Telegram refuses a message, it goes without ornaments: %s", refusal.message
                )
            try:
                return await make_request(bot, version)
            except TelegramBadRequest as error:
                if any(words in error.message for words in _NOT_ABOUT_LOOKS):
                    raise
                refusal = error
        assert refusal is not None  # noqa: S101 - each version was refused
        raise refusal


def _ever_plainer(method: TelegramMethod[TelegramType]) -> Iterator[TelegramMethod[TelegramType]]:
    """Return a call as it is; a message then without ornaments, and without any tag, where that is
    something else.
    """
    yield method
    if type(method) not in _DRESSED:
        return
    last = method
    for tags in (_NEW_TAG, _ANY_TAG):
        plain = method.model_copy(update=_changes(method, tags))
        if plain != last:
            yield plain
        last = plain


def _changes(method: TelegramMethod[Any], tags: re.Pattern[str]) -> dict[str, Any]:
    """Return what is to change for a message to have no ornament, and none of these tags: its words
    stay escaped.
    """
    changes: dict[str, Any] = dict.fromkeys(_FIELDS & type(method).model_fields.keys())
    markup = getattr(method, "reply_markup", None)
    if isinstance(markup, InlineKeyboardMarkup):
        changes["reply_markup"] = _plain_keyboard(markup)
    for name in _TEXTS:
        written = getattr(method, name, None)
        if isinstance(written, str):
            changes[name] = tags.sub("", written)
    return changes


def _plain_keyboard(markup: InlineKeyboardMarkup) -> InlineKeyboardMarkup | None:
    """Keep the buttons that lead somewhere.

    What can be copied from a button stands in the text, too.
    """
    rows = [
        [
            _plain_button(button)
            for button in row
            if button.copy_text is None and button.disabled is None
        ]
        for row in markup.inline_keyboard
    ]
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=kept) if kept else None


def _plain_button(button: InlineKeyboardButton) -> InlineKeyboardButton:
    return button.model_copy(update={"style": None, "icon_custom_emoji_id": None})
