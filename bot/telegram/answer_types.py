"""The types in which aiogram reads Telegram's answers, kept alive.

aiogram writes `Response[Message | bool]` anew for every call, and pydantic forgets such a class as
soon as nobody holds it. Building it again costs some 3 ms, twice for every pressed button: four
fifths of a bare handler's time.
"""

from typing import Any

from aiogram.methods import AnswerCallbackQuery, EditMessageText, GetUpdates, SendMessage
from aiogram.methods.base import Response

_USED_ALL_THE_TIME: tuple[Any, ...] = (
    AnswerCallbackQuery,
    EditMessageText,
    GetUpdates,
    SendMessage,
)
_kept: list[Any] = []


def keep_answer_types() -> None:
    """Hold on to the types of the methods that are called all the time."""
    if not _kept:
        _kept.extend(Response[method.__returning__] for method in _USED_ALL_THE_TIME)  # type: ignore[name-defined]
