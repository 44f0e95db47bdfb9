"""Statements about evidence: what was found out about orders that nobody is sure of."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select

from storage.engine import Connection
from storage.rows import Evidence, row_as, rows_as
from storage.states import AT_PROVIDER, OrderState
from storage.tables import orders
from storage.work_tables import evidence

_LOST = "lost"  # shop.evidence.Sign


async def add(
    connection: Connection,
    order_id: int,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    actor_id: int | None = None,
) -> int:
    """Keep a finding; `payload` is JSON: amounts as text, times as ISO. Gives its id."""
    values = {"order_id": order_id, "kind": kind, "payload": dict(payload), "at": now, "actor_id": actor_id}
    return int((await connection.execute(insert(evidence).values(values).returning(evidence.c.id))).scalar_one())


async def of_orders(connection: Connection, order_ids: Collection[int]) -> dict[int, list[Evidence]]:
    """Give what is known of each of these orders, oldest first."""
    found = await connection.execute(
        select(evidence).where(evidence.c.order_id.in_(order_ids)).order_by(evidence.c.id),
    )
    known: dict[int, list[Evidence]] = {order_id: [] for order_id in order_ids}
    for one in rows_as(Evidence, found):
        known[one.order_id].append(one)
    return known


async def get(connection: Connection, evidence_id: int) -> Evidence | None:
    row = (await connection.execute(select(evidence).where(evidence.c.id == evidence_id))).first()
    return None if row is None else row_as(Evidence, row)


async def lost_because(connection: Connection, reason: str) -> list[int]:
    """List the unknown orders whose answer got lost for this reason."""
    lost = exists().where(
        evidence.c.order_id == orders.c.id,
        evidence.c.kind == _LOST,
        evidence.c.payload["reason"].as_string() == reason,
    )
    statement = select(orders.c.id).where(orders.c.state == OrderState.UNKNOWN, lost)
    return list(await connection.scalars(statement.order_by(orders.c.id)))


async def lost_on(connection: Connection, link: str) -> list[int]:
    """List the unknown orders of a link, where no order of ours is known to run on it: one of them keeps it busy."""
    running = orders.alias("running")
    known = exists().where(running.c.link == link, running.c.state.in_(sorted(AT_PROVIDER)))
    statement = select(orders.c.id).where(orders.c.link == link, orders.c.state == OrderState.UNKNOWN, ~known)
    return list(await connection.scalars(statement.order_by(orders.c.id)))
