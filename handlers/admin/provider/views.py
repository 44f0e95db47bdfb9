"""Orders that are not sent: what their customers are asked, and the alerts and questions of the
admins.
"""

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
from shop.outbox.payloads import (
    AccountChangedNotice,
    AlertOverNotice,
    CurrencyDiffersNotice,
    CurrencyOddNotice,
    LongWaitNotice,
    NumbersAnewNotice,
    Payload,
    RatesHeldNotice,
    RefusalWordsNotice,
    SendingHeldNotice,
)
from shop.provider.brake import ENOUGH_SERVICES, BrakeReason
from storage.rows import Order

_TEXT = 300
_NAME = 60


def question(told: Payload, order: Order | None, t: Translator) -> Screen:
    """Ask again what an alert has asked, as one of all that waits (shop.recovery.QUESTIONS)."""
    match told:
        case SendingHeldNotice():
            screen = held(told, order, t)
        case CurrencyDiffersNotice():
            screen = currency(told, t)
        case NumbersAnewNotice():
            screen = numbers(told, order, t)
        case RatesHeldNotice():
            screen = rates(told, t)
        case _:
            raise TypeError(f"{told.kind} asks nothing")
    rows = screen.keyboard.inline_keyboard if screen.keyboard is not None else []
    return replace(
        screen, keyboard=keyboard(*rows, [button(t.plain("button-triage-all"), TriagePage(page=0))])
    )


def settled(t: Translator) -> Screen:
    """Say that a question is answered, with the way to what else waits."""
    return Screen(
        t("question-settled"), keyboard([button(t.plain("button-triage-all"), TriagePage(page=0))])
    )


def over(told: AlertOverNotice, t: Translator) -> Screen:
    """Say in an alert's message that what it told of is over."""
    of = told.of.replace("_", "-")
    values: dict[str, Any] = {"named": told.named or ""}
    if told.of == Kind.SENDING_HELD:
        waited = told.count or 0
        values = {
            "count": waited,
            "shown": count(waited, t),
            "span": span(-(-(told.seconds or 0) // 60), t),
        }
    return Screen(t(f"admin-over-{of}-{told.how}", **values))


def held(told: SendingHeldNotice, order: Order | None, t: Translator) -> Screen:
    """Say that nothing is sent, and why; what is about somebody erased has kept no reason."""
    why = BrakeReason(told.why) if told.why else BrakeReason.UNKNOWN
    number = "—" if order is None else str(order.id)
    said = truncate(told.text or (order.failure if order is not None else ""), _TEXT)
    text = t(f"admin-sending-held-{why}", id=number, text=said, services=count(ENOUGH_SERVICES, t))
    ways = (
        [button(t.plain("button-go-on-sending"), GoOnSending(asked=told.asked))]
        if why is BrakeReason.WORDS
        else []
    )
    return Screen(text, keyboard(ways) if ways else None)


def refusal_words(told: RefusalWordsNotice, order: Order | None, t: Translator) -> Screen:
    number = "—" if order is None else str(order.id)
    return Screen(t("admin-refusal-words", id=number, text=truncate(told.text, _TEXT)))


def long_wait(told: LongWaitNotice, t: Translator) -> Screen:
    return Screen(t("admin-long-wait", asked=span(told.asked, t), wait=span(told.wait, t)))


def account_changed(told: AccountChangedNotice, t: Translator) -> Screen:
    return Screen(t("admin-account-changed", count=told.count, shown=count(told.count, t)))


def currency(told: CurrencyDiffersNotice, t: Translator) -> Screen:
    """Ask what it means that the provider names another currency."""
    values = {"named": told.named, "provider": told.provider, "shop": told.shop}
    mistake = button(
        t.plain("button-currency-mistake", **values),
        CurrencyIs(mistake=1, sure=0, asked=told.asked),
    )
    real = button(
        t.plain("button-currency-real", **values),
        CurrencyIs(mistake=0, sure=0, asked=told.asked),
    )
    return Screen(t("admin-currency-differs", **values), keyboard([mistake], [real]))


def currency_sure(told: CurrencyDiffersNotice, t: Translator, *, mistake: bool) -> Screen:
    """Ask once more."""
    values = {"named": told.named, "provider": told.provider}
    yes = button(
        t.plain("button-yes-sure"),
        CurrencyIs(mistake=int(mistake), sure=1, asked=told.asked),
        "danger",
    )
    back = button(t.plain("button-back"), CurrencyIs(mistake=2, sure=0, asked=told.asked))
    return Screen(
        t("currency-sure-mistake" if mistake else "currency-sure-real", **values),
        keyboard([yes], [back]),
    )


def currency_settings(told: CurrencyDiffersNotice, t: Translator) -> Screen:
    """Return which settings the new currency needs."""
    back = button(t.plain("button-back"), CurrencyIs(mistake=2, sure=0, asked=told.asked))
    text = t("currency-needs-settings", named=told.named, shop=told.shop)
    return Screen(text, keyboard([back]))


def currency_odd(told: CurrencyOddNotice, t: Translator) -> Screen:
    return Screen(t("admin-currency-odd", text=told.text, currency=told.currency))


def rates(told: RatesHeldNotice, t: Translator) -> Screen:
    """Ask whether rates that have changed too much are right."""
    lines = [
        t(
            "rates-held-line",
            name=isolated(truncate(one.name, _NAME)),
            old=one.old,
            new=one.new,
        )
        for one in told.services
    ]
    if more := told.count - len(lines):
        lines.append(t("rates-held-more", more=count(more, t)))
    text = t(
        "admin-rates-held",
        count=told.count,
        shown=count(told.count, t),
        lines=Markup("\n".join(lines)),
    )
    return Screen(
        text, keyboard([button(t.plain("button-accept-rates"), AcceptRates(asked=told.asked))])
    )


def sell_again_button(service_id: int, t: Translator) -> Row:
    return [button(t.plain("button-sell-again"), SellAgain(service=service_id))]


def numbers(told: NumbersAnewNotice, order: Order | None, t: Translator) -> Screen:
    """Ask whether the provider has begun its numbers anew."""
    text = t(
        "admin-numbers-anew",
        id="—" if order is None else str(order.id),
        number=truncate(told.number, 64),
        other=str(told.other),
        when=local_time(datetime.fromisoformat(told.when), "D"),
    )
    asked = told.asked
    yes = button(t.plain("button-numbers-anew"), NumbersAnew(anew=1, sure=0, asked=asked))
    return Screen(text, keyboard([yes, _not_anew(asked, t)]))


def numbers_sure(asked: int, t: Translator) -> Screen:
    """Ask once more."""
    yes = button(t.plain("button-yes-sure"), NumbersAnew(anew=1, sure=1, asked=asked), "danger")
    return Screen(t("numbers-sure"), keyboard([yes], [_not_anew(asked, t)]))


def _not_anew(asked: int, t: Translator) -> InlineKeyboardButton:
    return button(t.plain("button-numbers-not"), NumbersAnew(anew=0, sure=1, asked=asked))
