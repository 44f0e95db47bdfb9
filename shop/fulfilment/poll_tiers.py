"""How often an order is asked for: the longer it has been quiet, the more rarely."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Tier:
    """Orders quiet for at most `until` are asked every `every` ticks (of STATUS_INTERVAL)."""

    until: timedelta
    every: int


IN_WORK_TIERS = (
    Tier(timedelta(hours=1), 1),
    Tier(timedelta(hours=6), 4),
    Tier(timedelta(days=1), 20),
    Tier(timedelta(days=7), 60),
    Tier(timedelta(days=365), 240),
)
# Ended orders can reopen for a while.
ENDED_TIERS = (Tier(timedelta(hours=1), 10), Tier(timedelta(days=3), 120))


def is_turn(order_id: int, quiet: timedelta, ticks: range) -> bool:
    """Return whether the turn of an order in work, which has been quiet for so long, comes in
    `ticks`.
    """
    tier = next((tier for tier in IN_WORK_TIERS if quiet < tier.until), None)
    if tier is None or quiet < timedelta():
        return False
    return len(ticks) >= tier.every or any(
        tick % tier.every == order_id % tier.every for tick in ticks
    )


def is_turn_of_ended(order_id: int, quiet: timedelta, ticks: range) -> bool:
    """Return whether something of this order that has ended, and been quiet for so long, is asked
    for in `ticks`.

    By the order's number, as the order itself: its turns and those of its parts coincide.
    """
    tier = next((tier for tier in ENDED_TIERS if quiet <= tier.until), None)
    return tier is not None and any(tick % tier.every == order_id % tier.every for tick in ticks)
