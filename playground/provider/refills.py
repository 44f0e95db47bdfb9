"""Refills have a life of their own, after the order's. Times are simulated seconds."""

from dataclasses import dataclass, replace

from playground.provider.chance import dice
from playground.provider.life import Status
from playground.provider.orders import Order
from playground.provider.refusals import Refusal, Why

PENDING_UNTIL = 8.0
DONE_AT = 30.0
REJECTED_SHARE = 0.125


@dataclass(frozen=True, slots=True)
class Refill:
    """One request to deliver again what has dropped; `begun` in simulated seconds."""

    number: int
    begun: float
    outcome: str
    forced: str | None = None

    def status(self, now: float) -> str:
        if self.forced is not None:
            return self.forced
        age = now - self.begun
        if age < PENDING_UNTIL:
            return "Pending"
        return "In progress" if age < DONE_AT else self.outcome


class Refills:
    """Numbers start at 1, as in the documentation."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._refills: dict[int, Refill] = {}
        self._latest: dict[int, Refill] = {}  # by the order's number

    def ask(self, order: Order, now: float) -> Refill:
        """Raises `Refusal` unless the order is completed, its service refills, and no refill is
        under way.
        """
        latest = self._latest.get(order.number)
        if latest and latest.status(now) in {"Pending", "In progress"}:
            raise Refusal(Why.REFILL_UNDER_WAY)
        if not order.service.refill or order.series or order.state(now).status != Status.COMPLETED:
            raise Refusal(Why.NO_REFILL)
        number = len(self._refills) + 1
        rejected = dice(self._seed, "refill", number).random() < REJECTED_SHARE
        refill = Refill(number, now, "Rejected" if rejected else "Completed")
        self._refills[number] = self._latest[order.number] = refill
        return refill

    def force(self, number: int | None, status: str) -> None:
        """Puts a refill into a state and keeps it there.

        Raises `Refusal` for one that isn't there.
        """
        forced = replace(self.find(number), forced=status)
        self._refills[forced.number] = forced
        for order, latest in self._latest.items():
            if latest.number == forced.number:
                self._latest[order] = forced

    def find(self, number: int | None) -> Refill:
        refill = self._refills.get(number) if number is not None else None
        if refill is None:
            raise Refusal(Why.BAD_REFILL)
        return refill
