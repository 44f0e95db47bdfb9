"""The life of an order: what it does by itself from acceptance to its end."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from playground.provider.chance import dice


class Status(StrEnum):
    """The documented status texts."""

    PENDING = "Pending"
    PROCESSING = "Processing"
    IN_PROGRESS = "In progress"
    COMPLETED = "Completed"
    PARTIAL = "Partial"
    CANCELED = "Canceled"


# Ages in simulated seconds.
PENDING_UNTIL = 8.0
PROCESSING_UNTIL = 16.0
DELIVERED_AT = 61.0
CANCEL_TAKES = 3.0

_GOOD_ENDS = frozenset({"completed", "complete", "done", "finished", "success"})
_CANCELED = frozenset({"canceled", "cancelled", "refunded"})
_OTHER_ENDS = frozenset({"partial", "fail", "failed", "error", "expired"})


def is_over(status: str) -> bool:
    """A text that an operator forced (such as `Error`) ends an order too; an unknown one
    doesn't.
    """
    return status.lower() in _GOOD_ENDS | _CANCELED | _OTHER_ENDS


def is_canceled(status: str) -> bool:
    """The whole price comes back."""
    return status.lower() in _CANCELED


@dataclass(frozen=True, slots=True)
class Life:
    """`delivered` is what will have been delivered when it ends with `outcome` at age `end`
    (seconds).
    """

    outcome: Status
    delivered: int
    end: float = DELIVERED_AT

    def at(self, age: float) -> tuple[Status, int]:
        """Status and delivered units at an age before the end."""
        if age < PENDING_UNTIL or self.end == inf:
            return Status.PENDING, 0
        if age < PROCESSING_UNTIL:
            return Status.PROCESSING, 0
        share = (age - PROCESSING_UNTIL) / (DELIVERED_AT - PROCESSING_UNTIL)
        return Status.IN_PROGRESS, int(self.delivered * min(share, 1.0))


class Nature(StrEnum):
    """How the orders of a service end."""

    USUAL = "usual"  # 92 in 100 completed, 5 partial, 3 canceled, fixed by the order's number
    STEADY = "steady"  # always completed
    PARTIAL = "partial"
    CANCELED = "canceled"
    STUCK = "stuck"  # stays pending for ever


def life_of(nature: Nature, quantity: int, *, seed: int, number: int) -> Life:
    chance = dice(seed, "order", number)
    fate = chance.random()
    if nature is Nature.STUCK:
        return Life(Status.COMPLETED, quantity, end=inf)
    if nature is Nature.CANCELED or (nature is Nature.USUAL and fate < 0.03):
        return Life(Status.CANCELED, 0, end=PROCESSING_UNTIL)
    # A single unit has no part of it.
    if quantity > 1 and (nature is Nature.PARTIAL or (nature is Nature.USUAL and fate < 0.08)):
        return Life(
            Status.PARTIAL, min(quantity - 1, max(1, int(quantity * chance.uniform(0.4, 0.9))))
        )
    return Life(Status.COMPLETED, quantity)
