"""Statements behind the conversation's state: which text is awaited, and for what."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select

from storage.engine import Transaction, Upsert, built_once
from storage.schema.messages import fsm

Conversation = tuple[str | None, dict[str, Any]]  # which state, and its data

_LOAD = built_once(lambda key: select(fsm.c.state, fsm.c.data).where(fsm.c.key == key))
_FORGET = built_once(lambda row: delete(fsm).where(fsm.c.key == row))
_SAVE = Upsert(
    fsm,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["key"],
        set_={name: insert.excluded[name] for name in ("state", "data", "changed_at")},
    ),
)


def load(tx: Transaction, key: str) -> Conversation:
    row = tx.execute(*_LOAD(key)).first()
    return (None, {}) if row is None else (row.state, row.data)


def save(tx: Transaction, key: str, conversation: Conversation) -> None:
    """Write what is awaited; where nothing is, there is no row."""
    state, data = conversation
    if state is None and not data:
        tx.execute(*_FORGET(key))
        return
    # Nothing is decided by the time but what is thrown away after weeks.
    row = {
        "key": key,
        "state": state,
        "data": data,
        "user_id": _person_of(key),
        "changed_at": datetime.now(UTC),
    }
    tx.execute(_SAVE.on(tx), row)


def _person_of(key: str) -> int | None:
    """Return whose conversation it is: `fsm:<chat>:<person>:<which>`."""
    person = key.rsplit(":", 2)[1]
    return int(person) if person.isdecimal() else None
