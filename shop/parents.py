"""Looking into parents: the orders that the provider names are asked for too, and say what an end gives back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from panel import ItemError, OrderStatus
from shop.clock import Clock
from shop.parts import Family, family_of, has_ended, is_parent, is_subscription, listed_parts
from shop.refunds import parent_refund_due
from shop.tiers import is_turn_of_ended
from storage import Database, orders, parts
from storage.orders import Tracked
from storage.states import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState

Answered = Sequence[tuple[Tracked, OrderStatus]]
Ask = Callable[[Sequence[str]], Awaitable[Mapping[str, OrderStatus | ItemError]]]

_UNSETTLED_FOR_LONG = timedelta(hours=1)
_UNSETTLED_TOO_LONG = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Parents:
    """`ask` gives the answers that could be had, whatever goes wrong: the parents are followed without them too."""

    database: Database
    ask: Ask
    clock: Clock

    async def look_into(self, answered: Answered, ticks: range) -> dict[int, Family]:
        """Give the parents among these orders with their parts, asking for those that are new or under way.

        Parts that have ended are asked for as rarely as ended orders.
        """
        async with self.database.read() as connection:
            rows = await orders.get_many(connection, [order.id for order, _ in answered])
            known = await parts.of_orders(connection, list(rows))
        now = self.clock()
        listed = {
            order.id: listed_parts(rows[order.id], answer, known.get(order.id, []), now)
            for order, answer in answered
            if order.id in rows and is_parent(rows[order.id])
        }
        wanted = [
            part.provider_order_id
            for found in listed.values()
            for part in found
            if not has_ended(part) or is_turn_of_ended(part.order_id, now - part.changed_at, ticks)
        ]
        answers = await self.ask(wanted) if wanted else {}
        return {
            order.id: family_of(rows[order.id], answer, listed[order.id], known.get(order.id, []), answers)
            for order, answer in answered
            if order.id in listed
        }


def may_be_parent(order: Tracked, answer: OrderStatus) -> bool:
    return answer.orders is not None or order.runs is not None or is_subscription(order)


def owes(found: Family) -> bool:
    """Say whether money has become due although nothing else is new, such as a list that names no parts at last."""
    due = _due(found)
    return due is not None and due > found.order.refunded


def is_stuck(found: Family, now: datetime) -> bool:
    """Say whether an ended parent has been quiet for so long that what is missing will not come by itself."""
    if found.changed or found.order.state not in ENDED_AT_PROVIDER or _due(found) is not None:
        return False
    at_work = any(part.state in AT_PROVIDER - {OrderState.FAILED} for part in found.parts)
    return now - found.order.changed_at >= (_UNSETTLED_TOO_LONG if at_work else _UNSETTLED_FOR_LONG)


def _due(found: Family) -> int | None:
    order = replace(found.order, remains=found.answer.remains, charge=found.answer.charge)
    return parent_refund_due(order, found.parts, listed=found.listed)
