"""Statements behind the conversation's state: which text is awaited, and for what."""

from typing import Any

from sqlalchemy import delete, select

from storage.engine import Connection, insert_into
from storage.tables import fsm


async def load(connection: Connection, key: str) -> tuple[str | None, dict[str, Any]]:
    row = (await connection.execute(select(fsm.c.state, fsm.c.data).where(fsm.c.key == key))).first()
    return (None, {}) if row is None else (row.state, row.data)


async def save(connection: Connection, key: str, **values: Any) -> None:
    """Write `state`, `data` or both; the other one stays."""
    statement = insert_into(connection, fsm).values(**({"state": None, "data": {}} | {"key": key} | values))
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


async def forget(connection: Connection, key: str) -> None:
    await connection.execute(delete(fsm).where(fsm.c.key == key))
