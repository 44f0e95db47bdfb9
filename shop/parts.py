"""The orders that the provider makes of one: a drip-feed's runs, a subscription's posts.

Their parent names no charge and no remains; it is the sum of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Protocol

from panel import SERVICE_TYPES, OrderStatus
from panel.service_types import Pricing
from storage.rows import Order, Part
from storage.states import ENDED_AT_PROVIDER, OrderState

LARGEST = 2**53
PAID_BY_POST = frozenset(key for key, row in SERVICE_TYPES.items() if row.pricing is Pricing.PER_POST)


class _Sold(Protocol):
    @property
    def service_type(self) -> str: ...


def is_subscription(order: _Sold) -> bool:
    return order.service_type in PAID_BY_POST


def runs_of(order: Order) -> int:
    """Give how many runs a drip-feed was ordered with; 0 for everything else."""
    return int(order.fields.get("runs") or 0)


def is_parent(order: Order) -> bool:
    return runs_of(order) > 0 or is_subscription(order)


def run_size(order: Order) -> int:
    """Give the units of one run."""
    return order.quantity // max(runs_of(order), 1)


def has_ended(part: Part) -> bool:
    return part.state in ENDED_AT_PROVIDER


def has_begun(part: Part) -> bool:
    """Say whether a part is being delivered, or was: before that its counts say nothing."""
    return part.state is OrderState.IN_PROGRESS or has_ended(part)


def delivered_by(order: Order, part: Part) -> int | None:
    """Count the units that a run has delivered up to now; None where one that ended early does not say.

    Remains say nothing of a run that has not begun.
    """
    size = run_size(order)
    if part.state is OrderState.COMPLETED:
        return size
    if part.state in (OrderState.PARTIAL, OrderState.IN_PROGRESS) and part.remains is not None:
        return size - min(max(part.remains, 0), size)
    if part.state is OrderState.PARTIAL:
        share = None if part.charge is None else kept_share(part.charge * runs_of(order), order.cost)
        return None if share is None else ceil(size * share)
    return 0


def charge_of(part: Part) -> Decimal | None:
    """Give what the provider keeps for a part, in its currency: nothing for a canceled one."""
    return Decimal(0) if part.state is OrderState.CANCELED else part.charge


def kept_share(charge: Decimal, cost: Decimal) -> Fraction | None:
    """Give which part of the expected cost was charged, from 0 to 1; None where none was expected."""
    if cost <= 0:
        return None
    return min(max(Fraction(charge) / Fraction(cost), Fraction(0)), Fraction(1))


def undelivered(order: Order, parts: Iterable[Part]) -> int | None:
    """Count the units that no run delivers; None while a run that has ended does not say.

    Runs that were never made are among them, except in a completed parent: nothing is taken for missing there
    without evidence.
    """
    done = [delivered_by(order, part) for part in parts]
    if None in done:
        return None
    promised = len(done) * run_size(order) if order.state is OrderState.COMPLETED else order.quantity
    return min(max(promised - sum(filter(None, done)), 0), order.quantity)


def summed(order: Order, answer: OrderStatus, parts: Sequence[Part]) -> OrderStatus:
    """Give the parent's answer with the figures of its parts; without parts it is what the provider said.

    `runs` and `posts` count those that were made.
    """
    of_posts = is_subscription(order)
    counted = replace(answer, runs=None if of_posts else len(parts), posts=len(parts) if of_posts else None)
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
class Family:
    """A parent with its parts as one look has found them; `changed` are those that have to be written."""

    order: Order
    answer: OrderStatus
    parts: Sequence[Part]
    changed: Sequence[Part] = ()

    @property
    def listed(self) -> bool:
        """Whether the provider named the parts, even if there is none."""
        return self.answer.orders is not None


def listed_parts(order: Order, answer: OrderStatus, known: Sequence[Part], now: datetime) -> list[Part]:
    """Give every part by the provider's list, then those that it names no more. New ones have no state yet."""
    there = {part.provider_order_id: part for part in known}
    names = [name for name in answer.orders or () if name != order.provider_order_id]
    parts = [
        replace(there.pop(name), number=number) if name in there else _new(order, name, number, now)
        for number, name in enumerate(names, 1)
    ]
    return parts + list(there.values())


def _new(order: Order, provider_order_id: str, number: int, now: datetime) -> Part:
    return Part(
        id=0, order_id=order.id, provider_order_id=provider_order_id, number=number, state=None, status_text="",
        charge=None, start_count=None, remains=None, first_seen_at=now, changed_at=now,
    )  # fmt: skip


def family_of(
    order: Order,
    answer: OrderStatus,
    listed: Sequence[Part],
    known: Sequence[Part],
    answers: Mapping[str, object],
) -> Family:
    """Put together what was known, what the provider lists, and what it said of each part."""
    parts = [_told(part, answers.get(part.provider_order_id)) for part in listed]
    before = {part.provider_order_id: part for part in known}
    changed = [part for part in parts if before.get(part.provider_order_id) != part]
    return Family(order, summed(order, answer, parts), parts, changed)


def _told(part: Part, answer: object) -> Part:
    """Give the part as the provider describes it now; what it leaves out stays."""
    if not isinstance(answer, OrderStatus):
        return part
    return replace(
        part,
        state=None if answer.state is None else OrderState(answer.state),
        status_text=answer.text[:128],
        charge=part.charge if answer.charge is None else answer.charge,
        start_count=told(answer.start_count, part.start_count),
        remains=told(answer.remains, part.remains),
    )


def told(answer: int | None, known: int | None) -> int | None:
    """Give what the provider said, as far as a database can hold it; what it left out stays."""
    return known if answer is None else min(max(answer, -LARGEST), LARGEST)
