"""Statements about the outbox: what is to be said, to whom, and whether Telegram has said so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.engine import Connection
from storage.rows import Notice, rows_as
from storage.tables import notices


async def add(
    connection: Connection,
    *,
    user_id: int,
    kind: str,
    now: datetime,
    order_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Write a notice; it belongs into the transaction of the change it tells of."""
    await connection.execute(
        insert(notices).values(
            user_id=user_id, kind=kind, order_id=order_id, payload=dict(payload or {}),
            created_at=now, not_before=now,
        ),
    )  # fmt: skip


async def add_many(connection: Connection, chats: Sequence[tuple[int, int]], *, kind: str, now: datetime) -> None:
    """Write one notice for each (user, order)."""
    rows = [
        {"user_id": user, "kind": kind, "order_id": order, "payload": {}, "created_at": now, "not_before": now}
        for user, order in chats
    ]
    if rows:
        await connection.execute(insert(notices), rows)


async def due(connection: Connection, now: datetime, *, limit: int) -> list[Notice]:
    """List what can be said now, oldest first."""
    result = await connection.execute(
        select(notices)
        .where(notices.c.done_at.is_(None), notices.c.not_before <= now)
        .order_by(notices.c.id)
        .limit(limit),
    )
    return rows_as(Notice, result)


async def next_due(connection: Connection) -> datetime | None:
    turn: datetime | None = await connection.scalar(
        select(func.min(notices.c.not_before)).where(notices.c.done_at.is_(None)),
    )
    return turn


async def finish(connection: Connection, ids: Sequence[int], now: datetime, outcome: str) -> None:
    await connection.execute(
        update(notices).where(notices.c.id.in_(ids), notices.c.done_at.is_(None)).values(done_at=now, outcome=outcome),
    )


async def postpone(connection: Connection, ids: Sequence[int], until: datetime) -> None:
    """Try these again at `until`."""
    await connection.execute(
        update(notices).where(notices.c.id.in_(ids)).values(not_before=until, attempts=notices.c.attempts + 1),
    )


async def postpone_chat(connection: Connection, user_id: int, until: datetime) -> None:
    """Hold back everything for a chat that Telegram told us to wait for."""
    await connection.execute(
        update(notices)
        .where(notices.c.user_id == user_id, notices.c.done_at.is_(None), notices.c.not_before < until)
        .values(not_before=until),
    )


async def drop_chat(
    connection: Connection, user_id: int, now: datetime, outcome: str, *, written_before: datetime | None = None
) -> None:
    """Give up on what somebody can't be told, or on what was written before a time."""
    statement = update(notices).where(notices.c.user_id == user_id, notices.c.done_at.is_(None))
    if written_before is not None:
        statement = statement.where(notices.c.created_at < written_before)
    await connection.execute(statement.values(done_at=now, outcome=outcome))
