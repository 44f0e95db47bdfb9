"""Of all processes on one database one leads: it runs the workers, and the others stand by.

It holds the lease `workers`, which its heartbeat keeps. So the lease may be short however long a
step is: who does not beat any more, because it was killed, stopped or cut off, has lost the lead
within LEASE_SECONDS, and whoever beats next has it.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from shop.clock import Clock
from storage import Database
from storage.engine import Transaction
from storage.queries import leases

log = logging.getLogger(__name__)

WORKERS = "workers"
PROCESS = "process:"  # and its name: it is there
BEAT_SECONDS = 5.0
# More than a beat and the time that a process takes to stop, in which it does not beat.
LEASE_SECONDS = 25.0
_MARGIN = timedelta(seconds=5)  # for a moment's work, and for what two machines' clocks differ by
_LAPSED_KEPT = timedelta(days=1)
_LONGEST = timedelta(minutes=5)  # that anybody takes one for


@dataclass(slots=True)
class Leadership:
    """Whether this process leads.

    `owner` is its name from its start to its end; a restart is another owner.

    `taken` is set at each beat after which it leads. `has_peers`: there are other processes, whose
    handlers write what this one's workers are to do.
    """

    database: Database
    clock: Clock
    owner: str = field(default_factory=lambda: uuid4().hex)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    has_peers: bool = False
    _until: datetime | None = None
    _steps: int = 0

    def is_held(self) -> bool:
        """Return whether this process leads, and for long enough to do something that takes a
        moment.

        A lease that ends too far ahead was taken by a clock that was ahead: the beat keeps it, or
        finds it gone.
        """
        now = self.clock()
        return (
            self._until is not None
            and not over(self._until, now, _MARGIN)
            and self._until <= now + _LONGEST
        )

    def held_in(self, tx: Transaction) -> bool:
        """Say, in the transaction of a write, whether this process leads: nobody takes the lead
        meanwhile.
        """
        return leases.held(tx, WORKERS, self.owner, self.clock())

    @contextmanager
    def step(self) -> Iterator[None]:
        """Count a step of a worker, which was begun as the leader's.

        Who has lost the lead does not take it again before all of these have ended: what they have
        in their memory may have been done by the process that led in between.
        """
        self._steps += 1
        try:
            yield
        finally:
            self._steps -= 1

    async def start(self, *, alone: bool) -> None:
        """Say that this process is there.

        `alone`: no other can be, so what is held was left behind.
        """

        def transaction(tx: Transaction) -> None:
            leases.forget_lapsed(tx, self.clock() - _LAPSED_KEPT)
            if alone:
                leases.release_others(tx, self.owner)

        await self.database.write(transaction)
        await self._beat()
        if not self.is_held():
            log.info("another process runs the workers: this one stands by")

    async def heartbeat(self) -> None:
        """Say that this process is still there, and keep the lead, or take it if nobody has it."""
        try:
            await self._beat()
        except (SQLAlchemyError, OSError) as error:
            # the next beat comes in time
            log.warning("this process could not say that it is there: %s", error)

    async def _beat(self) -> None:
        now = self.clock()
        until, latest = now + timedelta(seconds=LEASE_SECONDS), now + _LONGEST
        led, may_take = self._until is not None, not self._steps

        def transaction(tx: Transaction) -> tuple[bool, bool]:
            times = {"now": now, "until": until, "latest": latest}
            leases.take(tx, PROCESS + self.owner, self.owner, **times)
            if led:
                leads = leases.keep(tx, WORKERS, self.owner, until=until)
            else:
                leads = may_take and leases.take(tx, WORKERS, self.owner, **times)
            return leads, leases.any_of_others(tx, PROCESS, self.owner, now)

        leads, self.has_peers = await self.database.write(transaction)
        self._until = until if leads else None
        if leads:
            self.taken.set()
        if leads and not led:
            log.info("this process leads: it runs the workers")
        elif led and not leads:
            log.warning("this process was away for too long: another one runs the workers now")

    async def stop(self) -> None:
        """Give back the lead, and say that this process is not there any more: it ends in order."""
        self._until = None
        try:
            await self.database.write(leases.release_all, self.owner)
        except (SQLAlchemyError, OSError) as error:
            log.warning("what this process held could not be given back: %s", error)


def over(until: datetime, now: datetime, margin: timedelta) -> bool:
    """Return whether a lease is too close to its end to begin something that takes `margin`."""
    return now + margin >= until
