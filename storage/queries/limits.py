"""Statements about what counts against a limit: how much of a kind, by whom, since when."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from storage.engine import Transaction
from storage.schema.operations import limited


def note(tx: Transaction, kind: str, person: str, now: datetime, amount: int = 1) -> None:
    note_all(tx, [{"kind": kind, "person": person, "amount": amount, "at": now}])


def note_all(tx: Transaction, rows: Collection[Mapping[str, Any]]) -> None:
    """Write several: rows of kind, person, amount and at."""
    if rows:
        tx.execute(insert(limited), [dict(row) for row in rows])


def total(tx: Transaction, kind: str, since: datetime, person: str | None = None) -> int:
    """Add up what counts since then: of one person, or of everybody."""
    sums = select(func.sum(limited.c.amount)).where(limited.c.kind == kind, limited.c.at > since)
    if person is not None:
        sums = sums.where(limited.c.person == person)
    return int(tx.scalar(sums) or 0)


def forget(tx: Transaction, before: datetime) -> None:
    """Remove what counts no more."""
    tx.execute(delete(limited).where(limited.c.at < before))
