"""The documented dialect, and the shape that the other three vary."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from playground.provider.money import plain
from playground.provider.orders import Snapshot
from playground.provider.refills import Refill
from playground.provider.refusals import Refusal
from playground.provider.reply import Reply
from playground.provider.services import Raw
from playground.provider.wanted import Rules, number

# For each id as it was sent: what became of it.
Each = Sequence[tuple[str, Any]]
ALL_ACTIONS = frozenset(
    {"services", "add", "status", "refill", "refill_status", "cancel", "balance"}
)


def as_sent(text: str) -> int | str:
    """An id goes back as a number when it is one."""
    return text if number(text) is None else int(text)


class Documented:
    """Title Case types, `{"error": ...}` with HTTP 200, ids as numbers, amounts and counts as
    strings.
    """

    name = "documented"
    actions = ALL_ACTIONS
    takes_many = True  # `orders=` and `refills=`
    rules = Rules()
    content_type = "application/json"

    def order_id(self, order: int) -> int | str:
        return order

    def refill_id(self, refill: int) -> int | str:
        return refill

    def status_text(self, status: str) -> str:
        return status

    def services(self, services: list[Raw]) -> Any:
        return services

    def added(self, order: int) -> Any:
        return {"order": self.order_id(order)}

    def status(self, order: Snapshot, currency: str) -> Any:
        if order.runs is not None:
            return self.parent(order)
        return {
            "charge": plain(order.charge),
            "start_count": str(order.start_count or 0),
            "status": self.status_text(order.status),
            "remains": str(order.remains),
            "currency": currency,
        }

    def parent(self, order: Snapshot) -> Any:
        """A drip-feed or a subscription names its runs and children, no charge and no remains."""
        return {
            "status": self.status_text(order.status),
            "runs": str(order.runs),
            "orders": [self.order_id(child) for child in order.children],
        }

    def statuses(self, found: Each, currency: str) -> Any:
        """`found` holds a `Snapshot` or a `Refusal` for each id."""
        return {
            sent: self.element(one) if isinstance(one, Refusal) else self.status(one, currency)
            for sent, one in found
        }

    def refilled(self, refill: Refill) -> Any:
        return {"refill": str(self.refill_id(refill.number))}

    def refills(self, asked: Each) -> Any:
        """`asked` holds a `Refill` or a `Refusal` for each order id."""
        return [
            {
                "order": as_sent(sent),
                "refill": self.element(one)
                if isinstance(one, Refusal)
                else self.refill_id(one.number),
            }
            for sent, one in asked
        ]

    def refill_status(self, status: str) -> Any:
        return {"status": status}

    def refill_statuses(self, found: Each) -> Any:
        """`found` holds a status text or a `Refusal` for each refill id."""
        return [
            {
                "refill": as_sent(sent),
                "status": self.element(one) if isinstance(one, Refusal) else one,
            }
            for sent, one in found
        ]

    def canceled(self, asked: Each) -> Any:
        """`asked` holds None or a `Refusal` for each order id."""
        return [
            {"order": as_sent(sent), "cancel": self.element(one) if one else 1}
            for sent, one in asked
        ]

    def balance(self, balance: Decimal, currency: str) -> Any:
        return {"balance": plain(balance), "currency": currency}

    def element(self, refusal: Refusal) -> Any:
        """The refusal of one id among many."""
        return {"error": refusal.text}

    def error(self, refusal: Refusal) -> tuple[int, Any]:
        """HTTP code and body of a refused call."""
        return refusal.http or 200, {"error": refusal.text}

    def reply(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
        return Reply(json.dumps(body).encode(), status, self.content_type, headers or {})
