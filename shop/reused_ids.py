"""Numbers that the provider gives a second time: it has begun anew, and an order that ended long ago has them here.

An admin is asked once; what they say holds for the numbers that follow.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shop import brake, notices
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.errors import NotFoundError
from shop.evidence import Sign
from shop.notices import Kind
from storage import Database, accounts, evidence, facts, orders, triage
from storage.engine import Connection
from storage.rows import Order
from storage.states import DONE, OrderState

REASON = "the provider gave a number that an order of long ago has"
_FACT = "numbers-anew:"  # and the provider account
_LONG_OVER = timedelta(days=30)  # no status is asked for any more, and no refill

Attach = Callable[[Connection, Order, str, int], Awaitable[None]]  # an unknown order goes on under this number


def is_long_over(holder: Order, now: datetime) -> bool:
    """Say whether an order ended so long ago that its number means nothing any more."""
    return holder.state in DONE and holder.finished_at is not None and now - holder.finished_at > _LONG_OVER


async def is_free(connection: Connection, order: Order, number: str, now: datetime) -> bool:
    """Say whether an order may have this number. Once an admin has said so, old orders give theirs away."""
    holder = await orders.holder_of(connection, number, order.account)
    if holder is None or holder.id == order.id:
        return True
    if not is_long_over(holder, now) or await facts.get(connection, f"{_FACT}{order.account}") is None:
        return False
    await accounts.set_aside(connection, holder.id, order.account)
    return True


async def ask(
    connection: Connection, order: Order, holder: Order, number: str, admins: Collection[int], now: datetime
) -> None:
    """Ask the admins whether the provider has begun its numbers anew; nothing is sent until one has answered."""
    await brake.close(connection, brake.Why.NUMBERS, now, admins, order_id=order.id, text=number)
    await notices.alert_once(
        connection, admins, Kind.NUMBERS_ANEW, now, order_id=order.id, number=number, other=holder.id,
        when=holder.created_at.isoformat(), asked=notices.stamp(now),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReusedIds:
    """The admin's answer. Raises NotFoundError for who is no admin."""

    database: Database
    admins: Collection[int]
    attach: Attach
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now

    async def answer(self, actor: int, asked: int, *, anew: bool) -> bool:
        """Let the numbers be the new orders', or leave the orders to /triage; False where that is no more asked."""
        if actor not in self.admins:
            raise NotFoundError("error-button-old")
        now = self.clock()
        async with self.database.write() as connection:
            how = "yes" if anew else "no"
            if not await notices.asks_since(connection, Kind.NUMBERS_ANEW, asked):
                return False
            if not await notices.alert_end(connection, self.admins, Kind.NUMBERS_ANEW, now, how=how):
                return False
            found = await self._asked(connection) if anew else []
            for order, number in found:
                await facts.put(connection, f"{_FACT}{order.account}", {"by": actor}, now)
                holder = await orders.holder_of(connection, number, order.account)
                if holder is not None and is_long_over(holder, now):
                    await accounts.set_aside(connection, holder.id, order.account)
                    await self.attach(connection, order, number, actor)
            await brake.release(connection, now, self.admins)
        self.bells.notify.set()
        self.bells.submit.set()
        return True

    async def _asked(self, connection: Connection) -> list[tuple[Order, str]]:
        """List the orders that wait for the answer, each with the number that it was given."""
        found = []
        for order_id in await evidence.lost_because(connection, REASON):
            order = await triage.hold(connection, order_id)
            known = (await evidence.of_orders(connection, [order_id]))[order_id]
            said = next((one.payload["said"] for one in reversed(known) if one.kind == Sign.LOST), "")
            if order is not None and order.state is OrderState.UNKNOWN and said:
                found.append((order, str(said)))
        return found
