"""What orders cost the shop: the provider's charges, booked by difference, and orders that were
sold below them.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from shop import outbox
from shop.catalogue.pricing import Prices
from shop.catalogue.service_holds import hold_below_cost
from shop.money import LARGEST_UNITS, MILLION, to_units
from shop.orders.suborders import is_parent
from shop.outbox import Kind
from shop.outbox.payloads import MarginLeakNotice
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, OrderState
from storage.queries import catalogue, costs
from storage.queries.costs import Booking
from storage.rows import Order

log = logging.getLogger(__name__)

_ROUNDING = 100  # millionths: by so much providers round their charges, and that is no leak
_LARGEST = Decimal(LARGEST_UNITS) / MILLION


def converted(order: Order) -> int:
    """Return the order's charge in millionths of its own currency, as far as the books can add it
    up.
    """
    charge = max(order.charge or Decimal(0), Decimal(0))
    cost = charge * order.exchange
    if cost > _LARGEST:
        log.error("order %s: a charge that is larger than the books can hold", order.id)
        return LARGEST_UNITS
    return to_units(cost)


def book(
    tx: Transaction,
    changed: Sequence[Order],
    admins: Collection[int],
    prices: Prices,
    now: datetime,
) -> None:
    """Bring the books up to the charges of these orders, and tell the admins of those that brought
    less.

    Must run in the transaction that changed them; they are given as that left them. An order whose
    charge is booked already, and that was worth it, costs nothing but a comparison.
    """
    paid = [order for order in changed if order.billing == "wallet" and order.charge is not None]
    booked = [order for order in paid if converted(order) != order.booked_cost]
    costs.book(
        tx,
        [
            Booking(order.id, order.user_id, order.booked_cost, converted(order), order.bookings)
            for order in booked
        ],
        now,
    )
    known = {order.id for order in booked}
    telling = [order for order in paid if order.id in known or _leaks(order)]
    if telling:
        _tell_of_leaks(tx, telling, admins, prices, now)


def _tell_of_leaks(
    tx: Transaction,
    changed: Sequence[Order],
    admins: Collection[int],
    prices: Prices,
    now: datetime,
) -> None:
    """Alert once per service, until a later order of it earns again."""
    told = outbox.alerts_about(tx, Kind.MARGIN_LEAK, {str(order.service_id) for order in changed})
    for order in sorted(changed, key=lambda order: order.id):
        about = str(order.service_id)
        if _leaks(order):
            if about not in told:
                told[about] = {"order_id": order.id}
                held = _was_sold_below_cost(order)
                _tell(tx, order, admins, prices, now, held=held)
                if held:
                    hold_below_cost(tx, order.service_id, now)
        elif order.id > told.get(about, {}).get("order_id", order.id):
            outbox.clear_alert(tx, Kind.MARGIN_LEAK, about)
            del told[about]


def _leaks(order: Order) -> bool:
    return converted(order) - _brought(order) > _ROUNDING


def _brought(order: Order) -> int:
    """Return what an order has brought (millionths).

    A refund of one that goes on or is delivered says nothing of its price, and has an alert of its
    own.
    """
    stands = order.state in AT_PROVIDER or (
        order.state is OrderState.COMPLETED and not is_parent(order)
    )
    return order.price if stands else order.price - order.refunded


def _was_sold_below_cost(order: Order) -> bool:
    """Return whether the next order of its service would lose as much: neither a coupon nor a
    refund explains it.
    """
    return converted(order) - (order.price + order.discount) > _ROUNDING


def _tell(
    tx: Transaction,
    order: Order,
    admins: Collection[int],
    prices: Prices,
    now: datetime,
    *,
    held: bool,
) -> None:
    service = catalogue.service(tx, order.service_id)
    rule = None if service is None else prices.rules.of(service.id, service.category)
    percent = prices.markup_percent if rule is None else rule.percent
    leak = MarginLeakNotice(
        cost=converted(order),
        paid=_brought(order),
        discount=order.discount,
        scope="" if rule is None else rule.scope,
        name="" if rule is None else rule.about,
        percent=format(percent, "f"),
        fixed=0 if rule is None else rule.fixed,
        minimum=0 if rule is None else rule.minimum,
        held=held,
    )
    outbox.alert_once(tx, admins, leak, now, about=str(order.service_id), order_id=order.id)
