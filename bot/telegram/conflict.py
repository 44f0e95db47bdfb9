"""A second process with the same token: aiogram retries for ever without a word, so we say it."""

import logging

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramConflictError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType

log = logging.getLogger(__name__)


class ConflictNotice(BaseRequestMiddleware):
    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        try:
            return await make_request(bot, method)
        except TelegramConflictError as error:
            doing = (
                "has set a webhook for" if "webhook" in error.message.lower() else "is polling with"
            )
            log.error(  # noqa: TRY400 - a sentence, no trace
                "another process %s this bot's token; stop it, or give this bot its own",
                doing,
            )
            raise
