"""The messages that nobody asked for: pushes to customers, alerts to admins."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from handlers.admin.recovery import refund_views
from handlers.callbacks import ChooseType, OrderCard
from handlers.components import count, isolated, money, provider_money
from handlers.customer.catalogue.type_views import shown_label
from handlers.screens import PARTY, Row, Screen, button, keyboard, truncate
from locales import Markup, Translator
from shop.access import Billing
from shop.customers.support import LONGEST
from shop.orders.suborders import is_subscription
from shop.outbox.payloads import (
    AuditNotice,
    BalanceNotice,
    ChargeCurrencyNotice,
    CreditedNotice,
    LeftOutNotice,
    OrderNotice,
    Payload,
    RestoredNotice,
    ShortCatalogueNotice,
    SupportNotice,
    SyncedNotice,
    UnclearRefundNotice,
    UnknownTypeNotice,
    UnreadEntry,
)
from storage.enums import DONE, OrderState
from storage.rows import Order

_EVIDENCE = 500
_LINE = 200
_NAME = 64


def push(told: OrderNotice, order: Order, t: Translator) -> Screen:
    """Say in a line what an order has become; it replies to the card."""
    # What the notice tells of: the order may have moved on, and that change has a notice of its
    # own.
    order, refund = replace(order, state=OrderState(told.state)), told.refund
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


def of_order(told: Payload, order: Order | None, t: Translator) -> dict[str, Any]:
    """Return the values of an alert that shows an order."""
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


def texts(told: Payload, order: Order | None, t: Translator) -> dict[str, Any]:
    """Return all that a notice carries, as text."""
    return {name: truncate(str(value), _EVIDENCE) for name, value in told.to_json().items()}


def support(told: SupportNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    """What somebody writes stands in a quotation, so that it can't look like an alert."""
    name, text = truncate(told.name, _NAME), truncate(told.text, LONGEST)
    return {"name": isolated(name), "user": str(told.user), "text": text}


def numbers(told: Payload, order: Order | None, t: Translator) -> dict[str, Any]:
    """Return all that a notice carries, as numbers."""
    return {name: count(int(value), t) for name, value in told.to_json().items()}


def balance(told: BalanceNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    amount = provider_money(Decimal(told.amount), told.currency, t)
    return {"amount": amount, "currency": told.currency, "in_work": count(told.in_work, t)}


def of_order_and_texts(told: Payload, order: Order | None, t: Translator) -> dict[str, Any]:
    return of_order(told, order, t) | texts(told, order, t)


def unclear_refund(told: UnclearRefundNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    return of_order(told, order, t) | {"says": Markup(refund_views.unclear(told, t))}


def charge_currency(
    told: ChargeCurrencyNotice, order: Order | None, t: Translator
) -> dict[str, Any]:
    return {
        "currency": truncate(told.currency, 16),
        "order": "—" if order is None else str(order.id),
    }


def unknown_type(told: UnknownTypeNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    many = told.services
    return {"label": shown_label(told.label), "count": many, "shown": count(many, t)}


def audit(told: AuditNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    lines = "\n".join(truncate(line, _LINE) for line in told.lines)
    return {"count": told.count, "shown": count(told.count, t), "lines": lines}


def restored(told: RestoredNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    at = "—" if told.at is None else f"{datetime.fromtimestamp(told.at, UTC):%Y-%m-%d %H:%M} UTC"
    return {
        "at": at,
        "orders": count(told.orders, t),
        "requests": count(told.requests, t),
        "lines": count(told.lines, t),
    }


def short_catalogue(
    told: ShortCatalogueNotice, order: Order | None, t: Translator
) -> dict[str, Any]:
    unread = ""
    if told.left_out:
        unread = "\n" + t("admin-short-unread", count=count(told.left_out, t))
    return {
        "listed": count(told.listed, t),
        "known": count(told.known, t),
        "unread": Markup(unread),
    }


def synced(told: SyncedNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    return {
        "listed": count(told.listed, t),
        "added": count(told.added, t),
        "changed": count(told.changed, t),
        "hidden": count(told.hidden, t),
        "unread": Markup("\n\n" + _unread(told, t) if told.lines else ""),
    }


def left_out(told: LeftOutNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    return {"unread": Markup(_unread(told, t))}


def _unread(told: SyncedNotice | LeftOutNotice, t: Translator) -> str:
    """What of the catalogue can't be read: how much, and the first few entries."""
    many = {"left_out": told.left_out or 0, "limits": told.limits or 0}
    heads = [
        t("admin-unread-entries", count=many["left_out"], shown=count(many["left_out"], t))
        if many["left_out"]
        else "",
        t("admin-unread-limits", count=many["limits"], shown=count(many["limits"], t))
        if many["limits"]
        else "",
    ]
    shown = [_unread_line(line, t) for line in told.lines]
    more = sum(many.values()) - len(shown)
    rest = [t("admin-unread-more", count=count(more, t))] if more > 0 else []
    return "\n".join([*filter(None, heads), *shown, *rest])


def _unread_line(line: UnreadEntry, t: Translator) -> str:
    why = t(f"admin-unread-{line.flaw.replace('_', '-')}", said=isolated(line.said or "—"))
    name = isolated(truncate(line.name, _NAME)) if line.name else "—"
    return t("admin-unread-line", id=line.id or "—", name=name, why=Markup(why))


# What an admin is led to from an alert


def treat_as(told: UnknownTypeNotice, t: Translator) -> Row:
    return [button(t.plain("button-treat-as"), ChooseType(service=told.service), "primary")]


def credited(told: CreditedNotice, currency: str, t: Translator) -> Screen:
    key = "push-credited" if told.amount > 0 else "push-debited"
    return Screen(
        t(
            key,
            amount=money(abs(told.amount), currency, t),
            reason=truncate(told.reason, _EVIDENCE),
        )
    )
