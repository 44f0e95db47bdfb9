"""Whose update is next, and what is said to who sends more than can be kept for them."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message, TelegramObject, Update, User
from sqlalchemy.exc import SQLAlchemyError

from bot.middlewares.fair_queue import FairQueue, Place, Share
from handlers.screens import truncate
from locales import Texts, Translator
from shop.customers.accounts import People
from shop.customers.long_texts import LongTexts, is_near_the_limit

log = logging.getLogger(__name__)

_TOAST = 200


def place_for(queue: FairQueue, update: Update, *, kept: bool = False) -> Place:
    """Join the line of whoever sent the update. `kept`: it is not refused.

    A pre-checkout query waits for nobody. Other news of payments is next, and never refused.
    """
    user, message = UserContextMiddleware.resolve_event_context(update).user, update.message
    if user is None or update.pre_checkout_query is not None:
        return Place()
    if message is not None and (message.successful_payment or message.refunded_payment):
        return queue.join(user.id, update.update_id, Share.URGENT)
    if update.inline_query is not None:  # in a line of its own: it needs no conversation
        return queue.join(("inline", user.id), update.update_id)
    if kept or not (message or update.edited_message or update.callback_query):
        return queue.join(user.id, update.update_id, Share.ALWAYS)
    if message is None or message.text is None:
        return queue.join(user.id, update.update_id)
    share = Share.PIECE if is_near_the_limit(message.text) else Share.ORDINARY
    return queue.join(user.id, update.update_id, share, what=message)


class FairTurns(BaseMiddleware):
    """Lets an update wait for its person's turn, and then for a slot.

    By webhook it comes with `place`.
    """

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if not isinstance(event, Update):
            return await handler(event, data)
        with data.get("place") or place_for(self._queue, event, kept="long_text" in data) as place:
            if not place.kept:
                return await _turn_down(event, place, data)
            await place.turn()
            try:
                async with self._queue.slot(place):
                    return await handler(event, data)
            finally:
                await _spoil(place, data)


async def _turn_down(update: Update, place: Place, data: dict[str, Any]) -> None:
    """Answer every press, and the first of a burst's messages."""
    query, message = update.callback_query, update.message or update.edited_message
    if query is None and (message is None or not place.tell()):
        return
    log.info("somebody sends more than can be kept for them: not read")
    try:
        if query is not None:
            await query.answer(
                truncate((await _speaking(query.from_user, data)).plain("one-moment"), _TOAST)
            )
        elif message is not None:
            await message.answer((await _speaking(message.from_user, data))("one-moment"))
    except TelegramAPIError as error:
        log.info("it could not be said: %s", error)


async def _spoil(place: Place, data: dict[str, Any]) -> None:
    """Throw away the long text that a refused message may have been a piece of, before the rest is
    read as all.
    """
    long_texts: LongTexts = data["long_texts"]
    while isinstance(lost := place.lost(), Message) and lost.from_user is not None:
        try:
            if await long_texts.spoil(lost.from_user.id, lost.message_id, lost.text or ""):
                await lost.answer((await _speaking(lost.from_user, data))("long-text-late"))
        except (SQLAlchemyError, OSError, TelegramAPIError):
            log.exception("a long text with a hole in it")


async def _speaking(user: User | None, data: dict[str, Any]) -> Translator:
    texts: Texts = data["texts"]
    people: People = data["people"]
    t = texts.for_language(((user and user.language_code) or "").split("-")[0])
    if user is not None:
        try:
            t = texts.for_language(await people.language_of(user.id))
        except (SQLAlchemyError, OSError):
            log.exception("nobody knows in which language")
    return t
