"""The warranty of a service: its line on the card, and what an admin chooses from."""

from handlers.callbacks import ServiceCard, SetWarranty
from handlers.components import isolated
from handlers.screens import Row, Screen, button, keyboard, truncate
from locales import Translator
from shop.catalogue.warranty import FOREVER, PRESETS, days_in_words
from storage.rows import ServiceRow

BY_WORDS = 99_999  # of a SetWarranty button: what name and description say


def choose(service: ServiceRow, t: Translator) -> Screen:
    """Show what the service's words say, and what else there is."""
    read = _days(days_in_words(service), t)
    made = [
        button(
            _ticked(_days(days, t), chosen=service.warranty_days == days),
            SetWarranty(service=service.id, days=days),
        )
        for days in PRESETS
    ]
    words = _ticked(t.plain("button-by-words", days=read), chosen=service.warranty_days is None)
    rows: list[Row] = [made[start : start + 3] for start in range(0, len(made), 3)]
    return Screen(
        t("warranty-choose", service=isolated(truncate(service.name, 200)), days=read),
        keyboard(
            *rows,
            [button(words, SetWarranty(service=service.id, days=BY_WORDS))],
            [button(t.plain("button-back"), ServiceCard(service=service.id, page=0))],
        ),
    )


def _days(days: int | None, t: Translator) -> str:
    if days is None:
        return t.plain("warranty-not-said")
    if days == 0:
        return t.plain("warranty-none")
    return t.plain("warranty-forever") if days >= FOREVER else t.plain("days", count=days)


def _ticked(label: str, *, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label
