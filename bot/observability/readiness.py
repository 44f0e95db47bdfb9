"""Whether the database does its work: it answers, and it takes a write."""

import asyncio
import time

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shop.clock import Clock
from storage import Database
from storage.queries import facts
from storage.queries.facts import Fact

_FRESH_SECONDS = 5.0
_WAIT_SECONDS = 3.0
_LAST_WAIT_SECONDS = 1.0


class DatabaseProbe:
    """Reads and writes a row, at most once in five seconds, and never keeps who asks for more than
    three.

    A full disk answers every read. The probe is a task of its own: a write that hangs in its commit
    can't be cancelled, and whoever asks meanwhile is told so instead of starting another.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._task: asyncio.Task[str] | None = None
        self._found = ""
        self._ended_at = float("-inf")

    async def objection(self) -> str:
        """Return what is wrong with the database; an empty text where nothing is."""
        if self._task is None and time.monotonic() - self._ended_at < _FRESH_SECONDS:
            return self._found
        if self._task is None:
            self._task = asyncio.create_task(self._look())  # noqa: TID251 - awaited here, or by close()
        task = self._task
        done, _ = await asyncio.wait({task}, timeout=_WAIT_SECONDS)
        return task.result() if done else "the database does not answer in time"

    async def close(self) -> None:
        """End a probe that still runs, without waiting for long."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=_LAST_WAIT_SECONDS)

    async def _look(self) -> str:
        try:
            self._found = await self._try()
        finally:
            self._ended_at = time.monotonic()
            self._task = None
        return self._found

    async def _try(self) -> str:
        try:
            await self._database.read(lambda tx: tx.execute(text("SELECT 1")))
        except (SQLAlchemyError, OSError):
            return "the database does not answer"
        try:
            await self._database.write(
                facts.touch, Fact.READY, self._clock(), older_than=_FRESH_SECONDS
            )
        except (SQLAlchemyError, OSError):
            return "the database takes no writes"
        return ""
