"""What admins say of an order's refund: how much was not delivered, and whether what it gave back
is taken back.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace

from shop import outbox
from shop.aftercare.service import Aftercare
from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError
from shop.fulfilment.evidence import EvidenceKind
from shop.fulfilment.refunds import excess_of, settle
from shop.money import Money, to_decimal
from shop.outbox.payloads import TakenBackNotice
from shop.promotions.discounts import return_uses
from shop.recovery.portions import Portion
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import ENDED_AT_PROVIDER, RequestKind
from storage.queries import attention, evidence, ledger_keys, orders, refunds, wallet
from storage.queries.wallet import Account
from storage.rows import Order

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
    """Return whether an admin may say what an order gives back: it has ended at the provider, and
    keeps something.
    """
    went = order.state in ENDED_AT_PROVIDER and order.provider_order_id is not None
    return went and order.refunded < order.price


@dataclass(frozen=True, slots=True)
class RefundVerdicts:
    """Of several answers to one question the first counts.

    Raises NotFoundError for who is no admin.

    `seen` is the newest evidence that an admin knew of, here and below.
    """

    database: Database
    admins: Collection[int]
    aftercare: Aftercare
    bells: Wakeups
    clock: Clock

    async def decide(self, order_id: int, actor: int, portion: Portion, seen: int) -> Answered:
        """Give back that portion of an ended order in all: what came back before, or comes later,
        is counted in.
        """
        self._admit(actor)

        def transaction(tx: Transaction) -> Answered:
            order = _hold(tx, order_id)
            if not may_be_asked(order) or _answered_since(tx, order_id, seen):
                return Answered(order, ours=False)
            amount = self._book(tx, order, actor, portion)
            return Answered(_hold(tx, order_id), ours=True, amount=amount)

        answered = await self.database.write(transaction)
        self.bells.notify.set()
        return answered

    def _book(self, tx: Transaction, order: Order, actor: int, portion: Portion) -> int:
        now, due = self.clock(), portion.due(order)
        amount = settle(tx, order, due, now, actor_id=actor)
        said = {
            "part": portion.part,
            "of": portion.of,
            "due": due,
            "amount": amount,
            "currency": order.currency,
        }
        evidence.add(tx, order.id, EvidenceKind.REFUND, said, now, actor_id=actor)
        note = f"{portion} not delivered, says {actor}: {to_decimal(amount):f} given back"
        refunds.note(tx, order.id, order.state, note, now)
        refunds.answered(tx, order.id)
        log.info("order %s: %s", order.id, note)
        if amount:
            outbox.notify_owner(tx, order, order.state, now, refund=amount)
            return_uses(tx, [replace(order, refunded=order.refunded + amount)], now)
        return amount

    async def take_back(self, order_id: int, actor: int, seen: int) -> Answered:
        """Take back what a delivered order, or one in work again, gave back: as far as the wallet
        bears it.

        Raises BadAnswerError where the wallet has nothing.
        """
        self._admit(actor)

        def transaction(tx: Transaction) -> Answered:
            order = _hold(tx, order_id)
            excess = excess_of(tx, order)
            if not excess or _answered_since(tx, order_id, seen):
                return Answered(order, ours=False)
            amount = excess
            if order.billing == "wallet":
                amount = min(excess, max(refunds.hold_balance(tx, order.user_id), 0))
            if not amount:
                raise BadAnswerError("take-back-empty", amount=Money(excess, order.currency))
            self._take(tx, order, actor, amount, excess - amount)
            return Answered(_hold(tx, order_id), ours=True, amount=amount, left=excess - amount)

        answered = await self.database.write(transaction)
        self.bells.notify.set()
        return answered

    def _take(self, tx: Transaction, order: Order, actor: int, amount: int, left: int) -> None:
        now, said = self.clock(), {"amount": amount, "left": left, "currency": order.currency}
        number = evidence.add(tx, order.id, EvidenceKind.TAKEN_BACK, said, now, actor_id=actor)
        if not refunds.take_back(tx, order.id, before=order.refunded, amount=amount):
            raise RuntimeError(f"order {order.id} is held, and changed")
        if order.billing == "wallet":
            wallet.move(
                tx,
                user_id=order.user_id,
                source=Account.WALLET,
                target=Account.SALES,
                amount=amount,
                order_id=order.id,
                key=ledger_keys.takeback(order.id, number),
                reason="delivered after all",
                actor_id=actor,
                now=now,
            )
            told = TakenBackNotice(amount=amount, state=str(order.state))
            outbox.notify(tx, order.user_id, told, now, order_id=order.id)
        note = f"{to_decimal(amount):f} taken back by {actor}"
        refunds.note(tx, order.id, order.state, note, now)
        outbox.notify_cards(tx, [order], now)
        log.info("order %s: %s", order.id, note)
        if not left:
            outbox.refund_stands_no_more(tx, order.id)

    async def stop(self, order_id: int, actor: int) -> None:
        """Ask the provider to cancel somebody's order, as they could themselves.

        Raises NotFoundError for an order that is not there, shop.orders.eligibility.NotNowError
        with the reason otherwise.
        """
        self._admit(actor)
        order = await self.database.read(orders.get, order_id)
        if order is None:
            raise NotFoundError("error-order-gone")
        await self.aftercare.ask(order.user_id, order.id, RequestKind.CANCEL)
        await self.database.write(
            refunds.note, order.id, order.state, f"{actor} asks for a cancellation", self.clock()
        )

    def _admit(self, actor: int) -> None:
        if actor not in self.admins:
            raise NotFoundError("error-button-old")


def _hold(tx: Transaction, order_id: int) -> Order:
    order = attention.hold(tx, order_id)
    if order is None:
        raise NotFoundError("error-order-gone")
    return order


def _answered_since(tx: Transaction, order_id: int, seen: int) -> bool:
    """Return whether an admin has answered what another one did not know of yet."""
    known = (evidence.of_orders(tx, [order_id]))[order_id]
    return any(
        one.id > seen
        and one.kind in {EvidenceKind.REFUND, EvidenceKind.TAKEN_BACK, EvidenceKind.VERDICT}
        for one in known
    )
