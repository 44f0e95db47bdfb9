"""Who may send a command, and whom it names."""

from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message

from shop.customers.accounts import CurrentUser
from shop.parsing import plain_digits

_LARGEST_ID = 2**52  # Telegram's promise for ids


class IsAdmin(BaseFilter):
    """Asked on every command and every press."""

    async def __call__(self, event: Message | CallbackQuery, person: CurrentUser) -> bool:
        return person.is_admin


def user_id_of(text: str) -> int | None:
    """Read a Telegram id; None for what is none."""
    digits = plain_digits(text)
    return int(digits) if digits.isdigit() and 0 < int(digits) <= _LARGEST_ID else None
