"""What is found out about an order without an answer, or one that is stuck: it exists at the
provider, or it does not.

An order without an answer goes on under its id, or ends as rejected. A stuck one goes on, under
another id where that was wrong, or ends as an admin says how much was delivered; from then on the
provider's word moves it no more.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from shop import outbox
from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError
from shop.fulfilment.cancellations import end_cancellations
from shop.fulfilment.evidence import EvidenceKind
from shop.fulfilment.refunds import settle
from shop.orders.holds import end_rejected, move_held
from shop.promotions.discounts import return_uses
from shop.recovery import attention
from shop.recovery.attention import AttentionReason, case_of
from shop.recovery.portions import ALL, Portion
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import attention as attention_statements
from storage.queries import evidence, orders
from storage.queries.wallet import Account
from storage.rows import Evidence, Order
from storage.schema.base import LONGEST_ID

log = logging.getLogger(__name__)

CHECK_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Resolution:
    """The order as it is now.

    `ours`: this very verdict settled it; otherwise it was settled before.
    """

    order: Order
    ours: bool


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Whoever is first settles the order; who comes after changes nothing.

    Raises NotFoundError for who is no admin.
    """

    database: Database
    admins: Collection[int]
    bells: Wakeups
    clock: Clock

    async def mark_existing(
        self, order_id: int, provider_order_id: str, actor: int | None
    ) -> Resolution:
        """Let an unknown order go on under the provider's id; without an actor it was found by
        itself.

        Raises BadAnswerError when another order has this id, or when it is none.
        """
        self._admit(actor)
        if not 0 < len(provider_order_id) <= LONGEST_ID:
            raise BadAnswerError("error-provider-id")
        try:

            def transaction(tx: Transaction) -> Resolution:
                order = _order(tx, order_id)
                ours = order.state is OrderState.UNKNOWN
                if ours or order.provider_order_id != provider_order_id:
                    _refuse_taken(tx, order, provider_order_id)
                if ours:
                    self.attach(tx, order, provider_order_id, actor)
                return Resolution(_order(tx, order_id), ours)

            verdict = await self.database.write(transaction)
        except IntegrityError:  # another order got it in this very moment
            raise BadAnswerError("error-provider-id-taken") from None
        self.bells.notify.set()
        return verdict

    async def confirm(self, evidence_id: int, actor: int) -> Resolution:
        """Let an order go on under the id that a check of this admin, or of another one, has found
        to fit.

        Raises BadAnswerError when the check is too old by now, or when another order has got the id
        meanwhile.
        """
        self._admit(actor)
        try:

            def transaction(tx: Transaction) -> Resolution:
                check = evidence.get(tx, evidence_id)
                if (
                    check is None
                    or check.kind != EvidenceKind.CHECKED
                    or not check.payload.get("fits")
                ):
                    raise NotFoundError("error-button-old")
                ours = self._confirm(tx, check, actor)
                return Resolution(_order(tx, check.order_id), ours)

            verdict = await self.database.write(transaction)
        except IntegrityError:
            raise BadAnswerError("error-provider-id-taken") from None
        self.bells.notify.set()
        return verdict

    def _confirm(self, tx: Transaction, check: Evidence, actor: int) -> bool:
        order, now = _order(tx, check.order_id), self.clock()
        case = case_of(tx, order.id, now)
        if case is None:
            return False
        if check.at < now - CHECK_LASTS or check.at < case.since:
            raise BadAnswerError("triage-check-old")
        provider_order_id = str(check.payload["id"])
        _refuse_taken(tx, order, provider_order_id)
        if case.why is AttentionReason.UNKNOWN:
            self.attach(tx, order, provider_order_id, actor)
            return True
        note = f"checked as {provider_order_id} by {actor}"
        attention_statements.go_on(tx, order, provider_order_id, now=now, note=note)
        attention.over(tx, order.id)
        outbox.notify_card(tx, order, now)
        self._keep(tx, order, actor, exists=True, provider_order_id=provider_order_id)
        return True

    def attach(
        self, tx: Transaction, order: Order, provider_order_id: str, actor: int | None
    ) -> None:
        """Move an order that is unknown, and is held by this transaction."""
        now, by = self.clock(), "by itself" if actor is None else f"by {actor}"
        orders.move(
            tx,
            order.id,
            OrderState.PENDING,
            now=now,
            only_from=OrderState.UNKNOWN,
            provider_order_id=provider_order_id,
            waiting="",
            failure="",
            look_at=None,
            note=f"found as {provider_order_id} {by}",
        )
        move_held(tx, order, Account.SALES, now)
        outbox.notify_owner(tx, order, OrderState.PENDING, now)
        self._keep(tx, order, actor, exists=True, provider_order_id=provider_order_id)

    async def mark_missing(
        self, order_id: int, actor: int, seen: int | None = None, portion: Portion = ALL
    ) -> Resolution:
        """End an order that is unknown or stuck, and give its money back; of a stuck one what was
        not delivered.

        `seen`: the newest evidence that the admin knew of. Raises BadAnswerError where there is
        newer one.
        """
        self._admit(actor)

        def transaction(tx: Transaction) -> Resolution:
            order = _order(tx, order_id)
            case = case_of(tx, order_id, self.clock())
            if case is not None:
                _refuse_news(tx, order_id, seen)
                self._end(tx, order, case.why, actor, portion)
            return Resolution(_order(tx, order_id), ours=case is not None)

        verdict = await self.database.write(transaction)
        self.bells.notify.set()
        return verdict

    def _end(
        self, tx: Transaction, order: Order, why: AttentionReason, actor: int, portion: Portion
    ) -> None:
        now, note = self.clock(), f"found by {actor} not to exist"
        if why is AttentionReason.UNKNOWN:
            if portion != ALL:  # of what was never accepted nothing can have been delivered
                raise NotFoundError("error-button-old")
            end_rejected(
                tx,
                order,
                now,
                only_from=OrderState.UNKNOWN,
                waiting="",
                failure=order.failure,
                note=note,
                look_at=None,
            )
        else:
            note = note if portion == ALL else f"ended by {actor}: {portion} not delivered"
            _cancel(tx, order, actor, now, note, portion)
        known = order.provider_order_id
        self._keep(tx, order, actor, exists=False, provider_order_id=known, portion=portion)

    def _keep(
        self,
        tx: Transaction,
        order: Order,
        actor: int | None,
        *,
        exists: bool,
        provider_order_id: str | None,
        portion: Portion = ALL,
    ) -> None:
        said: dict[str, Any] = {"exists": exists, "id": provider_order_id}
        if portion != ALL:
            said |= {"part": portion.part, "of": portion.of}
        evidence.add(tx, order.id, EvidenceKind.VERDICT, said, self.clock(), actor_id=actor)
        log.info(
            "order %s: found %s %s as %r",
            order.id,
            "by itself" if actor is None else f"by admin {actor}",
            "to exist" if exists else "not to exist",
            provider_order_id,
        )

    def _admit(self, actor: int | None) -> None:
        if actor is not None and actor not in self.admins:
            raise NotFoundError("error-button-old")


def _order(tx: Transaction, order_id: int) -> Order:
    """Return the order, and keep everybody else from it until this transaction ends."""
    order = attention_statements.hold(tx, order_id)
    if order is None:
        raise NotFoundError("error-order-gone")
    return order


def _refuse_taken(tx: Transaction, order: Order, provider_order_id: str) -> None:
    if provider_order_id == order.provider_order_id:
        return
    if attention_statements.holder_of(tx, provider_order_id, order.account) is not None:
        raise BadAnswerError("error-provider-id-taken")


def _refuse_news(tx: Transaction, order_id: int, seen: int | None) -> None:
    known = (evidence.of_orders(tx, [order_id]))[order_id]
    if seen is not None and known and known[-1].id > seen:
        raise BadAnswerError("triage-news")


def end_by(portion: Portion) -> OrderState:
    """Return how an order ends of which that portion was not delivered."""
    if not portion.part:
        return OrderState.COMPLETED
    return OrderState.CANCELED if portion.part == portion.of else OrderState.PARTIAL


def _cancel(
    tx: Transaction, order: Order, actor: int, now: datetime, note: str, portion: Portion
) -> None:
    """End an order at the provider by our own word, and give back what of that has not been given
    back before.
    """
    end = end_by(portion)
    orders.move(
        tx,
        order.id,
        end,
        now=now,
        only_from=order.state,
        finished_at=now,
        settled_by=actor,
        note=note,
    )
    ended = replace(order, state=end)
    refund = settle(tx, ended, portion.due(order), now, actor_id=actor)
    attention.over(tx, order.id)
    orders.make_due(tx, order.link, now)
    end_cancellations(tx, ended, now)
    outbox.notify_owner(tx, ended, end, now, refund=refund)
    return_uses(tx, [replace(ended, refunded=order.refunded + refund)], now)
