"""What is said of money that has come and gone: to who paid, and to the admins."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from handlers.callbacks import Menu
from handlers.components import count, local_time, money
from handlers.screens import PARTY, Screen, button, keyboard, truncate
from locales import Translator
from shop.outbox.payloads import (
    ChargebackNotice,
    ChargedBackNotice,
    PaidBackNotice,
    RefundFailedNotice,
    StarsDifferNotice,
    StrayPaymentNotice,
    ToppedUpNotice,
)
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


def topped_up(told: ToppedUpNotice, currency: str, t: Translator) -> Screen:
    """Say that a payment has come, and what the wallet holds now."""
    text = (
        t("topped-up", amount=money(told.amount, currency, t))
        + "\n"
        + _balance(told.balance, currency, t)
    )
    return Screen(text, _wallet(t), effect=PARTY)


def _balance(balance: int, currency: str, t: Translator) -> str:
    text = t("balance-own", balance=money(balance, currency, t))
    return text + ("\n\n" + t("wallet-debt") if balance < 0 else "")


def paid_back(told: PaidBackNotice, currency: str, t: Translator) -> Screen:
    given = {"amount": money(told.amount, currency, t), "stars": count(told.stars, t)}
    text = t("paid-back", **given) + "\n" + _balance(told.balance, currency, t)
    return Screen(text, _wallet(t))


def charged_back(told: ChargedBackNotice, currency: str, t: Translator) -> Screen:
    given = {"amount": money(told.amount, currency, t), "stars": count(told.stars, t)}
    text = t("charged-back", **given)
    if told.asked:
        text += "\n" + t("charged-back-asked", shown=count(told.asked, t))
    return Screen(text + "\n" + _balance(told.balance, currency, t), _wallet(t))


def chargeback(told: ChargebackNotice, currency: str, t: Translator) -> Screen:
    text = t(
        "admin-chargeback",
        user=str(told.user),
        amount=money(told.amount, currency, t),
        balance=money(told.balance, currency, t),
        count=told.stopped,
        shown=count(told.stopped, t),
    )
    if told.asked:
        text += "\n" + t("admin-chargeback-asked", shown=count(told.asked, t))
    return Screen(text)


def refund_failed(told: RefundFailedNotice, t: Translator) -> Screen:
    text = truncate(told.text, _WORDS)
    return Screen(t("admin-refund-failed", user=told.user, payment=str(told.payment), text=text))


def stray_payment(told: StrayPaymentNotice, t: Translator) -> Screen:
    stars = count(told.stars, t)
    return Screen(t("admin-stray-payment", user=told.user, charge=told.charge, stars=stars))


def stars_differ(told: StarsDifferNotice, t: Translator) -> Screen:
    balance, total = _stars(told.balance, t), _stars(told.total, t)
    return Screen(t("admin-stars-differ", balance=balance, total=total))


def _stars(nano: int, t: Translator) -> str:
    """Write billionths of a Star."""
    whole, rest = divmod(abs(nano), NANO)
    fraction = f".{rest:0{_STAR_DIGITS}}".rstrip("0") if rest else ""
    return ("−" if nano < 0 else "") + count(whole, t) + fraction


def _wallet(t: Translator) -> InlineKeyboardMarkup:
    return keyboard([button(t.plain("button-wallet"), Menu(to="wallet"))])
