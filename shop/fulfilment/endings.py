"""What follows from a look at an order that has ended, or has come back: money, questions,
messages.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from panel import OrderStatus
from shop import outbox
from shop.clock import Clock
from shop.fulfilment import status_diff
from shop.fulfilment.cancellations import end_cancellations
from shop.fulfilment.evidence import EvidenceKind
from shop.fulfilment.refunds import charged, outgrows, settle
from shop.fulfilment.status_diff import Look
from shop.fulfilment.suborder_polling import contradicts
from shop.orders.suborders import OrderWithSuborders, is_subscription
from shop.outbox import Kind
from shop.outbox.payloads import (
    BeyondHoldNotice,
    FailedOrderNotice,
    RefundStandsNotice,
    UnclearRefundNotice,
)
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.queries import evidence, orders, refunds
from storage.rows import Order, Part

_BACK_IN_WORK = AT_PROVIDER - {OrderState.FAILED}
_ENDED_EARLY = ENDED_AT_PROVIDER - {OrderState.COMPLETED}


@dataclass(frozen=True, slots=True)
class Endings:
    """Everything here belongs into the transaction that has written the look."""

    admins: Collection[int]
    clock: Clock

    def settle(
        self, tx: Transaction, order: Order, look: Look, made: Sequence[Part], *, moved: bool
    ) -> tuple[bool, int]:
        """Refund what the order's end calls for, and write what is to be said.

        `order` and `made` as they are now.

        Gives False when only its card changed, and what was given back now (millionths).
        """
        now, state = self.clock(), look.state
        if state is not None and order.state is not state:
            return True, 0  # somebody else moved it meanwhile; they said so
        due = status_diff.due(order, look, made)
        refund = settle(tx, order, due or 0, now)
        self._ask_or_not(tx, order, look, due, moved=moved)
        self._tell_admins(tx, order, look, made, moved=moved)
        if moved and order.state in ENDED_AT_PROVIDER:
            orders.make_due(tx, order.link, now)
            end_cancellations(tx, order, now)
        if moved or refund:
            outbox.notify_owner(tx, order, order.state, now, refund=refund)
        return moved or refund > 0, refund

    def ask_of_stuck(self, tx: Transaction, families: Sequence[OrderWithSuborders]) -> None:
        """Ask, once, about parents whose end nobody can settle by what the provider says."""
        ids = [found.order.id for found in families]
        decided = refunds.decided_since(tx, ids, EvidenceKind.REFUND)
        for found in families:
            if found.order.id not in decided:
                self._ask(tx, found.order, found.answer)

    def _ask_or_not(
        self, tx: Transaction, order: Order, look: Look, due: int | None, *, moved: bool
    ) -> None:
        """Ask what an end gives back where the provider does not say; a clear word ends the
        question.
        """
        if due is not None:
            if order.unclear_since is not None and look.state is not None:
                refunds.answered(tx, order.id)
            return
        news = moved or status_diff.differs_in_figures(look)
        if news and (look.family is None or contradicts(look.family, order)):
            self._ask(tx, order, look.answer)

    def _ask(self, tx: Transaction, order: Order, answer: OrderStatus) -> None:
        now = self.clock()
        if not refunds.ask(tx, order.id, now):
            return
        said = UnclearRefundNotice(
            status=answer.text[:128],
            charge=None if answer.charge is None else format(answer.charge, "f"),
            remains=answer.remains,
            runs=answer.runs,
            posts=answer.posts,
            currency=answer.currency or "",
        )
        evidence.add(tx, order.id, EvidenceKind.UNCLEAR, said.to_json(), now)
        outbox.notify_admins(tx, self.admins, said, now, order_id=order.id)

    def _tell_admins(
        self, tx: Transaction, order: Order, look: Look, made: Sequence[Part], *, moved: bool
    ) -> None:
        now = self.clock()
        if moved and order.state is OrderState.FAILED:
            outbox.notify_admins(tx, self.admins, FailedOrderNotice(), now, order_id=order.id)
        if moved:
            self._tell_of_refund(tx, order, look, made)
        if look.foreign is not None:
            outbox.notify_of_currency(tx, self.admins, look.foreign, order.id, now)
        if moved and order.state in ENDED_AT_PROVIDER and is_subscription(order):
            outbox.clear_alert(tx, Kind.BEYOND_HOLD, str(order.id))
        if order.state in AT_PROVIDER and outgrows(order, made):
            outbox.alert_once(
                tx,
                self.admins,
                BeyondHoldNotice(charged=format(charged(made), "f"), posts=len(made)),
                now,
                about=str(order.id),
                order_id=order.id,
            )

    def _tell_of_refund(
        self, tx: Transaction, order: Order, look: Look, made: Sequence[Part]
    ) -> None:
        """Tell, once each, that an order is delivered after all or in work again, and keeps what it
        gave back.
        """
        if not order.refunded:
            return
        if order.state in _ENDED_EARLY:
            outbox.refund_stands_no_more(tx, order.id)
            return
        if order.state not in {*_BACK_IN_WORK, OrderState.COMPLETED}:
            return
        completed = order.state is OrderState.COMPLETED
        rightly = status_diff.due(replace(order, refunded=0), look, made) if completed else 0
        if rightly is None or order.refunded <= rightly:
            return
        about = outbox.about_refund(order.id, completed=completed)
        told = RefundStandsNotice(amount=order.refunded - rightly, state=str(order.state))
        outbox.alert_once(tx, self.admins, told, self.clock(), about=about, order_id=order.id)
