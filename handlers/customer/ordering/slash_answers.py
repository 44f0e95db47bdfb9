"""Answers that begin with `/`, such as the comment `/10 would come again`: no commands where an
answer is awaited.
"""

import re
from collections.abc import Collection

from aiogram import Router
from aiogram.filters import BaseFilter, StateFilter
from aiogram.types import Message

from handlers.customer.bulk import routes as bulk
from handlers.customer.ordering import desk
from handlers.customer.ordering import routes as ordering

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<mention>\w{1,64}))?(?!\S)")
# These take as many lines as somebody likes.
_OF_SEVERAL_LINES = frozenset({"support", "paysupport", "status", "refill", "cancel_orders"})

router = Router(name=__name__)


class IsAnswer(BaseFilter):
    """What begins with `/` is an answer when nobody knows such a command, or when more lines follow
    than it takes.

    A single word is none: a mistyped `/cancle` would be ordered as a comment.
    """

    async def __call__(self, message: Message, known_commands: frozenset[str]) -> bool:
        text = (message.text or "").strip()
        return (
            text.startswith("/")
            and len(text.split()) > 1
            and command_of(text, known_commands) is None
        )


def command_of(text: str, known: Collection[str]) -> str | None:
    """Name the command that a text is, in small letters; None for any other text."""
    found = COMMAND.match(text)
    name = found["name"].lower() if found else ""
    if name not in known or ("\n" in text.strip() and name not in _OF_SEVERAL_LINES):
        return None
    return name


router.message.register(ordering.answered, StateFilter(desk.Asking.answer), IsAnswer())
router.message.register(bulk.written, StateFilter(bulk.Writing.lines), IsAnswer())
