"""The money that is held for an order: released to the wallet or to sales, once."""

from datetime import datetime
from typing import Any

from shop import outbox
from shop.promotions.discounts import return_uses
from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import ledger_keys, orders, wallet
from storage.queries.wallet import Account
from storage.rows import Order


def move_held(
    tx: Transaction, order: Order, target: Account, now: datetime, *, reason: str | None = None
) -> int:
    """Move the order's held money on, once; return how much came to the customer's wallet
    (millionths).
    """
    if order.billing != "wallet" or not order.price:
        return 0
    moved = wallet.move(
        tx,
        user_id=order.user_id,
        source=Account.HOLD,
        target=target,
        amount=order.price,
        order_id=order.id,
        key=ledger_keys.release(order.id),
        now=now,
        reason=reason or ("rejected" if target is Account.WALLET else "accepted"),
    )
    return order.price if moved and target is Account.WALLET else 0


def end_rejected(
    tx: Transaction,
    /,
    order: Order,
    now: datetime,
    *,
    only_from: OrderState | None = None,
    **why: Any,
) -> bool:
    """End an order that the provider has not taken, and give its money back; False when it is not
    open any more.

    `why`: columns such as `waiting` and `failure`, and the event's `note`.
    """
    moved = orders.move(
        tx,
        order.id,
        OrderState.REJECTED,
        now=now,
        only_from=only_from,
        finished_at=now,
        **why,
    )
    if moved:
        refund = move_held(tx, order, Account.WALLET, now)
        orders.add_refund(tx, order.id, before=order.refunded, amount=order.price)
        outbox.notify_owner(tx, order, OrderState.REJECTED, now, refund=refund)
        return_uses(tx, [order], now)
    return moved
