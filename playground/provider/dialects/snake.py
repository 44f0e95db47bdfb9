"""Snake scripts: every value a string, answered as `text/html` after some newlines."""

import json
from decimal import Decimal
from typing import Any

from playground.provider.dialects.documented import Documented
from playground.provider.orders import Snapshot
from playground.provider.refusals import Refusal
from playground.provider.reply import Reply
from playground.provider.service_types import service_type
from playground.provider.services import Raw, is_true
from playground.provider.wanted import Rules


def as_text(value: Any) -> Any:
    """The same structure with every leaf a string."""
    if isinstance(value, dict):
        return {name: as_text(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_text(one) for one in value]
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value)


class Snake(Documented):
    """No refill and no cancel; a package needs its `quantity=1`."""

    name = "snake"
    actions = Documented.actions - {"refill", "refill_status", "cancel"}
    rules = Rules(package_needs_quantity=True)
    content_type = "text/html"

    def status_text(self, status: str) -> str:
        return status.lower().replace(" ", "")

    def services(self, services: list[Raw]) -> Any:
        if not services:
            return {"status": "success", "data": "Empty Data"}
        return [self._service(raw) for raw in services]

    def _service(self, raw: Raw) -> Raw:
        label = str(raw.get("type", ""))
        kept = {
            name: value for name, value in raw.items() if name not in {"refill", "cancel", "desc"}
        }
        return kept | {
            "type": (service_type(label).label if label else label).lower().replace(" ", "_"),
            "desc": raw.get("desc", ""),
            "dripfeed": is_true(raw.get("dripfeed")),
        }

    def added(self, order: int) -> Any:
        return {"status": "success", "order": order}

    def status(self, order: Snapshot, currency: str) -> Any:
        answer = super().status(order, currency)
        if order.runs is None:
            answer["start_counter"] = answer.pop("start_count")
            if order.status == "Pending":
                answer["remains"] = "0"  # as these scripts do for an order that hasn't begun
        return answer

    def balance(self, balance: Decimal, currency: str) -> Any:
        return {"status": "success", **super().balance(balance, currency)}

    def element(self, refusal: Refusal) -> Any:
        return refusal.text

    def reply(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
        text = "\n\n" + json.dumps(as_text(body))
        return Reply(text.encode(), status, self.content_type, headers or {})
