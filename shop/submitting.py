"""From a queued order to an answer of the provider: one `add`, never a second.

The row is claimed and committed *before* anything is sent. After anything but a definite answer the order is
unknown: its money stays held, it is never sent again, and every admin is told.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from panel import Accepted, Meaning, NotSent, OutcomeUnknown, PanelClient, PanelError, Rejected
from shop import costs, forms, notices
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.discounts import return_uses
from shop.evidence import Sign
from shop.figures import account_of, is_foreign
from shop.late_answers import too_late
from shop.leases import Leases, over
from shop.notices import Kind
from shop.pricing import Prices
from storage import Database, catalog, evidence, orders, wallet
from storage.engine import Connection, to_the_end
from storage.rows import Order, Service
from storage.states import OrderState
from storage.tables import LONGEST_ID
from storage.wallet import Account

log = logging.getLogger(__name__)

_BUSY_LINK_WAIT = timedelta(seconds=60)
HOLD_ALL_SECONDS = 60.0
_RATE_LIMIT_WAIT = timedelta(seconds=10)
_NOT_SENT_WAIT = timedelta(seconds=15)
_LEASE_MARGIN = timedelta(seconds=60)

_HOLD_ALL = {Meaning.FUNDS: Kind.NO_FUNDS, Meaning.BAD_KEY: Kind.BAD_KEY}
_NOT_SENT = "not_sent"
# What orders wait for, and what admins are told of it.
_ALERTS: dict[str, Kind] = {str(meaning): kind for meaning, kind in _HOLD_ALL.items()} | {_NOT_SENT: Kind.UNREACHABLE}


@dataclass(slots=True)
class Submitter:
    """Several may run at once; they share `paused_until`. `timeout` is the panel's, in seconds.

    `hold_seconds`: how long nothing is sent after "no funds" and "bad key", where the operator has to act first.
    """

    database: Database
    panel: PanelClient
    admins: Collection[int]
    timeout: float
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now
    paused_until: datetime | None = None
    hold_seconds: float = HOLD_ALL_SECONDS
    prices: Prices = field(default_factory=Prices)
    leases: Leases | None = None
    currency: Callable[[], str] = str
    owner: str = field(init=False)

    def __post_init__(self) -> None:
        self.owner = (self.leases or Leases(self.database, self.clock)).owner

    async def recover(self, *, everything: bool) -> int:
        """End what a crash left in between: claimed orders without a worker become unknown.

        `everything`: no other process can be at work on this database. Gives how many there were.
        """
        now = self.clock()
        async with self.database.write() as connection:
            left = await orders.abandoned(connection, now=None if everything else now)
            for order in left:
                await self._record_unknown(connection, order, "the bot stopped while the order was being sent", "")
        if left:
            self.bells.notify.set()
        return len(left)

    async def recover_lapsed(self) -> None:
        """Find orders whose worker has not come back within its lease."""
        await self.recover(everything=False)

    async def step(self) -> bool:
        """Submit one order whose turn it is; False when there is none."""
        now = self.clock()
        if self.paused_until is not None and now < self.paused_until:
            return False
        lease = now + timedelta(seconds=self.timeout) * 2 + _LEASE_MARGIN
        claimed: list[tuple[Order, Service]] = []
        try:
            await to_the_end(self._claim(now, lease, claimed))
        except asyncio.CancelledError:  # stopped in the middle of the claim: nothing has been sent
            for order, _ in claimed:
                await to_the_end(self._wait(order, "", timedelta(0), "the bot was stopped"))
            raise
        for order, service in claimed:
            if over(lease, self.clock(), timedelta(seconds=self.timeout)):
                # This process was asleep between the claim and now: somebody may have taken the order over.
                await to_the_end(self._wait(order, "", timedelta(0), "not sent in time"))
            else:
                await self._send(order, service)
            self.bells.notify.set()
        return bool(claimed)

    async def _claim(self, now: datetime, lease: datetime, claimed: list[tuple[Order, Service]]) -> None:
        async with self.database.write() as connection:
            order = await orders.claim(connection, now=now, owner=self.owner, lease_until=lease)
            service = await catalog.service(connection, order.service_id) if order else None
        if order is not None and service is not None:
            claimed.append((order, service))

    async def next_turn(self) -> datetime | None:
        """Tell when there may be something to submit; None when nothing waits."""
        async with self.database.read() as connection:
            turn = await orders.next_turn(connection)
        return turn if turn is None or self.paused_until is None else max(turn, self.paused_until)

    async def _send(self, order: Order, service: Service) -> None:
        """Send it and record the answer; once there is one, no cancellation comes between it and its row."""
        try:
            fields = forms.wire_fields(order.service_type, order.fields)
        except ValueError as error:  # nothing was sent, and nothing can be
            await self._rejected(order, Rejected(str(error), Meaning.OTHER))
            return
        try:
            answer = await self.panel.add(service.provider_id, fields)
        except Rejected as refusal:
            await to_the_end(self._refused(order, refusal))
        except NotSent as error:
            self.paused_until = self.clock() + _NOT_SENT_WAIT
            await to_the_end(self._wait(order, _NOT_SENT, _NOT_SENT_WAIT, str(error)))
            await self._alert(Kind.UNREACHABLE, str(error))
        except OutcomeUnknown as doubt:
            await to_the_end(self._unknown(order, doubt.reason, doubt.evidence))
        except asyncio.CancelledError:
            await to_the_end(self._unknown(order, "the bot was stopped while the order was being sent", ""))
            raise
        except PanelError as error:  # whatever is not a definite answer
            await to_the_end(self._unknown(order, type(error).__name__, str(error)))
        else:
            await to_the_end(self._accepted(order, answer))

    async def _accepted(self, order: Order, answer: Accepted) -> None:
        now = self.clock()
        # Should the row not be written (a full disk), the log still knows the id.
        log.info("order %s: the provider gave the id %.*r", order.id, LONGEST_ID, answer.order)
        if len(answer.order) > LONGEST_ID:
            await self._unknown(order, "the provider gave an id that is too long to keep", answer.order)
            return
        async with self.database.write() as connection:
            holder = await orders.owner_of(connection, answer.order)
            if holder is not None and holder != order.id:
                await self._record_unknown(
                    connection, order, "the provider gave an id that another order has", answer.order,
                )  # fmt: skip
                await notices.tell_admins(
                    connection, self.admins, Kind.CONFLICT, now, order_id=order.id,
                    provider_order_id=answer.order, other=holder,
                )  # fmt: skip
                return
            foreign = is_foreign(answer.charge, answer.currency, account_of(order, self.currency()))
            answer = replace(answer, charge=None) if foreign else answer
            if not await self._attach(connection, order, answer, now):
                await too_late(connection, order, now, self.admins, provider_order_id=answer.order)
                return
            await move_held(connection, order, Account.SALES, now)
            await costs.book(connection, [replace(order, charge=answer.charge)], self.admins, self.prices, now)
            if foreign:
                await notices.tell_of_currency(connection, self.admins, str(answer.currency), order.id, now)
            await notices.tell_owner(connection, order, OrderState.PENDING, now)
            for why, kind in _ALERTS.items():
                # A cheap order may go through while a dear one still waits: that alert is not over.
                if not await orders.any_waits(connection, why):
                    await notices.alert_over(connection, kind)
        self.paused_until = None

    async def _attach(self, connection: Connection, order: Order, answer: Accepted, now: datetime) -> bool:
        """Give the order the provider's id; also when it has been taken for unknown meanwhile."""
        for state, owner in ((OrderState.SUBMITTING, self.owner), (OrderState.UNKNOWN, None)):
            if await orders.move(
                connection, order.id, OrderState.PENDING, now=now, only_from=state, owner=owner,
                provider_order_id=answer.order, charge=answer.charge, full_charge=answer.charge, waiting="", failure="",
                look_at=None, note=f"accepted as {answer.order}",
            ):  # fmt: skip
                return True
        return False

    async def _refused(self, order: Order, refusal: Rejected) -> None:
        """A definite no: the order waits where waiting helps, otherwise it ends and the money goes back."""
        if refusal.meaning in _HOLD_ALL:
            wait = timedelta(seconds=self.hold_seconds)
            await self._wait(order, str(refusal.meaning), wait, refusal.text)
            self.paused_until = self.clock() + wait
            await self._alert(_HOLD_ALL[refusal.meaning], refusal.text)
        elif refusal.meaning is Meaning.BUSY_LINK:
            await self._wait(order, str(refusal.meaning), _BUSY_LINK_WAIT, refusal.text)
            if order.waiting != refusal.meaning:
                await self._keep_busy_link(order, refusal.text)
        elif refusal.meaning is Meaning.RATE_LIMIT:
            wait = timedelta(seconds=refusal.retry_after) if refusal.retry_after else _RATE_LIMIT_WAIT
            await self._wait(order, str(refusal.meaning), wait, refusal.text)
            self.paused_until = self.clock() + wait
        else:
            await self._rejected(order, refusal)

    async def _keep_busy_link(self, order: Order, said: str) -> None:
        """Something runs on this link that is none of our known orders: it speaks for a lost one."""
        async with self.database.write() as connection:
            for lost in await evidence.lost_on(connection, order.link):
                found = {"order": order.id, "said": said}
                await evidence.add(connection, lost, Sign.BUSY_LINK, found, self.clock())

    async def _rejected(self, order: Order, refusal: Rejected) -> None:
        async with self.database.write() as connection:
            await self._not_taken(connection, order, str(refusal.meaning), refusal.text)

    async def _not_taken(self, connection: Connection, order: Order, waiting: str, said: str) -> None:
        """End it: the provider definitely has not taken it, and it can't wait, or not any more."""
        now = self.clock()
        if not await end_rejected(connection, order, now, waiting=waiting, failure=said, note=said, look_at=None):
            await too_late(connection, order, now, self.admins, said=said)

    async def _wait(self, order: Order, why: str, wait: timedelta, failure: str) -> None:
        """Put the order back into the queue: the provider definitely has not taken it."""
        now = self.clock()
        async with self.database.write() as connection:
            moved = await orders.move(
                connection, order.id, OrderState.QUEUED, now=now, only_from=OrderState.SUBMITTING, owner=self.owner,
                not_before=now + wait, waiting=why, failure=failure, note=f"waits: {failure}",
            )  # fmt: skip
            if not moved:  # taken for unknown meanwhile: an order never goes from there into the queue
                await self._not_taken(connection, order, why, failure)
            elif order.waiting != why:
                await notices.tell_card(connection, order, now)

    async def _unknown(self, order: Order, reason: str, said: str) -> None:
        async with self.database.write() as connection:
            await self._record_unknown(connection, order, reason, said)

    async def _record_unknown(self, connection: Connection, order: Order, reason: str, said: str) -> None:
        now = self.clock()
        failure = f"{reason}: {said}" if said else reason
        if await orders.move(
            connection, order.id, OrderState.UNKNOWN, now=now, only_from=OrderState.SUBMITTING, failure=failure,
            note=failure, look_at=now,
        ):  # fmt: skip
            await evidence.add(connection, order.id, Sign.LOST, {"reason": reason, "said": said}, now)
            log.warning("the outcome of order %s is unknown: %s", order.id, reason)
            await notices.tell_owner(connection, order, OrderState.UNKNOWN, now)
            await notices.tell_admins(
                connection, self.admins, Kind.UNKNOWN_ORDER, now, order_id=order.id, reason=reason, evidence=said,
            )  # fmt: skip

    async def _alert(self, kind: Kind, text: str) -> None:
        async with self.database.write() as connection:
            await notices.alert_once(connection, self.admins, kind, self.clock(), text=text)


async def move_held(
    connection: Connection, order: Order, target: Account, now: datetime, *, reason: str | None = None
) -> int:
    """Move the order's held money on, once; give how much came to the customer's wallet (millionths)."""
    if order.billing != "wallet" or not order.price:
        return 0
    moved = await wallet.move(
        connection, user_id=order.user_id, source=Account.HOLD, target=target, amount=order.price,
        order_id=order.id, key=f"release:{order.id}", now=now,
        reason=reason or ("rejected" if target is Account.WALLET else "accepted"),
    )  # fmt: skip
    return order.price if moved and target is Account.WALLET else 0


async def end_rejected(
    connection: Connection, order: Order, now: datetime, *, only_from: OrderState | None = None, **why: Any
) -> bool:
    """End an order that the provider has not taken, and give its money back; False when it is not open any more.

    `why`: columns such as `waiting` and `failure`, and the event's `note`.
    """
    moved = await orders.move(
        connection, order.id, OrderState.REJECTED, now=now, only_from=only_from, finished_at=now, **why,
    )  # fmt: skip
    if moved:
        refund = await move_held(connection, order, Account.WALLET, now)
        await orders.add_refund(connection, order.id, before=order.refunded, amount=order.price)
        await notices.tell_owner(connection, order, OrderState.REJECTED, now, refund=refund)
        await return_uses(connection, [order], now)
    return moved
