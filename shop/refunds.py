"""What an ended order gives back: by difference, once, never more than was paid."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from math import floor

from shop.money import share
from shop.parts import charge_of, has_ended, is_subscription, kept_share, undelivered
from storage import orders, wallet
from storage.engine import Connection
from storage.rows import Order, Part
from storage.states import ENDED_AT_PROVIDER, OrderState
from storage.wallet import Account


def refund_due(order: Order) -> int | None:
    """Say how many millionths an order must have given back in all; None when it can't be told.

    Canceled: everything. Partial: the undelivered part of the price, from remains clamped to 0..quantity, or from
    the charge where remains say nothing (a package, `"Unknown"`). Anything else: what was refunded stays.
    """
    if order.state is OrderState.CANCELED:
        return order.price
    if order.state is not OrderState.PARTIAL:
        return order.refunded
    if order.remains is not None and order.quantity > 1:
        remains = min(max(order.remains, 0), order.quantity)
        return max(order.refunded, share(order.price, remains, order.quantity))
    return _due_by_charge(order, order.charge)


def parent_refund_due(order: Order, parts: Sequence[Part], *, listed: bool) -> int | None:
    """Say the same of a drip-feed or a subscription: by what its parts have delivered, or cost.

    None while a part is under way, and for as long as one does not say. `listed`: the provider named the parts,
    so that none is none.
    """
    if order.state not in ENDED_AT_PROVIDER:
        return order.refunded
    if not parts:
        return _childless_refund_due(order, listed=listed)
    if not all(map(has_ended, parts)):
        return None
    if is_subscription(order):
        charges = [charge_of(part) for part in parts]
        return None if None in charges else _due_by_charge(order, sum(filter(None, charges), Decimal(0)))
    missing = undelivered(order, parts)
    return None if missing is None else max(order.refunded, share(order.price, missing, order.quantity))


def _childless_refund_due(order: Order, *, listed: bool) -> int | None:
    """A completed subscription without a post has used nothing; for the rest it is an order like any other."""
    if is_subscription(order) and order.state is not OrderState.CANCELED:
        return order.price if listed else _due_by_charge(order, order.charge)
    due = refund_due(order)
    return order.price if due is None and listed else due


def used(order: Order, parts: Sequence[Part]) -> int:
    """Say how many millionths of a subscription's price its orders have used up to now."""
    charge = sum((charge for part in parts if (charge := charge_of(part)) is not None), Decimal(0))
    kept = kept_share(charge, order.cost)
    return 0 if kept is None else order.price - floor(order.price * (1 - kept))


def _due_by_charge(order: Order, charge: Decimal | None) -> int | None:
    kept = None if charge is None else kept_share(charge, order.cost)
    return None if kept is None else max(order.refunded, floor(order.price * (1 - kept)))


async def settle(connection: Connection, order: Order, due: int, now: datetime) -> int:
    """Bring what was refunded up to `due` millionths; give what came on top now.

    The order's own counter is moved by a conditional statement, so of two workers only one gives money back.
    Where the house pays, the counter only records what the provider gave back.
    """
    amount = min(due, order.price) - order.refunded
    if amount <= 0 or not await orders.add_refund(connection, order.id, before=order.refunded, amount=amount):
        return 0
    if order.billing == "wallet":
        await wallet.move(
            connection, user_id=order.user_id, source=Account.SALES, target=Account.WALLET, amount=amount,
            order_id=order.id, key=f"refund:{order.id}:{order.refunded}", reason=str(order.state), now=now,
        )  # fmt: skip
    return amount
