"""What a customer has agreed to, held against what their order would be now.

Between Confirm and the moment of sending there may be days. Nothing is sent that was not agreed:
the claim of a queued order looks here, in its own transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from shop.access import Assortment, Billing, is_sellable
from shop.catalogue.pricing import Prices, cost_of
from shop.currencies import code_of
from shop.money import to_units
from storage.rows import Order, ServiceRow

CONFIRM_AGAIN = timedelta(hours=24)
HOUSE_TOLERANCE = Decimal(10)


class Waiting(StrEnum):
    """Why a queued order is not sent although it is its turn: what stands in its `waiting`."""

    CHANGED = "changed"  # its service is another one by now, or costs more: the customer is asked
    GONE = "gone"  # its service is not sold any more
    HELD = "held"  # its service is held back until somebody has looked
    DEBT = "debt"  # the customer's wallet is below zero


# in the `waiting` of an order that was taken back for one that was agreed anew
REPLACED = "replaced"

# What a customer is asked about; the others may pass by themselves, too, but nobody can confirm
# them.
ASKED = frozenset({Waiting.CHANGED, Waiting.GONE, Waiting.DEBT})


@dataclass(frozen=True, slots=True)
class Agreement:
    """How what was agreed is judged. `account` is the provider account that orders are sent to.

    `tolerance`: percent by which the cost may have risen where the house pays. `asked_for`: how
    long an order waits for its customer before the money goes back.
    """

    account: str = ""
    assortment: Assortment = field(default_factory=Assortment)
    prices: Prices = field(default_factory=Prices)
    currency: Callable[[], str] | None = None
    tolerance: Decimal = HOUSE_TOLERANCE
    asked_for: timedelta = CONFIRM_AGAIN

    def broken(self, order: Order, service: ServiceRow | None, balance: int) -> Waiting | None:
        """Return why an order must not be sent now; None where all is as it was agreed.

        `balance` in millionths.
        """
        if (
            service is None
            or service.hidden_at is not None
            or not self.assortment.sells(service.category)
        ):
            return Waiting.GONE
        if order.billing == Billing.WALLET and balance < 0:
            return Waiting.DEBT
        if service.held_at is not None:
            return Waiting.HELD
        if not is_sellable(service):
            return Waiting.GONE
        if not self._is_the_same(order, service) or self._costs_more(order, service):
            return Waiting.CHANGED
        return None

    def _is_the_same(self, order: Order, service: ServiceRow) -> bool:
        return (
            order.account == self.account
            and order.service_name == service.name
            and order.service_type == service.type
            and order.service_category in ("", service.category)  # from before it was kept
            and (self.currency is None or code_of(order.currency) == code_of(self.currency()))
        )

    def _costs_more(self, order: Order, service: ServiceRow) -> bool:
        """Return whether the provider asks more than was paid.

        What was sold below cost knowingly may cost as much.
        """
        cost = cost_of(service, order.quantity)
        if order.billing != Billing.WALLET:
            return cost > order.cost * (1 + self.tolerance / 100)
        agreed = max(order.price, to_units(order.cost * order.exchange))
        return to_units(cost * self.prices.exchange) > agreed
