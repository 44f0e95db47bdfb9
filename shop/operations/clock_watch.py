"""A clock that was ahead for a moment hides nothing: what it wrote is found, put right, and said
once to the admins.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from shop import limits, outbox
from shop.clock import Clock
from shop.outbox import Kind
from shop.outbox.payloads import ClockAheadNotice
from shop.provider import brake
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries.future_times import Longest, is_any, put_right

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
_TOLD_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockWatch:
    """`longest` says how far ahead each kind of time can be.

    Its step also forgets what counts against no limit.
    """

    database: Database
    longest: Longest
    admins: Collection[int]
    bells: Wakeups
    clock: Clock

    async def step(self) -> None:
        now = self.clock()
        wrong = await self.database.read(is_any, self.longest, now)

        def transaction(tx: Transaction) -> int:
            rows = brake.put_right(tx, now) + (put_right(tx, self.longest, now) if wrong else 0)
            if rows:
                log.warning("a clock was ahead: times in the future were put right, rows: %s", rows)
                outbox.alert_once(tx, self.admins, ClockAheadNotice(rows=rows), now)
            else:
                outbox.clear_alert(tx, Kind.CLOCK_AHEAD, given_before=now - _TOLD_AGAIN)
            limits.forget(tx, now)
            return rows

        rows = await self.database.write(transaction)
        if rows:
            self.bells.ring_all()
