"""Pieces that several screens share."""

from datetime import datetime

from aiogram.filters.callback_data import CallbackData

from handlers.callbacks import Nothing
from handlers.screens import Row, button
from locales import Markup, Translator
from shop.numbers import visible


def pager(page: int, *, more: bool, to: type[CallbackData], pages: int | None = None, **fields: int) -> Row:
    """Make the row ◀ page ▶; empty when there is only one page."""
    if page == 0 and not more:
        return []
    row = []
    if page > 0:
        row.append(button("◀", to(page=page - 1, **fields)))
    row.append(button(f"{page + 1}/{pages}" if pages else f"{page + 1}", Nothing()))
    if more:
        row.append(button("▶", to(page=page + 1, **fields)))
    return row


def local_time(moment: datetime, form: str = "r") -> Markup:
    """Write a time that Telegram shows in the reader's own zone. `form`: r relative, D date, T time ..."""
    shown = moment.strftime("%Y-%m-%d %H:%M UTC")
    return Markup(f'<tg-time unix="{int(moment.timestamp())}" format="{form}">{shown}</tg-time>')


def count(value: int, t: Translator) -> str:
    """Write a whole number with the language's thousands."""
    separator = {"ru": "\u202f"}.get(t.language, ",")
    return f"{value:,}".replace(",", separator)


def limits(least: int, most: int, t: Translator) -> str:
    """Write the limits of a quantity; 0 is no limit."""
    if not most:
        return t.plain("limits-from", least=count(max(least, 1), t))
    return count(least, t) if least == most else f"{count(least, t)} – {count(most, t)}"


def duration(minutes: int, t: Translator) -> str:
    """Write minutes in the largest unit that fits."""
    if minutes % 1_440 == 0:
        return t.plain("days", count=minutes // 1_440)
    return t.plain("hours", count=minutes // 60) if minutes % 60 == 0 else t.plain("minutes", count=minutes)


def isolated(text: str) -> str:
    """Keep right-to-left text from turning the rest of its line around."""
    return f"\u2068{visible(text)}\u2069"
