"""What workers send to Telegram leaves only while this process leads."""

from collections.abc import Callable

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType


class NotLeadingError(Exception):
    """Another process runs the workers by now, or soon will; nothing was sent."""


class WorkersBot(Bot):
    """The bot as workers have it. Handlers have the usual one: they answer in every process."""


class WhileLeading(BaseRequestMiddleware):
    """The last look before a worker's request leaves. Has to come after everything that waits."""

    def __init__(self, leads: Callable[[], bool]) -> None:
        self._leads = leads

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if isinstance(bot, WorkersBot) and not self._leads():
            raise NotLeadingError
        return await make_request(bot, method)
