"""What a percent coupon takes off somebody's next order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import floor

from shop.pseudonyms import pseudonym
from storage import coupons, facts
from storage.engine import Connection
from storage.rows import Coupon, Order

SWITCH = "coupons"  # the fact that says whether coupons are used


@dataclass(frozen=True, slots=True)
class Discount:
    """`amount` millionths off, by this coupon. `less`: than its percentage says, which is as much as may be.

    Where that is nothing the coupon waits for another order.
    """

    coupon: Coupon
    amount: int
    less: bool = False


async def are_on(connection: Connection) -> bool:
    """Say whether coupons are used; not before an admin has turned them on."""
    found = await facts.get(connection, SWITCH)
    return found is not None and found[0]["on"] is True


def is_open(coupon: Coupon, now: datetime) -> bool:
    """Say whether a coupon can still be used by somebody."""
    return coupon.ended_at is None and not is_expired(coupon, now) and not is_used_up(coupon)


def is_expired(coupon: Coupon, now: datetime) -> bool:
    return coupon.expires_at is not None and coupon.expires_at <= now


def is_used_up(coupon: Coupon) -> bool:
    return coupon.total is not None and coupon.used >= coupon.total


async def coming(connection: Connection, user_id: int, price: int, now: datetime, *, cost: int) -> Discount | None:
    """Give what comes off a price (millionths) of somebody's next order, which costs us `cost`; None: nothing does.

    Rounded down, no more than the coupon's most, and nothing that sells below cost unless an admin said so. A coupon
    that can't be used is passed over without a word. Needs a write transaction.
    """
    coupon = await coupons.remembered(connection, user_id)
    if coupon is None or coupon.percent is None or not is_open(coupon, now) or not await are_on(connection):
        return None
    wanted = floor(price * coupon.percent / 100)
    amount = wanted if coupon.most is None else min(wanted, coupon.most)
    if not coupon.below_cost:
        amount = min(amount, price - cost)
    person = await pseudonym(connection, user_id, now)
    if wanted <= 0 or await coupons.uses(connection, coupon.id, person) >= coupon.per_user:
        return None
    return Discount(coupon, max(amount, 0), less=amount < wanted)


async def use_up(connection: Connection, user_id: int, order_id: int, discount: Discount, now: datetime) -> bool:
    """Use the coupon for an order, after its price was paid; False when it can't be used any more.

    The caller then takes back all that they wrote.
    """
    person, coupon_id = await pseudonym(connection, user_id, now), discount.coupon.id
    await coupons.add_use(
        connection, coupon_id, user_id=user_id, person=person, order_id=order_id, amount=discount.amount, now=now,
    )  # fmt: skip
    taken = await coupons.take(connection, coupon_id, person, now)
    return taken and await coupons.forget(connection, user_id, coupon_id)


async def return_uses(connection: Connection, ended: Iterable[Order], now: datetime) -> None:
    """Give back the coupons of those of these orders that came to nothing. Comes after everything about money."""
    if order_ids := [order.id for order in ended if order.discount]:
        await coupons.give_back(connection, order_ids, now)
