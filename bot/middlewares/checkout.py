"""What Telegram wants answered within ten seconds, whatever else that person's handlers are
doing.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import PreCheckoutQuery, TelegramObject, Update

from handlers.components import format_error
from handlers.screens import truncate
from locales import Texts, Translator
from shop.customers.accounts import People
from shop.errors import ShopError

log = logging.getLogger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_SECONDS = 7.0  # the answer has to travel, too
_LONGEST = 200


class BypassIsolation(BaseMiddleware):
    """Reads a person's conversation, but not for what can't wait: that needs none."""

    def __init__(self, line: BaseMiddleware) -> None:
        self._line = line

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if isinstance(event, Update) and (event.pre_checkout_query or event.inline_query):
            return await handler(event, data)
        return await self._line(handler, event, data)


class CheckingOut(BaseMiddleware):
    """Answers a pre-checkout query: yes when its handler is content, otherwise no with the
    reason.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if isinstance(event, PreCheckoutQuery):
            why = await self._objection(handler, event, data)
            await event.answer(
                ok=why is None, error_message=None if why is None else truncate(why, _LONGEST)
            )

    async def _objection(
        self, handler: Handler, event: PreCheckoutQuery, data: dict[str, Any]
    ) -> str | None:
        texts: Texts = data["texts"]
        people: People = data["people"]
        t: Translator = texts.for_language((event.from_user.language_code or "").split("-")[0])
        try:
            async with asyncio.timeout(_SECONDS):
                t = texts.for_language(await people.language_of(event.from_user.id))
                await handler(event, data)
        except ShopError as error:
            return t.plain(error.key, **format_error(error, t))
        except Exception:
            number = secrets.token_hex(4)
            log.exception("error %s at a checkout", number)
            return t.plain("error-oops-toast", id=number)
        return None
