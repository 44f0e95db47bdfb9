"""Notices and alerts: each is written in the transaction of the change it tells of."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from shop.outbox.kinds import Kind
from shop.outbox.payloads import (
    AgreementNotice,
    AlertOverNotice,
    ChargeCurrencyNotice,
    OrderNotice,
    Payload,
)
from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import facts, notices, orders
from storage.queries.facts import Fact, FactName
from storage.rows import Order


def notify(
    tx: Transaction,
    user_id: int,
    payload: Payload,
    now: datetime,
    *,
    order_id: int | None = None,
    alert: str | None = None,
) -> None:
    """Write a notice to somebody. `alert`: the name of the one that it begins or ends."""
    notices.add(
        tx,
        user_id=user_id,
        kind=payload.kind,
        order_id=order_id,
        payload=payload.to_json(),
        now=now,
        alert=alert,
    )


def notify_owner(
    tx: Transaction, order: Order, state: OrderState, now: datetime, *, refund: int = 0
) -> None:
    """Tell the customer that their order is now `state`, and what was given back (millionths).

    Of a mass order's orders the live message tells, and each one's card where one is shown.
    """
    if order.mass_id is not None:
        notify_bulk_order(tx, order.user_id, order.mass_id, now)
        notify_cards(tx, [order], now)
        return
    payload = OrderNotice(state=str(state), refund=refund)
    notify(tx, order.user_id, payload, now, order_id=order.id)


def ask_owner(tx: Transaction, order: Order, why: str, now: datetime, *, until: datetime) -> None:
    """Tell the customer that their order is not sent, and until when they may say what is to become
    of it.

    `why` is an agreement.Waiting. Of a mass order's orders only the first is told; each one's card
    says it, too.
    """
    if order.mass_id is not None:
        notify_bulk_order(tx, order.user_id, order.mass_id, now)
        if orders.count_waiting(tx, order.mass_id, why) > 1:
            return
    payload = AgreementNotice(why=why, until=int(until.timestamp()), mass=order.mass_id)
    notify(tx, order.user_id, payload, now, order_id=order.id)


def notify_bulk_order(tx: Transaction, user_id: int, mass_id: int, now: datetime) -> None:
    """Have the mass order's live message drawn again; what happens until then is in the same
    picture.
    """
    notices.add_live(tx, user_id=user_id, kind=Kind.MASS, live_id=mass_id, now=now)


def notify_request_list(tx: Transaction, user_id: int, list_id: int, now: datetime) -> None:
    """Have the message with a list's results drawn again."""
    notices.add_live(tx, user_id=user_id, kind=Kind.REQUESTS, live_id=list_id, now=now)


def notify_card(tx: Transaction, order: Order, now: datetime) -> None:
    """Have the order's card drawn again, without a message of its own."""
    notices.add(tx, user_id=order.user_id, kind=Kind.CARD, order_id=order.id, now=now)


def notify_cards(tx: Transaction, changed: Sequence[Order], now: datetime) -> None:
    """Have the cards of several orders drawn again; who has none on a screen needs none drawn."""
    shown = [(order.user_id, order.id) for order in changed if order.card_message_id is not None]
    notices.add_many(tx, shown, kind=Kind.CARD, now=now)


def notify_admins(
    tx: Transaction,
    admins: Collection[int],
    payload: Payload,
    now: datetime,
    *,
    order_id: int | None = None,
    alert: str | None = None,
) -> None:
    for admin in sorted(admins):
        notify(tx, admin, payload, now, order_id=order_id, alert=alert)


def alert_once(
    tx: Transaction,
    admins: Collection[int],
    payload: Payload,
    now: datetime,
    *,
    about: str = "",
    order_id: int | None = None,
) -> bool:
    """Tell the admins once, until `clear_alert` is called; True for the one call that did."""
    name = _alert_name(payload.kind, about)
    known = payload.to_json() | ({} if order_id is None else {"order_id": order_id})
    known.pop("text", None)  # what was said is not kept for ever
    if not facts.setdefault(tx, name, known, now):
        return False
    notify_admins(tx, admins, payload, now, order_id=order_id, alert=name)
    return True


def alert_end(
    tx: Transaction,
    admins: Collection[int],
    over: AlertOverNotice,
    now: datetime,
    *,
    about: str = "",
) -> bool:
    """End an alert and say so in its message, to whoever was told of it; False where there was
    none.
    """
    name = _alert_name(Kind(over.of), about)
    if not facts.remove(tx, name):
        return False
    notify_admins(tx, admins, over, now, alert=name)
    return True


def about_refund(order_id: int, *, completed: bool) -> str:
    """Name what an alert of Kind.REFUND_STANDS is about."""
    return f"{order_id}:completed" if completed else str(order_id)


def refund_stands_no_more(tx: Transaction, order_id: int) -> None:
    """End the alerts about what an order that goes on, or is completed, has given back."""
    for completed in (False, True):
        clear_alert(tx, Kind.REFUND_STANDS, about_refund(order_id, completed=completed))


def notify_of_currency(
    tx: Transaction, admins: Collection[int], currency: str, order_id: int, now: datetime
) -> None:
    """Tell the admins, once, of charges in a currency in which none counts."""
    told = ChargeCurrencyNotice(currency=currency[:32])
    alert_once(tx, admins, told, now, about=currency.strip().upper(), order_id=order_id)


def clear_alert(
    tx: Transaction, kind: Kind, about: str = "", *, given_before: datetime | None = None
) -> bool:
    """End an alert, or only one that was `given_before` a time."""
    return facts.remove(tx, _alert_name(kind, about), written_before=given_before)


def all_alerts_over(tx: Transaction, kind: Kind) -> None:
    """End the alerts of this kind, whatever each was about."""
    facts.pop_prefix(tx, Fact.ALERT, kind)


def alerts_about(tx: Transaction, kind: Kind, about: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what was told in the alerts that are not over, of those about these."""
    names = {_alert_name(kind, one): one for one in about}
    return {names[name]: told for name, told in facts.several(tx, list(names)).items()}


def alerts_told(tx: Transaction, kind: Kind) -> list[dict[str, Any]]:
    """Return what was told in each alert of this kind that is not over."""
    return list(facts.starting_with(tx, Fact.ALERT, kind).values())


def stamp(at: datetime) -> int:
    """Return a time as the buttons of a question carry it, in milliseconds: they answer what was
    asked then, only.
    """
    return int(at.timestamp() * 1000)


def asks_since(tx: Transaction, kind: Kind, asked: int) -> bool:
    """Return whether the question that was asked at a stamp is the one that still waits."""
    told = alert_told(tx, kind)
    return told is not None and told.get("asked", 0) == asked


def alert_told(tx: Transaction, kind: Kind) -> dict[str, Any] | None:
    """Return what was told in the alert of this kind that is not over; None where there is none."""
    found = facts.get(tx, _alert_name(kind, ""))
    return None if found is None else found[0]


def name_of(about: str) -> str:
    """Return a short name for a text of any length."""
    return sha256(about.encode(errors="replace")).hexdigest()[:16]


def _alert_name(kind: Kind, about: str) -> FactName:
    return Fact.ALERT.of(kind, name_of(about)) if about else Fact.ALERT.of(kind)
