"""From a queued order to an answer of the provider: one `add`, never a second.

The row is claimed and committed *before* anything is sent (shop.sending), and only while all is as
its customer has agreed. After anything but a definite answer the order is unknown: its money stays
held, it is never sent again, every admin is told, and nothing else is sent until the provider
speaks again (shop.provider.brake).
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from panel import (
    Accepted,
    Meaning,
    NotSent,
    OutcomeUnknown,
    PanelClient,
    PanelError,
    Permit,
    Priority,
    Rejected,
    Withheld,
)
from shop import outbox
from shop.clock import Clock
from shop.fulfilment import costs, reused_ids
from shop.fulfilment.evidence import EvidenceKind
from shop.fulfilment.late_responses import too_late
from shop.ordering import forms
from shop.ordering.agreement import ASKED, Agreement, Waiting
from shop.orders.cancelling import take_back
from shop.orders.figures import account_of, is_foreign
from shop.orders.holds import end_rejected, move_held
from shop.outbox import Kind
from shop.outbox.payloads import (
    BadKeyNotice,
    LongWaitNotice,
    NoFundsNotice,
    Payload,
    RefusalWordsNotice,
    TakenIdNotice,
    UnknownOrderNotice,
    UnreachableNotice,
)
from shop.provider import brake, funds, pauses
from shop.provider.brake import Brake
from shop.provider.currencies import is_stopped
from shop.provider.refusals import words_of
from shop.provider.walls import speaks, stands_before_all
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
from storage.enums import OrderState
from storage.queries import catalogue, evidence, orders, wallet
from storage.queries.wallet import Account
from storage.rows import Order, ServiceRow
from storage.schema.base import LONGEST_ID

log = logging.getLogger(__name__)

_BUSY_LINK_WAIT = timedelta(seconds=60)
MOST_SENDERS = 8
_REFUSED_WAIT = timedelta(seconds=60)
_LOOK_AGAIN = timedelta(minutes=5)  # at an order that is not as it was agreed: it may be again

_NOT_SENT, _REFUSED = "not_sent", "refused"
# What orders wait for, and what admins are told of it.
_ALERTS: dict[str, Kind] = {
    Meaning.FUNDS: Kind.NO_FUNDS,
    Meaning.BAD_KEY: Kind.BAD_KEY,
    Meaning.RATE_LIMIT: Kind.LONG_WAIT,
    _NOT_SENT: Kind.UNREACHABLE,
}


@dataclass(slots=True)
class Submitter(Sender["_Work", Accepted]):
    """Several steps may run at once, of which `senders` send; the others write answers.

    `timeout` is the panel's, in seconds. `paused_until` is what was last known of it.

    `currencies` gives the names of the account's at the provider, in which charges count; none
    while nobody knows it. `hold_seconds`: after "no funds" the order, after "bad key" all of them
    wait that long: the operator has to act. `owner` is the name of this process.
    """

    priority = Priority.ADD

    database: Database
    panel: PanelClient
    admins: Collection[int]
    timeout: float
    bells: Wakeups
    clock: Clock
    paused_until: datetime | None = None
    hold_seconds: float = HOLD_ALL_SECONDS
    agreement: Agreement = field(default_factory=Agreement)
    owner: str = field(default_factory=lambda: uuid4().hex)
    currencies: Callable[[], Collection[str]] = tuple
    senders: int = MOST_SENDERS
    _sending: asyncio.Semaphore = field(init=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def __post_init__(self) -> None:
        self._sending = asyncio.Semaphore(self.senders)

    async def step(self) -> bool:
        """Submit one order whose turn it is, or find that it must not be sent now; False when there
        is none.
        """
        turn = await self._send_next()
        return await self._look() if turn.is_held else turn.is_news

    def _place(self) -> asyncio.Semaphore:
        return self._sending

    def _longest_call(self) -> timedelta:
        return timedelta(seconds=self.timeout) * 2

    async def _claim(self, now: datetime, lease: datetime) -> Turn["_Work"]:
        """Claim the order whose turn it is, if it still is what was agreed; otherwise let it wait
        for its customer.
        """
        turn, self.paused_until = await self.database.write(self._found, now, lease)
        if turn.is_news and turn.work is None:
            self.bells.notify.set()
        return turn

    def _found(
        self, tx: Transaction, now: datetime, lease: datetime
    ) -> tuple[Turn["_Work"], datetime | None]:
        """Return what is claimed; else until when nothing is sent, where that is known."""
        paused_until = pauses.paused_until(tx, self.agreement.account, now)
        if paused_until is not None:
            return Turn(), paused_until
        held = brake.for_claim(tx)
        if held is not None and held.phase is brake.Phase.CLOSED:
            return Turn(is_held=True), None
        if held is not None and orders.count(tx, {OrderState.SUBMITTING}):
            return Turn(), None  # one is tried
        means = funds.means(tx, now)
        order = orders.next_in_line(tx, now=now, means=means)
        if order is None or is_stopped(tx):
            return Turn(), None
        service = catalogue.service(tx, order.service_id)
        broken = self.agreement.broken(order, service, wallet.balance(tx, order.user_id))
        work = None
        if service is None or broken is not None:
            self._not_as_agreed(tx, order, broken or Waiting.GONE, now)
        elif means is None or funds.may_try(tx, order, means):
            claimed = orders.claim(tx, order, service, now=now, owner=self.owner, lease_until=lease)
            work = None if claimed is None else _Work(claimed, service)
        return Turn(work, is_news=True), None

    def _not_as_agreed(self, tx: Transaction, order: Order, why: Waiting, now: datetime) -> None:
        """Let an order wait that is not what its customer has agreed to; after a while its money
        goes back.
        """
        since = order.waits_since if order.waiting == why and order.waits_since is not None else now
        until = since + self.agreement.asked_for
        if now >= until:
            take_back(tx, order, now, note=f"{why}, and not agreed to in time", waiting=str(why))
            return
        new = orders.let_wait(
            tx,
            order.id,
            waiting=str(why),
            now=now,
            not_before=min(now + _LOOK_AGAIN, until),
            note=f"not sent: {why}",
        )
        if not new:
            return
        log.info("order %s is not sent: %s", order.id, why)
        outbox.notify_card(tx, order, now)
        if why in ASKED:
            outbox.ask_owner(tx, order, str(why), now, until=until)

    async def _look(self) -> bool:
        """Ask for a read while nothing is sent; True when it was answered, so that there may be
        something to do.
        """
        if self._looking.locked():
            return False
        async with self._looking:
            now = self.clock()

            def look_at_brake(tx: Transaction) -> Brake | None:
                brake.put_right(tx, now)
                return brake.brake(tx)

            held = await self.database.write(look_at_brake)
            if held is None or held.phase is not brake.Phase.CLOSED:
                return True
            if held.why is brake.BrakeReason.NUMBERS or held.next_at > now:
                return False
            answers = await self._answers()

            def note_answer(tx: Transaction) -> None:
                if answers:
                    brake.answered(tx, self.clock(), self.admins, asked_at=now)
                else:
                    brake.look_failed(tx, self.clock())

            await self.database.write(note_answer)
            self.bells.notify.set()
            return answers

    async def _answers(self) -> bool:
        """Return whether the provider answers a read like the provider."""
        known = await self.database.read(orders.latest_id, self.agreement.account)
        return await speaks(self.panel, known)

    async def next_turn(self) -> datetime | None:
        """Return when there may be something to submit; None when nothing waits."""

        def transaction(tx: Transaction) -> tuple[datetime | None, datetime | None]:
            turn = orders.next_turn(tx)
            pause = pauses.paused_until(tx, self.agreement.account, self.clock())
            return turn, pause

        turn, pause = await self.database.read(transaction)
        return turn if turn is None or pause is None else max(turn, pause)

    def _end_abandoned(self, tx: Transaction, lapsed: datetime | None, now: datetime) -> int:  # noqa: ARG002
        """Take claimed orders without a worker for unknown."""
        left = orders.abandoned(tx, now=lapsed)
        for order in left:
            self._record_unknown(tx, order, "the bot stopped while the order was being sent", "")
        return len(left)

    async def _put_off(self, work: "_Work", why: str) -> None:
        await self._wait(work.order, "", timedelta(0), why)

    async def _call(self, work: "_Work", permit: Permit) -> Accepted:
        order = work.order
        try:
            fields = forms.wire_fields(order.service_type, order.fields)
        except ValueError as error:  # nothing was sent, and nothing can be
            raise Rejected(str(error), Meaning.OTHER) from error
        return await self.panel.add(work.service.provider_id, fields, permit=permit)

    async def _answered(self, work: "_Work", answer: Accepted) -> None:
        await self._accepted(work.order, answer)

    async def _failed(self, work: "_Work", error: PanelError) -> None:
        order = work.order
        match error:
            case Rejected():
                await self._refused(order, error)
            case Withheld():
                await self._wait(order, "", timedelta(0), error.reason)
            case NotSent():
                await self._not_sent(order, error)
            case OutcomeUnknown():
                await self._doubtful(order, error)
            case _:  # whatever is not a definite answer
                await self._unknown(order, type(error).__name__, str(error))

    async def _lost(self, work: "_Work") -> None:
        await self._unknown(work.order, "the bot was stopped while the order was being sent", "")

    async def _not_sent(self, order: Order, error: NotSent) -> None:
        """Let everything wait; where a read is answered, this order alone meets no API, and goes
        behind the others.
        """
        if error.code is not None and await self._answers():
            await self._refused(order, Rejected(error.reason, Meaning.TEMPORARY, code=error.code))
            return
        await self._wait(order, _NOT_SENT, NOT_SENT_WAIT, str(error), all_wait=True)
        await self._alert(UnreachableNotice(text=str(error)))

    async def _doubtful(self, order: Order, doubt: OutcomeUnknown) -> None:
        """A firewall's page that a read meets at once, too, stands before the whole API: nothing
        was taken.
        """
        if not await stands_before_all(self.panel, doubt):
            await self._unknown(order, doubt.reason, doubt.evidence)
            return
        await self._wait(order, _NOT_SENT, NOT_SENT_WAIT, doubt.reason)
        await self.database.write(
            brake.close,
            brake.BrakeReason.WALL,
            self.clock(),
            self.admins,
            order_id=order.id,
            text=doubt.reason,
        )

    async def _accepted(self, order: Order, answer: Accepted) -> None:
        now = self.clock()
        # Should the row not be written (a full disk), the log still knows the id.
        log.info("order %s: the provider gave the id %.*r", order.id, LONGEST_ID, answer.order)
        if len(answer.order) > LONGEST_ID:
            await self._unknown(
                order, "the provider gave an id that is too long to keep", answer.order
            )
            return

        def transaction(tx: Transaction) -> None:
            if not reused_ids.is_free(tx, order, answer.order, now):
                self._taken_number(tx, order, answer.order, now)
                return
            foreign = is_foreign(
                answer.charge, answer.currency, account_of(order, self.currencies())
            )
            known = replace(answer, charge=None) if foreign else answer
            if not self._attach(tx, order, known, now):
                too_late(tx, order, now, self.admins, provider_order_id=answer.order)
                return
            move_held(tx, order, Account.SALES, now)
            costs.book(
                tx, [replace(order, charge=known.charge)], self.admins, self.agreement.prices, now
            )
            if foreign:
                outbox.notify_of_currency(tx, self.admins, str(answer.currency), order.id, now)
            outbox.notify_owner(tx, order, OrderState.PENDING, now)
            funds.taken(tx, order, now)
            brake.taken(tx, now, self.admins)
            for why, kind in _ALERTS.items():
                # A cheap order may go through while a dear one still waits: that alert is not over.
                if not orders.has_waiting(tx, why):
                    outbox.clear_alert(tx, kind)

        await self.database.write(transaction)

    def _taken_number(self, tx: Transaction, order: Order, number: str, now: datetime) -> None:
        """Keep an order whose answer names another order's number: it is nobody's guess what was
        ordered.
        """
        holder = orders.holder_of(tx, number, order.account)
        other = 0 if holder is None else holder.id
        if holder is not None and reused_ids.is_long_over(holder, now):
            self._record_unknown(tx, order, reused_ids.REASON, number)
            reused_ids.ask(tx, order, holder, number, self.admins, now)
            return
        self._record_unknown(tx, order, "the provider gave an id that another order has", number)
        outbox.notify_admins(
            tx,
            self.admins,
            TakenIdNotice(provider_order_id=number, other=other),
            now,
            order_id=order.id,
        )

    def _attach(self, tx: Transaction, order: Order, answer: Accepted, now: datetime) -> bool:
        """Give the order the provider's id; also when it has been taken for unknown meanwhile."""
        for state, owner in ((OrderState.SUBMITTING, self.owner), (OrderState.UNKNOWN, None)):
            if orders.move(
                tx,
                order.id,
                OrderState.PENDING,
                now=now,
                only_from=state,
                owner=owner,
                provider_order_id=answer.order,
                charge=answer.charge,
                full_charge=answer.charge,
                waiting="",
                waits_since=None,
                failure="",
                look_at=None,
                note=f"accepted as {answer.order}",
            ):
                return True
        return False

    async def _refused(self, order: Order, refusal: Rejected) -> None:
        """A definite no: the order waits where waiting helps, otherwise it ends and the money goes
        back.
        """
        meaning, hold = refusal.meaning, timedelta(seconds=self.hold_seconds)
        if meaning is Meaning.FUNDS:
            await self._wait(order, meaning, hold, refusal.text, refused=refusal)
            await self._alert(NoFundsNotice(text=refusal.text))
        elif meaning is Meaning.BAD_KEY:
            await self._wait(order, meaning, hold, refusal.text, refused=refusal, all_wait=True)
            await self._alert(BadKeyNotice(text=refusal.text))
        elif meaning is Meaning.BUSY_LINK:
            await self._wait(order, meaning, _BUSY_LINK_WAIT, refusal.text, refused=refusal)
            if order.waiting != meaning:
                await self._keep_busy_link(order, refusal.text)
        elif meaning is Meaning.RATE_LIMIT:
            await self._slow_down(order, refusal)
        elif meaning is Meaning.TEMPORARY and not self._waited_too_long(order):
            await self._wait(order, meaning, TEMPORARY_WAIT, refusal.text, refused=refusal)
        else:
            await self._rejected(order, refusal)

    async def _slow_down(self, order: Order, refusal: Rejected) -> None:
        """Leave the provider alone for as long as it asks, but for no more than an hour."""
        wait = timedelta(seconds=refusal.retry_after) if refusal.retry_after else RATE_LIMIT_WAIT
        await self._wait(
            order, Meaning.RATE_LIMIT, wait, refusal.text, refused=refusal, all_wait=True
        )
        asked = refusal.asked_to_wait or 0
        if asked > wait.total_seconds():
            await self._alert(
                LongWaitNotice(
                    asked=int(min(asked, 10**10) / 60), wait=int(wait.total_seconds() / 60)
                )
            )

    def _waited_too_long(self, order: Order) -> bool:
        since = order.waits_since if order.waiting == Meaning.TEMPORARY else None
        return since is not None and self.clock() - since >= TEMPORARY_TOO_LONG

    async def _keep_busy_link(self, order: Order, said: str) -> None:
        """Something runs on this link that is none of our known orders: it speaks for a lost
        one.
        """

        def transaction(tx: Transaction) -> None:
            for lost in evidence.lost_on(tx, order.link):
                found = {"order": order.id, "said": said}
                evidence.add(tx, lost, EvidenceKind.BUSY_LINK, found, self.clock())

        await self.database.write(transaction)

    async def _rejected(self, order: Order, refusal: Rejected) -> None:
        """End the order.

        Words that nobody knows are told; several services refused in them hold the queue.
        """
        now, unlisted = self.clock(), refusal.meaning is Meaning.OTHER and refusal.code is not None
        words = words_of(refusal.text, _own_words(order)) if unlisted else ""
        held: dict[str, Any] = {"order_id": order.id, "text": refusal.text, "words": words}

        def transaction(tx: Transaction) -> None:
            if unlisted and brake.still_refused(tx, words):
                self._put_back(tx, order, _REFUSED, _REFUSED_WAIT, refusal.text)
                brake.close(tx, brake.BrakeReason.WORDS, now, self.admins, **held)
                return
            self._not_taken(tx, order, str(refusal.meaning), refusal.text)
            if not unlisted:
                brake.end_streak(tx)
            elif brake.count_refusal(tx, words, order.service_id, now):
                brake.close(tx, brake.BrakeReason.WORDS, now, self.admins, **held)
            if unlisted:
                told = RefusalWordsNotice(text=refusal.text)
                outbox.alert_once(tx, self.admins, told, now, about=words, order_id=order.id)
            if refusal.code is not None:
                brake.spoke(tx, now, self.admins, words=words)

        await self.database.write(transaction)

    def _not_taken(self, tx: Transaction, order: Order, waiting: str, said: str) -> None:
        """End it: the provider definitely has not taken it, and it can't wait, or not any more."""
        now = self.clock()
        if not end_rejected(tx, order, now, waiting=waiting, failure=said, note=said, look_at=None):
            too_late(tx, order, now, self.admins, said=said)

    async def _wait(
        self,
        order: Order,
        why: str,
        wait: timedelta,
        failure: str,
        *,
        refused: Rejected | None = None,
        all_wait: bool = False,
    ) -> None:
        """Put the order back into the queue: the provider definitely has not taken it.

        `refused` is its own word.

        `all_wait`: nothing else is sent for as long.
        """

        def transaction(tx: Transaction) -> None:
            if all_wait:
                now, account = self.clock(), self.agreement.account
                self.paused_until = pauses.pause(tx, account, wait, now)
            if refused is not None:
                brake.spoke(tx, self.clock(), self.admins)
                brake.end_streak(tx)
            no_funds = refused is not None and refused.meaning is Meaning.FUNDS
            if no_funds and funds.refused(tx, order, self.clock()):
                self.bells.balance.set()  # what is known of it may be old
            self._put_back(tx, order, why, wait, failure)

        await self.database.write(transaction)

    def _put_back(
        self, tx: Transaction, order: Order, why: str, wait: timedelta, failure: str
    ) -> None:
        now = self.clock()
        since = order.waits_since if order.waiting == why and order.waits_since is not None else now
        moved = orders.move(
            tx,
            order.id,
            OrderState.QUEUED,
            now=now,
            only_from=OrderState.SUBMITTING,
            owner=self.owner,
            not_before=now + wait,
            waiting=why,
            failure=failure,
            waits_since=since if why else None,
            note=f"waits: {failure}",
        )
        if not moved:  # taken for unknown meanwhile: an order never goes from there into the queue
            self._not_taken(tx, order, why, failure)
        elif order.waiting != why:
            outbox.notify_card(tx, order, now)

    async def _unknown(self, order: Order, reason: str, said: str) -> None:
        await self.database.write(self._record_unknown, order, reason, said)

    def _record_unknown(self, tx: Transaction, order: Order, reason: str, said: str) -> None:
        now = self.clock()
        failure = f"{reason}: {said}" if said else reason
        if orders.move(
            tx,
            order.id,
            OrderState.UNKNOWN,
            now=now,
            only_from=OrderState.SUBMITTING,
            failure=failure,
            note=failure,
            look_at=now,
        ):
            evidence.add(tx, order.id, EvidenceKind.LOST, {"reason": reason, "said": said}, now)
            log.warning("the outcome of order %s is unknown: %s", order.id, reason)
            outbox.notify_owner(tx, order, OrderState.UNKNOWN, now)
            brake.close(
                tx, brake.BrakeReason.UNKNOWN, now, self.admins, order_id=order.id, text=reason
            )
            outbox.notify_admins(
                tx,
                self.admins,
                UnknownOrderNotice(reason=reason, evidence=said),
                now,
                order_id=order.id,
            )

    async def _alert(self, told: Payload) -> None:
        await self.database.write(outbox.alert_once, self.admins, told, self.clock())


def _own_words(order: Order) -> list[str]:
    """What in a refusal may be this order's alone: what its customer wrote, and what is ordered."""
    return [
        *forms.wire_fields(order.service_type, order.fields).values(),
        order.link or "",
        order.service_name,
    ]


@dataclass(frozen=True, slots=True)
class _Work:
    """A claimed order and the service that it is sent for."""

    order: Order
    service: ServiceRow
