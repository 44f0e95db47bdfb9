"""Statements about what orders cost: the provider's charges in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, update

from storage.engine import Transaction
from storage.queries import ledger_keys
from storage.queries.wallet import Account
from storage.schema.orders import orders
from storage.schema.wallets import ledger


@dataclass(frozen=True, slots=True)
class Booking:
    """The cost of an order changes from `before` to `after` millionths; it is the `number`th
    booking, from 0.
    """

    order_id: int
    user_id: int
    before: int
    after: int
    number: int


def book(tx: Transaction, bookings: Sequence[Booking], now: datetime) -> None:
    """Count and write the differences, in the transaction in which the orders were changed, and so
    are locked.

    Were one booked meanwhile all the same, its key would be taken: this raises then, and nothing of
    it is kept.
    """
    if not bookings:
        return
    counted = (
        update(orders)
        .where(
            orders.c.id == bindparam("order_id"),
            orders.c.booked_cost == bindparam("before"),
            orders.c.bookings == bindparam("number"),
        )
        .values(booked_cost=bindparam("after"), bookings=bindparam("number") + 1)
    )
    tx.execute(
        counted,
        [
            {
                "order_id": one.order_id,
                "before": one.before,
                "after": one.after,
                "number": one.number,
            }
            for one in bookings
        ],
    )
    tx.execute(insert(ledger), [_entry(one, now) for one in bookings])


def _entry(one: Booking, now: datetime) -> dict[str, object]:
    sinks = one.after < one.before
    return {
        "user_id": one.user_id,
        "order_id": one.order_id,
        "amount": abs(one.after - one.before),
        "source": Account.PROVIDER if sinks else Account.SALES,
        "target": Account.SALES if sinks else Account.PROVIDER,
        "reason": "charge",
        "actor_id": None,
        "at": now,
    } | ledger_keys.cost(one.order_id, one.number).columns()
