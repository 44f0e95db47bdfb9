"""What becomes of refills that the provider has taken, and the cards on which one becomes
possible.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from panel import ItemError, PanelClient, PanelError, RefillState, RefillStatus
from shop import outbox
from shop.aftercare.results import notify
from shop.clock import Clock, has_passed
from shop.orders.eligibility import Rules
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import RequestState
from storage.queries import facts, requests
from storage.queries.facts import Fact
from storage.queries.requests import Claimed

log = logging.getLogger(__name__)

_BATCH = 100
_FRESH = timedelta(hours=1)  # a refill that changed since is asked for at every tick
_EVERY = 10  # ticks for the others
_GIVEN_UP = timedelta(days=7)  # without a word about a refill
_REMEMBERED = timedelta(minutes=10)
_TAKEN = (RequestState.ACCEPTED, RequestState.IN_PROGRESS)
_STATES = {
    RefillState.PENDING: RequestState.ACCEPTED,
    RefillState.IN_PROGRESS: RequestState.IN_PROGRESS,
    RefillState.COMPLETED: RequestState.COMPLETED,
    RefillState.REJECTED: RequestState.REJECTED,
    RefillState.CANCELED: RequestState.CANCELED,
    RefillState.ERROR: RequestState.FAILED,
}


@dataclass(slots=True)
class RefillTracker:
    """`interval` in seconds: the fastest check of one refill."""

    database: Database
    panel: PanelClient
    rules: Rules
    interval: float
    bells: Wakeups
    clock: Clock
    account: str = ""
    _looked: datetime | None = None
    _remembered: datetime | None = None

    async def step(self) -> int:
        """Ask for the refills whose turn it is; return how many were asked."""
        await self.draw_cards()
        tick, now = int(self.clock().timestamp() / self.interval), self.clock()
        found = await self.database.read(requests.under_way, self.account)
        due = [
            one
            for one in found
            if now - one.changed_at < _FRESH or one.id % _EVERY == tick % _EVERY
        ]
        for start in range(0, len(due), _BATCH):
            await self._batch(due[start : start + _BATCH])
        return len(due)

    async def draw_cards(self) -> None:
        """Have the cards drawn again on which a refill has become possible since the last look."""
        now = self.clock()
        if not self.rules.refill_wait:
            return
        if self._looked is None:
            known = await self.database.read(facts.get, Fact.REFILLS_LOOKED)
            self._looked = self._remembered = known[1] if known else None
        since = min(self._looked or now, now)  # the clock may have been ahead
        found = await self.database.read(
            requests.become_possible,
            after=since - self.rules.refill_wait,
            until=now - self.rules.refill_wait,
        )
        if found or self._remembered is None or has_passed(self._remembered, _REMEMBERED, now):

            def transaction(tx: Transaction) -> None:
                outbox.notify_cards(tx, found, now)
                facts.put(tx, Fact.REFILLS_LOOKED, {}, now)

            await self.database.write(transaction)
            self._remembered = now
            self.bells.notify.set()
        self._looked = now

    async def _batch(self, batch: Sequence[Claimed]) -> None:
        answers: Mapping[str, RefillStatus | ItemError]
        try:
            answers = await self.panel.refill_statuses(
                [request.provider_refill_id or "" for request in batch]
            )
        except PanelError as error:
            log.warning("no statuses for all of %s refills this time: %s", len(batch), error)
            answers = error.gathered
        now = self.clock()
        changed = [
            (request, state, text)
            for request in batch
            for state, text in [_now(request, answers.get(request.provider_refill_id or ""), now)]
            if (state, text) != (request.state, request.status_text)
        ]
        if not changed:
            return

        def transaction(tx: Transaction) -> None:
            requests.share_orders(tx, (request.order_id for request, _, _ in changed))
            moved = [
                request.id
                for request, state, text in changed
                if requests.move(
                    tx,
                    request.id,
                    state,
                    sources=_TAKEN,
                    now=now,
                    seen=request.changed_at,
                    status_text=text,
                )
            ]
            notify(tx, self.rules, moved, now)

        await self.database.write(transaction)
        self.bells.notify.set()


def _now(
    request: Claimed, answer: RefillStatus | ItemError | None, now: datetime
) -> tuple[RequestState, str]:
    """Return where a refill is; a text that nobody knows, and none, leave it where it was, for a
    while.
    """
    if isinstance(answer, RefillStatus):
        state = request.state if answer.state is None else _STATES[answer.state]
        return state, answer.text[:128]
    if isinstance(answer, ItemError):
        log.info("no status for refill %s: %s", request.provider_refill_id, answer.text)
    lost = request.sent_at is not None and now - request.sent_at > _GIVEN_UP
    return (RequestState.UNKNOWN if lost else request.state), request.status_text
