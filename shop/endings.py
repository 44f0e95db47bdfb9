"""What follows from a look at an order that has ended, or has come back: money, questions, messages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from panel import OrderStatus
from shop import looks, notices
from shop.aftercare import end_cancellations
from shop.clock import Clock
from shop.evidence import Sign
from shop.looks import Look
from shop.notices import Kind
from shop.parents import contradicts
from shop.parts import Family, is_subscription
from shop.refunds import charged, outgrows, settle
from storage import evidence, orders, refunds
from storage.engine import Connection
from storage.rows import Order, Part
from storage.states import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState

_BACK_IN_WORK = AT_PROVIDER - {OrderState.FAILED}
_ENDED_EARLY = ENDED_AT_PROVIDER - {OrderState.COMPLETED}


@dataclass(frozen=True, slots=True)
class Endings:
    """Everything here belongs into the transaction that has written the look."""

    admins: Collection[int]
    clock: Clock

    async def settle(
        self, connection: Connection, order: Order, look: Look, made: Sequence[Part], *, moved: bool
    ) -> tuple[bool, int]:
        """Refund what the order's end calls for, and write what is to be said. `order` and `made` as they are now.

        Gives False when only its card changed, and what was given back now (millionths).
        """
        now, state = self.clock(), look.state
        if state is not None and order.state is not state:
            return True, 0  # somebody else moved it meanwhile; they said so
        due = looks.due(order, look, made)
        refund = await settle(connection, order, due or 0, now)
        await self._ask_or_not(connection, order, look, due, moved=moved)
        await self._tell_admins(connection, order, look, made, moved=moved)
        if moved and order.state in ENDED_AT_PROVIDER:
            await orders.bring_forward(connection, order.link, now)
            await end_cancellations(connection, order, now)
        if moved or refund:
            await notices.tell_owner(connection, order, order.state, now, refund=refund)
        return moved or refund > 0, refund

    async def ask_of_stuck(self, connection: Connection, families: Sequence[Family]) -> None:
        """Ask, once, about parents whose end nobody can settle by what the provider says."""
        ids = [found.order.id for found in families]
        decided = await refunds.decided_since(connection, ids, Sign.REFUND)
        for found in families:
            if found.order.id not in decided:
                await self._ask(connection, found.order, found.answer)

    async def _ask_or_not(
        self, connection: Connection, order: Order, look: Look, due: int | None, *, moved: bool
    ) -> None:
        """Ask what an end gives back where the provider does not say; a clear word ends the question."""
        if due is not None:
            if order.unclear_since is not None and look.state is not None:
                await refunds.answered(connection, order.id)
            return
        news = moved or looks.differs_in_figures(look)
        if news and (look.family is None or contradicts(look.family, order)):
            await self._ask(connection, order, look.answer)

    async def _ask(self, connection: Connection, order: Order, answer: OrderStatus) -> None:
        now = self.clock()
        if not await refunds.ask(connection, order.id, now):
            return
        said = {
            "status": answer.text[:128],
            "charge": None if answer.charge is None else format(answer.charge, "f"),
            "remains": answer.remains,
            "runs": answer.runs,
            "posts": answer.posts,
            "currency": answer.currency or "",
        }
        await evidence.add(connection, order.id, Sign.UNCLEAR, said, now)
        await notices.tell_admins(connection, self.admins, Kind.UNCLEAR_REFUND, now, order_id=order.id, **said)

    async def _tell_admins(
        self, connection: Connection, order: Order, look: Look, made: Sequence[Part], *, moved: bool
    ) -> None:
        now = self.clock()
        if moved and order.state is OrderState.FAILED:
            await notices.tell_admins(connection, self.admins, Kind.FAILED_ORDER, now, order_id=order.id)
        if moved:
            await self._tell_of_refund(connection, order, look, made)
        if look.foreign is not None:
            await notices.tell_of_currency(connection, self.admins, look.foreign, order.id, now)
        if moved and order.state in ENDED_AT_PROVIDER and is_subscription(order):
            await notices.alert_over(connection, Kind.BEYOND_HOLD, str(order.id))
        if order.state in AT_PROVIDER and outgrows(order, made):
            await notices.alert_once(
                connection,
                self.admins,
                Kind.BEYOND_HOLD,
                now,
                about=str(order.id),
                order_id=order.id,
                charged=format(charged(made), "f"),
                posts=len(made),
            )

    async def _tell_of_refund(self, connection: Connection, order: Order, look: Look, made: Sequence[Part]) -> None:
        """Tell, once each, that an order is delivered after all or in work again, and keeps what it gave back."""
        if not order.refunded:
            return
        if order.state in _ENDED_EARLY:
            await notices.refund_stands_no_more(connection, order.id)
            return
        if order.state not in {*_BACK_IN_WORK, OrderState.COMPLETED}:
            return
        completed = order.state is OrderState.COMPLETED
        rightly = looks.due(replace(order, refunded=0), look, made) if completed else 0
        if rightly is None or order.refunded <= rightly:
            return
        about = notices.about_refund(order.id, completed=completed)
        await notices.alert_once(
            connection,
            self.admins,
            Kind.REFUND_STANDS,
            self.clock(),
            about=about,
            order_id=order.id,
            amount=order.refunded - rightly,
            state=str(order.state),
        )
