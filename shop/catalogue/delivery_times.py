"""What the shop's own history says about a service: how long its orders take, and how they end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries.statistics import Ended, latest_ended

_LATEST = 200
LEAST = 5  # fewer say nothing; that goes for each figure


@dataclass(frozen=True, slots=True)
class Expectation:
    """Of `orders` ended orders: times from sending until begin and end, and shares from 0 to 1."""

    orders: int
    start_median: timedelta | None
    start_most: timedelta | None  # nine in ten begin within this
    end_median: timedelta | None
    end_most: timedelta | None
    completed: float
    refunded: float


def expectation_of(tx: Transaction, service_id: int) -> Expectation | None:
    """Look at the service's latest ended orders; None while there are too few to say anything."""
    return summary(latest_ended(tx, service_id, limit=_LATEST))


def summary(ended: Sequence[Ended]) -> Expectation | None:
    """Sum up ended orders.

    Times are of those that were begun, and ended as completed; parents' plans decide theirs.
    """
    if len(ended) < LEAST:
        return None
    timed = [
        order for order in ended if not order.untimed and order.state is not OrderState.REJECTED
    ]
    starts = _times(order.began_after for order in timed)
    ends = _times(order.ended_after for order in timed if order.state is OrderState.COMPLETED)
    return Expectation(
        len(ended),
        _rank(starts, 50),
        _rank(starts, 90),
        _rank(ends, 50),
        _rank(ends, 90),
        completed=sum(order.state is OrderState.COMPLETED for order in ended) / len(ended),
        refunded=sum(order.refunded > 0 for order in ended) / len(ended),
    )


def _times(seconds: Iterable[float | None]) -> list[float]:
    return sorted(max(one, 0.0) for one in seconds if one is not None)


def _rank(times: Sequence[float], percent: int) -> timedelta | None:
    """Return the nearest-rank percentile of sorted seconds; None where there are too few."""
    return (
        timedelta(seconds=times[-(-len(times) * percent // 100) - 1])
        if len(times) >= LEAST
        else None
    )
