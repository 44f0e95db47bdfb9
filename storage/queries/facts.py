"""Small facts that outlive a restart: the provider's currency, the last catalogue's size, alerts
given.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from storage.engine import Transaction, built_once, insert_into
from storage.schema.messages import facts

_BY_NAME = built_once(lambda name: select(facts.c.value, facts.c.at).where(facts.c.name == name))


def get(tx: Transaction, name: str) -> tuple[dict[str, Any], datetime] | None:
    """Return the fact and when it was written, or None."""
    row = tx.execute(*_BY_NAME(name)).first()
    return None if row is None else (row.value, row.at)


def hold(tx: Transaction, name: str, *, wait: bool = True) -> bool:
    """Have whoever else asks this wait for the end of the transaction, if there is the fact.

    On SQLite all do.

    False where there is none, or where somebody else holds it and this is not to `wait`.
    """
    held = select(facts.c.name).where(facts.c.name == name).with_for_update(skip_locked=not wait)
    return tx.scalar(held) is not None


def several(tx: Transaction, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return those of these facts that there are."""
    found = tx.execute(select(facts.c.name, facts.c.value).where(facts.c.name.in_(names)))
    return {row.name: row.value for row in found}


def starting_with(tx: Transaction, prefix: str) -> dict[str, dict[str, Any]]:
    """Return the facts whose name starts with `prefix`, the oldest first."""
    found = tx.execute(
        select(facts.c.name, facts.c.value)
        .where(facts.c.name.startswith(prefix, autoescape=True))
        .order_by(facts.c.at, facts.c.name),
    )
    return {row.name: row.value for row in found}


def named_user(value: Mapping[str, Any] | None) -> int | None:
    """Return the person whom a value names as its `user`, by a number or one that is written as
    text.
    """
    named = str((value or {}).get("user", ""))
    return int(named) if named.removeprefix("-").isdecimal() else None


def put(tx: Transaction, name: str, value: Mapping[str, Any], now: datetime) -> None:
    values = {"value": dict(value), "at": now, "about_user_id": named_user(value)}
    statement = insert_into(tx, facts).values(name=name, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def touch(tx: Transaction, name: str, now: datetime, *, older_than: float) -> bool:
    """Write `now` as the time of a fact without a value; False, and no write, where that is newer
    than `older_than` seconds.

    A time that lies ahead is no reason to wait for it.
    """
    stale = or_(facts.c.at <= now - timedelta(seconds=older_than), facts.c.at > now)
    statement = insert_into(tx, facts).values(name=name, value={}, at=now)
    result = tx.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}, where=stale),
    )
    return result.rowcount == 1


def setdefault(tx: Transaction, name: str, value: Mapping[str, Any], now: datetime) -> bool:
    """Write the fact unless it stands already; True for the one who wrote it."""
    about = named_user(value)
    statement = insert_into(tx, facts).values(
        name=name, value=dict(value), at=now, about_user_id=about
    )
    result = tx.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
    return result.rowcount == 1


def remove(tx: Transaction, name: str, *, written_before: datetime | None = None) -> bool:
    statement = delete(facts).where(facts.c.name == name)
    if written_before is not None:
        statement = statement.where(facts.c.at < written_before)
    return tx.execute(statement).rowcount == 1


def pop_prefix(tx: Transaction, prefix: str) -> list[str]:
    """Remove the facts whose name starts with `prefix`; return the rest of their names."""
    found = tx.execute(delete(facts).where(facts.c.name.startswith(prefix)).returning(facts.c.name))
    return sorted(str(row.name).removeprefix(prefix) for row in found)
