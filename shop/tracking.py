"""From the provider's statuses to rows: what changed, what is given back, what is to be said.

Nothing is written for an order that did not change: rewriting `next_check_at` of every order asked costs ten
times the whole sweep. Which orders are asked when follows from how long they have been quiet and from a counter
of ticks instead, so it needs no column and survives a restart.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
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
from storage.rows import Order
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

_LARGEST = 2**53
_BATCH = 100
_AT_ONCE = 6  # the client's connections for reading; more would only wait in line for one


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
        # Each transaction pays people in the same order: two that don't would wait for each other for ever.
        changed.sort(key=lambda pair: (pair[0].user_id, pair[0].id))
        self._log_refusals(answers)
        if not changed:
            return
        if not await self._written(changed):
            # One answer that can't be written must not stop the others.
            for pair in changed:
                await self._written([pair])
        self.bells.notify.set()

    async def _written(self, changed: Sequence[tuple[Tracked, OrderStatus]]) -> bool:
        """Record changes in one transaction; False, and nothing written, when that is not possible."""
        try:
            async with self.database.write() as connection:
                await self._record(connection, changed)
        except Exception:
            log.exception("the statuses of orders %s can't be written", [order.id for order, _ in changed])
            return False
        return True

    async def _record(self, connection: Connection, changed: Sequence[tuple[Tracked, OrderStatus]]) -> None:
        now = self.clock()
        counts = [
            {
                "order_id": order.id,
                "status_text": answer.text[:128],
                "charge": answer.charge if answer.charge is not None else order.charge,
                "start_count": _told(answer.start_count, order.start_count),
                "remains": _told(answer.remains, order.remains),
            }
            for order, answer in changed
        ]
        await orders.note_progress(connection, counts, now)
        moved = {order.id for order, answer in changed if await self._move(connection, order, answer)}
        rows = await orders.get_many(connection, [order.id for order, _ in changed])
        quietly = [
            rows[order.id]
            for order, answer in changed
            if order.id in rows and not await self._settle(connection, rows[order.id], answer, moved=order.id in moved)
        ]
        await notices.tell_cards(connection, quietly, now)

    async def _move(self, connection: Connection, order: Tracked, answer: OrderStatus) -> bool:
        """Make the order's state what the provider says; a text that nobody knows leaves it in work."""
        now = self.clock()
        if answer.state is None:
            await notices.alert_once(
                connection, self.admins, Kind.STATUS_TEXT, now, about=answer.text, text=answer.text, order=order.id,
            )  # fmt: skip
            return False
        state = OrderState(answer.state)
        if state is order.state:
            return False
        finished = now if state in ENDED_AT_PROVIDER else None
        return await orders.move(connection, order.id, state, now=now, note=answer.text, finished_at=finished)

    async def _settle(self, connection: Connection, order: Order, answer: OrderStatus, *, moved: bool) -> bool:
        """Refund what the order's end calls for, and write what is to be said; False when only its card changed."""
        now = self.clock()
        if answer.state is not None and order.state is not OrderState(answer.state):
            return True  # somebody else moved it meanwhile; they said so
        # An end is settled by what is said with it: what an earlier answer left behind is no longer true.
        due = refund_due(replace(order, remains=answer.remains, charge=answer.charge))
        refund = await settle(connection, order, due or 0, now)
        if moved and due is None:
            await notices.tell_admins(connection, self.admins, Kind.UNCLEAR_REFUND, now, order_id=order.id)
        if moved and order.state in ENDED_AT_PROVIDER:
            await orders.bring_forward(connection, order.link, now)
        if moved and order.state is OrderState.FAILED:
            await notices.tell_admins(connection, self.admins, Kind.FAILED_ORDER, now, order_id=order.id)
        if moved or refund:
            await notices.tell_owner(connection, order, order.state, now, refund=refund)
        return moved or refund > 0

    def _log_refusals(self, answers: dict[str, OrderStatus | ItemError]) -> None:
        """An id that is refused stays in work: soon after `add` it may only not be indexed yet."""
        refused = {key: answer for key, answer in answers.items() if isinstance(answer, ItemError)}
        for provider_order_id, error in refused.items():
            level = logging.INFO if error.meaning is Meaning.ORDER_ID else logging.WARNING
            log.log(level, "no status for provider order %s: %s", provider_order_id, error.text)


def _told(answer: int | None, known: int | None) -> int | None:
    """Give what the provider said, as far as a database can hold it; what it left out stays."""
    return known if answer is None else min(max(answer, -_LARGEST), _LARGEST)


def _differs(order: Tracked, answer: OrderStatus) -> bool:
    """Say whether an answer tells anything new; what it leaves out is not new."""
    state = None if answer.state is None else OrderState(answer.state)
    if (state is not None and state is not order.state) or answer.text[:128] != order.status_text:
        return True
    pairs = (
        (answer.charge, order.charge),
        (_told(answer.start_count, order.start_count), order.start_count),
        (_told(answer.remains, order.remains), order.remains),
    )
    return any(told is not None and told != known for told, known in pairs)
