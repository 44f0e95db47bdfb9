"""What the provider is told once and never a second time: claimed, sent, and written down.

The row is claimed and committed *before* anything is sent, with a lease that is longer than the
call. Nothing is sent inside a transaction, and once there is an outcome no cancellation comes
between it and its row. Orders (shop.fulfilment.submission) and requests (shop.aftercare.worker) say
what is claimed, what is called and what an outcome means.
"""

import asyncio
from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Generic, TypeVar

from panel import PanelClient, PanelError, Permit, Priority, Withheld
from shop.clock import Clock
from shop.leases import over
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction, shield_to_completion

Work = TypeVar("Work")
Answer = TypeVar("Answer")

HOLD_ALL_SECONDS = 60.0  # after "bad key", and an order after "no funds"
NOT_SENT_WAIT = timedelta(seconds=15)
RATE_LIMIT_WAIT = timedelta(seconds=10)
TEMPORARY_WAIT = timedelta(seconds=60)
TEMPORARY_TOO_LONG = timedelta(hours=1)
LEASE_MARGIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Turn(Generic[Work]):
    """What came of looking for something to send.

    `work` is claimed. `is_news`: something was written; `is_held`: nothing may be sent until the
    provider has answered a read.
    """

    work: Work | None = None
    is_news: bool = False
    is_held: bool = False


class Sender(ABC, Generic[Work, Answer]):
    """The way from a claim to its outcome. `priority` is that of its calls."""

    __slots__ = ()

    priority: ClassVar[Priority]
    database: Database
    panel: PanelClient
    bells: Wakeups
    clock: Clock

    async def recover(self, *, everything: bool) -> int:
        """End what a crash left in between, and return how much that was.

        `everything`: no other process can be at work on this database.
        """
        now = self.clock()
        left = await self.database.write(self._end_abandoned, None if everything else now, now)
        if left:
            self.bells.notify.set()
        return left

    async def recover_lapsed(self) -> None:
        """End what a worker has claimed and not come back with within its lease."""
        await self.recover(everything=False)

    @abstractmethod
    async def next_turn(self) -> datetime | None:
        """Return when there may be something to send; None when nothing waits."""

    async def _send_next(self) -> Turn[Work]:
        """Claim what is next and send it; return what came of the claim.

        The right to a call comes first: what is claimed waits for nothing of ours any more, and its
        lease is for the provider's answer.
        """
        async with AsyncExitStack() as place:
            await place.enter_async_context(self._place())
            permit = self.panel.limiter.try_acquire(self.priority)
            if permit is None:
                turn = await self.next_turn()
                if turn is None or turn > self.clock():
                    return Turn()
                try:
                    permit = await self.panel.limiter.acquire(self.priority)
                except Withheld:  # the bot stops
                    return Turn()
            with permit:
                return await self._claim_and_send(permit, place)

    async def _claim_and_send(self, permit: Permit, place: AsyncExitStack) -> Turn[Work]:
        now, call = self.clock(), self._longest_call()
        lease = now + call + LEASE_MARGIN
        turn = await self._claim_whole(now, lease)
        if turn.work is None:
            return turn
        if over(lease, self.clock(), call):
            # This process was asleep between the claim and now: somebody may have taken the work
            # over.
            await shield_to_completion(self._put_off(turn.work, "not sent in time"))
        else:
            await self._send(turn.work, permit, place)
        self.bells.notify.set()
        return turn

    async def _claim_whole(self, now: datetime, lease: datetime) -> Turn[Work]:
        """Claim; where this is cancelled meanwhile, what was claimed waits again."""
        turns: list[Turn[Work]] = []

        async def claim() -> None:
            turns.append(await self._claim(now, lease))

        try:
            await shield_to_completion(claim())
        except asyncio.CancelledError:  # nothing has been sent
            for turn in turns:
                if turn.work is not None:
                    await shield_to_completion(self._put_off(turn.work, "the bot was stopped"))
            raise
        return turns[0]

    async def _send(self, work: Work, permit: Permit, place: AsyncExitStack) -> None:
        """Call the provider once and record what came of it.

        Once there is an answer the next may be sent while this one is written.
        """
        try:
            answer = await self._call(work, permit)
        except asyncio.CancelledError:
            await shield_to_completion(self._lost(work))
            raise
        except PanelError as error:
            await shield_to_completion(self._failed(work, error))
        else:
            # suspends nothing: no cancellation comes before the answer is written
            await place.aclose()
            await shield_to_completion(self._answered(work, answer))

    # What orders and requests differ in

    def _place(self) -> AbstractAsyncContextManager[object]:
        """Return what is held from before the claim until there is an answer."""
        return nullcontext()

    @abstractmethod
    def _longest_call(self) -> timedelta:
        """Return how long a call may take."""

    @abstractmethod
    async def _claim(self, now: datetime, lease: datetime) -> Turn[Work]:
        """Take what is next, in one committed transaction, until `lease`."""

    @abstractmethod
    async def _put_off(self, work: Work, why: str) -> None:
        """Let it wait again: it was not sent."""

    @abstractmethod
    async def _call(self, work: Work, permit: Permit) -> Answer:
        """Make the call, outside of any transaction. Raise PanelError."""

    @abstractmethod
    async def _answered(self, work: Work, answer: Answer) -> None:
        """Record a definite answer; also when the work was taken for lost meanwhile."""

    @abstractmethod
    async def _failed(self, work: Work, error: PanelError) -> None:
        """Record what a call without an answer means: a no, not sent, or unknown."""

    @abstractmethod
    async def _lost(self, work: Work) -> None:
        """Record that the call was cut off: it may have been heard."""

    @abstractmethod
    def _end_abandoned(self, tx: Transaction, lapsed: datetime | None, now: datetime) -> int:
        """End what was claimed with a lease that ended before `lapsed`, or all (None), without an
        outcome; return how much that was.
        """
