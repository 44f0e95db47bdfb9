"""The orders that the provider makes of one: a drip-feed's runs, a subscription's posts.

Their parent names no charge and no remains; it is the sum of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from math import floor
from typing import Protocol

from panel import SERVICE_TYPES, OrderStatus
from panel.service_types import Pricing
from shop.orders.figures import Said, missing
from storage.enums import ENDED_AT_PROVIDER, OrderState
from storage.rows import Order, Part

LARGEST = 2**53
_ENDED_EARLY = frozenset({OrderState.PARTIAL, OrderState.CANCELED})
PAID_BY_POST = frozenset(
    key for key, row in SERVICE_TYPES.items() if row.pricing is Pricing.PER_POST
)


class _Sold(Protocol):
    @property
    def service_type(self) -> str: ...


def is_subscription(order: _Sold) -> bool:
    return order.service_type in PAID_BY_POST


def runs_of(order: Order) -> int:
    """Return how many runs a drip-feed was ordered with; 0 for everything else."""
    return int(order.fields.get("runs") or 0)


def is_parent(order: Order) -> bool:
    return runs_of(order) > 0 or is_subscription(order)


def posts_of(order: Order) -> int:
    """Return how many orders a subscription makes at most; 0 where it has no such end."""
    posts = int(order.fields.get("posts") or 0)
    return posts + int(order.fields.get("old_posts") or 0) if posts else 0


def run_size(order: Order) -> int:
    """Return the units of one run."""
    return order.quantity // max(runs_of(order), 1)


def has_ended(part: Part) -> bool:
    return part.state in ENDED_AT_PROVIDER


def has_begun(part: Part) -> bool:
    """Return whether a part is being delivered, or was: before that its counts say nothing."""
    return part.state is OrderState.IN_PROGRESS or has_ended(part)


def delivered_by(order: Order, part: Part) -> int | None:
    """Count the units that a run has delivered up to now; None where one that ended early does not
    say.

    Remains say nothing of a run that has not begun.
    """
    size = run_size(order)
    if part.state is OrderState.COMPLETED:
        return size
    if part.state is OrderState.IN_PROGRESS and part.remains is not None:
        return size - min(max(part.remains, 0), size)
    if part.state not in _ENDED_EARLY:
        return 0
    cost = order.cost / max(runs_of(order), 1)
    begun = part.state is OrderState.PARTIAL or bool(part.start_count)
    lacking = missing(Said(part.state, size, cost, part.charge, part.remains, begun=begun))
    return None if lacking is None else size - floor(size * lacking)


def charge_of(part: Part) -> Decimal | None:
    """Return what the provider keeps for a part, in its currency: nothing for a canceled one, if it
    doesn't say so.

    None where it does not say, or says what can't be.
    """
    if part.charge is None:
        return Decimal(0) if part.state is OrderState.CANCELED else None
    return part.charge if part.charge >= 0 else None


def undelivered(order: Order, parts: Iterable[Part]) -> int | None:
    """Count the units that no run delivers; None while a run that has ended does not say.

    Runs that were never made are among them, except in a completed parent: nothing is taken for
    missing there without evidence. A provider that lists more runs than were ordered owes no more
    than was.
    """
    done = [delivered_by(order, part) for part in parts]
    if None in done:
        return None
    promised = order.quantity
    if order.state is OrderState.COMPLETED:
        promised = min(len(done) * run_size(order), promised)
    return min(max(promised - sum(filter(None, done)), 0), order.quantity)


def summed(order: Order, answer: OrderStatus, parts: Sequence[Part]) -> OrderStatus:
    """Return the parent's answer with the figures of its parts; without parts it is what the
    provider said.

    `runs` and `posts` count those that were made. Where none is listed, a number below that of the
    order is the provider's count of them; the order's own number may only repeat what was ordered.
    No word of them changes nothing.
    """
    of_posts = is_subscription(order)
    named, ordered = (answer.posts, posts_of(order)) if of_posts else (answer.runs, runs_of(order))
    made = len(parts)
    if not parts and answer.orders is None:
        before = (order.posts if of_posts else order.runs) or 0
        made = before if named is None else named if 0 < named < ordered else 0
    counted = replace(answer, runs=None if of_posts else made, posts=made if of_posts else None)
    if not parts:
        return counted
    charges = [charge for part in parts if (charge := charge_of(part)) is not None]
    state = order.state if answer.state is None else OrderState(answer.state)
    return replace(
        counted,
        charge=sum(charges, Decimal(0)) if charges else None,
        start_count=parts[0].start_count if has_begun(parts[0]) else None,
        remains=None if of_posts else undelivered(replace(order, state=state), parts),
    )


@dataclass(frozen=True, slots=True)
class OrderWithSuborders:
    """A parent with its parts as one look has found them; `changed` are those that have to be
    written.

    `answer` has the sums of the parts, `said` is the parent's own. `foreign`: the currency of a
    part's charge that does not count.
    """

    order: Order
    answer: OrderStatus
    said: OrderStatus
    parts: Sequence[Part]
    changed: Sequence[Part] = ()
    foreign: str | None = None

    @property
    def listed(self) -> bool:
        """Whether the provider named the parts, even if there is none."""
        return self.answer.orders is not None


def listed_parts(
    order: Order, answer: OrderStatus, known: Sequence[Part], now: datetime
) -> list[Part]:
    """Return every part by the provider's list, then those that it names no more.

    New ones have no state yet.
    """
    there = {part.provider_order_id: part for part in known}
    names = [name for name in answer.orders or () if name != order.provider_order_id]
    parts = [
        replace(there.pop(name), number=number) if name in there else _new(order, name, number, now)
        for number, name in enumerate(names, 1)
    ]
    return parts + list(there.values())


def _new(order: Order, provider_order_id: str, number: int, now: datetime) -> Part:
    return Part(
        id=0,
        order_id=order.id,
        provider_order_id=provider_order_id,
        number=number,
        state=None,
        status_text="",
        charge=None,
        start_count=None,
        remains=None,
        first_seen_at=now,
        changed_at=now,
    )


def family_of(
    order: Order,
    answer: OrderStatus,
    listed: Sequence[Part],
    known: Sequence[Part],
    answers: Mapping[str, object],
) -> OrderWithSuborders:
    """Put together what was known, what the provider lists, and what it said of each part."""
    said = [answers.get(part.provider_order_id) for part in listed]
    parts = [_told(part, answer) for part, answer in zip(listed, said, strict=True)]
    before = {part.provider_order_id: part for part in known}
    changed = [part for part in parts if before.get(part.provider_order_id) != part]
    foreign = next(
        (one.currency for one in said if isinstance(one, OrderStatus) and one.currency), None
    )
    return OrderWithSuborders(order, summed(order, answer, parts), answer, parts, changed, foreign)


def _told(part: Part, answer: object) -> Part:
    """Return the part as the provider describes it now; what it leaves out stays.

    Not with an early end that is news: what was said before it is no longer true, and nothing would
    tell so.
    """
    if not isinstance(answer, OrderStatus):
        return part
    state = None if answer.state is None else OrderState(answer.state)
    if state in _ENDED_EARLY:
        # its only figure does not count: this end tells nothing
        if answer.currency and answer.remains is None:
            return part
        if state is not part.state:
            part = replace(part, charge=None, remains=None)
    return replace(
        part,
        state=state,
        status_text=answer.text[:128],
        charge=part.charge if answer.charge is None else answer.charge,
        start_count=told(answer.start_count, part.start_count),
        remains=told(answer.remains, part.remains),
    )


def told(answer: int | None, known: int | None) -> int | None:
    """Return what the provider said, as far as a database can hold it; what it left out stays."""
    return known if answer is None else min(max(answer, -LARGEST), LARGEST)
