"""The shop is between one person and the bot: groups, channels and what Telegram says by itself
stay outside.

Whatever comes from there makes no customer, opens no screen and answers no question.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.enums import ChatType, ContentType
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, Update, User

from handlers.customer.ordering.slash_answers import COMMAND
from locales import Texts, Translator

log = logging.getLogger(__name__)

# Telegram itself, and whom it names where a group's anonymous admin or a channel writes.
_NOBODY = frozenset({777000, 1087968824, 136817688})
_ANSWERS = frozenset(
    {
        ContentType.TEXT,
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.DOCUMENT,
        ContentType.PAID_MEDIA,
        ContentType.PHOTO,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.GAME,
        ContentType.POLL,
        ContentType.VENUE,
        ContentType.LOCATION,
        ContentType.INVOICE,
        ContentType.UNKNOWN,  # what people will send that this version does not know
    }
)
_PAYMENTS = frozenset({ContentType.SUCCESSFUL_PAYMENT, ContentType.REFUNDED_PAYMENT})
_SAID_FOR = 60.0  # seconds until a group is told again
_MOST_GROUPS = 1_000


class PrivateOnly(BaseMiddleware):
    """Lets pass what a person writes and presses in their own chat, and everything about
    payments.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[int, float] = {}

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if isinstance(event, Update) and not await self._is_ours(event, data["texts"], data["bot"]):
            return None
        return await handler(event, data)

    async def _is_ours(self, update: Update, texts: Texts, bot: Bot) -> bool:
        if (query := update.callback_query) is not None:
            return await _is_own_press(query, texts)
        if (message := update.message) is not None:
            if message.content_type in _PAYMENTS:
                return True
            if not _is_own_chat(message.chat, message.from_user):
                await self._turn_away(message, texts, bot)
                return False
            return message.content_type in _ANSWERS
        if (edited := update.edited_message) is not None:
            return _is_own_chat(edited.chat, edited.from_user)
        member = update.my_chat_member
        return member is None or _is_own_chat(member.chat, member.from_user)

    async def _turn_away(self, message: Message, texts: Texts, bot: Bot) -> None:
        """Say once a minute in a group, to whoever wants a command of us, where the shop is."""
        now, chat = self._clock(), message.chat.id
        if (
            not _is_somebody(message.from_user)
            or self._told.get(chat, -_SAID_FOR) + _SAID_FOR > now
        ):
            return
        try:
            if await _is_meant_for_us(message.text or "", bot):
                self._remember(chat, now)
                await message.answer(_speaking(message.from_user, texts)("private-only"))
        except TelegramAPIError as error:  # a group where the bot may not write
            log.info("a group can't be told that this is no place for orders: %s", error)

    def _remember(self, chat: int, now: float) -> None:
        if len(self._told) >= _MOST_GROUPS:
            self._told.clear()
        self._told[chat] = now


async def _is_own_press(query: CallbackQuery, texts: Texts) -> bool:
    """Return whether a button was pressed in the presser's own chat; in all others they are told
    so.
    """
    if query.message is not None and _is_own_chat(query.message.chat, query.from_user):
        return True
    try:
        await query.answer(_speaking(query.from_user, texts).plain("private-only"))
    except TelegramAPIError as error:  # it was pressed long ago
        log.info("a press in a group can't be answered: %s", error)
    return False


def _is_own_chat(chat: Chat, user: User | None) -> bool:
    return (
        chat.type == ChatType.PRIVATE
        and user is not None
        and chat.id == user.id
        and _is_somebody(user)
    )


def _is_somebody(user: User | None) -> bool:
    return user is not None and not user.is_bot and user.id not in _NOBODY


async def _is_meant_for_us(text: str, bot: Bot) -> bool:
    found = COMMAND.match(text)
    if found is None:
        return False
    mention = found["mention"]
    return mention is None or mention.lower() == ((await bot.me()).username or "").lower()


def _speaking(user: User | None, texts: Texts) -> Translator:
    return texts.for_language(((user and user.language_code) or "").split("-")[0])
