"""A clock that was ahead for a moment hides nothing: what it wrote is found, put right, and said once to the admins."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from shop import brake, limits, notices
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.notices import Kind
from storage import Database
from storage.ahead import Longest, put_right

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
_TOLD_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockWatch:
    """`longest` says how far ahead each kind of time can be. Its step also forgets what counts against no limit."""

    database: Database
    longest: Longest
    admins: Collection[int]
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now

    async def step(self) -> None:
        now = self.clock()
        async with self.database.write() as connection:
            rows = await brake.put_right(connection, now) + await put_right(connection, self.longest, now)
            if rows:
                log.warning("a clock was ahead: times in the future were put right, rows: %s", rows)
                await notices.alert_once(connection, self.admins, Kind.CLOCK_AHEAD, now, rows=rows)
            else:
                await notices.alert_over(connection, Kind.CLOCK_AHEAD, given_before=now - _TOLD_AGAIN)
            await limits.forget(connection, now)
        if rows:
            self.bells.ring_all()
