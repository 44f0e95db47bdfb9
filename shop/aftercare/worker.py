"""From a waiting request to what the provider says of it: one `refill` or `cancel`, never a second.

The row is claimed and committed *before* anything is sent (shop.sending). A definite "not now" lets
it wait again; after anything but a definite answer it is unknown, and only its customer may ask
once more, later.
"""

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
from shop.orders.eligibility import Rules
from shop.outbox import Kind
from shop.outbox.payloads import BadKeyNotice
from shop.provider.walls import stands_before_all
from shop.sending import (
    HOLD_ALL_SECONDS,
    NOT_SENT_WAIT,
    RATE_LIMIT_WAIT,
    TEMPORARY_TOO_LONG,
    TEMPORARY_WAIT,
    Sender,
    Turn,
)
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import RequestKind, RequestState
from storage.queries import orders, requests
from storage.queries.requests import Claimed
from storage.schema.base import LONGEST_ID

log = logging.getLogger(__name__)

_BATCH = 100
_WALL_WAIT = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)  # one that ends later is of a clock that was ahead
_LEASE_EACH = timedelta(seconds=5)  # of a batch that may be sent one by one

Answer = str | CancelRequested | ItemError  # a refill's id; a cancellation was taken; no
Results = Sequence[tuple[Claimed, Result]]


@dataclass(slots=True)
class Requester(Sender[Sequence[Claimed], Results]):
    """`timeout` is the panel's, in seconds; `hold_seconds`: how long nothing is sent after "bad
    key".

    `owner` is the name of this process.
    """

    priority = Priority.PERSON

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

    async def step(self) -> bool:
        """Send the requests of one kind whose turn it is, at most one call's; False when there are
        none.
        """
        return (await self._send_next()).is_news

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

    def _longest_call(self) -> timedelta:
        return timedelta(seconds=self.timeout) * 2 + _LEASE_EACH * self._most()

    def _most(self) -> int:
        """Return how many requests one call takes."""
        return min(self.panel.profile.ids_per_call, _BATCH)

    async def _claim(self, now: datetime, lease: datetime) -> Turn[Sequence[Claimed]]:
        if self.paused_until is not None and now < self.paused_until <= now + _LONGEST_PAUSE:
            return Turn()
        batch = await self.database.write(
            requests.claim,
            now=now,
            owner=self.owner,
            lease_until=lease,
            most=self._most(),
            account=self.account,
        )
        return Turn(batch, is_news=True) if batch else Turn()

    def _end_abandoned(self, tx: Transaction, lapsed: datetime | None, now: datetime) -> int:
        """Take what may have been sent for unknown; a look is taken again."""
        left = requests.abandoned(tx, now=lapsed)
        looks = [request.id for request in left if request.kind is RequestKind.STATUS]
        requests.put_back(tx, looks, now=now, not_before=now)
        lost = Result(RequestState.UNKNOWN, "the bot stopped while the request was being sent")
        found = [(request, lost) for request in left if request.kind is not RequestKind.STATUS]
        record(tx, self.rules, found, now)
        return len(left)

    async def _put_off(self, work: Sequence[Claimed], why: str) -> None:
        await self._record([(request, Result(RequestState.WAITING, why)) for request in work])

    async def _call(self, work: Sequence[Claimed], permit: Permit) -> Results:
        kind = work[0].kind
        if kind is RequestKind.STATUS:
            permit.release()  # the tracker asks in its own name
            return await self._look(work)
        known = [request.provider_order_id for request in work if request.provider_order_id]
        ids = list(dict.fromkeys(known))
        answers: Mapping[str, Answer]
        if kind is RequestKind.REFILL:
            answers = await self.panel.refills(ids, permit=permit)
        else:
            answers = await self.panel.cancel(ids, permit=permit)
        return [(request, self._result(request, answers)) for request in work]

    async def _look(self, work: Sequence[Claimed]) -> Results:
        """Have the tracker look now; it writes what it finds where it always does."""
        answered = await self.tracker.look([request.order_id for request in work])
        there, none = Result(RequestState.COMPLETED), Result(RequestState.FAILED)
        return [(request, there if request.order_id in answered else none) for request in work]

    async def _answered(self, work: Sequence[Claimed], answer: Results) -> None:  # noqa: ARG002
        await self._record(answer)
        if all(result.meaning is None for _, result in answer):  # nobody was refused
            self.paused_until = None

    async def _lost(self, work: Sequence[Claimed]) -> None:
        """Take what may have been sent for unknown; a look is taken again."""
        lost = Result(RequestState.UNKNOWN, "the bot was stopped while the request was being sent")
        again = Result(RequestState.WAITING)
        await self._record(
            [(each, again if each.kind is RequestKind.STATUS else lost) for each in work]
        )

    async def _failed(self, work: Sequence[Claimed], error: PanelError) -> None:
        """Something ended the call: what was answered before it counts, what was not sent waits."""
        if await stands_before_all(self.panel, error):
            reason = Result(RequestState.WAITING, str(error), wait=_WALL_WAIT)
        else:
            reason = self._reason(work, error)
        asked, found = set(error.asked), []
        for request in work:
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
                outbox.alert_once, self.admins, BadKeyNotice(text=reason.text), self.clock()
            )

    def _reason(self, batch: Sequence[Claimed], error: PanelError) -> Result:
        """Return what becomes of those that the failed call was for."""
        if isinstance(error, Rejected):
            return self._not_done(ItemError(error.text, error.meaning), batch[0], error.retry_after)
        if isinstance(error, Withheld):
            return Result(RequestState.WAITING, error.reason)
        if isinstance(error, NotSent):
            return Result(RequestState.WAITING, error.reason, wait=NOT_SENT_WAIT)
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
                else RATE_LIMIT_WAIT
            )
        elif error.meaning is Meaning.BAD_KEY:
            wait = timedelta(seconds=self.hold_seconds)
        elif (
            error.meaning is Meaning.TEMPORARY
            and self.clock() < request.created_at + TEMPORARY_TOO_LONG
        ):
            wait = TEMPORARY_WAIT
        state = RequestState.REFUSED if wait is None else RequestState.WAITING
        return Result(state, error.text, error.meaning, wait=wait)

    async def _record(self, found: Results) -> None:
        def transaction(tx: Transaction) -> None:
            record(tx, self.rules, found, self.clock(), owner=self.owner)
            accepted = any(result.state is RequestState.ACCEPTED for _, result in found)
            if accepted and not orders.has_waiting(tx, str(Meaning.BAD_KEY)):
                outbox.clear_alert(tx, Kind.BAD_KEY)

        await self.database.write(transaction)
