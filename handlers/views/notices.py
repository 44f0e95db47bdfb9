"""The messages that nobody asked for: pushes to customers, alerts to admins."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from handlers.callbacks import ChooseType, OrderCard
from handlers.screens import PARTY, Screen, button, cut, keyboard
from handlers.views.parts import count, isolated
from handlers.views.types import shown_label
from locales import Markup, Translator
from shop.access import Billing
from shop.money import format_decimal, format_money
from shop.notices import Kind
from shop.parts import is_subscription
from storage.rows import Order
from storage.states import DONE, OrderState

_EVIDENCE = 500


def push(order: Order, refund: int, t: Translator) -> Screen:
    """Say in a line what an order has become; it replies to the card. `refund` in millionths."""
    service = isolated(cut(order.service_name, 80))
    active = order.state is OrderState.IN_PROGRESS and is_subscription(order)
    key = "push-active" if active else f"push-{order.state}"
    text = t(key, id=str(order.id), service=service)
    if refund:
        key = "push-refund" if order.billing == Billing.WALLET else "push-refund-house"
        text += "\n" + t(key, amount=format_money(refund, order.currency))
    effect = PARTY if order.state is OrderState.COMPLETED else None
    # On the way the card above is enough; an end is where people want to look.
    show = [button(t.plain("button-show-order"), OrderCard(order=order.id))] if order.state in DONE else []
    return Screen(text, keyboard(show) if show else None, effect=effect)


def _order_alert(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    del payload
    if order is None:
        return {"id": "—", "details": ""}
    details = t(
        "admin-order-details",
        user=str(order.user_id),
        service=isolated(cut(order.service_name, 100)),
        link=isolated(cut(order.link, 200)),
        quantity=count(order.quantity, t),
        price=format_money(order.price, order.currency),
        provider=order.provider_order_id or "—",
        failure=cut(order.failure or "—", _EVIDENCE),
    )
    return {"id": str(order.id), "details": Markup(details)}


def _texts(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    del order, t
    return {name: cut(str(value), _EVIDENCE) for name, value in payload.items()}


def _numbers(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    del order
    return {name: count(int(value), t) for name, value in payload.items()}


def _balance(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    del order
    amount = format_decimal(Decimal(payload["amount"]), payload["currency"])
    return {"amount": amount, "currency": payload["currency"], "in_work": count(payload["in_work"], t)}


def _conflict(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    return _order_alert(payload, order, t) | _texts(payload, order, t)


def _unknown_type(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    del order
    many = int(payload["services"])
    return {"label": shown_label(str(payload["label"])), "count": many, "shown": count(many, t)}


_ALERTS: dict[str, tuple[str, Callable[[Mapping[str, Any], Order | None, Translator], dict[str, Any]]]] = {
    Kind.UNKNOWN_ORDER: ("admin-unknown-order", _order_alert),
    Kind.CONFLICT: ("admin-conflict", _conflict),
    Kind.FAILED_ORDER: ("admin-failed-order", _order_alert),
    Kind.UNCLEAR_REFUND: ("admin-unclear-refund", _order_alert),
    Kind.NO_FUNDS: ("admin-no-funds", _texts),
    Kind.BAD_KEY: ("admin-bad-key", _texts),
    Kind.UNREACHABLE: ("admin-unreachable", _texts),
    Kind.STATUS_TEXT: ("admin-status-text", _texts),
    Kind.SHORT_CATALOGUE: ("admin-short-catalogue", _numbers),
    Kind.SYNCED: ("admin-synced", _numbers),
    Kind.SYNC_FAILED: ("admin-sync-failed", _texts),
    Kind.BALANCE: ("admin-balance", _balance),
    Kind.BALANCE_FAILED: ("admin-balance-failed", _texts),
    Kind.SUPPORT: ("admin-support", _texts),
    Kind.UNKNOWN_TYPE: ("admin-unknown-type", _unknown_type),
}


def alert(kind: str, payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    """Say what an admin has to know."""
    key, values = _ALERTS[kind]
    choose = []
    if kind == Kind.UNKNOWN_TYPE:
        choose = [button(t.plain("button-treat-as"), ChooseType(service=payload["service"]), "primary")]
    return Screen(t(key, **values(payload, order, t)), keyboard(choose) if choose else None)


def credited(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    amount = int(payload["amount"])
    key = "push-credited" if amount > 0 else "push-debited"
    return Screen(t(key, amount=format_money(abs(amount), currency), reason=cut(str(payload["reason"]), _EVIDENCE)))
