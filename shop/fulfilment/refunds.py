"""What an ended order gives back: by the provider's own figures, by difference, once, never more
than was paid.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor

from shop.orders.figures import Said, kept_share, missing, near
from shop.orders.suborders import (
    charge_of,
    has_ended,
    is_parent,
    is_subscription,
    posts_of,
    run_size,
    runs_of,
    undelivered,
)
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.queries import ledger_keys, orders, refunds, suborders, wallet
from storage.queries.wallet import Account
from storage.rows import Order, Part

_CUT_SHORT = 2  # runs of a drip-feed that may be under way when it ends


def refund_due(order: Order, *, foreign: bool = False) -> int | None:
    """Return how many millionths an order must have given back in all; None when an admin has to be
    asked.

    Its remains and its charge are those that were said with its state; `foreign`: so was a charge
    that does not count. What was refunded stays, whatever is said later. A package has no units
    that could remain.
    """
    if order.state not in ENDED_AT_PROVIDER:
        return order.refunded
    remains = order.remains if order.quantity > 1 else None
    begun = (
        order.state is not OrderState.CANCELED
        or order.started_at is not None
        or (order.start_count or 0) > 0
    )
    lacking = missing(
        Said(
            order.state,
            order.quantity,
            order.cost,
            order.charge,
            remains,
            full=order.full_charge,
            begun=begun,
            foreign=foreign,
        ),
    )
    return None if lacking is None else _share_of(order, lacking)


def parent_refund_due(
    order: Order, parts: Sequence[Part], *, listed: bool, foreign: bool = False
) -> int | None:
    """Say the same of a drip-feed or a subscription: by what its parts have delivered, or cost.

    None while a part is under way, and for as long as one does not say. `listed`: the provider
    named the parts, so that none is none; without a list its own `runs`, `posts`, remains and
    charge say how much there was.
    """
    if order.state not in ENDED_AT_PROVIDER:
        return order.refunded
    if not parts:
        return _childless_refund_due(order, listed=listed, foreign=foreign)
    if not all(map(has_ended, parts)):
        return None
    if is_subscription(order):
        charge = _charges(parts)
        kept = None if charge is None else kept_share(charge, order.cost)
        return None if kept is None else _share_of(order, 1 - kept)
    lacking = undelivered(order, parts)
    return None if lacking is None else _share_of(order, Fraction(lacking, order.quantity))


def _charges(parts: Sequence[Part]) -> Decimal | None:
    total = Decimal(0)
    for part in parts:
        charge = charge_of(part)
        if charge is None:
            return None
        total += charge
    return total


def _childless_refund_due(order: Order, *, listed: bool, foreign: bool) -> int | None:
    silent = order.charge is None and order.remains is None and not foreign
    if listed and silent:  # it has no part, and nothing says that it has cost anything
        return (
            order.price
            if is_subscription(order) or order.state is not OrderState.COMPLETED
            else order.refunded
        )
    if is_subscription(order):
        lacking = None if foreign else _missing_posts(order, None if listed else order.posts)
        return None if lacking is None else _share_of(order, lacking)
    if not listed and order.runs is not None and 0 < order.runs < runs_of(order):
        return _by_runs(order, order.runs, foreign=foreign)
    return refund_due(order, foreign=foreign)


def _by_runs(order: Order, begun: int, *, foreign: bool) -> int | None:
    """Settle by the units of the runs that were never made, and by its remains where it names them.

    The last run may have been cut short, and the one before it, where a run takes longer than the
    next waits.
    """
    never, size = (runs_of(order) - begun) * run_size(order), run_size(order)
    remains = order.remains
    if remains is None:
        remains = never
    elif (
        order.state is not OrderState.COMPLETED
        and not never <= remains <= never + _CUT_SHORT * size
    ):
        return None
    said = Said(
        order.state,
        order.quantity,
        order.cost,
        order.charge,
        remains,
        full=order.full_charge,
        foreign=foreign,
    )
    lacking = missing(said)
    return None if lacking is None else _share_of(order, lacking)


def _missing_posts(order: Order, posts: int | None) -> Fraction | None:
    """Return which part of a subscription was not used, by its charge and the number of its posts.

    How many units a post got only its charge tells: their number is an end to what all can have
    cost. A number of 0 is what is said of those, too, that nobody has counted.
    """
    most, charge = posts_of(order), order.charge
    made = Fraction(posts, most) if posts is not None and 0 < posts < most else None
    if charge is None:
        if made is not None:
            return 1 - made
        return Fraction(1) if order.state is OrderState.CANCELED and not posts else None
    kept = kept_share(charge, order.cost)
    if kept is None or charge < 0 or (charge == 0 and posts):
        return None
    if made is not None and not _may_cost(order, made, charge):
        return None
    return None if order.state is OrderState.CANCELED and kept == 1 else 1 - kept


def _may_cost(order: Order, made: Fraction, charge: Decimal) -> bool:
    """Return whether so many of a subscription's posts can have cost that: each of them got its
    least, or its most.
    """
    most = order.cost * made.numerator / made.denominator
    smallest, largest = (int(order.fields.get(name) or 0) for name in ("min", "max"))
    least = most * smallest / largest if 0 < smallest <= largest else Decimal(0)
    return least <= charge <= most or near(charge, least) or near(charge, most)


def _share_of(order: Order, lacking: Fraction) -> int:
    """Return that part of the price, rounded down; never less than was given back."""
    return max(order.refunded, floor(order.price * lacking))


def used(order: Order, parts: Sequence[Part]) -> int:
    """Return how many millionths of a subscription's price its orders have used up to now."""
    kept = kept_share(charged(parts), order.cost)
    return 0 if kept is None else order.price - floor(order.price * (1 - kept))


def charged(parts: Sequence[Part]) -> Decimal:
    """Add up what parts have cost, as far as they say."""
    return sum((charge for part in parts if (charge := charge_of(part)) is not None), Decimal(0))


def outgrows(order: Order, parts: Sequence[Part]) -> bool:
    """Return whether the posts of a subscription cost more than its price was computed from: its
    rate has risen.

    Each was to cost its share of the whole at most.
    """
    most = posts_of(order)
    if not is_subscription(order) or not most or order.cost <= 0:
        return False
    made = sum(charge_of(part) not in (None, 0) for part in parts)
    hold = order.cost * min(made, most) / most
    return charged(parts) > hold and not near(charged(parts), hold)


def settle(
    tx: Transaction, order: Order, due: int, now: datetime, *, actor_id: int | None = None
) -> int:
    """Bring what was refunded up to `due` millionths; return what came on top now.

    The order's own counter is moved by a conditional statement, so of two workers only one gives
    money back. Where the house pays, the counter only records what the provider gave back.
    """
    amount = min(due, order.price) - order.refunded
    if amount <= 0 or not orders.add_refund(tx, order.id, before=order.refunded, amount=amount):
        return 0
    if order.billing == "wallet":
        again = refunds.times_taken_back(tx, order.id)
        moved = wallet.move(
            tx,
            user_id=order.user_id,
            source=Account.SALES,
            target=Account.WALLET,
            amount=amount,
            order_id=order.id,
            key=ledger_keys.refund(order.id, order.refunded, again),
            reason=str(order.state),
            actor_id=actor_id,
            now=now,
        )
        if not moved:
            raise RuntimeError(f"order {order.id} gave this back before")
    return amount


def excess_of(tx: Transaction, order: Order) -> int:
    """Return how many millionths an order has given back too much, now that it is delivered or in
    work again.
    """
    if not order.refunded or order.state in AT_PROVIDER:
        return order.refunded
    if order.state is not OrderState.COMPLETED:
        return 0
    rightly: int | None = 0
    if is_parent(order):
        made = suborders.of_order(tx, order.id)
        rightly = parent_refund_due(replace(order, refunded=0), made, listed=True)
    return 0 if rightly is None else max(order.refunded - rightly, 0)
