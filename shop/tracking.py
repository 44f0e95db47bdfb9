"""From the provider's statuses to rows: what changed, what is given back, what is to be said.

Nothing is written for an order that did not change: rewriting `next_check_at` of every order asked costs ten
times the whole sweep. Which orders are asked when follows from how long they have been quiet and from a counter
of ticks instead, so it needs no column and survives a restart.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from panel import ItemError, Meaning, OrderStatus, PanelClient, PanelError
from shop import notices
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.notices import Kind
from shop.refunds import refund_due, settle
from storage import Database, orders
from storage.engine import Connection
from storage.orders import Tracked
from storage.states import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tier:
    """Orders quiet for at most `until` are asked every `every` ticks (of STATUS_INTERVAL)."""

    until: timedelta
    every: int


IN_WORK_TIERS = (
    Tier(timedelta(hours=1), 1),
    Tier(timedelta(hours=6), 4),
    Tier(timedelta(days=1), 20),
    Tier(timedelta(days=7), 60),
    Tier(timedelta(days=365), 240),
)
# Ended orders can reopen for a while.
ENDED_TIERS = (Tier(timedelta(hours=1), 10), Tier(timedelta(days=3), 120))

_BATCH = 100
_AT_ONCE = 8  # what httpx's pool bears: its cost grows with the square of the connections


@dataclass(slots=True)
class Tracker:
    """`interval` in seconds: the fastest check of one order."""

    database: Database
    panel: PanelClient
    admins: Collection[int]
    interval: float
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now
    _next_tick: int | None = None

    async def sweep(self) -> int:
        """Ask for every order whose turn came since the last sweep; give how many were asked.

        A sweep may take longer than a tick: the ticks it slept through count in the next one.
        """
        tick = int(self.clock().timestamp() / self.interval)
        first = tick if self._next_tick is None else min(self._next_tick, tick)
        due = await self._due(range(first, tick + 1))
        self._next_tick = tick + 1
        slots = asyncio.Semaphore(_AT_ONCE)

        async def ask(batch: Sequence[Tracked]) -> None:
            async with slots:
                await self._batch(batch)

        batches = [due[start : start + _BATCH] for start in range(0, len(due), _BATCH)]
        await asyncio.gather(*(ask(batch) for batch in batches))
        return len(due)

    async def _due(self, ticks: range) -> list[Tracked]:
        found: list[Tracked] = []
        async with self.database.read() as connection:
            for states, tiers in ((AT_PROVIDER, IN_WORK_TIERS), (ENDED_AT_PROVIDER, ENDED_TIERS)):
                until = self.clock()
                for tier in tiers:
                    after = self.clock() - tier.until
                    found += await orders.quiet(
                        connection, states, after=after, until=until, every=tier.every, ticks=ticks,
                    )  # fmt: skip
                    until = after
        return found

    async def _batch(self, batch: Sequence[Tracked]) -> None:
        try:
            answers = await self.panel.statuses([order.provider_order_id for order in batch])
        except PanelError as error:
            log.warning("no statuses for %s orders this time: %s", len(batch), error)
            return
        changed = [
            (order, answer)
            for order in batch
            if isinstance(answer := answers.get(order.provider_order_id), OrderStatus) and _differs(order, answer)
        ]
        self._log_refusals(answers)
        if changed:
            async with self.database.write() as connection:
                await self._record(connection, changed)
            self.bells.notify.set()

    async def _record(self, connection: Connection, changed: Sequence[tuple[Tracked, OrderStatus]]) -> None:
        now = self.clock()
        counts = [
            {
                "order_id": order.id,
                "status_text": answer.text[:128],
                "charge": answer.charge if answer.charge is not None else order.charge,
                "start_count": answer.start_count if answer.start_count is not None else order.start_count,
                "remains": answer.remains if answer.remains is not None else order.remains,
            }
            for order, answer in changed
        ]
        await orders.note_progress(connection, counts, now)
        for tracked, answer in changed:
            await self._apply(connection, tracked, answer)

    async def _apply(self, connection: Connection, tracked: Tracked, answer: OrderStatus) -> None:
        """Move one order, refund what its end calls for, and write what is to be said."""
        now = self.clock()
        state = tracked.state if answer.state is None else OrderState(answer.state)
        if answer.state is None:
            await notices.alert_once(
                connection, self.admins, Kind.STATUS_TEXT, now, about=answer.text, text=answer.text, order=tracked.id,
            )  # fmt: skip
        moved = False
        if state is not tracked.state:
            finished = now if state in ENDED_AT_PROVIDER else None
            moved = await orders.move(connection, tracked.id, state, now=now, note=answer.text, finished_at=finished)
        order = await orders.get(connection, tracked.id)
        if order is None or order.state is not state:  # somebody else moved it meanwhile; they said so
            return
        due = refund_due(order)
        refund = await settle(connection, order, due or 0, now)
        if moved and due is None:
            await notices.tell_admins(connection, self.admins, Kind.UNCLEAR_REFUND, now, order_id=order.id)
        if moved and state is OrderState.FAILED:
            await notices.tell_admins(connection, self.admins, Kind.FAILED_ORDER, now, order_id=order.id)
        if moved or refund:
            await notices.tell_owner(connection, order, state, now, refund=refund)
        else:
            await notices.tell_card(connection, order, now)

    def _log_refusals(self, answers: dict[str, OrderStatus | ItemError]) -> None:
        """An id that is refused stays in work: soon after `add` it may only not be indexed yet."""
        refused = {key: answer for key, answer in answers.items() if isinstance(answer, ItemError)}
        for provider_order_id, error in refused.items():
            level = logging.INFO if error.meaning is Meaning.ORDER_ID else logging.WARNING
            log.log(level, "no status for provider order %s: %s", provider_order_id, error.text)


def _differs(order: Tracked, answer: OrderStatus) -> bool:
    """Say whether an answer tells anything new; what it leaves out is not new."""
    state = None if answer.state is None else OrderState(answer.state)
    if (state is not None and state is not order.state) or answer.text[:128] != order.status_text:
        return True
    pairs = (
        (answer.charge, order.charge),
        (answer.start_count, order.start_count),
        (answer.remains, order.remains),
    )
    return any(told is not None and told != known for told, known in pairs)
