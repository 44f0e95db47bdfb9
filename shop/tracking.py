"""From the provider's statuses to rows: what changed, what is given back, what is to be said.

Nothing is written for an order that did not change: rewriting `next_check_at` of every order asked costs ten
times the whole sweep. Which orders are asked when follows from how long they have been quiet and from a counter
of ticks instead, so it needs no column and survives a restart. Several processes share a sweep by shards; an answer
that was overtaken while it was on its way is dropped.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from panel import ItemError, Meaning, OrderStatus, PanelClient, PanelError
from shop import costs, notices
from shop.aftercare import end_cancellations
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.discounts import return_uses
from shop.leases import LEASE_SECONDS, Leases
from shop.missing import Answers, news_of_missing, record_missing
from shop.notices import Kind
from shop.parents import Answered, Parents, is_stuck, may_be_parent, owes
from shop.parts import Family, told
from shop.pricing import Prices
from shop.refunds import parent_refund_due, refund_due, settle
from shop.shards import SHARDS, Shards
from shop.tiers import ENDED_TIERS, IN_WORK_TIERS
from storage import Database, orders, parts
from storage.engine import Connection
from storage.orders import Tracked
from storage.rows import Order, Part
from storage.states import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState

log = logging.getLogger(__name__)

_BATCH = 100
_AT_ONCE = 6  # the client's connections for reading; more would only wait in line for one
_ALL = frozenset(range(SHARDS))


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an order has found; `answer` has the sums of the parts where there are some."""

    order: Tracked
    answer: OrderStatus
    family: Family | None = None


@dataclass(slots=True)
class Tracker:
    """`interval` in seconds: the fastest check of one order. `prices` explain orders that were sold too cheaply.
    `account` is the provider account that is asked.

    Without `leases` there is no other process to share the sweep with.
    """

    database: Database
    panel: PanelClient
    admins: Collection[int]
    interval: float
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now
    prices: Prices = field(default_factory=Prices)
    leases: Leases | None = None
    account: str = ""
    _shards: Shards | None = field(init=False)
    _next_tick: int | None = None

    def __post_init__(self) -> None:
        self._shards = None if self.leases is None else Shards(self.leases)

    async def sweep(self) -> int:
        """Ask for every order whose turn came since the last sweep; give how many were asked.

        A sweep may take longer than a tick: the ticks it slept through count in the next one.
        """
        tick = int(self.clock().timestamp() / self.interval)
        first = tick if self._next_tick is None else min(self._next_tick, tick)
        slots = asyncio.Semaphore(_AT_ONCE)

        async def ask(batch: Sequence[Tracked], ticks: range) -> None:
            async with slots:
                await self._batch(batch, ticks, swept=True)

        due = [(await self._due(ticks, shards), ticks) for ticks, shards in await self._turns(first, tick)]
        self._next_tick = tick + 1
        batches = [(rows[at : at + _BATCH], ticks) for rows, ticks in due for at in range(0, len(rows), _BATCH)]
        await asyncio.gather(*(ask(batch, ticks) for batch, ticks in batches))
        return sum(len(rows) for rows, _ in due)

    async def _turns(self, first: int, tick: int) -> list[tuple[range, Collection[int]]]:
        """Give the shards that are this process's to ask for, by the ticks that count for them.

        Of those that it has taken over, whoever had them may have missed some ticks before they were known to be gone.
        """
        since = range(first, tick + 1)
        if self._shards is None:
            return [(since, _ALL)]
        had, taken = await self._shards.hold()
        missed = int(LEASE_SECONDS / self.interval) + 2
        turns = [(since, had), (range(min(first, tick - missed), tick + 1), taken)]
        return [(ticks, shards) for ticks, shards in turns if shards]

    async def _due(self, ticks: range, shards: Collection[int]) -> list[Tracked]:
        """An ended parent whose parts have not ended is still in work: its money waits for them."""
        kinds = (
            (AT_PROVIDER, IN_WORK_TIERS, False), (ENDED_AT_PROVIDER, IN_WORK_TIERS, True),
            (ENDED_AT_PROVIDER, ENDED_TIERS, False),
        )  # fmt: skip
        found: dict[int, Tracked] = {}
        async with self.database.read() as connection:
            for states, tiers, unfinished in kinds:
                until = self.clock()
                for tier in tiers:
                    after = self.clock() - tier.until
                    rows = await orders.quiet(
                        connection, states, after=after, until=until, every=tier.every, ticks=ticks,
                        unfinished=unfinished, shards=(SHARDS, shards), account=self.account,
                    )  # fmt: skip
                    found |= {row.id: row for row in rows}
                    until = after
        return list(found.values())

    async def look(self, order_ids: Sequence[int]) -> set[int]:
        """Ask for at most 100 orders now, out of turn; give those that the provider has answered for.

        Whose shards they are does not matter.
        """
        async with self.database.read() as connection:
            wanted = await orders.tracked(connection, order_ids, self.account)
        return await self._batch(wanted, range(0), swept=False) if wanted else set()

    async def _batch(self, batch: Sequence[Tracked], ticks: range, *, swept: bool) -> set[int]:
        answers = await self._ask([order.provider_order_id for order in batch])
        answered = [
            (order, answer)
            for order in batch
            if isinstance(answer := answers.get(order.provider_order_id), OrderStatus)
        ]
        parents = [pair for pair in answered if may_be_parent(*pair)]
        await self._note_missing(batch, answers, swept=swept)
        await self._write([_look(*pair) for pair in answered if not may_be_parent(*pair)], swept=swept)
        if parents:
            await self._look_into(parents, ticks, swept=swept)
        return {order.id for order, _ in answered}

    async def _note_missing(self, batch: Sequence[Tracked], answers: Answers, *, swept: bool) -> None:
        news = news_of_missing(batch, answers, self.clock())
        if not news:
            return
        try:
            async with self.database.write() as connection:
                true = await self._still_true(connection, news, swept=swept)
                await record_missing(connection, true, answers, self.clock())
        except Exception:  # what is known of the others is to be written all the same
            log.exception("what is missing of orders %s can't be written", [order.id for order in news])

    async def _ask(self, ids: Sequence[str]) -> dict[str, OrderStatus | ItemError]:
        """Ask for orders or parts; give what could be learnt."""
        try:
            answers = await self.panel.statuses(ids)
        except PanelError as error:
            log.warning("no statuses for all of %s orders this time: %s", len(ids), error)
            answers = dict(error.gathered)
        self._log_refusals(answers)
        return answers

    async def _look_into(self, answered: Answered, ticks: range, *, swept: bool) -> None:
        families = await Parents(self.database, self._ask, self.clock).look_into(answered, ticks)
        looks = [_look(order, answer, families.get(order.id)) for order, answer in answered]
        await self._write(looks, swept=swept)
        if stuck := [found for found in families.values() if is_stuck(found, self.clock())]:
            await self._tell_of_stuck(stuck)

    async def _write(self, looks: Sequence[Look], *, swept: bool) -> None:
        # Each transaction pays people in the same order: two that don't would wait for each other for ever.
        changed = sorted(filter(_is_news, looks), key=lambda look: (look.order.user_id, look.order.id))
        if not changed:
            return
        if not await self._written(changed, swept=swept):
            # One answer that can't be written must not stop the others.
            for look in changed:
                await self._written([look], swept=swept)
        self.bells.notify.set()

    async def _written(self, changed: Sequence[Look], *, swept: bool) -> bool:
        """Record changes in one transaction; False, and nothing written, when that is not possible."""
        try:
            async with self.database.write() as connection:
                true = await self._still_true(connection, [look.order for look in changed], swept=swept)
                if true:
                    await self._record(connection, [look for look in changed if look.order in true])
        except Exception:
            log.exception("the statuses of orders %s can't be written", [look.order.id for look in changed])
            return False
        return True

    async def _still_true(self, connection: Connection, asked: Sequence[Tracked], *, swept: bool) -> list[Tracked]:
        """Leave out what was overtaken while the answer was on its way: the next sweep asks again.

        Somebody has changed the order meanwhile; or this process was away for so long that its shard is another's.
        """
        true = await orders.not_overtaken(connection, asked)
        if swept and self._shards is not None:
            true &= await self._shards.still_mine(connection, true)
        if late := [order.id for order in asked if order.id not in true]:
            log.info("the statuses of orders %s come too late and are dropped", late)
        return [order for order in asked if order.id in true]

    async def _record(self, connection: Connection, changed: Sequence[Look]) -> None:
        now = self.clock()
        await orders.note_progress(connection, [_counts(look.order, look.answer) for look in changed], now)
        await self._record_parts(connection, [look.family for look in changed if look.family is not None])
        moved = {look.order.id for look in changed if await self._move(connection, look.order, look.answer)}
        rows = await orders.get_many(connection, [look.order.id for look in changed])
        made = await parts.of_orders(connection, [look.order.id for look in changed if look.family is not None])
        quietly, settled = [], []
        for look in changed:
            order = rows.get(look.order.id)
            if order is None:
                continue
            due = _due(order, look, made.get(order.id, []))
            said, refund = await self._settle(connection, order, look, due, moved=order.id in moved)
            if not said:
                quietly.append(order)
            settled.append(replace(order, refunded=order.refunded + refund))
        await notices.tell_cards(connection, quietly, now)
        await costs.book(connection, settled, self.admins, self.prices, now)
        await return_uses(connection, settled, now)

    async def _record_parts(self, connection: Connection, families: Sequence[Family]) -> None:
        """Write the parts that changed; a text that nobody knows, or a fault, is an admin's to look at."""
        now = self.clock()
        await parts.put(connection, [part for family in families for part in family.changed], now)
        for part in (part for family in families for part in family.changed):
            if part.state is None and part.status_text:
                await self._alert_of_text(connection, part.status_text, part.order_id)
            if part.state is OrderState.FAILED:
                await notices.alert_once(
                    connection, self.admins, Kind.FAILED_ORDER, now, about=str(part.order_id), order_id=part.order_id,
                )  # fmt: skip

    async def _move(self, connection: Connection, order: Tracked, answer: OrderStatus) -> bool:
        """Make the order's state what the provider says; a text that nobody knows leaves it in work."""
        now = self.clock()
        if answer.state is None:
            await self._alert_of_text(connection, answer.text, order.id)
            return False
        state = OrderState(answer.state)
        if state is order.state:
            return False
        finished = now if state in ENDED_AT_PROVIDER else None
        return await orders.move(connection, order.id, state, now=now, note=answer.text, finished_at=finished)

    async def _alert_of_text(self, connection: Connection, text: str, order_id: int) -> None:
        await notices.alert_once(
            connection, self.admins, Kind.STATUS_TEXT, self.clock(), about=text, text=text, order=order_id,
        )  # fmt: skip

    async def _settle(
        self, connection: Connection, order: Order, look: Look, due: int | None, *, moved: bool
    ) -> tuple[bool, int]:
        """Refund what the order's end calls for, and write what is to be said.

        Gives False when only its card changed, and what was given back now (millionths).
        """
        now, state = self.clock(), look.answer.state
        if state is not None and order.state is not OrderState(state):
            return True, 0  # somebody else moved it meanwhile; they said so
        refund = await settle(connection, order, due or 0, now)
        if moved and due is None and look.family is None:
            await notices.tell_admins(connection, self.admins, Kind.UNCLEAR_REFUND, now, order_id=order.id)
        if moved and order.state in ENDED_AT_PROVIDER:
            await orders.bring_forward(connection, order.link, now)
            await end_cancellations(connection, order, now)
        if moved and order.state is OrderState.FAILED:
            await notices.tell_admins(connection, self.admins, Kind.FAILED_ORDER, now, order_id=order.id)
        if moved or refund:
            await notices.tell_owner(connection, order, order.state, now, refund=refund)
        return moved or refund > 0, refund

    async def _tell_of_stuck(self, families: Sequence[Family]) -> None:
        """Show the admins, once, parents whose end nobody can settle by what the provider says."""
        async with self.database.write() as connection:
            for found in families:
                order_id = found.order.id
                await notices.alert_once(
                    connection, self.admins, Kind.UNCLEAR_REFUND, self.clock(), about=str(order_id), order_id=order_id,
                )  # fmt: skip
        self.bells.notify.set()

    def _log_refusals(self, answers: dict[str, OrderStatus | ItemError]) -> None:
        """An id that is refused stays in work: soon after `add` it may only not be indexed yet."""
        refused = {key: answer for key, answer in answers.items() if isinstance(answer, ItemError)}
        for provider_order_id, error in refused.items():
            level = logging.INFO if error.meaning is Meaning.ORDER_ID else logging.WARNING
            log.log(level, "no status for provider order %s: %s", provider_order_id, error.text)


def _look(order: Tracked, answer: OrderStatus, found: Family | None = None) -> Look:
    """Give what was found; of an order that is no parent nobody counts runs and posts."""
    if found is not None:
        return Look(order, found.answer, found)
    counted = answer.runs is not None or answer.posts is not None
    return Look(order, replace(answer, runs=None, posts=None) if counted else answer)


def _is_news(look: Look) -> bool:
    found = look.family
    return _differs(look.order, look.answer) or (found is not None and (bool(found.changed) or owes(found)))


def _due(order: Order, look: Look, made: Sequence[Part]) -> int | None:
    """An end is settled by what is said with it: what an earlier answer left behind is no longer true."""
    order = replace(order, remains=look.answer.remains, charge=look.answer.charge)
    if look.family is None:
        return refund_due(order)
    return parent_refund_due(order, made, listed=look.family.listed)


def _counts(order: Tracked, answer: OrderStatus) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "status_text": answer.text[:128],
        "charge": order.charge if answer.charge is None else answer.charge,
        "start_count": told(answer.start_count, order.start_count),
        "remains": told(answer.remains, order.remains),
        "runs": told(answer.runs, order.runs),
        "posts": told(answer.posts, order.posts),
    }


def _differs(order: Tracked, answer: OrderStatus) -> bool:
    """Say whether an answer tells anything new; what it leaves out is not new."""
    return (
        (answer.state is not None and str(answer.state) != str(order.state))
        or answer.text[:128] != order.status_text
        or (answer.charge is not None and answer.charge != order.charge)
        or told(answer.start_count, order.start_count) != order.start_count
        or told(answer.remains, order.remains) != order.remains
        or told(answer.runs, order.runs) != order.runs
        or told(answer.posts, order.posts) != order.posts
    )
