"""Removes what is over, a batch at a time: what was said, drafts that came to nothing, how ended
orders came about.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from shop.clock import Clock
from storage import Database
from storage.queries import pruning, updates

log = logging.getLogger(__name__)

PAUSE_SECONDS = 3600.0
_BATCH = 500  # rows: less than 50 ms of the writer's time
_ORDERS = 50  # each with a dozen rows
_UPDATES = timedelta(days=2)  # Telegram sends one again for a day at most


@dataclass(frozen=True, slots=True)
class Pruner:
    """`keep`: how long what is over stays; `history`: how long an ended order, or a service, says
    how it came about.

    Orders and money stay for good, and so does what ended an order, and what an admin has decided
    about it.
    """

    database: Database
    keep: timedelta
    history: timedelta
    clock: Clock

    async def step(self) -> bool:
        """Remove a batch of each kind; True while there may be more."""
        now, write = self.clock(), self.database.write
        before = now - self.keep
        removed = {
            "notices": await write(pruning.notices_said, before, _BATCH),
            "drafts": await write(pruning.drafts_left, before, _BATCH, now),
            "conversations": await write(pruning.conversations_quiet, before, _BATCH),
            "changes of services": await write(
                pruning.changes_of_services, now - self.history, _BATCH
            ),
            "updates": await write(updates.forget, now - _UPDATES, _BATCH),
        }
        orders = await write(pruning.orders_ended, now - self.history, _ORDERS, now)
        if orders or any(removed.values()):
            log.debug("removed, or looked at: %s, orders %s", removed, orders)
        return orders == _ORDERS or any(count >= _BATCH for count in removed.values())
