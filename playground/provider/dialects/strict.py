"""Strict rewrites: real HTTP codes, machine-readable codes beside the sentence, ids that are
text.
"""

from typing import Any
from uuid import uuid4

from playground.provider.dialects.documented import Documented
from playground.provider.money import plain
from playground.provider.orders import Snapshot
from playground.provider.refusals import Refusal, Why
from playground.provider.services import Raw

HTTP = {
    Why.BAD_KEY: 401,
    Why.NO_FUNDS: 402,
    Why.BAD_ORDER: 404,
    Why.BAD_REFILL: 404,
    Why.BAD_SERVICE: 404,
    Why.BAD_METHOD: 405,
    Why.TOO_MANY_IDS: 413,
    Why.BAD_LINK: 422,
    Why.BAD_FIELD: 422,
    Why.TOO_FEW: 422,
    Why.TOO_MANY: 422,
    Why.RATE_LIMIT: 429,
    Why.OUT_OF_ORDER: 500,
}
_TEXTS = {
    "Pending": "QUEUED",
    "Processing": "PROCESSING",
    "In progress": "IN_PROGRESS",
    "Completed": "COMPLETED",
    "Partial": "PARTIAL",
    "Canceled": "CANCELLED",
    "Active": "ACTIVE",
}


class Strict(Documented):
    """Order ids are `ord_` and digits, refill ids `rfl_` and digits; `start_count` is null at
    first.
    """

    name = "strict"

    def order_id(self, order: int) -> str:
        return f"ord_{order:012d}"

    def refill_id(self, refill: int) -> str:
        return f"rfl_{refill:012d}"

    def status_text(self, status: str) -> str:
        return _TEXTS.get(status, status)

    def services(self, services: list[Raw]) -> Any:
        return [raw | {"service": str(raw["service"])} for raw in services]

    def status(self, order: Snapshot, currency: str) -> Any:
        if order.runs is not None:
            return self.parent(order)
        return {
            "order": self.order_id(order.number),
            "charge": plain(order.charge),
            "start_count": order.start_count,
            "status": self.status_text(order.status),
            "remains": order.remains,
            "currency": currency,
        }

    def element(self, refusal: Refusal) -> Any:
        return {"error": refusal.text, "code": refusal.why.name.lower()}

    def error(self, refusal: Refusal) -> tuple[int, Any]:
        status = refusal.http or HTTP.get(refusal.why, 400)
        return status, self.element(refusal) | {"request_id": f"req_{uuid4().hex[:12]}"}
