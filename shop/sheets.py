"""What a card shows beside the order or the service itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shop.aftercare import Care, Rules
from shop.expectations import Expectation, expectation_of
from storage import catalog, favourites, orders, parts, requests
from storage.engine import Transaction
from storage.rows import Order, Part, Request, Service
from storage.states import AT_PROVIDER, OrderState


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """An order, the orders that the provider made of it, what was asked for since, and its service as it is now."""

    order: Order
    service: Service
    now: datetime  # when it was looked at
    care: Care  # what may be asked for then
    parts: Sequence[Part] = ()
    requests: Sequence[Request] = ()  # the newest first
    expectation: Expectation | None = None
    is_behind: bool = False  # another order of its link goes first


@dataclass(frozen=True, slots=True)
class ServiceSheet:
    """A service as one person sees it."""

    service: Service
    is_admin: bool = False
    favourite: bool = False
    expectation: Expectation | None = None


def order_sheet(tx: Transaction, order: Order, rules: Rules, now: datetime) -> OrderSheet:
    service = catalog.service(tx, order.service_id)
    if service is None:
        raise RuntimeError("an order's service is not there")
    asked = requests.of_order(tx, order.id)
    under_way = order.state in AT_PROVIDER  # of the others nothing is expected any more, or yet
    return OrderSheet(
        order, service, now, rules.care(order, service, asked, now), parts.of_order(tx, order.id), asked,
        expectation_of(tx, order.service_id) if under_way else None,
        order.state is OrderState.QUEUED and orders.is_held_back(tx, order.id, now),
    )  # fmt: skip


def service_sheet(tx: Transaction, service: Service, user_id: int, *, is_admin: bool) -> ServiceSheet:
    return ServiceSheet(
        service, is_admin, favourites.has(tx, user_id, service.id),
        expectation_of(tx, service.id),
    )  # fmt: skip
