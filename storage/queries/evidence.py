"""Statements about evidence: what was found out about orders that nobody is sure of."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select

from storage.engine import Transaction
from storage.enums import AT_PROVIDER, OrderState
from storage.rows import Evidence, from_row, from_rows
from storage.schema.operations import evidence
from storage.schema.orders import orders

_LOST = "lost"  # shop.fulfilment.evidence.Sign


def add(
    tx: Transaction,
    order_id: int,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    actor_id: int | None = None,
) -> int:
    """Keep a finding; `payload` is JSON: amounts as text, times as ISO. Gives its id."""
    values = {
        "order_id": order_id,
        "kind": kind,
        "payload": dict(payload),
        "at": now,
        "actor_id": actor_id,
    }
    return int(tx.execute(insert(evidence).values(values).returning(evidence.c.id)).scalar_one())


def of_orders(tx: Transaction, order_ids: Collection[int]) -> dict[int, list[Evidence]]:
    """Return what is known of each of these orders, oldest first."""
    found = tx.execute(
        select(evidence).where(evidence.c.order_id.in_(order_ids)).order_by(evidence.c.id),
    )
    known: dict[int, list[Evidence]] = {order_id: [] for order_id in order_ids}
    for one in from_rows(Evidence, found):
        known[one.order_id].append(one)
    return known


def get(tx: Transaction, evidence_id: int) -> Evidence | None:
    row = tx.execute(select(evidence).where(evidence.c.id == evidence_id)).first()
    return None if row is None else from_row(Evidence, row)


def lost_because(tx: Transaction, reason: str) -> list[int]:
    """List the unknown orders whose answer got lost for this reason."""
    lost = exists().where(
        evidence.c.order_id == orders.c.id,
        evidence.c.kind == _LOST,
        evidence.c.payload["reason"].as_string() == reason,
    )
    statement = select(orders.c.id).where(orders.c.state == OrderState.UNKNOWN, lost)
    return list(tx.scalars(statement.order_by(orders.c.id)))


def lost_on(tx: Transaction, link: str) -> list[int]:
    """List the unknown orders of a link, where no order of ours is known to run on it: one of them
    keeps it busy.
    """
    running = orders.alias("running")
    known = exists().where(running.c.link == link, running.c.state.in_(sorted(AT_PROVIDER)))
    statement = select(orders.c.id).where(
        orders.c.link == link, orders.c.state == OrderState.UNKNOWN, ~known
    )
    return list(tx.scalars(statement.order_by(orders.c.id)))
