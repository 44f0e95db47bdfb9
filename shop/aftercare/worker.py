"""From a waiting request to what the provider says of it: one `refill` or `cancel`, never a second.

The row is claimed and committed *before* anything is sent. A definite "not now" lets it wait again;
after anything but a definite answer it is unknown, and only its customer may ask once more, later.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from panel import (
    CancelRequested,
    ItemError,
    Meaning,
    NotSent,
    OutcomeUnknown,
    PanelClient,
    PanelError,
    Permit,
    Priority,
    Rejected,
    Unsupported,
    Withheld,
)
from shop import outbox
from shop.aftercare.results import Result, record
from shop.clock import Clock
from shop.fulfilment.polling import Tracker
from shop.fulfilment.submission import HOLD_ALL_SECONDS
from shop.leases import over
from shop.orders.eligibility import Rules
from shop.outbox import Kind
from shop.provider.walls import stands_before_all
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction, to_the_end
from storage.enums import RequestKind, RequestState
from storage.queries import orders, requests
from storage.queries.requests import Claimed
from storage.schema.base import LONGEST_ID

log = logging.getLogger(__name__)

_BATCH = 100
_RATE_LIMIT_WAIT = timedelta(seconds=10)
_NOT_SENT_WAIT = timedelta(seconds=15)
_TEMPORARY_WAIT = timedelta(seconds=60)
_WALL_WAIT = timedelta(seconds=30)
_TEMPORARY_TOO_LONG = timedelta(hours=1)
_LEASE_MARGIN = timedelta(seconds=60)
_LONGEST_PAUSE = timedelta(hours=1)  # one that ends later is of a clock that was ahead
_LEASE_EACH = timedelta(seconds=5)  # of a batch that may be sent one by one

Answer = str | CancelRequested | ItemError  # a refill's id; a cancellation was taken; no


@dataclass(slots=True)
class Requester:
    """`timeout` is the panel's, in seconds; `hold_seconds`: how long nothing is sent after "bad
    key".

    `owner` is the name of this process.
    """

    database: Database
    panel: PanelClient
    tracker: Tracker
    rules: Rules
    admins: Collection[int]
    timeout: float
    bells: Wakeups
    clock: Clock
    paused_until: datetime | None = None
    hold_seconds: float = HOLD_ALL_SECONDS
    account: str = ""
    owner: str = field(default_factory=lambda: uuid4().hex)

    async def recover(self, *, everything: bool) -> int:
        """End what a crash left in between: what may have been sent is unknown now; a look is taken
        again.

        `everything`: no other process can be at work on this database. Gives how many there were.
        """
        now = self.clock()

        def transaction(tx: Transaction) -> list[Claimed]:
            left = requests.abandoned(tx, now=None if everything else now)
            looks = [request.id for request in left if request.kind is RequestKind.STATUS]
            requests.put_back(tx, looks, now=now, not_before=now)
            lost = Result(RequestState.UNKNOWN, "the bot stopped while the request was being sent")
            found = [(request, lost) for request in left if request.kind is not RequestKind.STATUS]
            record(tx, self.rules, found, now)
            return left

        left = await self.database.write(transaction)
        if left:
            self.bells.notify.set()
        return len(left)

    async def recover_lapsed(self) -> None:
        """Find requests whose worker has not come back within its lease."""
        await self.recover(everything=False)

    async def step(self) -> bool:
        """Send the requests of one kind whose turn it is, at most one call's; False when there are
        none.

        The right to a call comes first, as for an order (shop.fulfilment.submission).
        """
        permit = self.panel.limiter.try_acquire(Priority.PERSON)
        if permit is None:
            turn = await self.next_turn()
            if turn is None or turn > self.clock():
                return False
            try:
                permit = await self.panel.limiter.acquire(Priority.PERSON)
            except Withheld:  # the bot stops
                return False
        with permit:
            return await self._claim_and_send(permit)

    async def _claim_and_send(self, permit: Permit) -> bool:
        now = self.clock()
        if self.paused_until is not None and now < self.paused_until <= now + _LONGEST_PAUSE:
            return False
        most = min(self.panel.profile.ids_per_call, _BATCH)
        call = timedelta(seconds=self.timeout) * 2 + _LEASE_EACH * most
        lease = now + call + _LEASE_MARGIN
        batch = await self.database.write(
            requests.claim,
            now=now,
            owner=self.owner,
            lease_until=lease,
            most=most,
            account=self.account,
        )
        if not batch:
            return False
        if over(lease, self.clock(), call):
            # This process was asleep between the claim and now: somebody may have taken the
            # requests over.
            await self._record([(request, Result(RequestState.WAITING)) for request in batch])
        elif batch[0].kind is RequestKind.STATUS:
            permit.release()  # the tracker asks in its own name
            await self._look(batch)
        else:
            await self._send(batch, permit)
        self.bells.notify.set()
        return True

    async def next_turn(self) -> datetime | None:
        """Return when there may be something to send; None when nothing waits."""
        turn = await self.database.read(requests.next_turn)
        if (
            turn is None
            or self.paused_until is None
            or self.paused_until > self.clock() + _LONGEST_PAUSE
        ):
            return turn
        return max(turn, self.paused_until)

    async def _look(self, batch: Sequence[Claimed]) -> None:
        """Have the tracker look now; it writes what it finds where it always does."""
        answered = await self.tracker.look([request.order_id for request in batch])
        there, none = Result(RequestState.COMPLETED), Result(RequestState.FAILED)
        await self._record(
            [(request, there if request.order_id in answered else none) for request in batch]
        )

    async def _send(self, batch: Sequence[Claimed], permit: Permit) -> None:
        """Send them and record the answers; once there are some, no cancellation comes between them
        and their rows.
        """
        ids = {request.provider_order_id: request for request in batch if request.provider_order_id}
        answers: Mapping[str, Answer]
        try:
            if batch[0].kind is RequestKind.REFILL:
                answers = await self.panel.refills(list(ids), permit=permit)
            else:
                answers = await self.panel.cancel(list(ids), permit=permit)
        except asyncio.CancelledError:
            lost = Result(
                RequestState.UNKNOWN, "the bot was stopped while the request was being sent"
            )
            await to_the_end(self._record([(request, lost) for request in batch]))
            raise
        except PanelError as error:
            await to_the_end(self._failed(batch, error))
        else:
            await to_the_end(self._answered(batch, answers))

    async def _answered(self, batch: Sequence[Claimed], answers: Mapping[str, Answer]) -> None:
        await self._record([(request, self._result(request, answers)) for request in batch])
        if not any(isinstance(answer, ItemError) for answer in answers.values()):
            self.paused_until = None

    async def _failed(self, batch: Sequence[Claimed], error: PanelError) -> None:
        """Something ended the call: what was answered before it counts, what was not sent waits."""
        if await stands_before_all(self.panel, error):
            reason = Result(RequestState.WAITING, str(error), wait=_WALL_WAIT)
        else:
            reason = self._reason(batch, error)
        asked, found = set(error.asked), []
        for request in batch:
            if request.provider_order_id in error.gathered:
                found.append((request, self._result(request, error.gathered)))
            elif not asked or request.provider_order_id in asked:
                found.append((request, reason))
            else:
                found.append((request, Result(RequestState.WAITING)))
        await self._record(found)
        if reason.wait:
            self.paused_until = self.clock() + reason.wait
        if reason.meaning is Meaning.BAD_KEY:
            await self.database.write(
                outbox.alert_once, self.admins, Kind.BAD_KEY, self.clock(), text=reason.text
            )

    def _reason(self, batch: Sequence[Claimed], error: PanelError) -> Result:
        """Return what becomes of those that the failed call was for."""
        if isinstance(error, Rejected):
            return self._not_done(ItemError(error.text, error.meaning), batch[0], error.retry_after)
        if isinstance(error, Withheld):
            return Result(RequestState.WAITING, error.reason)
        if isinstance(error, NotSent):
            return Result(RequestState.WAITING, error.reason, wait=_NOT_SENT_WAIT)
        if isinstance(error, Unsupported):
            return Result(RequestState.REFUSED, str(error), Meaning.UNSUPPORTED)
        if isinstance(error, OutcomeUnknown):
            return Result(RequestState.UNKNOWN, f"{error.reason}: {error.evidence}".rstrip(": "))
        return Result(RequestState.UNKNOWN, type(error).__name__ + f": {error}")

    def _result(self, request: Claimed, answers: Mapping[str, Answer]) -> Result:
        answer = answers.get(request.provider_order_id or "")
        if answer is None:
            return Result(RequestState.UNKNOWN, "the provider's answer does not speak of the order")
        if isinstance(answer, ItemError):
            return self._not_done(answer, request, None)
        if isinstance(answer, CancelRequested):
            return Result(RequestState.ACCEPTED)
        if len(answer) > LONGEST_ID:
            return Result(RequestState.UNKNOWN, "the provider gave an id that is too long to keep")
        return Result(RequestState.ACCEPTED, refill=answer)

    def _not_done(self, error: ItemError, request: Claimed, retry_after: float | None) -> Result:
        """A definite no: the request waits where waiting helps, otherwise it ends."""
        wait = None
        if error.meaning is Meaning.RATE_LIMIT:
            wait = (
                min(timedelta(seconds=retry_after), _LONGEST_PAUSE)
                if retry_after
                else _RATE_LIMIT_WAIT
            )
        elif error.meaning is Meaning.BAD_KEY:
            wait = timedelta(seconds=self.hold_seconds)
        elif (
            error.meaning is Meaning.TEMPORARY
            and self.clock() < request.created_at + _TEMPORARY_TOO_LONG
        ):
            wait = _TEMPORARY_WAIT
        state = RequestState.REFUSED if wait is None else RequestState.WAITING
        return Result(state, error.text, error.meaning, wait=wait)

    async def _record(self, found: Sequence[tuple[Claimed, Result]]) -> None:
        def transaction(tx: Transaction) -> None:
            record(tx, self.rules, found, self.clock(), owner=self.owner)
            accepted = any(result.state is RequestState.ACCEPTED for _, result in found)
            if accepted and not orders.has_waiting(tx, str(Meaning.BAD_KEY)):
                outbox.clear_alert(tx, Kind.BAD_KEY)

        await self.database.write(transaction)
