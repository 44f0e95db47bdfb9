"""Commands are commands however they are written: phones begin a line with a capital letter."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.filters import Command
from aiogram.types import TelegramObject, Update

from handlers.customer.ordering.slash_answers import command_of


def known_commands(routers: Iterable[Router]) -> frozenset[str]:
    """Name every command that some handler wants."""
    filters = (
        wanted.callback
        for router in routers
        for handler in router.message.handlers
        for wanted in handler.filters or ()
    )
    return frozenset(
        name
        for wanted in filters
        if isinstance(wanted, Command)
        for name in wanted.commands
        if not isinstance(name, re.Pattern)
    )


class SmallLetters(BaseMiddleware):
    """Writes the name of a known command in small letters; what comes after it stays as it is."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if (
            isinstance(event, Update)
            and event.message is not None
            and (text := event.message.text) is not None
        ):
            name = command_of(text, self._known)
            if name is not None and not text.startswith(f"/{name}"):
                message = event.message.model_copy(
                    update={"text": f"/{name}{text[len(name) + 1 :]}"}
                )
                event = event.model_copy(update={"message": message})
        return await handler(event, data)
