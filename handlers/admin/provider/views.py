"""Orders that are not sent: what their customers are asked, and the alerts and questions of the
admins.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram.types import InlineKeyboardButton

from handlers.callbacks import (
    AcceptRates,
    CurrencyIs,
    GoOnSending,
    NumbersAnew,
    SellAgain,
    TriagePage,
)
from handlers.components import count, isolated, local_time, span
from handlers.screens import Row, Screen, button, keyboard, truncate
from locales import Markup, Translator
from shop.outbox import Kind
from shop.provider.brake import ENOUGH_SERVICES, BrakeReason
from storage.rows import Order

_TEXT = 300
_NAME = 60


def alert(kind: str, payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    """Say one of the alerts in ALERTS."""
    return ALERTS[kind](payload, order, t)


def question(kind: str, payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    """Say one of them again, as one of all that wait."""
    screen = alert(kind, payload, order, t)
    rows = screen.keyboard.inline_keyboard if screen.keyboard is not None else []
    return replace(
        screen, keyboard=keyboard(*rows, [button(t.plain("button-triage-all"), TriagePage(page=0))])
    )


def settled(t: Translator) -> Screen:
    """Say that a question is answered, with the way to what else waits."""
    return Screen(
        t("question-settled"), keyboard([button(t.plain("button-triage-all"), TriagePage(page=0))])
    )


def over(payload: Mapping[str, Any], t: Translator) -> Screen:
    """Say in an alert's message that what it told of is over."""
    of = str(payload["of"]).replace("_", "-")
    values: dict[str, Any] = {"named": str(payload.get("named", ""))}
    if payload["of"] == Kind.SENDING_HELD:
        waited = int(payload["count"])
        values = {
            "count": waited,
            "shown": count(waited, t),
            "span": span(-(-int(payload["seconds"]) // 60), t),
        }
    return Screen(t(f"admin-over-{of}-{payload['how']}", **values))


def _held(payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    why = BrakeReason(payload["why"]) if payload else BrakeReason.UNKNOWN
    number = "—" if order is None else str(order.id)
    said = truncate(str(payload.get("text") or (order.failure if order is not None else "")), _TEXT)
    text = t(f"admin-sending-held-{why}", id=number, text=said, services=count(ENOUGH_SERVICES, t))
    ways = (
        [button(t.plain("button-go-on-sending"), GoOnSending(asked=_stamp(payload)))]
        if why is BrakeReason.WORDS
        else []
    )
    return Screen(text, keyboard(ways) if ways else None)


def _words(payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    number = "—" if order is None else str(order.id)
    return Screen(
        t("admin-refusal-words", id=number, text=truncate(str(payload.get("text", "")), _TEXT))
    )


def _long_wait(payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    asked, wait = (span(int(payload[name]), t) for name in ("asked", "wait"))
    return Screen(t("admin-long-wait", asked=asked, wait=wait))


def _account(payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    return Screen(
        t("admin-account-changed", count=payload["count"], shown=count(payload["count"], t))
    )


def currency(payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    """Ask what it means that the provider names another currency."""
    values = {name: str(payload[name]) for name in ("named", "provider", "shop")}
    mistake = button(
        t.plain("button-currency-mistake", **values),
        CurrencyIs(mistake=1, sure=0, asked=_stamp(payload)),
    )
    real = button(
        t.plain("button-currency-real", **values),
        CurrencyIs(mistake=0, sure=0, asked=_stamp(payload)),
    )
    return Screen(t("admin-currency-differs", **values), keyboard([mistake], [real]))


def currency_sure(payload: Mapping[str, Any], t: Translator, *, mistake: bool) -> Screen:
    """Ask once more."""
    values = {name: str(payload[name]) for name in ("named", "provider")}
    yes = button(
        t.plain("button-yes-sure"),
        CurrencyIs(mistake=int(mistake), sure=1, asked=_stamp(payload)),
        "danger",
    )
    back = button(t.plain("button-back"), CurrencyIs(mistake=2, sure=0, asked=_stamp(payload)))
    return Screen(
        t("currency-sure-mistake" if mistake else "currency-sure-real", **values),
        keyboard([yes], [back]),
    )


def currency_settings(payload: Mapping[str, Any], t: Translator) -> Screen:
    """Return which settings the new currency needs."""
    back = button(t.plain("button-back"), CurrencyIs(mistake=2, sure=0, asked=_stamp(payload)))
    values = {name: str(payload[name]) for name in ("named", "shop")}
    return Screen(t("currency-needs-settings", **values), keyboard([back]))


def _odd(payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    return Screen(
        t("admin-currency-odd", text=str(payload["text"]), currency=str(payload["currency"]))
    )


def _rates(payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    lines = [
        t(
            "rates-held-line",
            name=isolated(truncate(str(one["name"]), _NAME)),
            old=str(one["old"]),
            new=str(one["new"]),
        )
        for one in payload["services"]
    ]
    if more := int(payload["count"]) - len(lines):
        lines.append(t("rates-held-more", more=count(more, t)))
    text = t(
        "admin-rates-held",
        count=payload["count"],
        shown=count(payload["count"], t),
        lines=Markup("\n".join(lines)),
    )
    return Screen(
        text, keyboard([button(t.plain("button-accept-rates"), AcceptRates(asked=_stamp(payload)))])
    )


def sell_again_button(service_id: int, t: Translator) -> Row:
    return [button(t.plain("button-sell-again"), SellAgain(service=service_id))]


def numbers(payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    """Ask whether the provider has begun its numbers anew."""
    text = t(
        "admin-numbers-anew",
        id="—" if order is None else str(order.id),
        number=truncate(str(payload["number"]), 64),
        other=str(payload["other"]),
        when=local_time(datetime.fromisoformat(payload["when"]), "D"),
    )
    asked = _stamp(payload)
    yes = button(t.plain("button-numbers-anew"), NumbersAnew(anew=1, sure=0, asked=asked))
    return Screen(text, keyboard([yes, _not_anew(asked, t)]))


def numbers_sure(asked: int, t: Translator) -> Screen:
    """Ask once more."""
    yes = button(t.plain("button-yes-sure"), NumbersAnew(anew=1, sure=1, asked=asked), "danger")
    return Screen(t("numbers-sure"), keyboard([yes], [_not_anew(asked, t)]))


def _not_anew(asked: int, t: Translator) -> InlineKeyboardButton:
    return button(t.plain("button-numbers-not"), NumbersAnew(anew=0, sure=1, asked=asked))


def _stamp(payload: Mapping[str, Any]) -> int:
    """Return which question a button answers (shop.outbox.stamp)."""
    return int(payload.get("asked", 0))


ALERTS: Mapping[str, Callable[[Mapping[str, Any], Order | None, Translator], Screen]] = {
    Kind.SENDING_HELD: _held,
    Kind.REFUSAL_WORDS: _words,
    Kind.LONG_WAIT: _long_wait,
    Kind.ACCOUNT_CHANGED: _account,
    Kind.CURRENCY_DIFFERS: currency,
    Kind.CURRENCY_ODD: _odd,
    Kind.RATES_HELD: _rates,
    Kind.NUMBERS_ANEW: numbers,
}
