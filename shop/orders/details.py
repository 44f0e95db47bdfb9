"""What a card shows beside the order or the service itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shop.catalogue.delivery_times import Expectation, expectation_of
from shop.orders.eligibility import Eligibility, Rules
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, OrderState
from storage.queries import catalogue, orders, requests, suborders
from storage.rows import Order, Part, Request, ServiceRow


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """An order, the orders that the provider made of it, what was asked for since, and its service
    as it is now.
    """

    order: Order
    service: ServiceRow
    now: datetime  # when it was looked at
    care: Eligibility  # what may be asked for then
    parts: Sequence[Part] = ()
    requests: Sequence[Request] = ()  # the newest first
    expectation: Expectation | None = None
    is_behind: bool = False  # another order of its link goes first


def order_details(tx: Transaction, order: Order, rules: Rules, now: datetime) -> OrderDetails:
    service = catalogue.service(tx, order.service_id)
    if service is None:
        raise RuntimeError("an order's service is not there")
    asked = requests.of_order(tx, order.id)
    under_way = order.state in AT_PROVIDER  # of the others nothing is expected any more, or yet
    return OrderDetails(
        order,
        service,
        now,
        rules.care(order, service, asked, now),
        suborders.of_order(tx, order.id),
        asked,
        expectation_of(tx, order.service_id) if under_way else None,
        order.state is OrderState.QUEUED and orders.is_held_back(tx, order.id, now),
    )
