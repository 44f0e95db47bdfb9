"""Statements behind the conversation's state: which text is awaited, and for what."""

from typing import Any

from sqlalchemy import delete, select

from storage.engine import Transaction, insert_into
from storage.tables import fsm


def load(tx: Transaction, key: str) -> tuple[str | None, dict[str, Any]]:
    row = tx.execute(select(fsm.c.state, fsm.c.data).where(fsm.c.key == key)).first()
    return (None, {}) if row is None else (row.state, row.data)


def save(tx: Transaction, /, key: str, **values: Any) -> None:
    """Write `state`, `data` or both; the other one stays."""
    statement = insert_into(tx, fsm).values(**({"state": None, "data": {}} | {"key": key} | values))
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


def forget(tx: Transaction, key: str) -> None:
    tx.execute(delete(fsm).where(fsm.c.key == key))
