"""Finding out what became of an `add` whose answer got lost, by what the provider says of its
neighbours.

One order found beyond doubt goes on by itself. Everything else is kept as evidence for an admin;
that an order does not exist is never concluded. One step asks one thing: a search takes many, and
any of them may be the last before a crash or a takeover by another process.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from panel import (
    ItemError,
    OrderStatus,
    PanelClient,
    PanelError,
    Rejected,
    Unavailable,
    Unsupported,
)
from panel.multiple import GIVEN_UP
from shop import outbox
from shop.clock import Clock
from shop.currencies import fits
from shop.errors import ShopError
from shop.fulfilment.evidence import EvidenceKind
from shop.outbox.payloads import FoundOrderNotice
from shop.provider.balance import BalanceWatch, ProviderBalance
from shop.recovery.balance import Readings, assess_balance
from shop.recovery.confirmation import MOST_CALLS, is_unambiguous
from shop.recovery.context import RecoveryContext, view_of
from shop.recovery.id_range import LATE
from shop.recovery.progress import BatchAnswers, Candidate, classify, only_match
from shop.recovery.resolution import Verdicts
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction, shield_to_completion
from storage.enums import OrderState
from storage.queries import evidence, facts, orders, recovery
from storage.queries.facts import Fact
from storage.rows import Order

log = logging.getLogger(__name__)

STEP_SECONDS = 1.0  # between two questions to the provider
_REST_SECONDS = 3.0
_SOONEST, _LATEST = timedelta(seconds=5), timedelta(hours=1)
_GIVE_UP = timedelta(days=5)


@dataclass(slots=True)
class Finder:
    """`most`: how many ids are asked for one order in its life; 0 looks at no ids.

    `account` is the provider's.

    `leads` says in a transaction whether this process still runs the workers: who was away
    concludes nothing.
    """

    database: Database
    panel: PanelClient
    watch: BalanceWatch
    verdicts: Verdicts
    leads: Callable[[Transaction], bool]
    admins: Collection[int]
    most: int
    bells: Wakeups
    clock: Clock
    account: str = ""

    async def step(self) -> None:
        """Ask one thing about one order whose look is due, or conclude its look."""

        def transaction(tx: Transaction) -> tuple[Order | None, dict[str, dict[str, Any]]]:
            order = recovery.due(tx, self.clock(), self.account)
            half_done = facts.starting_with(tx, Fact.FOUND)
            return order, half_done

        order, half_done = await self.database.read(transaction)
        for found_id in half_done:
            await self._tell_found(int(found_id))
        if order is not None:
            await self._look(order)

    async def pause(self) -> float:
        """Return the seconds until there may be something to ask; a search goes on after a short
        rest.
        """
        turn = await self.database.read(recovery.next_look, self.account)
        if turn is None:
            return _REST_SECONDS
        return min(max((turn - self.clock()).total_seconds(), STEP_SECONDS), _REST_SECONDS)

    async def _look(self, order: Order) -> None:
        def transaction(tx: Transaction) -> RecoveryContext:
            singly = self.panel.profile.ids_per_call == 1
            return view_of(tx, order, self.clock(), most=self.most, singly=singly)

        view = await self.database.read(transaction)
        try:
            if not view.progress.balance:
                await self._ask_balance(view)
            elif view.left and view.progress.left:
                await self._ask_ids(view)
            else:
                await self._conclude(view)
        except PanelError as error:
            log.warning("nothing found out about order %s this time: %s", order.id, error)
            await self._next_look(view)

    async def _ask_balance(self, view: RecoveryContext) -> None:
        """Ask once after the order became unknown; what may have moved the balance is counted again
        at each look.
        """
        readings = await self._readings(view.order)
        view.progress.balance = True

        def transaction(tx: Transaction) -> None:
            if not self.leads(tx):
                return
            if readings is not None:
                found = assess_balance(tx, view.order, readings)
                self._keep(tx, view, EvidenceKind.BALANCE, found)
            self._put(tx, view)

        await self.database.write(transaction)

    async def _readings(self, order: Order) -> Readings | None:
        """Ask for the balance; None where it says nothing, because there is none from before or
        none to be had.
        """
        before = await self.watch.before(order.submitted_at or order.created_at)
        if before is None:
            return None
        try:
            balance = await self.panel.balance()
        except (Rejected, Unsupported) as error:
            log.warning("no balance for order %s: %s", order.id, error)
            return None
        same = not balance.currency or fits(balance.currency, before.currency)
        currency = before.currency if same else balance.currency
        return Readings(before, ProviderBalance(balance.amount, currency, self.clock()))

    async def _ask_ids(self, view: RecoveryContext) -> None:
        """Ask for the next ids of the gap, and for one that the provider knows."""
        progress, control = view.progress, view.gap.control
        size = 1 if progress.singly else max(self.panel.profile.ids_per_call - 1, 1)
        batch = view.left[: min(size, progress.left or 0)]
        asked = [*batch] if progress.singly or control is None else [*batch, control]
        answers, failure = await self._statuses(asked)
        until = self.clock()
        if failure is not None:
            if isinstance(failure, Unavailable) and failure.reason == GIVEN_UP:
                progress.singly, failure = True, None
            batch = [key for key in batch if key in answers]
        heard = classify(view.order, batch, control, answers)

        def transaction(tx: Transaction) -> bool:
            if not self.leads(tx):
                return False
            self._record(tx, view, batch, heard, until)
            return True

        if await self.database.write(transaction) and failure is not None:
            raise failure

    async def _statuses(
        self, asked: Sequence[str]
    ) -> tuple[Mapping[str, OrderStatus | ItemError], PanelError | None]:
        try:
            return await self.panel.statuses(asked, most_calls=MOST_CALLS), None
        except PanelError as error:
            return error.gathered, error

    def _record(
        self,
        tx: Transaction,
        view: RecoveryContext,
        batch: Sequence[str],
        heard: BatchAnswers,
        until: datetime,
    ) -> None:
        progress, now = view.progress, self.clock()
        progress.asked += max(len(batch), 1)
        progress.left = max((progress.left or 0) - max(len(batch), 1), 0)
        progress.soft += batch
        if now - view.since >= LATE:
            progress.firm += [key for key in heard.firmly if int(key) < (view.gap.top or 0)]
        progress.vague |= heard.vague
        ours = recovery.known_among(tx, [one.id for one in heard.candidates], self.account)
        strange = [one for one in heard.candidates if one.id not in ours]
        if strange and recovery.in_flight(tx, view.gap.closed_at or until, self.account):
            # An order that is being sent right now may have made it.
            progress.vague = True
            strange = []
        for one in strange:
            before = next((other for other in view.candidates if other.id == one.id), None)
            if before is None or before.fit != one.fit:
                evidence.add(tx, view.order.id, EvidenceKind.CANDIDATE, one.as_json(), now)
        self._put(tx, view)

    async def _conclude(self, view: RecoveryContext) -> None:
        """End the look: keep what it has found, and let the order go on if there is no doubt."""

        def transaction(tx: Transaction) -> str | None:
            if not self.leads(tx):
                return None
            weighed = self._weigh_again(tx, view)
            if view.gap.why != "off":
                but = "asked" if view.complete else ""
                self._keep(tx, view, EvidenceKind.GAP, view.as_evidence(self.most), but=but)
            return weighed

        weighed = await self.database.write(transaction)
        if weighed is None:
            return
        one = only_match(view.gap, view.candidates)
        sure = one is not None and await is_unambiguous(
            self.database, self.panel, view, one, weighed
        )
        if one is None or not sure or not await self._attach(view.order, one):
            await self._next_look(view)

    def _weigh_again(self, tx: Transaction, view: RecoveryContext) -> str:
        """Return what the balance speaks, by what is known now of what else moved it."""
        known = view.last_of(EvidenceKind.BALANCE)
        if not known:
            return ""
        found = assess_balance(tx, view.order, Readings.of(known))
        self._keep(tx, view, EvidenceKind.BALANCE, found)
        return str(found["speaks"])

    async def _attach(self, order: Order, one: Candidate) -> bool:
        """Let the order go on; False when another has this id by now."""

        def transaction(tx: Transaction) -> bool:
            if not self.leads(tx):
                return False
            facts.put(tx, Fact.FOUND.of(order.id), {"id": one.id}, self.clock())
            return True

        if not await self.database.write(transaction):
            return True
        try:
            await shield_to_completion(self.verdicts.mark_existing(order.id, one.id, None))
        except ShopError as error:
            log.warning("order %s is not %s after all: %s", order.id, one.id, error)
        return await self._tell_found(order.id)

    async def _tell_found(self, order_id: int) -> bool:
        """Tell the admins of an order that was attached, also when a crash came in between; say
        whether it was.
        """

        def transaction(tx: Transaction) -> bool:
            kept, order = facts.get(tx, Fact.FOUND.of(order_id)), orders.get(tx, order_id)
            if kept is None or order is None or not facts.remove(tx, Fact.FOUND.of(order_id)):
                return True
            found = (
                order.state is not OrderState.UNKNOWN and order.provider_order_id == kept[0]["id"]
            )
            if found:
                log.info("order %s was found as %s", order_id, order.provider_order_id)
                recovery.forget_settled(tx)
                told = FoundOrderNotice(provider_order_id=str(order.provider_order_id))
                outbox.notify_admins(tx, self.admins, told, self.clock(), order_id=order_id)
            return found

        found = await self.database.write(transaction)
        self.bells.notify.set()
        return found

    async def _next_look(self, view: RecoveryContext) -> None:
        """End this look; the next comes after half the time that the order has been unknown."""
        now = self.clock()
        age = now - view.since
        turn = None if age > _GIVE_UP else now + min(max(age / 2, _SOONEST), _LATEST)
        view.progress.end()

        def transaction(tx: Transaction) -> None:
            if not self.leads(tx):
                return
            recovery.look_again(tx, view.order.id, turn)
            self._put(tx, view)
            recovery.forget_settled(tx)

        await self.database.write(transaction)

    def _keep(
        self,
        tx: Transaction,
        view: RecoveryContext,
        kind: EvidenceKind,
        payload: Mapping[str, Any],
        *,
        but: str = "",
    ) -> None:
        """Add evidence, unless the last of its kind says the same; `but` does not count."""
        last = view.last_of(kind)
        if {**payload, but: None} != {**last, but: None}:
            evidence.add(tx, view.order.id, kind, payload, self.clock())

    def _put(self, tx: Transaction, view: RecoveryContext) -> None:
        facts.put(tx, Fact.FINDING.of(view.order.id), view.progress.as_json(), self.clock())
