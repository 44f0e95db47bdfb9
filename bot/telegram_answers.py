"""The types in which aiogram reads Telegram's answers, kept alive.

aiogram writes `Response[Message | bool]` anew for every call, and pydantic forgets such a class as soon as nobody
holds it. Building it again costs about 3 ms, twice for every pressed button: four fifths of a bare handler's time.
"""

from aiogram.methods import AnswerCallbackQuery, EditMessageText, GetUpdates, SendMessage, TelegramMethod
from aiogram.methods.base import Response

_USED_ALL_THE_TIME: tuple[type[TelegramMethod], ...] = (AnswerCallbackQuery, EditMessageText, GetUpdates, SendMessage)  # type: ignore[type-arg]

KEPT = tuple(Response[method.__returning__] for method in _USED_ALL_THE_TIME)  # type: ignore[name-defined]
