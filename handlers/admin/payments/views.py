"""The admins' list of payments, and the question before one is given back."""

from collections.abc import Sequence

from handlers.callbacks import GiveBack, PaymentsPage
from handlers.components import local_time, money, pager
from handlers.customer.payments.views import paid_with
from handlers.screens import Row, Screen, button, keyboard
from locales import Translator
from storage.enums import Method, PaymentState
from storage.rows import Payment

PAYMENTS_A_PAGE = 8


def payments(
    found: Sequence[Payment],
    user_id: int,
    page: int,
    t: Translator,
    *,
    more: bool,
    toast: str | None = None,
) -> Screen:
    """Show a page of payments, newest first; `user_id` 0 is everybody's."""
    lines = [_line(payment, t) for payment in found] or [t("payments-none")]
    rows: list[Row] = [
        [
            button(
                t.plain("button-give-back", id=str(payment.id), paid=paid_with(payment, t)),
                GiveBack(payment=payment.id, sure=0),
            )
        ]
        for payment in found
        if payment.method is Method.STARS and payment.state is PaymentState.CREDITED
    ]
    rows.append(pager(page, more=more, to=PaymentsPage, user=user_id))
    rows.append([button(t.plain("button-refresh"), PaymentsPage(user=user_id, page=page))])
    return Screen("\n\n".join([t("payments"), *lines]), keyboard(*rows), toast=toast)


def ask(payment: Payment, balance: int, t: Translator) -> Screen:
    """Ask once more; `balance` (millionths) is what its payer has now."""
    text = t(
        "refund-sure",
        id=str(payment.id),
        paid=paid_with(payment, t),
        user=str(payment.user_id),
        amount=money(payment.amount, payment.currency, t),
        balance=money(balance, payment.currency, t),
    )
    if balance < payment.amount:
        text += "\n\n" + t("refund-spent")
    sure = button(t.plain("button-give-back-sure"), GiveBack(payment=payment.id, sure=1), "danger")
    back = button(t.plain("button-back"), PaymentsPage(user=payment.user_id, page=0))
    return Screen(text, keyboard([sure] if balance >= payment.amount else [], [back]))


def _line(payment: Payment, t: Translator) -> str:
    return t(
        "payments-line",
        id=str(payment.id),
        paid=paid_with(payment, t),
        user=str(payment.user_id),
        amount=money(payment.amount, payment.currency, t),
        state=t.plain(f"payment-state-{payment.state}"),
        at=local_time(payment.at),
    )
