"""The last look before a message leaves: a chat may have become another process's while this one waited its turn."""

from collections.abc import Callable
from contextvars import ContextVar

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType


def _always() -> bool:
    return True


ours: ContextVar[Callable[[], bool]] = ContextVar("ours", default=_always)


class NotOursError(Exception):
    """The chat is another process's by now, or soon will be; nothing was sent."""


class WhileOurs(BaseRequestMiddleware):
    """Has to come after everything that waits."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if not ours.get()():
            raise NotOursError
        return await make_request(bot, method)
