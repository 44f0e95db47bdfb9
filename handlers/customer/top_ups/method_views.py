"""Paying what an order is short of, paying by Crypto Pay, and asking the admins for a top-up by
hand.
"""

from collections.abc import Callable, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from handlers.callbacks import (
    CancelTopUp,
    CryptoAmount,
    DecideCrypto,
    DecideTopUp,
    ManualAmount,
    Menu,
    PayMissing,
)
from handlers.components import count, format_error, isolated, local_time, money
from handlers.screens import Row, Screen, Toast, button, keyboard, truncate
from handlers.ui import Ui
from locales import Translator
from shop.errors import ShopError
from shop.ordering.placement import Form
from shop.outbox.payloads import (
    CryptoDiffersNotice,
    InvoiceNotice,
    TopUpAskedNotice,
    TopUpDecidedNotice,
)
from shop.payments.manual import Decision
from shop.payments.shortfall import Way, missing_of
from storage.enums import InvoiceState, Method, TopUpState
from storage.rows import Invoice, TopUp, User

_NAME = 64
_AMOUNTS_A_ROW = 3


def ways_to_pay(form: Form, ways: Sequence[Way], ui: Ui) -> list[Row]:
    """Make a button for each way to pay what is missing, larger amounts in one row; paid, the order
    starts.
    """
    rows = [[_way(form, way, ui)] for way in ways if way.exact]
    rows.insert(1, [_way(form, way, ui) for way in ways if not way.exact])
    return rows


def _way(form: Form, way: Way, ui: Ui) -> InlineKeyboardButton:
    t = ui.t
    to = PayMissing(
        draft=form.draft.id, method=str(way.method), stars=0 if way.exact else way.stars
    )
    missing, stars = ui.money(missing_of(form)), count(way.stars, t)
    if way.method is Method.CRYPTO:
        return button(t.plain("button-pay-crypto", amount=ui.money(way.amount)), to)
    if way.exact:
        return button(t.plain("button-pay-stars", amount=missing, stars=stars), to, "success")
    return button(t.plain("button-pay-more-stars", amount=ui.money(way.amount), stars=stars), to)


def being_made(t: Translator) -> Toast:
    return Toast(t.plain("crypto-being-made"))


def crypto_amounts(
    amounts: Sequence[int],
    ui: Ui,
    *,
    back: CallbackData,
    problem: ShopError | None = None,
) -> Screen:
    """Offer amounts to pay by Crypto Pay."""
    t = ui.t
    rows = _amounts(amounts, lambda amount: CryptoAmount(amount=amount), ui)
    text = "\n\n".join(filter(None, [_problem(problem, t), t("crypto-choose")]))
    return Screen(text, keyboard(*rows, [button(t.plain("button-back"), back)]))


def crypto_asked(amount: int, currency: str, t: Translator) -> Screen:
    back = [button(t.plain("button-wallet"), Menu(to="wallet"))]
    return Screen(t("crypto-asked", amount=money(amount, currency, t)), keyboard(back))


def invoice(told: InvoiceNotice, t: Translator) -> Screen:
    """Return where an invoice of Crypto Pay is paid, or that there will be none."""
    amount = money(told.amount, told.currency, t)
    if not told.url:
        back = [button(t.plain("button-wallet"), Menu(to="wallet"))]
        return Screen(t("crypto-failed", amount=amount), keyboard(back))
    text = t("crypto-ready", amount=amount)
    if told.draft:
        text += "\n" + t("starts-by-itself")
    pay = InlineKeyboardButton(
        text=t.plain("button-pay", amount=amount), url=told.url, style="success"
    )
    return Screen(text, keyboard([pay]))


def _amounts(amounts: Sequence[int], to: Callable[[int], CallbackData], ui: Ui) -> list[Row]:
    made = [button(ui.money(amount), to(amount)) for amount in amounts]
    return [made[index : index + _AMOUNTS_A_ROW] for index in range(0, len(made), _AMOUNTS_A_ROW)]


def _problem(problem: ShopError | None, t: Translator) -> str:
    return "" if problem is None else "⚠️ " + t(problem.key, **format_error(problem, t))


def crypto_differs(told: CryptoDiffersNotice, t: Translator) -> Screen:
    """Ask an admin about an invoice that is said to be paid and is not as ours was."""
    number = told.invoice
    paid = f"{told.paid} {told.asset or ''}".strip() if told.paid else "—"
    words = {
        "user": truncate(told.user, _NAME),
        "ours": truncate(told.ours, _NAME),
        "theirs": truncate(told.theirs, _NAME),
        "charge": truncate(told.charge, _NAME),
    }
    text = t(
        "admin-crypto-differs",
        id=str(number),
        payload=truncate(told.payload, _NAME) or "—",
        paid=paid,
        **words,
    )
    row = [
        button(
            t.plain("button-crypto-credit", amount=words["ours"]),
            DecideCrypto(invoice=number, yes=1),
            "success",
        ),
        button(t.plain("button-crypto-leave"), DecideCrypto(invoice=number, yes=0), "danger"),
    ]
    return Screen(text, keyboard(row))


def crypto_decided(found: Invoice, t: Translator) -> Screen:
    key = "admin-crypto-credited" if found.state is InvoiceState.PAID else "admin-crypto-left"
    amount = money(found.amount, found.currency, t)
    return Screen(t(key, id=str(found.id), user=str(found.user_id), amount=amount))


# By hand: the customer's side


def manual_amounts(
    amounts: Sequence[int],
    note: str,
    ui: Ui,
    *,
    back: CallbackData,
    problem: ShopError | None = None,
) -> Screen:
    """Offer amounts to ask the admins for."""
    t = ui.t
    rows = _amounts(amounts, lambda amount: ManualAmount(amount=amount), ui)
    text = "\n\n".join(filter(None, [_problem(problem, t), t("manual-choose"), _note(note, t)]))
    return Screen(text, keyboard(*rows, [button(t.plain("button-back"), back)]))


def manual_open(top_up: TopUp, note: str, t: Translator, *, toast: str | None = None) -> Screen:
    """Show somebody's open request."""
    asked = t(
        "manual-open",
        id=str(top_up.id),
        amount=money(top_up.amount, top_up.currency, t),
        at=local_time(top_up.created_at),
    )
    rows: list[Row] = [
        [button(t.plain("button-cancel-top-up"), CancelTopUp(top_up=top_up.id))],
        [button(t.plain("button-wallet"), Menu(to="wallet"))],
    ]
    return Screen("\n\n".join(filter(None, [asked, _note(note, t)])), keyboard(*rows), toast=toast)


def manual_canceled(t: Translator) -> Screen:
    return Screen(
        t("manual-canceled"), keyboard([button(t.plain("button-wallet"), Menu(to="wallet"))])
    )


def decided(told: TopUpDecidedNotice, currency: str, balance: int, t: Translator) -> Screen:
    """Tell a customer what became of their request."""
    values = {"id": str(told.top_up), "amount": money(told.amount, currency, t)}
    to_wallet = keyboard([button(t.plain("button-wallet"), Menu(to="wallet"))])
    if told.state == TopUpState.APPROVED:
        return Screen(
            t("manual-approved", **values, balance=money(balance, currency, t)), to_wallet
        )
    return Screen(t("manual-refused", **values), to_wallet)


def _note(note: str, t: Translator) -> str:
    return t("manual-note", note=note) if note else ""


# By hand: the admins' side


def asked(told: TopUpAskedNotice, t: Translator) -> Screen:
    """Tell an admin that somebody asks for a top-up."""
    amount, number = money(told.amount, told.currency, t), told.top_up
    name = isolated(truncate(told.name, _NAME)) or "—"
    text = t("admin-top-up-asked", id=str(number), name=name, user=told.user, amount=amount)
    return Screen(text, keyboard(_decide(number, t, listed=False)))


def waiting(
    found: Sequence[tuple[TopUp, User | None]], t: Translator, *, toast: str | None = None
) -> Screen:
    """List open requests, each with the two buttons."""
    if not found:
        return Screen(t("admin-top-ups-none"), toast=toast)
    lines = [
        t(
            "admin-top-ups-line",
            id=str(top_up.id),
            amount=money(top_up.amount, top_up.currency, t),
            name=_called(user),
            user=str(top_up.user_id),
            at=local_time(top_up.created_at),
        )
        for top_up, user in found
    ]
    rows = [_decide(top_up.id, t, listed=True) for top_up, _ in found]
    return Screen("\n".join([t("admin-top-ups"), "", *lines]), keyboard(*rows), toast=toast)


def outcome(decision: Decision, admin_id: int, t: Translator) -> Screen:
    """Tell an admin what became of a request, and who decided."""
    top_up = decision.top_up
    asked_for = t(
        "admin-top-up",
        id=str(top_up.id),
        name=_called(decision.asked_by),
        user=str(top_up.user_id),
        amount=money(top_up.amount, top_up.currency, t),
    )
    return Screen(
        f"{asked_for}\n{t(f'admin-top-up-{top_up.state}', by=_by(decision, admin_id, t))}"
    )


def outcome_toast(decision: Decision, admin_id: int, t: Translator) -> str:
    return t.plain(f"admin-top-up-{decision.top_up.state}", by=_by(decision, admin_id, t))


def _by(decision: Decision, admin_id: int, t: Translator) -> str:
    return (
        t.plain("admin-you")
        if decision.top_up.decided_by == admin_id
        else _called(decision.decided_by)
    )


def _called(user: User | None) -> str:
    return (
        isolated(truncate(user.first_name, _NAME)) if user is not None and user.first_name else "—"
    )


def _decide(number: int, t: Translator, *, listed: bool) -> Row:
    about = f"#{number} " if listed else ""
    return [
        button(
            about + t.plain("button-approve"),
            DecideTopUp(top_up=number, yes=1, listed=int(listed)),
            "success",
        ),
        button(
            about + t.plain("button-refuse"),
            DecideTopUp(top_up=number, yes=0, listed=int(listed)),
            "danger",
        ),
    ]
