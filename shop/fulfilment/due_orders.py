"""Which orders a sweep asks for, read a page at a time: a hundred thousand of them are never in
memory at once.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shop.fulfilment.poll_tiers import ENDED_TIERS, IN_WORK_TIERS, Tier, is_turn
from storage import Database
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.queries import orders
from storage.queries.orders import Due
from storage.schema.types import time_of

# rows: some 5 ms of a reader's thread, or of the loop's where PostgreSQL is behind it
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class _Window:
    """Orders in one state that have been quiet for as long as one tier has it."""

    state: OrderState
    after: datetime
    until: datetime
    every: int


@dataclass(slots=True)
class DueOrders:
    """The orders whose turn comes in `ticks`, each once; those that change later than `now` are
    left to the next sweep.

    Ended ones come first: what ends while the others are asked for is not asked for again.
    """

    database: Database
    account: str
    ticks: range
    now: datetime
    taken: int = 0
    _read: deque[Due] = field(default_factory=deque)
    _windows: deque[_Window] = field(init=False)
    _behind: Due | None = None
    _parents: frozenset[int] | None = None
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        ended, in_work = sorted(ENDED_AT_PROVIDER), sorted(AT_PROVIDER)
        self._windows = deque(
            [*_windows(ended, ENDED_TIERS, self.now), *_windows(in_work, IN_WORK_TIERS, self.now)]
        )

    async def take(self, count: int) -> list[Due]:
        """Return the next ones, as many as `count` while there are so many; none when all were
        given.
        """
        async with self._reading:
            while len(self._read) < count and (self._parents is None or self._windows):
                await self._read_on()
            batch = [self._read.popleft() for _ in range(min(count, len(self._read)))]
        self.taken += len(batch)
        return batch

    async def _read_on(self) -> None:
        if self._parents is None:
            # Ended parents whose parts have not ended are still in work: their money waits for
            # these.
            parents = await self.database.read(orders.unfinished, self.account)
            found = [
                row
                for row in parents
                if is_turn(row.id, self.now - time_of(row.changed_at), self.ticks)
            ]
            self._parents = frozenset(row.id for row in found)
            self._read.extend(found)
        else:
            page = await self.database.read(self._page, list(self._windows), self._behind)
            for _ in range(page.windows):
                self._windows.popleft()
            self._behind = page.behind
            self._read.extend(row for row in page.rows if row.id not in self._parents)

    def _page(self, tx: Transaction, windows: Sequence[_Window], behind: Due | None) -> "_Page":
        """Read on in the first of the windows, and in those that follow while there is room."""
        rows: list[Due] = []
        for done, window in enumerate(windows):
            room = _PAGE - len(rows)
            found = orders.due_for_poll(
                tx,
                [window.state],
                after=window.after,
                until=window.until,
                every=window.every,
                ticks=self.ticks,
                account=self.account,
                behind=behind,
                limit=room,
            )
            rows += found
            if len(found) == room:
                return _Page(rows, done, rows[-1])
            behind = None
        return _Page(rows, len(windows), None)


@dataclass(frozen=True, slots=True)
class _Page:
    """`rows`, how many `windows` were read to their ends, and the row `behind` which the next one
    goes on.
    """

    rows: Sequence[Due]
    windows: int
    behind: Due | None


def _windows(
    states: Sequence[OrderState], tiers: Sequence[Tier], now: datetime
) -> Iterator[_Window]:
    for state in states:
        until = now
        for tier in tiers:
            yield _Window(state, now - tier.until, until, tier.every)
            until = now - tier.until
