"""From the provider's statuses to rows: what changed, what is given back, what is to be said.

Nothing is written for an order that did not change: rewriting `next_check_at` of every order asked
costs ten times the whole sweep. Which orders are asked when follows from how long they have been
quiet and from a counter of ticks instead, so it needs no column and survives a restart. An answer
that was overtaken while it was on its way is dropped.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import ceil
from typing import TypeVar

from panel import ItemError, Meaning, OrderStatus, PanelClient, PanelError, Priority
from panel.models import Same
from panel.transport import SWEEP_CONNECTIONS
from shop import outbox
from shop.catalogue.pricing import Prices
from shop.clock import Clock
from shop.fulfilment import costs
from shop.fulfilment.due_orders import DueOrders
from shop.fulfilment.endings import Endings
from shop.fulfilment.missing import Answers, news_of_missing, record_missing
from shop.fulfilment.status_diff import Look, counts, is_news, look_at
from shop.fulfilment.suborder_polling import Answered, Ask, Parents, is_stuck, may_be_parent
from shop.orders.figures import account_of, counted
from shop.orders.suborders import OrderWithSuborders, is_subscription
from shop.outbox.payloads import FailedOrderNotice, StatusTextNotice
from shop.promotions.discounts import return_uses
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import ENDED_AT_PROVIDER, OrderState
from storage.queries import orders, suborders
from storage.queries.orders import Due, Tracked
from storage.rows import Order

log = logging.getLogger(__name__)

_BATCH = 100

T = TypeVar("T")


@dataclass(slots=True)
class Tracker:
    """`interval` in seconds: the fastest check of one order.

    `prices` explain orders that were sold too cheaply. `account` is the provider account that is
    asked.

    `currencies` gives the names of the account's at the provider, none while nobody knows it: then
    a charge is compared with an order's own, where the two are one. `catch_up`: for how many
    seconds before the first sweep nobody may have asked, because the process that did had to be
    known to be gone.
    """

    database: Database
    panel: PanelClient
    admins: Collection[int]
    interval: float
    bells: Wakeups
    clock: Clock
    prices: Prices = field(default_factory=Prices)
    account: str = ""
    currencies: Callable[[], Collection[str]] = tuple
    catch_up: float = 0.0
    _endings: Endings = field(init=False)
    _next_tick: int | None = None

    def __post_init__(self) -> None:
        self._endings = Endings(self.admins, self.clock)

    async def sweep(self) -> int:
        """Ask for every order whose turn came since the last sweep; return how many were asked.

        A sweep may take longer than a tick: the ticks it slept through count in the next one. So do
        those of one that failed. What fails one batch does not stop the others.
        """
        tick = int(self.clock().timestamp() / self.interval)
        first = (
            tick - ceil(self.catch_up / self.interval)
            if self._next_tick is None
            else min(self._next_tick, tick)
        )
        ticks = range(first, tick + 1)
        due = DueOrders(self.database, self.account, ticks, self.clock())
        failures: list[Exception] = []

        async def ask() -> None:
            while batch := await due.take(_BATCH):
                try:
                    await self._batch(batch, ticks)
                except Exception as error:  # noqa: BLE001 - raised when all have been asked
                    failures.append(error)

        ended = await asyncio.gather(
            *(ask() for _ in range(SWEEP_CONNECTIONS)), return_exceptions=True
        )
        failures += [error for error in ended if isinstance(error, Exception)]
        if failures:
            for error in failures[1:]:
                log.error("a part of a sweep failed", exc_info=error)
            raise failures[0]
        self._next_tick = tick + 1
        return due.taken

    async def look(self, order_ids: Sequence[int]) -> set[int]:
        """Ask for at most 100 orders now, since somebody waits; return those that the provider has
        answered for.
        """
        wanted = await self.database.read(orders.tracked, order_ids, self.account)
        return await self._batch(wanted, range(0), Priority.PERSON) if wanted else set()

    async def _batch(
        self, batch: Sequence[Due], ticks: range, priority: Priority = Priority.SWEEP
    ) -> set[int]:
        """Ask for some orders, and write what is new; return those that the provider has answered
        for.
        """
        seen = {row.provider_order_id: row for row in batch if _is_plain(row)}
        said = await self._ask_for_changes([row.provider_order_id for row in batch], seen, priority)
        same = {row.id for row in batch if said.get(row.provider_order_id) is Same.SAME}
        if len(same) == len(batch):
            return same
        answers = {key: answer for key, answer in said.items() if not isinstance(answer, Same)}
        asked = [row.tracked() for row in batch if row.id not in same]
        answered = [
            (order, counted(answer, self._account_of(order)))
            for order in asked
            if isinstance(answer := answers.get(order.provider_order_id), OrderStatus)
        ]
        parents = [pair for pair in answered if may_be_parent(*pair)]
        await self._note_missing(asked, answers)
        await self._write([look_at(*pair) for pair in answered if not may_be_parent(*pair)])
        if parents:
            await self._look_into(parents, ticks, partial(self._ask, priority=priority))
        return same | {order.id for order, _ in answered}

    def _account_of(self, order: Tracked | Order) -> Collection[str]:
        return account_of(order, self.currencies())

    async def _note_missing(self, asked: Sequence[Tracked], answers: Answers) -> None:
        news = news_of_missing(asked, answers, self.clock())
        if not news:
            return
        try:

            def transaction(tx: Transaction) -> None:
                record_missing(tx, _still_true(tx, news), answers, self.clock())

            await self.database.write(transaction)
        except Exception:  # what is known of the others is to be written all the same
            log.exception(
                "what is missing of orders %s can't be written", [order.id for order in news]
            )

    async def _ask(
        self, ids: Sequence[str], priority: Priority
    ) -> dict[str, OrderStatus | ItemError]:
        """Ask for orders or parts; return what could be learnt."""
        return await self._learnt(self.panel.statuses(ids, priority=priority), len(ids))

    async def _ask_for_changes(
        self, ids: Sequence[str], seen: Mapping[str, Due], priority: Priority
    ) -> dict[str, OrderStatus | ItemError | Same]:
        """Do the same; SAME where nothing else is said than what was `seen`."""
        return await self._learnt(self.panel.changes(ids, seen, priority=priority), len(ids))

    async def _learnt(self, asking: Awaitable[dict[str, T]], count: int) -> dict[str, T]:
        try:
            answers = await asking
        except PanelError as error:
            log.warning("no statuses for all of %s orders this time: %s", count, error)
            answers = dict(error.gathered)
        self._log_refusals(answers)
        return answers

    async def _look_into(self, answered: Answered, ticks: range, ask: Ask) -> None:
        asking = Parents(self.database, ask, self._account_of, self.clock)
        families = await asking.look_into(answered, ticks)
        looks = [look_at(order, answer, families.get(order.id)) for order, answer in answered]
        await self._write(looks)
        if stuck := [found for found in families.values() if is_stuck(found, self.clock())]:
            await self.database.write(self._endings.ask_of_stuck, stuck)
            self.bells.notify.set()

    async def _write(self, looks: Sequence[Look]) -> None:
        # Each transaction pays people in the same order: two that don't would wait for each other
        # for ever.
        changed = sorted(
            filter(is_news, looks), key=lambda look: (look.order.user_id, look.order.id)
        )
        if not changed:
            return
        if not await self._written(changed):
            # One answer that can't be written must not stop the others.
            for look in changed:
                await self._written([look])
        self.bells.notify.set()

    async def _written(self, changed: Sequence[Look]) -> bool:
        """Record changes in one transaction; False, and nothing written, when that is not
        possible.
        """
        try:

            def transaction(tx: Transaction) -> None:
                true = _still_true(tx, [look.order for look in changed])
                if true:
                    self._record(tx, [look for look in changed if look.order in true])

            await self.database.write(transaction)
        except Exception:
            log.exception(
                "the statuses of orders %s can't be written", [look.order.id for look in changed]
            )
            return False
        return True

    def _record(self, tx: Transaction, changed: Sequence[Look]) -> None:
        now = self.clock()
        orders.note_progress(tx, [counts(look) for look in changed], now)
        self._record_parts(tx, [look.family for look in changed if look.family is not None])
        moved = {look.order.id for look in changed if self._move(tx, look.order, look.answer)}
        rows = orders.get_many(tx, [look.order.id for look in changed])
        made = suborders.of_orders(
            tx, [look.order.id for look in changed if look.family is not None]
        )
        quietly, settled = [], []
        for look in changed:
            order = rows.get(look.order.id)
            if order is None:
                continue
            said, refund = self._endings.settle(
                tx,
                order,
                look,
                made.get(order.id, []),
                moved=order.id in moved,
            )
            if not said:
                quietly.append(order)
            settled.append(replace(order, refunded=order.refunded + refund) if refund else order)
        outbox.notify_cards(tx, quietly, now)
        costs.book(tx, settled, self.admins, self.prices, now)
        return_uses(tx, settled, now)

    def _record_parts(self, tx: Transaction, families: Sequence[OrderWithSuborders]) -> None:
        """Write the parts that changed; a text that nobody knows, or a fault, is an admin's to look
        at.
        """
        now = self.clock()
        suborders.put(tx, [part for family in families for part in family.changed], now)
        for part in (part for family in families for part in family.changed):
            if part.state is None and part.status_text:
                self._alert_of_text(tx, part.status_text, part.order_id)
            if part.state is OrderState.FAILED:
                outbox.alert_once(
                    tx,
                    self.admins,
                    FailedOrderNotice(),
                    now,
                    about=str(part.order_id),
                    order_id=part.order_id,
                )

    def _move(self, tx: Transaction, order: Tracked, answer: OrderStatus) -> bool:
        """Make the order's state what the provider says; a text that nobody knows leaves it in
        work.
        """
        now = self.clock()
        if answer.state is None:
            self._alert_of_text(tx, answer.text, order.id)
            return False
        state = OrderState(answer.state)
        if state is order.state:
            return False
        finished = now if state in ENDED_AT_PROVIDER else None
        return orders.move(tx, order.id, state, now=now, note=answer.text, finished_at=finished)

    def _alert_of_text(self, tx: Transaction, text: str, order_id: int) -> None:
        told = StatusTextNotice(text=text, order=order_id)
        outbox.alert_once(tx, self.admins, told, self.clock(), about=text)

    def _log_refusals(self, answers: Mapping[str, object]) -> None:
        """An id that is refused stays in work: soon after `add` it may only not be indexed yet."""
        refused = {key: answer for key, answer in answers.items() if isinstance(answer, ItemError)}
        for provider_order_id, error in refused.items():
            level = logging.INFO if error.meaning is Meaning.ORDER_ID else logging.WARNING
            log.log(level, "no status for provider order %s: %s", provider_order_id, error.text)


def _is_plain(row: Due) -> bool:
    """Return whether an answer that repeats what was seen of an order changes nothing: it has no
    parts, and is known.
    """
    return row.runs is None and row.missing_since is None and not is_subscription(row)


def _still_true(tx: Transaction, asked: Sequence[Tracked]) -> list[Tracked]:
    """Leave out what was overtaken while the answer was on its way, or slept through: the next
    sweep asks again.
    """
    true = orders.not_overtaken(tx, asked)
    if late := [order.id for order in asked if order.id not in true]:
        log.info("the statuses of orders %s come too late and are dropped", late)
    return [order for order in asked if order.id in true]
