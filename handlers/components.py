"""Pieces that several screens share."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from aiogram.filters.callback_data import CallbackData

from handlers.callbacks import Nothing
from handlers.screens import Row, button
from locales import Markup, Translator
from locales.money import format_decimal, format_money
from shop.errors import ShopError
from shop.money import Money
from shop.parsing import visible

_BAR = 12  # characters


def pager(
    page: int,
    *,
    more: bool,
    to: type[CallbackData],
    pages: int | None = None,
    first: int = 0,
    **fields: int,
) -> Row:
    """Make the row ◀ page ▶; empty when there is only one page.

    `first` is what `to` calls the first one.
    """
    if page == 0 and not more:
        return []
    row = []
    if page > 0:
        row.append(button("◀", to(page=page - 1 + first, **fields)))
    row.append(button(f"{page + 1}/{pages}" if pages else f"{page + 1}", Nothing()))
    if more:
        row.append(button("▶", to(page=page + 1 + first, **fields)))
    return row


def bar(done: int, whole: int) -> str:
    """Draw how much of a whole is done, with the percent."""
    filled = done * _BAR // whole
    return f"{'▰' * filled}{'▱' * (_BAR - filled)} {done * 100 // whole} %"


def local_time(moment: datetime, form: str = "r") -> Markup:
    """Write a time that Telegram shows in the reader's own zone.

    `form`: r relative, D date, T time ...
    """
    shown = moment.strftime("%Y-%m-%d %H:%M UTC")
    return Markup(f'<tg-time unix="{int(moment.timestamp())}" format="{form}">{shown}</tg-time>')


def count(value: int, t: Translator) -> str:
    """Write a whole number with the language's thousands."""
    separator = {"ru": "\u202f"}.get(t.language, ",")
    return f"{value:,}".replace(",", separator)


def money(units: int, currency: str, t: Translator) -> str:
    """Write millionths the way the reader's language does."""
    return format_money(units, currency, t.language)


def percentage(value: Decimal, t: Translator) -> str:
    """Write a percentage without needless zeros: 20 %, 2.5 %."""
    shown = f"{value.normalize():f}"
    return (shown.replace(".", ",") if t.language == "ru" else shown) + " %"


def provider_money(amount: Decimal, currency: str, t: Translator) -> str:
    """Write a provider's number the same way."""
    return format_decimal(amount, currency, t.language)


def format_error(error: ShopError, t: Translator) -> dict[str, Any]:
    """Write an error's values for its text: numbers and money as the reader's language does."""
    return {name: _told(value, t) for name, value in error.values.items()}


def _told(value: Any, t: Translator) -> Any:
    if isinstance(value, Money):
        return money(value.units, value.currency, t)
    return count(value, t) if isinstance(value, int) else value


def limits(least: int, most: int, t: Translator) -> str:
    """Write the limits of a quantity; 0 is no limit."""
    if not most:
        return t.plain("limits-from", least=count(max(least, 1), t))
    return count(least, t) if least == most else f"{count(least, t)} – {count(most, t)}"


def duration(minutes: int, t: Translator) -> str:
    """Write minutes in the largest unit that fits."""
    if minutes % 1_440 == 0:
        return t.plain("days", count=minutes // 1_440)
    return (
        t.plain("hours", count=minutes // 60)
        if minutes % 60 == 0
        else t.plain("minutes", count=minutes)
    )


def span(minutes: int, t: Translator) -> str:
    """Write minutes in the two largest units that they have: 1 day 3 h, 4 h 30 min."""
    days, hours, left = minutes // 1_440, minutes % 1_440 // 60, minutes % 60
    words = [
        t.plain("days", count=days) if days else "",
        t.plain("hours", count=hours) if hours else "",
        t.plain("minutes", count=left) if left or not minutes else "",
    ]
    return " ".join([word for word in words if word][:2])


def isolated(text: str) -> str:
    """Keep right-to-left text from turning the rest of its line around."""
    return f"\u2068{visible(text)}\u2069"
