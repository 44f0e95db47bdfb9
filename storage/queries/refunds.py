"""Statements about what orders give back: questions to admins about it, and money that is taken
back again.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, select, update

from storage.engine import Transaction
from storage.enums import ENDED_AT_PROVIDER, OrderState
from storage.queries.wallet import Account
from storage.rows import Order, from_rows
from storage.schema.operations import evidence
from storage.schema.orders import order_events, orders
from storage.schema.wallets import ledger, wallets


def ask(tx: Transaction, order_id: int, now: datetime) -> bool:
    """Note that an admin is asked what an ended order gives back; False when they are asked
    already.
    """
    result = tx.execute(
        update(orders)
        .where(
            orders.c.id == order_id,
            orders.c.unclear_since.is_(None),
            orders.c.refunded < orders.c.price,
        )
        .values(unclear_since=now),
    )
    return result.rowcount == 1


def answered(tx: Transaction, order_id: int) -> bool:
    """Note that nobody needs to be asked any more; True for the one who ends the question."""
    result = tx.execute(
        update(orders)
        .where(orders.c.id == order_id, orders.c.unclear_since.is_not(None))
        .values(unclear_since=None),
    )
    return result.rowcount == 1


def unclear(
    tx: Transaction, order_id: int | None = None, *, limit: int | None = None
) -> list[Order]:
    """List the orders of which an admin is asked, the oldest question first; with `order_id` that
    one.
    """
    statement = select(orders).where(orders.c.unclear_since.is_not(None))
    if order_id is not None:
        statement = statement.where(orders.c.id == order_id)
    found = from_rows(
        Order, tx.execute(statement.order_by(orders.c.unclear_since, orders.c.id).limit(limit))
    )
    # Of these there are few; asked for their states, too, SQLite would read all that have ended.
    return [order for order in found if order.state in ENDED_AT_PROVIDER]


def decided_since(tx: Transaction, order_ids: Collection[int], kind: str) -> set[int]:
    """Return those of these orders about which evidence of this kind was kept since they last
    changed.
    """
    found = tx.execute(
        select(orders.c.id)
        .join(evidence, evidence.c.order_id == orders.c.id)
        .where(
            orders.c.id.in_(order_ids),
            evidence.c.kind == kind,
            evidence.c.at >= orders.c.changed_at,
        )
        .distinct(),
    )
    return {row.id for row in found}


def times_taken_back(tx: Transaction, order_id: int) -> int:
    """Count how often what an order gave back was taken back again."""
    found = tx.scalar(
        select(func.count())
        .select_from(ledger)
        .where(
            ledger.c.order_id == order_id,
            ledger.c.source == Account.WALLET,
            ledger.c.target == Account.SALES,
        ),
    )
    return int(found or 0)


def take_back(tx: Transaction, order_id: int, *, before: int, amount: int) -> bool:
    """Count `amount` millionths less as refunded; False when somebody was first."""
    result = tx.execute(
        update(orders)
        .where(orders.c.id == order_id, orders.c.refunded == before, orders.c.refunded >= amount)
        .values(refunded=before - amount),
    )
    return result.rowcount == 1


def hold_balance(tx: Transaction, user_id: int) -> int:
    """Return a wallet's balance, which nobody else changes until this transaction ends; 0 without a
    wallet.
    """
    statement = select(wallets.c.balance).where(wallets.c.user_id == user_id).with_for_update()
    return int(tx.scalar(statement) or 0)


def note(tx: Transaction, order_id: int, state: OrderState, said: str, now: datetime) -> None:
    """Write down why money moved, in the order's events; its state stays."""
    tx.execute(insert(order_events).values(order_id=order_id, state=state, note=said, at=now))
