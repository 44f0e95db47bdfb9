"""Each update is handled once, and each person's in order, however many processes Telegram's requests come to.

Telegram sends an update again until it is answered, to whichever process the address leads to.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.types import Update
from sqlalchemy.exc import SQLAlchemyError

from shop.clock import Clock, utc_now
from storage import Database, updates
from storage.engine import to_the_end
from storage.updates import Claim

log = logging.getLogger(__name__)

# At a stop the claims are not kept any longer, and handlers get 19 seconds to end.
CLAIM_SECONDS = 30.0
KEEP_SECONDS = 5.0
FORGET_SECONDS = 3600.0
_LOOK_SECONDS = 0.1
_LOOKS = 50  # five seconds for an older update to end; after that Telegram brings this one again
_REMEMBERED = timedelta(days=2)  # Telegram keeps an update for one


class ComeAgainError(Exception):
    """An update can't be handled now: Telegram is to send it again."""


class Once:
    """Claims an update before it is handled. `owner` is this process's name.

    `closed`: nothing new is begun.
    """

    def __init__(self, database: Database, owner: str, clock: Clock = utc_now) -> None:
        self._database, self._owner, self._clock = database, owner, clock
        self._under_way: set[int] = set()
        self._unwritten: set[int] = set()  # handled, but the database did not take it
        self.closed = False

    async def arrive(self) -> None:
        """Take over from the dead: an SQLite file has one process, so what is begun there is begun by nobody."""
        if self._database.is_sqlite:
            async with self._database.write() as connection:
                await updates.free_all(connection)

    async def handle(self, update: Update, work: Callable[[], Awaitable[object]]) -> bool:
        """Do the work of an update; False where that was done before. Raises ComeAgainError, and what `work` raises."""
        number = update.update_id
        if number in self._unwritten:
            return False
        if self.closed or number in self._under_way:
            raise ComeAgainError
        self._under_way.add(number)
        try:
            return await self._claimed(update, work)
        finally:
            self._under_way.discard(number)

    async def _claimed(self, update: Update, work: Callable[[], Awaitable[object]]) -> bool:
        number, user_id = update.update_id, UserContextMiddleware.resolve_event_context(update).user_id
        now = self._clock()
        async with self._database.write() as connection:
            claim = await updates.claim(
                connection, number, user_id, self._owner, now=now, until=now + timedelta(seconds=CLAIM_SECONDS),
            )  # fmt: skip
        if claim is Claim.DONE:
            return False
        if claim is Claim.BUSY:
            raise ComeAgainError
        try:
            if user_id is not None and update.pre_checkout_query is None:  # Telegram waits 10 s for that answer
                await self._turn(number, user_id)
            await work()
        except BaseException:
            await to_the_end(self._give_back(number))
            raise
        await to_the_end(self._done(number))
        return True

    async def _turn(self, number: int, user_id: int) -> None:
        """Wait until nobody is at an older update of this person."""
        for _ in range(_LOOKS):
            if not await self._waits(number, user_id):
                return
            await asyncio.sleep(_LOOK_SECONDS)
            if self.closed:
                break
        raise ComeAgainError

    async def _waits(self, number: int, user_id: int) -> bool:
        async with self._database.read() as connection:
            return await updates.waits(connection, number, user_id, self._clock())

    async def _done(self, number: int) -> None:
        """Note it. Where the database can't, that is done later: the update must not be handled again for that."""
        try:
            await self._write_done({number})
        except (SQLAlchemyError, OSError):
            log.exception("update %s is handled, but can't be noted yet", number)
            self._unwritten.add(number)

    async def _write_done(self, numbers: set[int]) -> None:
        async with self._database.write() as connection:
            await updates.done(connection, numbers, self._owner, self._clock())

    async def _give_back(self, number: int) -> None:
        try:
            async with self._database.write() as connection:
                await updates.give_back(connection, number, self._owner)
        except (SQLAlchemyError, OSError):
            log.exception("update %s can't be given back; it is free in %.0f s", number, CLAIM_SECONDS)

    async def keep(self) -> None:
        """Hold what is under way for longer, and note what could not be noted."""
        unwritten, held = set(self._unwritten), self._under_way | self._unwritten
        if not held:
            return
        now = self._clock()
        async with self._database.write() as connection:
            await updates.done(connection, unwritten, self._owner, now)
            await updates.keep(connection, held, self._owner, now + timedelta(seconds=CLAIM_SECONDS))
        self._unwritten -= unwritten

    async def forget(self) -> None:
        """Remove what Telegram will never send again."""
        async with self._database.write() as connection:
            await updates.forget(connection, self._clock() - _REMEMBERED)
