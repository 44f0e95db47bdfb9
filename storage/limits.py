"""Statements about what counts against a limit: how much of a kind, by whom, since when."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from storage.engine import Connection
from storage.work_tables import limited


async def note(connection: Connection, kind: str, person: str, now: datetime, amount: int = 1) -> None:
    await note_all(connection, [{"kind": kind, "person": person, "amount": amount, "at": now}])


async def note_all(connection: Connection, rows: Collection[Mapping[str, Any]]) -> None:
    """Write several: rows of kind, person, amount and at."""
    if rows:
        await connection.execute(insert(limited), [dict(row) for row in rows])


async def total(connection: Connection, kind: str, since: datetime, person: str | None = None) -> int:
    """Add up what counts since then: of one person, or of everybody."""
    sums = select(func.sum(limited.c.amount)).where(limited.c.kind == kind, limited.c.at > since)
    if person is not None:
        sums = sums.where(limited.c.person == person)
    return int(await connection.scalar(sums) or 0)


async def forget(connection: Connection, before: datetime) -> None:
    """Remove what counts no more."""
    await connection.execute(delete(limited).where(limited.c.at < before))
