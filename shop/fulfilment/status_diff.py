"""What one look at an order has found, and whether it is news."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from panel import OrderStatus
from shop.fulfilment.refunds import refund_due
from shop.fulfilment.suborder_polling import due_of, owes
from shop.orders.suborders import OrderWithSuborders, told
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.queries.orders import Tracked
from storage.rows import Order, Part


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an order has found.

    `answer` has only what counts (shop.orders.figures), and the sums of the parts where there are
    some.
    """

    order: Tracked
    answer: OrderStatus
    family: OrderWithSuborders | None = None

    @property
    def state(self) -> OrderState | None:
        """The order's state by the provider's words; None for words that we don't know."""
        return None if self.answer.state is None else OrderState(self.answer.state)

    @property
    def foreign(self) -> str | None:
        """The currency of a charge that does not count because of it."""
        return self.answer.currency or (self.family.foreign if self.family is not None else None)


def look_at(order: Tracked, answer: OrderStatus, found: OrderWithSuborders | None = None) -> Look:
    """Return what was found; of an order that is no parent nobody counts runs and posts."""
    if found is not None:
        return Look(order, found.answer, found)
    counts = answer.runs is not None or answer.posts is not None
    return Look(order, replace(answer, runs=None, posts=None) if counts else answer)


def is_news(look: Look) -> bool:
    found = look.family
    return _differs(look.order, look.answer) or (
        found is not None and (bool(found.changed) or owes(found))
    )


def due(order: Order, look: Look, made: Sequence[Part]) -> int | None:
    """Return what an order must have given back by this look; None where it does not tell.

    An end is settled by what is said with it: what an earlier answer left behind is no longer true.
    An end that is only repeated says nothing.
    """
    if look.family is not None:
        return due_of(look.family, order, made)
    answer = look.answer
    silent = answer.remains is None and answer.charge is None and answer.currency is None
    if look.state is None or (silent and look.state is look.order.state):
        return None
    if order.state not in ENDED_AT_PROVIDER:
        return order.refunded
    return refund_due(
        replace(order, remains=answer.remains, charge=answer.charge),
        foreign=answer.currency is not None,
    )


def counts(look: Look) -> dict[str, Any]:
    """Return what storage.queries.orders.note_progress writes."""
    order, answer = look.order, look.answer
    whole = answer.charge is not None and look.family is None and look.state in AT_PROVIDER
    return {
        "order_id": order.id,
        "status_text": answer.text[:128],
        "charge": order.charge if answer.charge is None else answer.charge,
        "full_charge": answer.charge if whole else order.full_charge,
        "start_count": told(answer.start_count, order.start_count),
        "remains": told(answer.remains, order.remains),
        "runs": told(answer.runs, order.runs),
        "posts": told(answer.posts, order.posts),
    }


def differs_in_figures(look: Look) -> bool:
    """Return whether the figures that settle an end are others than before."""
    order, answer = look.order, look.answer
    return (
        (answer.charge is not None and answer.charge != order.charge)
        or told(answer.remains, order.remains) != order.remains
        or told(answer.runs, order.runs) != order.runs
        or told(answer.posts, order.posts) != order.posts
    )


def _differs(order: Tracked, answer: OrderStatus) -> bool:
    """Return whether an answer tells anything new; what it leaves out is not new."""
    return (
        (answer.state is not None and str(answer.state) != str(order.state))
        or answer.text[:128] != order.status_text
        or told(answer.start_count, order.start_count) != order.start_count
        or differs_in_figures(Look(order, answer))
    )
