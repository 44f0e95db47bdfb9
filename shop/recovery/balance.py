"""What the provider's balance says of a lost order: it sank by its cost, or it did not move."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop.orders.figures import near
from shop.orders.suborders import PAID_BY_POST
from shop.provider.balance import ProviderBalance
from storage.engine import Transaction
from storage.queries import recovery
from storage.rows import Order

FOR, AGAINST = "for", "against"


@dataclass(frozen=True, slots=True)
class Readings:
    """The last balance before an order was sent, and one that was asked for after it became
    unknown.
    """

    before: ProviderBalance
    after: ProviderBalance

    @classmethod
    def of(cls, payload: dict[str, Any]) -> "Readings":
        """Read them again from the evidence that was made of them."""
        names = ("before", "after")
        before, after = (
            ProviderBalance(
                Decimal(payload[name]),
                payload["currency"],
                datetime.fromisoformat(payload[f"{name}_at"]),
            )
            for name in names
        )
        return cls(before, after)


def assess_balance(tx: Transaction, order: Order, readings: Readings) -> dict[str, Any]:
    """Return the evidence; it speaks only while nothing else of ours can have moved the balance
    between the two.

    What we learn of later, such as a refund, may silence it: it is to be weighed again.
    """
    before, after = readings.before, readings.after
    others = recovery.movers(tx, order, before.at, after.at, PAID_BY_POST)
    return {
        "before": format(before.amount, "f"),
        "before_at": before.at.isoformat(),
        "after": format(after.amount, "f"),
        "after_at": after.at.isoformat(),
        "currency": after.currency,
        "expected": format(order.cost, "f"),
        "others": others,
        "speaks": "" if others or before.currency != after.currency else _speaks(order, readings),
    }


def _speaks(order: Order, readings: Readings) -> str:
    taken = readings.before.amount - readings.after.amount
    sank, stayed = near(taken, order.cost), taken == 0
    if sank == stayed:  # a cost below what the balance's digits show, or some other movement
        return ""
    return FOR if sank else AGAINST
