"""What admins say of an order's refund: how much was not delivered, and whether what it gave back is taken back."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from shop import notices
from shop.aftercare import Aftercare
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.discounts import return_uses
from shop.errors import BadAnswerError, NotFoundError
from shop.evidence import Sign
from shop.money import Money, to_decimal
from shop.notices import Kind
from shop.portions import Portion
from shop.refunds import excess_of, settle
from storage import Database, evidence, orders, refunds, triage, wallet
from storage.engine import Connection
from storage.notices import add as add_notice
from storage.rows import Order
from storage.states import ENDED_AT_PROVIDER, RequestKind
from storage.wallet import Account

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """The order as it is now. `ours`: this very answer was booked, and moved `amount` millionths.

    `left` could not be taken back: the wallet has too little.
    """

    order: Order
    ours: bool
    amount: int = 0
    left: int = 0


def may_be_asked(order: Order) -> bool:
    """Say whether an admin may say what an order gives back: it has ended at the provider, and keeps something."""
    went = order.state in ENDED_AT_PROVIDER and order.provider_order_id is not None
    return went and order.refunded < order.price


@dataclass(frozen=True, slots=True)
class RefundVerdicts:
    """Of several answers to one question the first counts. Raises NotFoundError for who is no admin.

    `seen` is the newest evidence that an admin knew of, here and below.
    """

    database: Database
    admins: Collection[int]
    aftercare: Aftercare
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now

    async def decide(self, order_id: int, actor: int, portion: Portion, seen: int) -> Answered:
        """Give back that portion of an ended order in all: what came back before, or comes later, is counted in."""
        self._admit(actor)
        async with self.database.write() as connection:
            order = await _hold(connection, order_id)
            if not may_be_asked(order) or await _answered_since(connection, order_id, seen):
                return Answered(order, ours=False)
            amount = await self._book(connection, order, actor, portion)
            answered = Answered(await _hold(connection, order_id), ours=True, amount=amount)
        self.bells.notify.set()
        return answered

    async def _book(self, connection: Connection, order: Order, actor: int, portion: Portion) -> int:
        now, due = self.clock(), portion.due(order)
        amount = await settle(connection, order, due, now, actor_id=actor)
        said = {"part": portion.part, "of": portion.of, "due": due, "amount": amount, "currency": order.currency}
        await evidence.add(connection, order.id, Sign.REFUND, said, now, actor_id=actor)
        note = f"{portion} not delivered, says {actor}: {to_decimal(amount):f} given back"
        await refunds.note(connection, order.id, order.state, note, now)
        await refunds.answered(connection, order.id)
        log.info("order %s: %s", order.id, note)
        if amount:
            await notices.tell_owner(connection, order, order.state, now, refund=amount)
            await return_uses(connection, [replace(order, refunded=order.refunded + amount)], now)
        return amount

    async def take_back(self, order_id: int, actor: int, seen: int) -> Answered:
        """Take back what a delivered order, or one in work again, gave back: as far as the wallet bears it.

        Raises BadAnswerError where the wallet has nothing.
        """
        self._admit(actor)
        async with self.database.write() as connection:
            order = await _hold(connection, order_id)
            excess = await excess_of(connection, order)
            if not excess or await _answered_since(connection, order_id, seen):
                return Answered(order, ours=False)
            amount = excess
            if order.billing == "wallet":
                amount = min(excess, max(await refunds.hold_balance(connection, order.user_id), 0))
            if not amount:
                raise BadAnswerError("take-back-empty", amount=Money(excess, order.currency))
            await self._take(connection, order, actor, amount, excess - amount)
            answered = Answered(
                await _hold(connection, order_id),
                ours=True,
                amount=amount,
                left=excess - amount,
            )
        self.bells.notify.set()
        return answered

    async def _take(self, connection: Connection, order: Order, actor: int, amount: int, left: int) -> None:
        now, said = self.clock(), {"amount": amount, "left": left, "currency": order.currency}
        number = await evidence.add(connection, order.id, Sign.TAKEN_BACK, said, now, actor_id=actor)
        if not await refunds.take_back(connection, order.id, before=order.refunded, amount=amount):
            raise RuntimeError(f"order {order.id} is held, and changed")
        if order.billing == "wallet":
            await wallet.move(
                connection,
                user_id=order.user_id,
                source=Account.WALLET,
                target=Account.SALES,
                amount=amount,
                order_id=order.id,
                key=f"takeback:{order.id}:{number}",
                reason="delivered after all",
                actor_id=actor,
                now=now,
            )
            payload = {"amount": amount, "state": str(order.state)}
            await add_notice(
                connection,
                user_id=order.user_id,
                kind=Kind.TAKEN_BACK,
                order_id=order.id,
                payload=payload,
                now=now,
            )
        note = f"{to_decimal(amount):f} taken back by {actor}"
        await refunds.note(connection, order.id, order.state, note, now)
        await notices.tell_cards(connection, [order], now)
        log.info("order %s: %s", order.id, note)
        if not left:
            await notices.refund_stands_no_more(connection, order.id)

    async def stop(self, order_id: int, actor: int) -> None:
        """Ask the provider to cancel somebody's order, as they could themselves.

        Raises NotFoundError for an order that is not there, shop.aftercare.NotNowError with the reason otherwise.
        """
        self._admit(actor)
        async with self.database.read() as connection:
            order = await orders.get(connection, order_id)
        if order is None:
            raise NotFoundError("error-order-gone")
        await self.aftercare.ask(order.user_id, order.id, RequestKind.CANCEL)
        async with self.database.write() as connection:
            await refunds.note(connection, order.id, order.state, f"{actor} asks for a cancellation", self.clock())

    def _admit(self, actor: int) -> None:
        if actor not in self.admins:
            raise NotFoundError("error-button-old")


async def _hold(connection: Connection, order_id: int) -> Order:
    order = await triage.hold(connection, order_id)
    if order is None:
        raise NotFoundError("error-order-gone")
    return order


async def _answered_since(connection: Connection, order_id: int, seen: int) -> bool:
    """Say whether an admin has answered what another one did not know of yet."""
    known = (await evidence.of_orders(connection, [order_id]))[order_id]
    return any(one.id > seen and one.kind in {Sign.REFUND, Sign.TAKEN_BACK, Sign.VERDICT} for one in known)
