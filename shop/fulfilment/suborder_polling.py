"""Looking into parents: the orders that the provider names are asked for too, and say what an end
gives back.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from panel import ItemError, OrderStatus
from panel.models import State
from shop.clock import Clock
from shop.fulfilment.poll_tiers import is_turn_of_ended
from shop.fulfilment.refunds import parent_refund_due
from shop.orders.figures import counted, near
from shop.orders.suborders import (
    OrderWithSuborders,
    family_of,
    has_ended,
    is_parent,
    is_subscription,
    listed_parts,
    run_size,
    runs_of,
    undelivered,
)
from storage import Database
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.queries import orders, suborders
from storage.queries.orders import Tracked
from storage.rows import Order, Part

Answered = Sequence[tuple[Tracked, OrderStatus]]
Ask = Callable[[Sequence[str]], Awaitable[Mapping[str, OrderStatus | ItemError]]]
AccountOf = Callable[[Tracked | Order], Collection[str]]

_UNSETTLED_FOR_LONG = timedelta(hours=1)
_UNSETTLED_TOO_LONG = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Parents:
    """`ask` gives the answers that could be had, whatever goes wrong: the parents are followed
    without them too.

    `account_of` gives the names of the currency in which an order's charges count.
    """

    database: Database
    ask: Ask
    account_of: AccountOf
    clock: Clock

    async def look_into(self, answered: Answered, ticks: range) -> dict[int, OrderWithSuborders]:
        """Return the parents among these orders with their parts, asking for those that are new or
        under way.

        Parts that have ended are asked for as rarely as ended orders.
        """

        def transaction(tx: Transaction) -> tuple[dict[int, Order], dict[int, list[Part]]]:
            rows = orders.get_many(tx, [order.id for order, _ in answered])
            known = suborders.of_orders(tx, list(rows))
            return rows, known

        rows, known = await self.database.read(transaction)
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
        found = {}
        for order, answer in answered:
            if order.id in listed:
                account = self.account_of(order)
                own = {
                    part.provider_order_id: counted(said, account)
                    for part in listed[order.id]
                    if isinstance(said := answers.get(part.provider_order_id), OrderStatus)
                }
                found[order.id] = family_of(
                    rows[order.id], answer, listed[order.id], known.get(order.id, []), own
                )
        return found


def may_be_parent(order: Tracked, answer: OrderStatus) -> bool:
    counts = answer.runs is not None or answer.posts is not None or answer.orders is not None
    return counts or order.runs is not None or is_subscription(order)


def owes(found: OrderWithSuborders) -> bool:
    """Return whether money has become due although nothing else is new, such as a list that names
    no parts at last.
    """
    due = due_of(found, found.order)
    return due is not None and due > found.order.refunded


def is_stuck(found: OrderWithSuborders, now: datetime) -> bool:
    """Return whether an ended parent has been quiet for so long that what is missing will not come
    by itself.
    """
    if (
        found.changed
        or found.order.state not in ENDED_AT_PROVIDER
        or due_of(found, found.order) is not None
    ):
        return False
    at_work = any(part.state in AT_PROVIDER - {OrderState.FAILED} for part in found.parts)
    return now - found.order.changed_at >= (_UNSETTLED_TOO_LONG if at_work else _UNSETTLED_FOR_LONG)


def due_of(
    found: OrderWithSuborders, order: Order, parts: Sequence[Part] | None = None
) -> int | None:
    """Return what a parent must have given back, by what was found; `order` and `parts` as they are
    by now.

    Without parts, words that we don't know, and an end that is only repeated, change nothing.
    """
    said, answer = found.said, found.answer
    parts = found.parts if parts is None else parts
    if said.state is None and not parts:
        return order.refunded
    state = None if said.state is None else OrderState(said.state)
    silent = not parts and not found.listed and not _names_figures(said)
    if silent and found.order.state is state:
        return None if order.unclear_since is not None else order.refunded
    if _denied(found, order, parts) or (
        silent and state is OrderState.CANCELED and _was_seen(found.order)
    ):
        return None
    told = replace(
        order, remains=answer.remains, charge=answer.charge, runs=said.runs, posts=said.posts
    )
    return parent_refund_due(told, parts, listed=found.listed, foreign=said.currency is not None)


def contradicts(found: OrderWithSuborders, order: Order) -> bool:
    """Return whether what an ended parent says of itself can't all be true: no list will mend that.

    `order` as it is by now.
    """
    if _denied(found, order, found.parts):
        return True
    told = _names_figures(found.said) or _was_seen(found.order)
    return not found.parts and told and due_of(found, order) is None


def _was_seen(order: Order) -> bool:
    """Return whether something of a parent was delivered by what was said before, so that a bare
    word can't deny it.
    """
    if is_subscription(order):
        return bool(order.posts) or (order.charge is not None and order.charge > 0)
    return order.runs is not None and 0 < order.runs < runs_of(order)


def _denied(found: OrderWithSuborders, order: Order, parts: Sequence[Part]) -> bool:
    """Return whether a drip-feed that ended early names far more or less that remains than its runs
    do.

    Its charge may side with the runs. Remains of 0 are said of what nobody has counted.
    """
    said = found.said
    early = said.state in {State.PARTIAL, State.CANCELED}
    if (
        not parts
        or not early
        or is_subscription(order)
        or not said.remains
        or not all(map(has_ended, parts))
    ):
        return False
    lacking = undelivered(replace(order, state=OrderState(str(said.state))), parts)
    if lacking is None or abs(said.remains - lacking) <= run_size(order):
        return False
    cost = order.cost * (order.quantity - lacking) / order.quantity
    return said.charge is None or not near(said.charge, cost)


def _names_figures(said: OrderStatus) -> bool:
    return any(
        one is not None for one in (said.charge, said.remains, said.runs, said.posts, said.currency)
    )
