"""Removes what is over, a batch at a time: what was said, and drafts that came to nothing."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from shop.clock import Clock, utc_now
from storage import Database, pruning

log = logging.getLogger(__name__)

PAUSE_SECONDS = 3600.0
_BATCH = 500  # rows: less than 50 ms of the writer's time


@dataclass(frozen=True, slots=True)
class Pruner:
    """`keep`: how long what is over stays. Orders, money, and what was found out about them stay for good."""

    database: Database
    keep: timedelta
    clock: Clock = utc_now

    async def step(self) -> bool:
        """Remove a batch of each kind; True while there may be more."""
        now = self.clock()
        before = now - self.keep
        said = await self.database.write(pruning.notices_said, before, _BATCH)
        drafts = await self.database.write(pruning.drafts_left, before, _BATCH, now)
        if said or drafts:
            log.debug("removed %s notices, and looked at %s drafts", said, drafts)
        return _BATCH in {said, drafts}
