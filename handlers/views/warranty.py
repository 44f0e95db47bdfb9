"""The warranty of a service: its line on the card, and what an admin chooses from."""

from handlers.callbacks import ChooseWarranty, ServiceCard, SetWarranty
from handlers.screens import Row, Screen, button, cut, keyboard
from handlers.views.parts import isolated
from locales import Translator
from shop.warranty import FOREVER, PRESETS, days_in_words, warranty_days
from storage.rows import Service

BY_WORDS = 99_999  # of a SetWarranty button: what name and description say


def line(service: Service, t: Translator) -> str:
    """Say whether and for how long a service refills."""
    days = warranty_days(service) if service.refill else 0
    if days is None:
        return t("service-refill-yes")
    if days == 0:
        return t("service-refill-no")
    return t("service-refill-forever") if days >= FOREVER else t("service-refill-days", count=days)


def warranty_button(service: Service, t: Translator) -> Row:
    """Make the admins' button that leads to the choice; only what refills has a warranty."""
    return [button(t.plain("button-warranty"), ChooseWarranty(service=service.id))] if service.refill else []


def choose(service: Service, t: Translator) -> Screen:
    """Show what the service's words say, and what else there is."""
    read = _days(days_in_words(service), t)
    made = [
        button(
            _ticked(_days(days, t), chosen=service.warranty_days == days), SetWarranty(service=service.id, days=days)
        )
        for days in PRESETS
    ]
    words = _ticked(t.plain("button-by-words", days=read), chosen=service.warranty_days is None)
    rows: list[Row] = [made[start : start + 3] for start in range(0, len(made), 3)]
    return Screen(
        t("warranty-choose", service=isolated(cut(service.name, 200)), days=read),
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
