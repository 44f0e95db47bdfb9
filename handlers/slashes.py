"""Answers that begin with `/`, such as the comment `/10 would come again`: no commands where an answer is awaited."""

import re

from aiogram import Router
from aiogram.filters import BaseFilter, StateFilter
from aiogram.types import Message

from handlers import mass, ordering

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<mention>\w{1,64}))?(?!\S)")
# These take as many lines as somebody likes.
_OF_SEVERAL_LINES = frozenset({"support", "paysupport", "status", "refill", "cancel_orders"})

router = Router(name=__name__)


class IsAnswer(BaseFilter):
    """What begins with `/` is an answer when nobody knows such a command, or when more lines follow than it takes.

    A single word is none: a mistyped `/cancle` would be ordered as a comment.
    """

    async def __call__(self, message: Message, known_commands: frozenset[str]) -> bool:
        text = (message.text or "").strip()
        if not text.startswith("/") or len(text.split()) == 1:
            return False
        found = COMMAND.match(text)
        if found is None or found["name"] not in known_commands:
            return True
        return "\n" in text and found["name"] not in _OF_SEVERAL_LINES


router.message.register(ordering.answered, StateFilter(ordering.Asking.answer), IsAnswer())
router.message.register(mass.written, StateFilter(mass.Writing.lines), IsAnswer())
