"""What a handler gives back: a screen to show or a toast.

How it reaches the chat is decided in one place.
"""

from dataclasses import dataclass
from typing import BinaryIO

from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from shop.bulk.live_messages import Live
from storage.rows import Order

PARTY = "5046509860389126442"  # Telegram's message effect

Row = list[InlineKeyboardButton]

_LOOSE = " \n|•·-–—[(,:"  # looks torn off before an ellipsis


@dataclass(frozen=True, slots=True)
class StarsInvoice:
    """An invoice over `stars`: title of at most 32 characters, description of 255; `payload` is our
    invoice's id.
    """

    title: str
    description: str
    payload: str
    stars: int


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: HTML of at most 4,096 characters and its buttons.

    `card`: the message is this order's card, and is kept up to date; `live`: it is another one that
    is. `toast` is shown beside it. `file` (name, open file) is sent with the text as its caption of
    at most 1,024 characters, and closed then. `invoice` is sent in place of the text.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    card: Order | None = None
    toast: str | None = None
    effect: str | None = None
    live: Live | None = None
    file: tuple[str, BinaryIO] | None = None
    invoice: StarsInvoice | None = None


@dataclass(frozen=True, slots=True)
class Toast:
    """A short answer to a press that changes nothing on the screen.

    Plain text, at most 200 characters.
    """

    text: str
    alert: bool = False


def shown_on(query: CallbackQuery) -> int | None:
    """Return the message whose button was pressed; None where it is too old to be edited, so that
    the answer will be another one.
    """
    return query.message.message_id if isinstance(query.message, Message) else None


def button(label: str, data: CallbackData, style: str | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=truncate(label, 60), callback_data=data.pack(), style=style)


def copy_button(label: str, text: str) -> InlineKeyboardButton:
    """Make a button that copies a text of 1-256 characters."""
    return InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=text[:256]))


def keyboard(*rows: Row) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])


def truncate(text: str, most: int) -> str:
    """Shorten a text to `most` characters, the ellipsis included."""
    return text if len(text) <= most else text[: most - 1].rstrip(_LOOSE) + "…"


def utf16_length(html: str) -> int:
    """Count a text in Telegram's units; its tags count too, so the message is never too long."""
    return len(html.encode("utf-16-le")) // 2
