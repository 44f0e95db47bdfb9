"""The time, in one place, so that tests can move it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def has_passed(since: datetime, wait: timedelta, now: datetime) -> bool:
    """Return whether `wait` has passed since then.

    A moment that is still to come is one of a clock that was ahead.
    """
    return not timedelta(0) <= now - since < wait
