"""What a percent coupon takes off somebody's next order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import floor

from shop.user_hash import pseudonym
from storage.engine import Transaction
from storage.queries import coupons, facts
from storage.queries.facts import Fact
from storage.rows import Coupon, Order


@dataclass(frozen=True, slots=True)
class Discount:
    """`amount` millionths off, by this coupon.

    `less`: than its percentage says, which is as much as may be.

    Where that is nothing the coupon waits for another order.
    """

    coupon: Coupon
    amount: int
    less: bool = False


def are_on(tx: Transaction) -> bool:
    """Return whether coupons are used; not before an admin has turned them on."""
    found = facts.get(tx, Fact.COUPONS)
    return found is not None and found[0]["on"] is True


def is_open(coupon: Coupon, now: datetime) -> bool:
    """Return whether a coupon can still be used by somebody."""
    return coupon.ended_at is None and not is_expired(coupon, now) and not is_used_up(coupon)


def is_expired(coupon: Coupon, now: datetime) -> bool:
    return coupon.expires_at is not None and coupon.expires_at <= now


def is_used_up(coupon: Coupon) -> bool:
    return coupon.total is not None and coupon.used >= coupon.total


def coming(
    tx: Transaction, user_id: int, price: int, now: datetime, *, cost: int
) -> Discount | None:
    """Return what comes off a price (millionths) of somebody's next order, which costs us `cost`;
    None: nothing does.

    Rounded down, no more than the coupon's most, and nothing that sells below cost unless an admin
    said so. A coupon that can't be used is passed over without a word. Needs a write transaction.
    """
    coupon = coupons.remembered(tx, user_id)
    if coupon is None or coupon.percent is None or not is_open(coupon, now) or not are_on(tx):
        return None
    wanted = floor(price * coupon.percent / 100)
    amount = wanted if coupon.most is None else min(wanted, coupon.most)
    if not coupon.below_cost:
        amount = min(amount, price - cost)
    person = pseudonym(tx, user_id, now)
    if wanted <= 0 or coupons.uses(tx, coupon.id, person) >= coupon.per_user:
        return None
    return Discount(coupon, max(amount, 0), less=amount < wanted)


def use_up(tx: Transaction, user_id: int, order_id: int, discount: Discount, now: datetime) -> bool:
    """Use the coupon for an order, after its price was paid; False when it can't be used any more.

    The caller then takes back all that they wrote.
    """
    person, coupon_id = pseudonym(tx, user_id, now), discount.coupon.id
    coupons.add_use(
        tx,
        coupon_id,
        user_id=user_id,
        person=person,
        order_id=order_id,
        amount=discount.amount,
        now=now,
    )
    taken = coupons.take(tx, coupon_id, person, now)
    return taken and coupons.forget(tx, user_id, coupon_id)


def return_uses(tx: Transaction, ended: Iterable[Order], now: datetime) -> None:
    """Give back the coupons of those of these orders that came to nothing.

    Comes after everything about money.
    """
    if order_ids := [order.id for order in ended if order.discount]:
        coupons.give_back(tx, order_ids, now)
