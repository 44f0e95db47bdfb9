"""The plan of a drip-feed: how much comes when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Plan:
    """`runs` parts of `quantity` each, `interval` minutes from the beginning of one to that of the
    next.
    """

    runs: int
    quantity: int
    interval: int

    @property
    def total(self) -> int:
        return self.runs * self.quantity

    @property
    def minutes(self) -> int:
        """Count the minutes from the first part's beginning to the last one's."""
        return (self.runs - 1) * self.interval

    def last_begins(self, start: datetime) -> datetime:
        """Return when about the last part begins: the provider keeps the time, not we."""
        return start + timedelta(minutes=self.minutes)


def plan_of(fields: Mapping[str, Any]) -> Plan | None:
    """Return the plan that the answers make; None where everything comes at once, or not all is
    known.
    """
    runs, quantity, interval = fields.get("runs"), fields.get("quantity"), fields.get("interval")
    return Plan(int(runs), int(quantity), int(interval)) if runs and quantity and interval else None
