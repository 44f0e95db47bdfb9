"""Numbers that the provider gives a second time: it has begun anew, and an order that ended long
ago has them here.

An admin is asked once; what they say holds for the numbers that follow.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop import outbox
from shop.clock import Clock
from shop.errors import NotFoundError
from shop.fulfilment.evidence import EvidenceKind
from shop.outbox import Kind
from shop.outbox.payloads import AlertOverNotice, NumbersAnewNotice
from shop.provider import brake
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import DONE, OrderState
from storage.queries import accounts, attention, evidence, facts, orders
from storage.queries.facts import Fact
from storage.rows import Order

REASON = "the provider gave a number that an order of long ago has"
_LONG_OVER = timedelta(days=30)  # no status is asked for any more, and no refill

# an unknown order goes on under this number
Attach = Callable[[Transaction, Order, str, int], None]


def is_long_over(holder: Order, now: datetime) -> bool:
    """Return whether an order ended so long ago that its number means nothing any more."""
    return (
        holder.state in DONE
        and holder.finished_at is not None
        and now - holder.finished_at > _LONG_OVER
    )


def is_free(tx: Transaction, order: Order, number: str, now: datetime) -> bool:
    """Return whether an order may have this number.

    Once an admin has said so, old orders give theirs away.
    """
    holder = orders.holder_of(tx, number, order.account)
    if holder is None or holder.id == order.id:
        return True
    if not is_long_over(holder, now) or facts.get(tx, Fact.NUMBERS_ANEW.of(order.account)) is None:
        return False
    accounts.set_aside(tx, holder.id, order.account)
    return True


def ask(
    tx: Transaction,
    order: Order,
    holder: Order,
    number: str,
    admins: Collection[int],
    now: datetime,
) -> None:
    """Ask the admins whether the provider has begun its numbers anew; nothing is sent until one has
    answered.
    """
    brake.close(tx, brake.BrakeReason.NUMBERS, now, admins, order_id=order.id, text=number)
    anew = NumbersAnewNotice(
        number=number,
        other=holder.id,
        when=holder.created_at.isoformat(),
        asked=outbox.stamp(now),
    )
    outbox.alert_once(tx, admins, anew, now, order_id=order.id)


@dataclass(frozen=True, slots=True)
class ReusedIds:
    """The admin's answer. Raises NotFoundError for who is no admin."""

    database: Database
    admins: Collection[int]
    attach: Attach
    bells: Wakeups
    clock: Clock

    async def answer(self, actor: int, asked: int, *, anew: bool) -> bool:
        """Let the numbers be the new orders', or leave the orders to /triage; False where that is
        no more asked.
        """
        if actor not in self.admins:
            raise NotFoundError("error-button-old")
        now = self.clock()

        def transaction(tx: Transaction) -> bool:
            how = "yes" if anew else "no"
            if not outbox.asks_since(tx, Kind.NUMBERS_ANEW, asked):
                return False
            over = AlertOverNotice(of=Kind.NUMBERS_ANEW, how=how)
            if not outbox.alert_end(tx, self.admins, over, now):
                return False
            found = self._asked(tx) if anew else []
            for order, number in found:
                facts.put(tx, Fact.NUMBERS_ANEW.of(order.account), {"by": actor}, now)
                holder = orders.holder_of(tx, number, order.account)
                if holder is not None and is_long_over(holder, now):
                    accounts.set_aside(tx, holder.id, order.account)
                    self.attach(tx, order, number, actor)
            brake.release(tx, now, self.admins)
            return True

        answered = await self.database.write(transaction)
        self.bells.notify.set()
        self.bells.submit.set()
        return answered

    def _asked(self, tx: Transaction) -> list[tuple[Order, str]]:
        """List the orders that wait for the answer, each with the number that it was given."""
        found = []
        for order_id in evidence.lost_because(tx, REASON):
            order = attention.hold(tx, order_id)
            known = (evidence.of_orders(tx, [order_id]))[order_id]
            said = next(
                (one.payload["said"] for one in reversed(known) if one.kind == EvidenceKind.LOST),
                "",
            )
            if order is not None and order.state is OrderState.UNKNOWN and said:
                found.append((order, str(said)))
        return found
