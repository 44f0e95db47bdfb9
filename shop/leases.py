"""Leases: one process at a time does a thing, and who was away for too long finds out before it goes on.

What a process holds is kept by its beat, so a lease may be short however long the work is: who does not beat any
more, because it was killed, stopped or cut off, has lost everything within LEASE_SECONDS.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from shop.clock import Clock, utc_now
from storage import Database, leases
from storage.engine import Transaction, to_the_end

log = logging.getLogger(__name__)

PROCESS = "process:"
BEAT_SECONDS = 5.0
# More than a beat and the time that a process takes to stop, in which it does not beat.
LEASE_SECONDS = 25.0
_MARGIN = timedelta(seconds=5)  # for a moment's work, and for what two machines' clocks differ by
_LAPSED_KEPT = timedelta(days=1)
_LONGEST = timedelta(minutes=5)  # that anybody takes one for


@dataclass(slots=True)
class Leases:
    """What this process holds. `owner` is its name from its start to its end; a restart is another owner."""

    database: Database
    clock: Clock = utc_now
    owner: str = field(default_factory=lambda: uuid4().hex)
    _kept: dict[str, datetime] = field(default_factory=dict)  # what the beat keeps, and until when
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # a beat must not bring back what is being given back

    async def take(self, names: Iterable[str], seconds: float = LEASE_SECONDS) -> set[str]:
        """Take those of these that no other process holds; give their names. They are kept until released."""
        async with self._turn:
            return await self._take(names, seconds)

    async def _take(self, names: Iterable[str], seconds: float) -> set[str]:
        now = self.clock()
        until, wanted = now + timedelta(seconds=seconds), set(names)
        taken = await self.database.write(leases.take, wanted, self.owner, now=now, until=until)
        for name in wanted:
            self._kept.pop(name, None)
        self._kept |= dict.fromkeys(taken, until)
        return taken

    async def release(self, names: Collection[str]) -> None:
        async with self._turn:
            for name in names:
                self._kept.pop(name, None)
            await self.database.write(leases.release, names, self.owner)

    def sure(self, name: str) -> bool:
        """Say whether this process holds it, and for long enough to do something that takes a moment.

        One that ends too far ahead was taken by a clock that was ahead: the beat keeps it, or finds it gone.
        """
        now = self.clock()
        return name in self._kept and not over(self._kept[name], now, _MARGIN) and self._kept[name] <= now + _LONGEST

    def mine(self, tx: Transaction, names: Collection[str]) -> set[str]:
        """Give, in the transaction of a write, those that this process still holds: nobody takes them meanwhile."""
        return leases.held(tx, names, self.owner, self.clock())

    @asynccontextmanager
    async def alone(self, name: str, seconds: float = LEASE_SECONDS) -> AsyncIterator[bool]:
        """Do something that one process does at a time; False where another is at it."""
        taken = bool(await self.take([name], seconds))
        try:
            yield taken
        finally:
            if taken:
                await to_the_end(self.release([name]))

    async def arrive(self, *, everything: bool) -> None:
        """Say that this process is there. `everything`: no other can be, so what is held was left behind."""

        def transaction(tx: Transaction) -> None:
            leases.forget_lapsed(tx, self.clock() - _LAPSED_KEPT)
            if everything:
                leases.release_others(tx, self.owner)

        await self.database.write(transaction)
        await self._beat()

    async def beat(self) -> None:
        """Say that this process is still there, and keep what it holds."""
        try:
            await self._beat()
        except (SQLAlchemyError, OSError) as error:
            log.warning("this process could not say that it is there: %s", error)  # the next beat comes in time

    async def _beat(self) -> None:
        """Whatever ended while this process was away may be done by now, and given back: it is not taken up again."""
        async with self._turn:
            now = self.clock()
            until = now + timedelta(seconds=LEASE_SECONDS)
            ending = {name for name, end in self._kept.items() if end < until or end > now + _LONGEST}

            def transaction(tx: Transaction) -> set[str]:
                leases.take(tx, [PROCESS + self.owner], self.owner, now=now, until=until)
                return leases.keep(tx, ending, self.owner, until=until) if ending else set()

            kept = await self.database.write(transaction)
            self._kept |= dict.fromkeys(kept, until)
            if lost := ending - kept:
                for name in lost:
                    del self._kept[name]
                log.warning("this process was away for too long, others have taken over: %s", sorted(lost))

    async def of_others(self, prefix: str) -> set[str]:
        """Give the names that start so and are held by other processes."""
        return await self.database.read(leases.of_others, prefix, self.owner, self.clock())

    async def processes(self) -> int:
        """Count the processes that are there, this one included."""
        return 1 + len(await self.of_others(PROCESS))

    async def leave(self) -> None:
        """Give back whatever this process holds: it ends in order."""
        self._kept.clear()
        try:
            async with self._turn:
                await self.database.write(leases.release_all, self.owner)
        except (SQLAlchemyError, OSError) as error:
            log.warning("what this process held could not be given back: %s", error)


def over(until: datetime, now: datetime, margin: timedelta) -> bool:
    """Say whether a lease is too close to its end to begin something that takes `margin`."""
    return now + margin >= until
