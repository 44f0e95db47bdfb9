"""What an ended order gives back: by difference, once, never more than was paid."""

from datetime import datetime
from fractions import Fraction
from math import floor

from shop.money import share
from storage import orders, wallet
from storage.engine import Connection
from storage.rows import Order
from storage.states import OrderState
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
    if order.charge is not None and order.cost > 0:
        kept = min(max(Fraction(order.charge) / Fraction(order.cost), Fraction(0)), Fraction(1))
        return max(order.refunded, floor(order.price * (1 - kept)))
    return None


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
