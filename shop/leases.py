"""Leases: one process at a time does a thing, and who was away for too long finds out before it goes on."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from shop.clock import Clock, utc_now
from storage import Database, leases
from storage.engine import Connection, to_the_end

log = logging.getLogger(__name__)

PROCESS = "process:"
BEAT_SECONDS = 5.0
ALIVE_SECONDS = 20.0  # a process that has not said so for that long is not counted any more
_LAPSED_KEPT = timedelta(days=1)


@dataclass(slots=True)
class Leases:
    """What this process holds. `owner` is its name from its start to its end; a restart is another owner."""

    database: Database
    clock: Clock = utc_now
    owner: str = field(default_factory=lambda: uuid4().hex)

    async def take(self, names: Iterable[str], seconds: float) -> set[str]:
        """Take, or keep for longer, those of these that no other process holds; give their names."""
        now = self.clock()
        async with self.database.write() as connection:
            return await leases.take(
                connection, names, self.owner, now=now, until=now + timedelta(seconds=seconds),
            )  # fmt: skip

    async def release(self, names: Iterable[str]) -> None:
        async with self.database.write() as connection:
            await leases.release(connection, list(names), self.owner)

    async def still(self, connection: Connection, names: Iterable[str]) -> bool:
        """Say, in the transaction of a write, whether this process still holds these: nobody takes them meanwhile."""
        return await leases.holds(connection, list(names), self.owner, self.clock())

    @asynccontextmanager
    async def alone(self, name: str, seconds: float) -> AsyncIterator[bool]:
        """Do something that one process does at a time; False where another is at it."""
        taken = bool(await self.take([name], seconds))
        try:
            yield taken
        finally:
            if taken:
                await to_the_end(self.release([name]))

    def only_here(
        self, name: str, seconds: float, step: Callable[[], Awaitable[object]]
    ) -> Callable[[], Awaitable[object]]:
        """Make a worker's step one that another process does not do at the same time."""

        async def guarded() -> object:
            async with self.alone(name, seconds) as mine:
                if not mine:
                    log.debug("%s is done by another process", name)
                    return False
                return await step()

        return guarded

    async def beat(self) -> None:
        """Say that this process is there, and forget who has not been for long."""
        now = self.clock()
        async with self.database.write() as connection:
            await leases.take(
                connection, [PROCESS + self.owner], self.owner, now=now, until=now + timedelta(seconds=ALIVE_SECONDS),
            )  # fmt: skip
            await leases.forget_lapsed(connection, now - _LAPSED_KEPT)

    async def processes(self) -> int:
        """Count the processes that are there, this one included."""
        async with self.database.read() as connection:
            there = await leases.alive(connection, PROCESS, self.clock())
        return len({PROCESS + self.owner, *there})

    async def leave(self) -> None:
        """Give back whatever this process holds: it ends in order."""
        async with self.database.write() as connection:
            await leases.release_all(connection, self.owner)


def over(until: datetime, now: datetime, margin: timedelta) -> bool:
    """Say whether a lease is too close to its end to begin something that takes `margin`."""
    return now + margin >= until
