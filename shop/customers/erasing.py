"""Bringing to its end what `/delete_me` has begun, a few hundred rows at a time.

It has begun with one transaction (shop.customers.privacy). From there it only ends: here and now,
or, where the process was killed in between, by the worker, or before the person is heard again.
"""

import logging
from dataclasses import dataclass

from shop.outbox import FOR_CUSTOMERS
from storage import Database
from storage.queries import erasing

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
_ROUNDS = 3  # something may come in while it is at it: a payment, what an order gives back


async def finish(database: Database, user_id: int) -> bool:
    """Erase somebody to the end, if that has begun; False where it has to wait: an order of theirs
    is being sent.
    """
    heir = await database.read(erasing.heir_of, user_id)
    if heir is None:
        return True
    for _ in range(_ROUNDS):
        for part in erasing.slices(user_id, heir, FOR_CUSTOMERS):
            while await database.write(part):
                pass
        if await database.write(erasing.end, user_id, heir):
            log.info("somebody was erased")
            return True
    log.warning("somebody can't be erased to the end yet")
    return False


@dataclass(frozen=True, slots=True)
class Eraser:
    """The worker that goes on where a process was killed."""

    database: Database

    async def step(self) -> None:
        for user_id in await self.database.read(erasing.begun):
            await finish(self.database, user_id)
