"""The messages that nobody asked for: pushes to customers, alerts to admins."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from handlers.admin.margins import views as margins_views
from handlers.admin.provider import views as provider_views
from handlers.admin.recovery import refund_views
from handlers.admin.recovery import views as recovery_views
from handlers.callbacks import ChooseType, OrderCard
from handlers.components import count, isolated, money, provider_money
from handlers.customer.catalogue.type_views import shown_label
from handlers.customer.orders import agreement_views
from handlers.customer.promotions import components
from handlers.customer.top_ups import method_views
from handlers.screens import PARTY, Screen, button, keyboard, truncate
from locales import Markup, Translator
from shop.access import Billing
from shop.customers.support import LONGEST
from shop.orders.suborders import is_subscription
from shop.outbox import Kind
from storage.enums import DONE, OrderState
from storage.rows import Order

_EVIDENCE = 500
_LINE = 200
_NAME = 64


def push(order: Order, refund: int, t: Translator) -> Screen:
    """Say in a line what an order has become; it replies to the card. `refund` in millionths."""
    service = isolated(truncate(order.service_name, 80))
    active = order.state is OrderState.IN_PROGRESS and is_subscription(order)
    key = "push-active" if active else f"push-{order.state}"
    text = t(key, id=str(order.id), service=service)
    if refund:
        key = "push-refund" if order.billing == Billing.WALLET else "push-refund-house"
        text += "\n" + t(key, amount=money(refund, order.currency, t))
    effect = PARTY if order.state is OrderState.COMPLETED else None
    # On the way the card above is enough; an end is where people want to look.
    show = (
        [button(t.plain("button-show-order"), OrderCard(order=order.id))]
        if order.state in DONE
        else []
    )
    return Screen(text, keyboard(show) if show else None, effect=effect)


def _order_alert(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    if order is None:
        return {"id": "—", "details": ""}
    details = t(
        "admin-order-details",
        user=str(order.user_id),
        service=isolated(truncate(order.service_name, 100)),
        link=isolated(truncate(order.link, 200)),
        quantity=count(order.quantity, t),
        price=money(order.price, order.currency, t),
        provider=order.provider_order_id or "—",
    )
    if order.failure:
        details += "\n" + t("admin-order-failure", failure=truncate(order.failure, _EVIDENCE))
    return {"id": str(order.id), "details": Markup(details)}


def _texts(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    return {name: truncate(str(value), _EVIDENCE) for name, value in payload.items()}


def _support(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    """What somebody writes stands in a quotation, so that it can't look like an alert."""
    name, text = truncate(str(payload["name"]), _NAME), truncate(str(payload["text"]), LONGEST)
    return {"name": isolated(name), "user": str(payload["user"]), "text": text}


def _numbers(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    return {name: count(int(value), t) for name, value in payload.items()}


def _balance(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    amount = provider_money(Decimal(payload["amount"]), payload["currency"], t)
    return {
        "amount": amount,
        "currency": payload["currency"],
        "in_work": count(payload["in_work"], t),
    }


def _conflict(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    return _order_alert(payload, order, t) | _texts(payload, order, t)


def _unclear_refund(
    payload: Mapping[str, Any], order: Order | None, t: Translator
) -> dict[str, Any]:
    return _order_alert(payload, order, t) | {"says": Markup(refund_views.unclear(payload, t))}


def _charge_currency(
    payload: Mapping[str, Any], order: Order | None, t: Translator
) -> dict[str, Any]:
    return {
        "currency": truncate(str(payload["currency"]), 16),
        "order": "—" if order is None else str(order.id),
    }


def _unknown_type(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    many = int(payload["services"])
    return {"label": shown_label(str(payload["label"])), "count": many, "shown": count(many, t)}


def _audit(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    many = int(payload["count"])
    lines = "\n".join(truncate(str(line), _LINE) for line in payload["lines"])
    return {"count": many, "shown": count(many, t), "lines": lines}


def _restored(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    at = (
        "—"
        if payload["at"] is None
        else f"{datetime.fromtimestamp(payload['at'], UTC):%Y-%m-%d %H:%M} UTC"
    )
    numbers = {name: payload[name] for name in ("orders", "requests", "lines")}
    return {"at": at} | _numbers(numbers, order, t)


def _short(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    numbers = {name: payload[name] for name in ("listed", "known")}
    left_out = int(payload.get("left_out", 0))
    unread = "\n" + t("admin-short-unread", count=count(left_out, t)) if left_out else ""
    return _numbers(numbers, order, t) | {"unread": Markup(unread)}


def _synced(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    numbers = {name: payload[name] for name in ("listed", "added", "changed", "hidden")}
    unread = "\n\n" + _unread(payload, t) if payload.get("lines") else ""
    return _numbers(numbers, order, t) | {"unread": Markup(unread)}


def _left_out(payload: Mapping[str, Any], order: Order | None, t: Translator) -> dict[str, Any]:
    return {"unread": Markup(_unread(payload, t))}


def _unread(payload: Mapping[str, Any], t: Translator) -> str:
    """What of the catalogue can't be read: how much, and the first few entries."""
    many = {name: int(payload[name]) for name in ("left_out", "limits")}
    heads = [
        t("admin-unread-entries", count=many["left_out"], shown=count(many["left_out"], t))
        if many["left_out"]
        else "",
        t("admin-unread-limits", count=many["limits"], shown=count(many["limits"], t))
        if many["limits"]
        else "",
    ]
    shown = [_unread_line(line, t) for line in payload["lines"]]
    more = sum(many.values()) - len(shown)
    rest = [t("admin-unread-more", count=count(more, t))] if more > 0 else []
    return "\n".join([*filter(None, heads), *shown, *rest])


def _unread_line(line: Mapping[str, Any], t: Translator) -> str:
    why = t(
        f"admin-unread-{line['flaw'].replace('_', '-')}", said=isolated(str(line["said"]) or "—")
    )
    name = isolated(truncate(str(line["name"]), _NAME)) if line["name"] else "—"
    return t("admin-unread-line", id=line["id"] or "—", name=name, why=Markup(why))


_ALERTS: dict[
    str, tuple[str, Callable[[Mapping[str, Any], Order | None, Translator], dict[str, Any]]]
] = {
    Kind.UNKNOWN_ORDER: ("admin-unknown-order", _order_alert),
    Kind.CONFLICT: ("admin-conflict", _conflict),
    Kind.FOUND_ORDER: ("admin-found-order", _conflict),
    Kind.LATE_ANSWER: ("admin-late-answer", _conflict),
    Kind.FAILED_ORDER: ("admin-failed-order", _order_alert),
    Kind.UNCLEAR_REFUND: ("admin-unclear-refund", _unclear_refund),
    Kind.REFUND_STANDS: ("admin-refund-stands", refund_views.stands),
    Kind.BEYOND_HOLD: ("admin-beyond-hold", refund_views.beyond_hold),
    Kind.CHARGE_CURRENCY: ("admin-charge-currency", _charge_currency),
    Kind.TAKEN_BACK: ("push-taken-back", refund_views.given_again),
    Kind.NO_FUNDS: ("admin-no-funds", _texts),
    Kind.BAD_KEY: ("admin-bad-key", _texts),
    Kind.UNREACHABLE: ("admin-unreachable", _texts),
    Kind.STATUS_TEXT: ("admin-status-text", _texts),
    Kind.SHORT_CATALOGUE: ("admin-short-catalogue", _short),
    Kind.LEFT_OUT: ("admin-left-out", _left_out),
    Kind.SYNCED: ("admin-synced", _synced),
    Kind.SYNC_FAILED: ("admin-sync-failed", _texts),
    Kind.BALANCE: ("admin-balance", _balance),
    Kind.BALANCE_FAILED: ("admin-balance-failed", _texts),
    Kind.BALANCE_UNREADABLE: ("admin-balance-unreadable", _texts),
    Kind.SUPPORT: ("admin-support", _support),
    Kind.CLOCK_AHEAD: ("admin-clock-ahead", _numbers),
    Kind.COUPON_GUESSES: ("admin-coupon-guesses", _numbers),
    Kind.CRYPTO_FAILED: ("admin-crypto-failed", _texts),
    Kind.CRYPTO_MISSING: ("admin-crypto-missing", _texts),
    Kind.CRYPTO_UNWATCHED: ("admin-crypto-unwatched", _numbers),
    Kind.UNKNOWN_TYPE: ("admin-unknown-type", _unknown_type),
    Kind.MARGIN_LEAK: ("admin-margin-leak", margins_views.leak),
    Kind.AUDIT: ("admin-audit", _audit),
    Kind.STUCK_ORDER: ("admin-stuck-order", recovery_views.stuck),
    Kind.BACKUP_FAILED: ("admin-backup-failed", _texts),
    Kind.BACKUP_DIFFERS: ("admin-backup-differs", _texts),
    Kind.RESTORED: ("admin-restored", _restored),
    Kind.EARNED: ("push-earned", components.earned),
    Kind.EARNED_BACK: ("push-earned-back", components.earned),
}

# What an admin's verdict may end.
_TO_DECIDE = frozenset({Kind.UNKNOWN_ORDER, Kind.CONFLICT, Kind.FAILED_ORDER, Kind.STUCK_ORDER})


def alert(kind: str, payload: Mapping[str, Any], order: Order | None, t: Translator) -> Screen:
    """Return what an admin has to know."""
    if kind == Kind.CRYPTO_DIFFERS:
        return method_views.crypto_differs(payload, t)
    if kind == Kind.CHECKED_ORDER:
        return recovery_views.checked(payload, order, t)
    if kind in provider_views.ALERTS:
        return provider_views.alert(kind, payload, order, t)
    if kind == Kind.AGREEMENT and order is not None:
        return agreement_views.agreement(payload, order, t)
    key, values = _ALERTS[kind]
    choose = []
    if kind == Kind.UNKNOWN_TYPE:
        choose = [
            button(t.plain("button-treat-as"), ChooseType(service=payload["service"]), "primary")
        ]
    if kind == Kind.MARGIN_LEAK and order is not None:
        choose = margins_views.leak_button(order, t)
    if kind in _TO_DECIDE and order is not None:
        choose = recovery_views.alert_button(order, t)
    text, rows = t(key, **values(payload, order, t)), [choose]
    if kind == Kind.MARGIN_LEAK and order is not None and payload.get("held"):
        text += "\n" + t("admin-service-held")
        rows.append(provider_views.sell_again_button(order.service_id, t))
    if order is not None:
        rows += refund_views.alert_buttons(kind, order, t)
    return Screen(text, keyboard(*rows) if any(rows) else None)


def credited(payload: Mapping[str, Any], currency: str, t: Translator) -> Screen:
    amount = int(payload["amount"])
    key = "push-credited" if amount > 0 else "push-debited"
    return Screen(
        t(
            key,
            amount=money(abs(amount), currency, t),
            reason=truncate(str(payload["reason"]), _EVIDENCE),
        )
    )
