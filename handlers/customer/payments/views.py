"""What is said of money that has come and gone: to who paid, and to the admins."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from handlers.callbacks import Menu
from handlers.components import count, local_time, money
from handlers.screens import PARTY, Screen, button, keyboard, truncate
from locales import Translator
from shop.outbox import Kind
from shop.payments.stars import NANO
from storage.enums import Method
from storage.rows import Payment

LATEST = 5  # payments that /paysupport shows
_WORDS = 500
_STAR_DIGITS = 9


def paid_with(payment: Payment, t: Translator) -> str:
    """Return what somebody has given: Stars, or a coin."""
    if payment.method is Method.STARS:
        return f"{count(payment.stars or 0, t)} ⭐"
    return f"{payment.paid or '—'} {payment.asset or ''}".strip()


def pay_support(latest: Sequence[Payment], contact: str, t: Translator) -> Screen:
    """Return how payments work, how to write, and what the reader has paid."""
    lines = [
        t(
            "pay-support-line",
            id=str(payment.id),
            paid=paid_with(payment, t),
            amount=money(payment.amount, payment.currency, t),
            state=t.plain(f"payment-own-{payment.state}"),
            at=local_time(payment.at),
            charge=payment.charge_id,
        )
        for payment in latest
    ]
    parts = [
        t("pay-support"),
        t("support-contact", contact=contact) if contact else "",
        "\n".join([t("pay-support-payments"), *lines]) if lines else "",
    ]
    return Screen(
        "\n\n".join(filter(None, parts)),
        keyboard([button(t.plain("button-back"), Menu(to="home"))]),
    )


def topped_up(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    """Say that a payment has come, and what the wallet holds now."""
    text = (
        t("topped-up", amount=money(payload["amount"], currency, t))
        + "\n"
        + _balance(payload, currency, t)
    )
    return Screen(text, _wallet(t), effect=PARTY)


def _balance(payload: Mapping[str, Any], currency: str, t: Translator) -> str:
    text = t("balance-own", balance=money(payload["balance"], currency, t))
    return text + ("\n\n" + t("wallet-debt") if payload["balance"] < 0 else "")


def _paid_back(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    given = {"amount": money(payload["amount"], currency, t), "stars": count(payload["stars"], t)}
    return Screen(t("paid-back", **given) + "\n" + _balance(payload, currency, t), _wallet(t))


def _charged_back(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    given = {"amount": money(payload["amount"], currency, t), "stars": count(payload["stars"], t)}
    text = t("charged-back", **given)
    if asked := int(payload.get("asked", 0)):  # a notice from before has none
        text += "\n" + t("charged-back-asked", shown=count(asked, t))
    return Screen(text + "\n" + _balance(payload, currency, t), _wallet(t))


def _chargeback(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    text = t(
        "admin-chargeback",
        user=str(payload["user"]),
        amount=money(payload["amount"], currency, t),
        balance=money(payload["balance"], currency, t),
        count=payload["stopped"],
        shown=count(payload["stopped"], t),
    )
    if asked := int(payload.get("asked", 0)):
        text += "\n" + t("admin-chargeback-asked", shown=count(asked, t))
    return Screen(text)


def _refund_failed(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    values = {
        "user": payload["user"],
        "payment": str(payload["payment"]),
        "text": truncate(payload["text"], _WORDS),
    }
    return Screen(t("admin-refund-failed", **values))


def _stray(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    values = {
        "user": payload["user"],
        "charge": payload["charge"],
        "stars": count(payload["stars"], t),
    }
    return Screen(t("admin-stray-payment", **values))


def _stars_differ(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    return Screen(
        t(
            "admin-stars-differ",
            balance=_stars(payload["balance"], t),
            total=_stars(payload["total"], t),
        )
    )


def _stars(nano: int, t: Translator) -> str:
    """Write billionths of a Star."""
    whole, rest = divmod(abs(nano), NANO)
    fraction = f".{rest:0{_STAR_DIGITS}}".rstrip("0") if rest else ""
    return ("−" if nano < 0 else "") + count(whole, t) + fraction


def _wallet(t: Translator) -> InlineKeyboardMarkup:
    return keyboard([button(t.plain("button-wallet"), Menu(to="wallet"))])


NOTICES: Mapping[str, Callable[[Mapping[str, Any], str, Translator], Screen]] = {
    Kind.TOPPED_UP: topped_up,
    Kind.PAID_BACK: _paid_back,
    Kind.CHARGED_BACK: _charged_back,
    Kind.CHARGEBACK: _chargeback,
    Kind.REFUND_FAILED: _refund_failed,
    Kind.STRAY_PAYMENT: _stray,
    Kind.STARS_DIFFER: _stars_differ,
}
