"""Each update is handled once, and each person's in order, however many processes Telegram's
requests come to.

Telegram sends an update again until it is answered, to whichever process the address leads to.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.types import Update
from sqlalchemy.exc import SQLAlchemyError

from bot.middlewares.fair_queue import FairQueue, Place, Share
from bot.middlewares.fair_turns import place_for
from shop.clock import Clock
from storage import Database
from storage.engine import Transaction, shield_to_completion
from storage.queries import updates
from storage.queries.updates import Claim

log = logging.getLogger(__name__)

# At a stop the claims are not kept any longer, and handlers get 19 seconds to end.
CLAIM_SECONDS = 30.0
KEEP_SECONDS = 5.0
_LOOK_SECONDS = 0.1
# five seconds for an older update to end elsewhere; after that Telegram brings this one again
_LOOKS = 50
_LINE_SECONDS = 25.0  # for those that came here: Telegram's request runs out after a minute
_CLOSED_SECONDS = 0.5  # until those that wait see that nothing new is begun

Work = Callable[[Place], Awaitable[object]]  # handles an update, in the place that it has


class ComeAgainError(Exception):
    """An update can't be handled now: Telegram is to send it again."""


class UpdateInbox:
    """Claims an update before it is handled. `owner` is this process's name.

    `closed`: nothing new is begun. What `queue` refuses is handled at once: its handling is to say
    so. It is done then, as any other, and never comes again.
    """

    def __init__(self, database: Database, owner: str, queue: FairQueue, clock: Clock) -> None:
        self._database, self._owner, self._queue, self._clock = database, owner, queue, clock
        self._under_way: set[int] = set()
        self._unwritten: set[int] = set()  # handled, but the database did not take it
        self.closed = False

    async def arrive(self) -> None:
        """Take over from the dead: an SQLite file has one process, so what is begun there is begun
        by nobody.
        """
        if self._database.is_sqlite:
            await self._database.write(updates.free_all)

    async def handle(self, update: Update, work: Work) -> bool:
        """Do the work of an update; False where that was done before.

        Raises ComeAgainError, and what `work` raises.
        """
        number = update.update_id
        if number in self._unwritten:
            return False
        if self.closed or number in self._under_way:
            raise ComeAgainError
        self._under_way.add(number)
        try:
            with place_for(self._queue, update) as place:
                return await self._claimed(update, place, work)
        finally:
            self._under_way.discard(number)

    async def _claimed(self, update: Update, place: Place, work: Work) -> bool:
        number, user_id = (
            update.update_id,
            UserContextMiddleware.resolve_event_context(update).user_id,
        )
        now = self._clock()
        claim = await self._database.write(
            updates.claim,
            number,
            user_id,
            self._owner,
            now=now,
            until=now + timedelta(seconds=CLAIM_SECONDS),
        )
        if claim is Claim.DONE:
            return False
        if claim is Claim.BUSY:
            raise ComeAgainError
        try:
            if user_id is not None and place.waits:
                await self._turn(number, user_id, place)
            await work(place)
        except BaseException:
            await shield_to_completion(self._give_back(number))
            raise
        await shield_to_completion(self._done(number))
        return True

    async def _turn(self, number: int, user_id: int, place: Place) -> None:
        """Wait until nobody is at an older update of this person: neither here nor in another
        process.
        """
        for _ in range(_LOOKS):
            await self._reach_the_front(place)
            alone = place.share is Share.URGENT or not await self._waits(number, user_id)
            if alone and place.is_first and not self.closed:
                place.take()
                return
            await asyncio.sleep(_LOOK_SECONDS)
        raise ComeAgainError

    async def _reach_the_front(self, place: Place) -> None:
        patience = self._time() + _LINE_SECONDS
        while not self.closed and self._time() < patience:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSED_SECONDS):
                    return await place.reach_the_front()
        raise ComeAgainError

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()

    async def _waits(self, number: int, user_id: int) -> bool:
        return await self._database.read(updates.waits, number, user_id, self._owner, self._clock())

    async def _done(self, number: int) -> None:
        """Note it.

        Where the database can't, that is done later: the update must not be handled again for that.
        """
        try:
            await self._write_done({number})
        except (SQLAlchemyError, OSError):
            log.exception("update %s is handled, but can't be noted yet", number)
            self._unwritten.add(number)

    async def _write_done(self, numbers: set[int]) -> None:
        await self._database.write(updates.done, numbers, self._owner, self._clock())

    async def _give_back(self, number: int) -> None:
        try:
            await self._database.write(updates.give_back, number, self._owner)
        except (SQLAlchemyError, OSError):
            log.exception(
                "update %s can't be given back; it is free in %.0f s", number, CLAIM_SECONDS
            )

    async def keep(self) -> None:
        """Hold what is under way for longer, and note what could not be noted."""
        unwritten, held = set(self._unwritten), self._under_way | self._unwritten
        if not held:
            return
        now = self._clock()

        def transaction(tx: Transaction) -> None:
            updates.done(tx, unwritten, self._owner, now)
            updates.keep(tx, held, self._owner, now + timedelta(seconds=CLAIM_SECONDS))

        await self._database.write(transaction)
        self._unwritten -= unwritten
