"""Ending an order that nobody has sent yet."""

from datetime import datetime
from typing import Any

from shop import outbox
from shop.orders.holds import move_held
from shop.promotions.discounts import return_uses
from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import orders
from storage.queries.wallet import Account
from storage.rows import Order


def take_back(
    tx: Transaction,
    /,
    order: Order,
    now: datetime,
    *,
    note: str = "taken back before it was sent",
    **why: Any,
) -> bool:
    """End an order that nobody has sent, and give its money back; False when somebody is sending
    it.

    `why`: columns such as `waiting`, which says on the card why it has ended.
    """
    if not cancel_unsent(tx, order, now, note=note, **why):
        return False
    refund = order.price if order.billing == "wallet" else 0
    outbox.notify_owner(tx, order, OrderState.CANCELED, now, refund=refund)
    return True


def cancel_unsent(
    tx: Transaction, order: Order, now: datetime, *, note: str, waiting: str = ""
) -> bool:
    """Do the same without a word to its customer, who sees it done."""
    moved = orders.move(
        tx,
        order.id,
        OrderState.CANCELED,
        now=now,
        only_from=OrderState.QUEUED,
        finished_at=now,
        waiting=waiting,
        failure="",
        note=note,
    )
    if not moved:
        return False
    move_held(tx, order, Account.WALLET, now, reason="taken back")
    orders.add_refund(tx, order.id, before=order.refunded, amount=order.price)
    return_uses(tx, [order], now)
    return True
