"""Statements about the orders that the provider makes of one: runs of a drip-feed, posts of a
subscription.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from storage.engine import Transaction, built_once, insert_into
from storage.rows import Part, from_rows
from storage.schema.orders import order_parts

_TOLD = ("number", "state", "status_text", "charge", "start_count", "remains")


_OF_ORDERS = built_once(
    lambda ids: (
        select(order_parts)
        .where(order_parts.c.order_id.in_(ids))
        .order_by(order_parts.c.number, order_parts.c.id)
    )
)


def of_order(tx: Transaction, order_id: int) -> list[Part]:
    """List an order's parts, the first one first."""
    return of_orders(tx, [order_id]).get(order_id, [])


def of_orders(tx: Transaction, order_ids: Sequence[int]) -> dict[int, list[Part]]:
    """Return the parts of those orders that have some, the first one first."""
    found: dict[int, list[Part]] = {}
    if order_ids:
        result = tx.execute(*_OF_ORDERS(order_ids))
        for part in from_rows(Part, result):
            found.setdefault(part.order_id, []).append(part)
    return found


def put(tx: Transaction, changed: Iterable[Part], now: datetime) -> None:
    """Write parts that are new or changed; the provider's id says which is which."""
    rows = [
        {name: getattr(part, name) for name in ("order_id", "provider_order_id", *_TOLD)}
        | {"first_seen_at": now, "changed_at": now}
        for part in changed
    ]
    if not rows:
        return
    statement = insert_into(tx, order_parts)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["order_id", "provider_order_id"],
            set_={name: statement.excluded[name] for name in (*_TOLD, "changed_at")},
        ),
        rows,
    )
