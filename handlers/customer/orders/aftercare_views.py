"""Refills and cancellations: their part of an order's card, the question before one, and what is
told of them.
"""

from datetime import UTC, datetime

from handlers.callbacks import AskCancel, CancelOrder, OrderCard, Refill
from handlers.components import count, isolated, local_time
from handlers.screens import Row, Screen, button, keyboard, truncate
from locales import Translator
from shop.aftercare.results import result_of
from shop.orders.details import OrderDetails
from shop.orders.eligibility import IneligibilityReason, NotNowError, latest
from shop.outbox.payloads import CancelRequestNotice, RefillNotice
from storage.enums import IN_WORK, OrderState, RequestKind, RequestState
from storage.rows import Order, Request

_SUMMED = (
    RequestState.COMPLETED,
    RequestState.REJECTED,
    RequestState.CANCELED,
    RequestState.FAILED,
    RequestState.UNKNOWN,
)


def section(sheet: OrderDetails, t: Translator) -> str:
    """Return what was asked for after the sale and what became of it, and from when until when it
    can be asked for.
    """
    rows = _refill(sheet, t) if sheet.order.state is OrderState.COMPLETED else []
    return "\n".join([*rows, *_cancellation(sheet, t)])


def button_row(sheet: OrderDetails, t: Translator) -> Row:
    """Make the buttons that can be pressed now."""
    row = []
    if sheet.care.refill is None:
        row.append(button(t.plain("button-refill"), Refill(order=sheet.order.id), "primary"))
    if sheet.care.cancel is None:
        row.append(button(t.plain("button-cancel-order"), AskCancel(order=sheet.order.id)))
    return row


def _result(request: Request) -> str:
    """Name the text of what a request has become; waiting and being sent are one thing to its
    customer.
    """
    if request.state is RequestState.SENDING:
        return str(RequestState.WAITING)
    return result_of(request.state, request.meaning)


def _refill(sheet: OrderDetails, t: Translator) -> list[str]:
    last, obstacle = latest(sheet.requests, RequestKind.REFILL), sheet.care.refill
    rows = []
    if last is not None:
        rows.append(t(f"refill-{_result(last)}", at=local_time(last.changed_at)))
    if obstacle is None:
        until = sheet.care.until
        rows.append(t("refill-until", at=local_time(until, "D")) if until else t("refill-possible"))
    elif obstacle.at is not None:
        rows.append(
            t(f"refill-when-{obstacle.why}", at=local_time(obstacle.at, _form(obstacle.why)))
        )
    return rows


def _form(why: IneligibilityReason) -> str:
    return "D" if why is IneligibilityReason.OVER else "r"


def _cancellation(sheet: OrderDetails, t: Translator) -> list[str]:
    last, order = latest(sheet.requests, RequestKind.CANCEL), sheet.order
    if last is None or last.state is RequestState.COMPLETED:
        return []
    too_late = last.state is RequestState.REJECTED and order.state is OrderState.COMPLETED
    if not too_late and (order.state not in IN_WORK or last.state is RequestState.REJECTED):
        return []
    obstacle = sheet.care.cancel
    rows = [t(f"cancel-{_result(last)}", at=local_time(last.changed_at))]
    if (
        obstacle is not None
        and obstacle.why is IneligibilityReason.AGAIN_LATER
        and obstacle.at is not None
    ):
        rows.append(t("cancel-when-again-later", at=local_time(obstacle.at)))
    return rows


def ask_cancel(order: Order, t: Translator) -> Screen:
    """Ask once more: taking back a queued order is certain, everything else is only a request."""
    key = "cancel-ask-queued" if order.state is OrderState.QUEUED else "cancel-ask"
    return Screen(
        t(key, id=str(order.id), service=isolated(truncate(order.service_name, 120))),
        keyboard(
            [button(t.plain("button-cancel-yes"), CancelOrder(order=order.id), "danger")],
            [button(t.plain("button-cancel-no"), OrderCard(order=order.id))],
        ),
    )


def not_now(error: NotNowError, t: Translator) -> str:
    """Say in a toast why it can't be asked for now; the card has the time."""
    return t.plain(f"{error.kind}-no-{error.obstacle.why}")


def push(told: RefillNotice | CancelRequestNotice, order: Order | None, t: Translator) -> Screen:
    """Return what has become of a request, and when the next one may be asked for."""
    if isinstance(told, RefillNotice) and told.counts is not None:
        counts = told.counts
        ended = [
            t(f"refills-{state}", count=count(counts[state], t))
            for state in _SUMMED
            if counts.get(state)
        ]
        return Screen(t("refills-ended", results=" · ".join(ended)))
    number, service = (
        ("—", "") if order is None else (str(order.id), isolated(truncate(order.service_name, 80)))
    )
    kind = RequestKind.REFILL if isinstance(told, RefillNotice) else RequestKind.CANCEL
    text = t(f"push-{kind}-{told.result}", id=number, service=service)
    if told.again:
        text += "\n" + t("push-again", at=local_time(datetime.fromtimestamp(told.again, UTC)))
    show = (
        [button(t.plain("button-show-order"), OrderCard(order=order.id))]
        if order is not None
        else []
    )
    return Screen(text, keyboard(show) if show else None)
