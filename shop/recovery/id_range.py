"""The ids between the last order known before a lost one and the first known after it.

Where a provider numbers its orders one after another, the lost one is among them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from storage.engine import Transaction
from storage.queries import recovery
from storage.queries.recovery import Neighbour
from storage.rows import Order

# an `add` whose answer got lost may be taken, or shown by `status`, only then
LATE = timedelta(minutes=2)
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")  # what does not start with 0 is written in one way only
_FARTHEST = 5000  # ids of one gap that are thought about; asked are far fewer


@dataclass(frozen=True, slots=True)
class IdRange:
    """Ids above `last` and below `first`; None where nothing is known on that side.

    Of the orders sent after the lost one became unknown, `after` is the smallest id and `top` the
    greatest; `first` is that of a later one where the provider may have been late. `near`: where in
    it the order should be, by the times of its neighbours. `opened_at`: when `last` was known;
    `closed_at`: when `first` was: what was sent later is not in the gap. `why` it can't be
    searched: `words` (ids are no numbers), `disorder` (they don't grow with time), `nothing` (no id
    is known before or after), `off` (the operator does not want it), or empty.
    """

    last: int | None = None
    first: int | None = None
    after: int | None = None
    top: int | None = None
    near: int = 0
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    why: str = ""

    def has(self, provider_order_id: str) -> bool:
        """Return whether the order may have this id; what can't be searched excludes nothing."""
        number = number_of(provider_order_id)
        if number is None or self.why:
            return True
        return (self.last is None or number > self.last) and (
            self.first is None or number < self.first
        )

    def ids(self, ahead: int) -> list[str]:
        """List the ids to ask for, the most likely first; `ahead` of them where there is no end."""
        end = (
            self.first if self.first is not None else max(self.last or 0, self.top or 0) + ahead + 1
        )
        start = self.last if self.last is not None else max(end - ahead - 1, 0)
        return [str(number) for number in islice(_outward(self.near, start, end), _FARTHEST)]

    def is_all(self, ids: Sequence[str]) -> bool:
        """Return whether a list of its ids is the whole gap."""
        return self.first is None or self.last is None or len(ids) >= self.first - self.last - 1

    def inner(self, ids: Iterable[str]) -> list[str]:
        """Return those of these between the orders known right before and right after."""
        if self.last is None or self.after is None:
            return []
        return [key for key in ids if self.last < (number_of(key) or 0) < self.after]

    @property
    def size(self) -> int | None:
        """How many ids are between the orders known right before and right after."""
        return None if self.last is None or self.after is None else self.after - self.last - 1

    @property
    def control(self) -> str | None:
        """An id that the provider is known to know."""
        known = self.last if self.last is not None else self.first
        return None if known is None else str(known)


def number_of(provider_order_id: str) -> int | None:
    return int(provider_order_id) if _NUMBER.fullmatch(provider_order_id) else None


def gap_of(tx: Transaction, order: Order, since: datetime, *, late: bool) -> IdRange:
    """Find the gap of an order that is unknown `since` then.

    `late`: the provider may have taken it only some time after the connection was lost.
    """
    sent_at = order.submitted_at or order.created_at
    before = recovery.known_by(tx, sent_at, order.account)
    after = recovery.sent_after(tx, since + LATE if late else since, order.account)
    later = after if not late else recovery.sent_after(tx, since, order.account)
    lower, upper = _numbers(before), _numbers(after)
    seen = _numbers(later)
    next_id, top = min(seen, default=None), max(seen, default=None)
    if not lower and not upper:
        return IdRange(why="words" if before or after else "nothing")
    last, first = max(lower, default=None), min(upper, default=None)
    if last is not None and next_id is not None and next_id <= last:
        return IdRange(last, first, next_id, top, why="disorder")
    closing = next((one for one in after if number_of(one.provider_order_id) == first), None)
    near = _near(lower.get(last) if last else None, closing, last, first, sent_at)
    opened_at = None if last is None else lower[last].known_at
    return IdRange(
        last, first, next_id, top, near, opened_at, None if closing is None else closing.known_at
    )


def _numbers(neighbours: Iterable[Neighbour]) -> dict[int, Neighbour]:
    found = ((number_of(one.provider_order_id), one) for one in neighbours)
    return {number: one for number, one in found if number is not None}


def _near(
    before: Neighbour | None,
    after: Neighbour | None,
    last: int | None,
    first: int | None,
    sent_at: datetime,
) -> int:
    """Guess the id by the time: a busy provider gives out thousands between two of our orders."""
    if last is None or first is None:
        return (first or 0) - 1 if last is None else last + 1
    begin = sent_at if before is None else before.known_at
    end = sent_at if after is None or after.sent_at is None else after.sent_at
    share = (sent_at - begin) / (end - begin) if end > begin else 0.0
    return last + 1 + int((first - last - 1) * min(max(share, 0.0), 1.0))


def _outward(near: int, start: int, end: int) -> Iterator[int]:
    """Return the numbers between `start` and `end`, both excluded, from `near` outward."""
    near = min(max(near, start + 1), end - 1)
    for distance in range(max(end - near, near - start)):
        if start < near + distance < end:
            yield near + distance
        if distance and start < near - distance < end:
            yield near - distance
