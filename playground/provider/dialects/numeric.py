"""Numeric scripts: `status` is a code, 100 for success; one id a call; flags are words."""

from decimal import Decimal
from typing import Any

from playground.provider.dialects.documented import Documented, Each
from playground.provider.orders import Snapshot
from playground.provider.refills import Refill
from playground.provider.refusals import Refusal, Why
from playground.provider.services import Raw, is_true
from playground.provider.wanted import Rules

SUCCESS = 100
# Not reliable, as in reality: 113 means two things, and some codes are numbers while others are
# strings.
CODES: dict[Why, int | str] = {
    Why.BAD_KEY: 101,
    Why.BAD_ACTION: "102",
    Why.BAD_SERVICE: "103",
    Why.BAD_ORDER: "104",
    Why.TOO_FEW: "105",
    Why.TOO_MANY: "105",
    Why.BAD_LINK: "106",
    Why.BUSY_LINK: 113,
    Why.NO_FUNDS: 113,
}
_TEXTS = {"In progress": "Inprogress", "Canceled": "Cancelled"}


class Numeric(Documented):
    """Charges are floats, comments split on commas too, a package needs `quantity=1`, cancel
    answers null.
    """

    name = "numeric"
    takes_many = False
    rules = Rules(package_needs_quantity=True, commas=True)

    def status_text(self, status: str) -> str:
        return _TEXTS.get(status, status)

    def services(self, services: list[Raw]) -> Any:
        words = {False: "false", True: "true"}
        return [
            raw | {flag: words[is_true(raw.get(flag))] for flag in ("refill", "cancel", "dripfeed")}
            for raw in services
        ]

    def added(self, order: int) -> Any:
        return {"status": SUCCESS, "order": str(order)}

    def status(self, order: Snapshot, currency: str) -> Any:
        if order.runs is not None:
            return self.parent(order)
        return {
            "status": self.status_text(order.status),
            "charge": float(order.charge),  # the noise of these floats is the point
            "start_count": order.start_count,
            "remains": order.remains,
            "currency": currency,
        }

    def refilled(self, refill: Refill) -> Any:
        return {"status": SUCCESS, "refill": str(refill.number)}

    def canceled(self, asked: Each) -> Any:  # noqa: ARG002  (the answer is the same whatever happened)
        return None

    def balance(self, balance: Decimal, currency: str) -> Any:
        return {"status": SUCCESS, **super().balance(balance, currency)}

    def error(self, refusal: Refusal) -> tuple[int, Any]:
        return refusal.http or 200, {"error": refusal.text, "status": CODES.get(refusal.why, "110")}
