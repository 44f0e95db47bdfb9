"""Statements about texts that come in pieces: one row a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from storage.engine import Transaction, built_once, insert_into
from storage.rows import from_row
from storage.schema.operations import long_texts

_OF_USER = built_once(lambda user_id: select(long_texts).where(long_texts.c.user_id == user_id))


@dataclass(frozen=True, slots=True)
class LongText:
    """What has come of somebody's long text. `pieces` are [message's id, text]."""

    user_id: int
    state: str
    message: Mapping[str, Any]
    pieces: Sequence[Sequence[Any]]
    awaited: Mapping[str, Any]
    last_id: int
    more: bool
    due_at: datetime


def get(tx: Transaction, user_id: int) -> LongText | None:
    found = tx.execute(*_OF_USER(user_id)).first()
    return None if found is None else from_row(LongText, found)


def hold(tx: Transaction, user_id: int) -> LongText | None:
    """Return the row, and let nobody else change it until this transaction ends."""
    statement = select(long_texts).where(long_texts.c.user_id == user_id).with_for_update()
    found = tx.execute(statement).first()
    return None if found is None else from_row(LongText, found)


def put(tx: Transaction, /, user_id: int, **values: Any) -> None:
    """Write the person's row anew."""
    statement = insert_into(tx, long_texts).values(user_id=user_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))


def change(tx: Transaction, /, user_id: int, **values: Any) -> None:
    tx.execute(update(long_texts).where(long_texts.c.user_id == user_id).values(**values))


def forget(tx: Transaction, user_id: int) -> None:
    tx.execute(delete(long_texts).where(long_texts.c.user_id == user_id))


def due(tx: Transaction, now: datetime, *, limit: int) -> list[int]:
    """List whose rows are due, the longest first."""
    statement = select(long_texts.c.user_id).where(long_texts.c.due_at <= now)
    return list(
        tx.scalars(statement.order_by(long_texts.c.due_at, long_texts.c.user_id).limit(limit))
    )


def next_due(tx: Transaction) -> datetime | None:
    found: datetime | None = tx.scalar(select(func.min(long_texts.c.due_at)))
    return found
