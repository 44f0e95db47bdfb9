"""Finding out what became of an `add` whose answer got lost, by what the provider says of its neighbours.

One order found beyond doubt goes on by itself. Everything else is kept as evidence for an admin; that an order does
not exist is never concluded. One step asks one thing: a search takes many, and any of them may be the last before a
crash or a takeover by another process.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from panel import ItemError, OrderStatus, PanelClient, PanelError, Rejected, Unavailable, Unsupported
from panel.multiple import GIVEN_UP
from shop import notices
from shop.balance_evidence import AGAINST, FOR, Readings, weigh
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.errors import ShopError
from shop.evidence import Sign
from shop.fitting import charge_speaks, fit
from shop.gap import LATE, Gap, gap_of
from shop.leases import Leases
from shop.notices import Kind
from shop.parts import PAID_BY_POST, is_parent
from shop.provider_balance import BalanceWatch, ProviderBalance
from shop.restoring import FORGOTTEN
from shop.search import Candidate, Heard, Progress, candidate_of, hear, sole, to_ask
from shop.verdicts import Verdicts
from storage import Database, evidence, facts, finding, orders
from storage.engine import Connection, to_the_end
from storage.rows import Evidence, Order
from storage.states import OrderState

log = logging.getLogger(__name__)

STEP_SECONDS = 1.0  # between two questions to the provider
_REST_SECONDS = 3.0
_SOONEST, _LATEST = timedelta(seconds=5), timedelta(hours=1)
_GIVE_UP = timedelta(days=5)
_TIME_FITS = timedelta(minutes=10)  # without a later order of ours, only so long after it is an id "of that time"
_MOST_CALLS = 4  # of one step, where a batch is refused as a whole
_MOST_PARENTS = 50
_LEASE = "finder"
_FOUND = "found:"  # and the order's number: it is being attached, and the admins are to be told


@dataclass(frozen=True, slots=True)
class View:
    """What is known of one lost order at the beginning of a step."""

    order: Order
    since: datetime
    gap: Gap
    progress: Progress
    candidates: Sequence[Candidate]
    known: Sequence[Evidence]
    left: Sequence[str]  # ids that this look has not asked for yet
    forgotten: bool  # orders of ours that a restore has forgotten may be in the gap

    @property
    def searched(self) -> bool:
        """Whether this look has got an answer for every id that it was about."""
        whole = self.gap.is_all(self.gap.ids(self.progress.ahead)) and bool(self.gap.first or self.progress.ahead)
        return not (self.gap.why or self.left or self.progress.vague) and whole

    @property
    def complete(self) -> bool:
        """Whether it has got one for every id between the orders known right before and right after."""
        ids = self.gap.inner(self.gap.ids(self.progress.ahead))
        asked = not (self.gap.why or self.gap.inner(self.left) or self.progress.vague)
        return asked and len(ids) == self.gap.size

    def last_of(self, kind: Sign) -> dict[str, Any]:
        return next((one.payload for one in reversed(self.known) if one.kind == kind), {})


@dataclass(slots=True)
class Finder:
    """`most`: how many ids are asked for one order in its whole life; 0 looks at no ids."""

    database: Database
    panel: PanelClient
    watch: BalanceWatch
    verdicts: Verdicts
    leases: Leases
    admins: Collection[int]
    most: int
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now

    async def step(self) -> None:
        """Ask one thing about one order whose look is due, or conclude its look."""
        async with self.database.read() as connection:
            order = await finding.due(connection, self.clock())
            half_done = await facts.starting_with(connection, _FOUND)
        if order is None and not half_done:
            return
        async with self.leases.alone(_LEASE) as mine:
            if not mine:
                return
            for name in half_done:
                await self._tell_found(int(name.removeprefix(_FOUND)))
            if order is not None:
                await self._look(order)

    async def pause(self) -> float:
        """Give the seconds until there may be something to ask; a search goes on after a short rest."""
        async with self.database.read() as connection:
            turn = await finding.next_look(connection)
        if turn is None:
            return _REST_SECONDS
        return min(max((turn - self.clock()).total_seconds(), STEP_SECONDS), _REST_SECONDS)

    async def _look(self, order: Order) -> None:
        view = await self._view(order)
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

    async def _view(self, order: Order) -> View:
        async with self.database.read() as connection:
            since = await finding.unknown_since(connection, order.id) or order.changed_at
            late = self.clock() - since >= LATE
            gap = Gap(why="off") if not self.most else await gap_of(connection, order, since, late=late)
            kept = await facts.get(connection, f"{finding.PROGRESS}{order.id}")
            known = (await evidence.of_orders(connection, [order.id]))[order.id]
            progress = Progress(**kept[0]) if kept else Progress()
            if progress.left is None:
                singly = self.panel.profile.ids_per_call == 1
                progress.begin(self.most, closed=gap.first is not None, final=late, singly=singly)
            candidates = await _candidates(connection, known)
            ids = [] if gap.why else gap.ids(progress.ahead)
            ours = await finding.known_among(connection, ids)
            forgotten = await self._forgotten(connection, gap)
        left = [] if gap.why else to_ask(gap, progress, ours, candidates)
        return View(order, since, gap, progress, candidates, known, left, forgotten)

    async def _forgotten(self, connection: Connection, gap: Gap) -> bool:
        """Say whether ids of the gap were given between the making of a copy and its restore."""
        found = await facts.get(connection, FORGOTTEN)
        if found is None:
            return False
        value, restored_at = found
        copied_at = datetime.fromisoformat(value["copied_at"]) if value["copied_at"] else None
        begins_before = gap.opened_at is None or gap.opened_at <= restored_at
        return begins_before and (copied_at is None or (gap.closed_at or self.clock()) >= copied_at)

    async def _ask_balance(self, view: View) -> None:
        """Ask once after the order became unknown; what may have moved the balance is counted again at each look."""
        readings = await self._readings(view.order)
        view.progress.balance = True
        async with self.database.write() as connection:
            if not await self._holds(connection):
                return
            if readings is not None:
                found = await weigh(connection, view.order, readings)
                await self._keep(connection, view, Sign.BALANCE, found)
            await self._put(connection, view)

    async def _readings(self, order: Order) -> Readings | None:
        """Ask for the balance; None where it says nothing, because there is none from before or none to be had."""
        before, asked = await self.watch.before(order.submitted_at or order.created_at), self.clock()
        if before is None:
            return None
        try:
            balance = await self.panel.balance()
        except (Rejected, Unsupported) as error:
            log.warning("no balance for order %s: %s", order.id, error)
            return None
        return Readings(before, ProviderBalance(balance.amount, balance.currency or before.currency, asked))

    async def _ask_ids(self, view: View) -> None:
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
        heard = hear(view.order, batch, control, answers)
        async with self.database.write() as connection:
            if not await self._holds(connection):
                return
            await self._record(connection, view, batch, heard, until)
        if failure is not None:
            raise failure

    async def _statuses(self, asked: Sequence[str]) -> tuple[Mapping[str, OrderStatus | ItemError], PanelError | None]:
        try:
            return await self.panel.statuses(asked, most_calls=_MOST_CALLS), None
        except PanelError as error:
            return error.gathered, error

    async def _record(
        self, connection: Connection, view: View, batch: Sequence[str], heard: Heard, until: datetime
    ) -> None:
        progress, now = view.progress, self.clock()
        progress.asked += max(len(batch), 1)
        progress.left = max((progress.left or 0) - max(len(batch), 1), 0)
        progress.soft += batch
        if now - view.since >= LATE:
            progress.firm += [key for key in heard.firmly if int(key) < (view.gap.top or 0)]
        progress.vague |= heard.vague
        ours = await finding.known_among(connection, [one.id for one in heard.candidates])
        strange = [one for one in heard.candidates if one.id not in ours]
        if strange and await finding.in_flight(connection, view.gap.closed_at or until):
            # An order that is being sent right now may have made it.
            progress.vague = True
            strange = []
        for one in strange:
            before = next((other for other in view.candidates if other.id == one.id), None)
            if before is None or before.fit != one.fit:
                await evidence.add(connection, view.order.id, Sign.CANDIDATE, one.as_json(), now)
        await self._put(connection, view)

    async def _conclude(self, view: View) -> None:
        """End the look: keep what it has found, and let the order go on if there is no doubt."""
        async with self.database.write() as connection:
            if not await self._holds(connection):
                return
            weighed = await self._weigh_again(connection, view)
            if view.gap.why != "off":
                but = "asked" if view.complete else ""
                await self._keep(connection, view, Sign.GAP, _gap_payload(view, self.most), but=but)
        one = sole(view.gap, view.candidates)
        if (
            one is not None
            and await self._sure(view, one, weighed)
            and await self._no_rival(view, one)
            and await self._no_part(view, one)
            and await self._attach(view.order, one)
        ):
            return
        await self._next_look(view)

    async def _weigh_again(self, connection: Connection, view: View) -> str:
        """Say what the balance speaks, by what is known now of what else moved it."""
        known = view.last_of(Sign.BALANCE)
        if not known:
            return ""
        found = await weigh(connection, view.order, Readings.of(known))
        await self._keep(connection, view, Sign.BALANCE, found)
        return str(found["speaks"])

    async def _sure(self, view: View, one: Candidate, weighed: str) -> bool:
        """Say whether the whole gap is known, in time, and nothing else speaks against the order."""
        order, gap = view.order, view.gap
        in_time = gap.first is not None or self.clock() - view.since <= _TIME_FITS
        known = view.complete if gap.inner([one.id]) else view.searched and in_time
        if not known or view.forgotten or gap.last is None or order.submitted_at is None or weighed == AGAINST:
            return False
        # That it has runs is all that the answer of a parent says.
        return not is_parent(order) or weighed == FOR or bool(charge_speaks(order, one.answer))

    async def _no_rival(self, view: View, one: Candidate) -> bool:
        """Say whether the id can be that of no other lost order of ours.

        Those that were being sent when it was seen have an answer by now, or are lost too.
        """
        async with self.database.read() as connection:
            for other in await finding.lost(connection, but=view.order.id):
                if is_parent(other) or fit(other, one.answer).possible:
                    since = await finding.unknown_since(connection, other.id) or other.changed_at
                    if (await gap_of(connection, other, since, late=True)).has(one.id):
                        return False
        return True

    async def _no_part(self, view: View, one: Candidate) -> bool:
        """Say whether the id is none of the parts of our drip-feeds and subscriptions, such as one just begun."""
        async with self.database.read() as connection:
            since = view.order.submitted_at or view.since
            found = await finding.possible_parents(connection, since, PAID_BY_POST)
        parents = [order.provider_order_id or "" for order in found if is_parent(order)]
        if not parents:
            return True
        if len(parents) > _MOST_PARENTS:
            return False
        answers = await self.panel.statuses(parents, most_calls=_MOST_CALLS if len(parents) > 1 else None)
        lists = [answer.orders if isinstance(answer := answers.get(key), OrderStatus) else None for key in parents]
        return all(made is not None and one.id not in made for made in lists)

    async def _attach(self, order: Order, one: Candidate) -> bool:
        """Let the order go on; False when another has this id by now."""
        async with self.database.write() as connection:
            if not await self._holds(connection):
                return True
            await facts.put(connection, f"{_FOUND}{order.id}", {"id": one.id}, self.clock())
        try:
            await to_the_end(self.verdicts.it_exists(order.id, one.id, None))
        except ShopError as error:
            log.warning("order %s is not %s after all: %s", order.id, one.id, error)
        return await self._tell_found(order.id)

    async def _tell_found(self, order_id: int) -> bool:
        """Tell the admins of an order that was attached, also when a crash came in between; say whether it was."""
        async with self.database.write() as connection:
            kept, order = await facts.get(connection, f"{_FOUND}{order_id}"), await orders.get(connection, order_id)
            if kept is None or order is None or not await facts.forget(connection, f"{_FOUND}{order_id}"):
                return True
            found = order.state is not OrderState.UNKNOWN and order.provider_order_id == kept[0]["id"]
            if found:
                log.info("order %s was found as %s", order_id, order.provider_order_id)
                await finding.forget_settled(connection)
                await notices.tell_admins(
                    connection, self.admins, Kind.FOUND_ORDER, self.clock(), order_id=order_id,
                    provider_order_id=order.provider_order_id,
                )  # fmt: skip
        self.bells.notify.set()
        return found

    async def _next_look(self, view: View) -> None:
        """End this look; the next comes after half the time that the order has been unknown."""
        now = self.clock()
        age = now - view.since
        turn = None if age > _GIVE_UP else now + min(max(age / 2, _SOONEST), _LATEST)
        view.progress.end()
        async with self.database.write() as connection:
            if not await self._holds(connection):
                return
            await finding.look_again(connection, view.order.id, turn)
            await self._put(connection, view)
            await finding.forget_settled(connection)

    async def _keep(
        self, connection: Connection, view: View, kind: Sign, payload: Mapping[str, Any], *, but: str = ""
    ) -> None:
        """Add evidence, unless the last of its kind says the same; `but` does not count."""
        last = view.last_of(kind)
        if {**payload, but: None} != {**last, but: None}:
            await evidence.add(connection, view.order.id, kind, payload, self.clock())

    async def _put(self, connection: Connection, view: View) -> None:
        await facts.put(connection, f"{finding.PROGRESS}{view.order.id}", view.progress.as_json(), self.clock())

    async def _holds(self, connection: Connection) -> bool:
        return bool(await self.leases.mine(connection, [_LEASE]))


async def _candidates(connection: Connection, known: Sequence[Evidence]) -> list[Candidate]:
    """Give what each id of our key was said to be last, but for those that an order has by now."""
    found = {one.payload["id"]: candidate_of(one.payload) for one in known if one.kind == Sign.CANDIDATE}
    taken = await finding.known_among(connection, list(found))
    return [one for key, one in found.items() if key not in taken]


def _gap_payload(view: View, most: int) -> dict[str, Any]:
    gap = view.gap
    why = gap.why or ("most" if view.left and view.progress.asked >= most else "")
    return {
        "last": None if gap.last is None else str(gap.last), "first": None if gap.after is None else str(gap.after),
        "asked": view.progress.asked, "ours": len([one for one in view.candidates if gap.has(one.id)]),
        "complete": view.complete, "why": why,
    }  # fmt: skip
