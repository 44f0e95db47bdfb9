"""Statements about people."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.engine import Transaction, built_once, insert_into
from storage.enums import Pushes
from storage.rows import User, from_row
from storage.schema.customers import users

_BY_ID = built_once(lambda user_id: select(users).where(users.c.id == user_id))


def get(tx: Transaction, user_id: int) -> User | None:
    row = tx.execute(*_BY_ID(user_id)).first()
    return None if row is None else from_row(User, row)


def lock(tx: Transaction, user_id: int) -> None:
    """Have whoever else asks this about the person wait for the end of the transaction.

    On SQLite `write()` does.
    """
    tx.execute(select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True))


def create(
    tx: Transaction,
    user_id: int,
    *,
    first_name: str,
    username: str | None,
    language: str,
    now: datetime,
) -> bool:
    """Add the person unless known, to be told results only; True for the one call that did."""
    result = tx.execute(
        insert_into(tx, users)
        .values(
            id=user_id,
            first_name=first_name,
            username=username,
            language=language,
            created_at=now,
            pushes=Pushes.ENDS,
        )
        .on_conflict_do_nothing(index_elements=["id"]),
    )
    return result.rowcount == 1


def rename(tx: Transaction, user_id: int, *, first_name: str, username: str | None) -> None:
    """Follow a changed name; somebody who writes is not gone."""
    tx.execute(
        update(users)
        .where(users.c.id == user_id)
        .values(first_name=first_name, username=username, gone_at=None),
    )


def set_language(tx: Transaction, user_id: int, language: str) -> None:
    tx.execute(update(users).where(users.c.id == user_id).values(language=language))


def choose(tx: Transaction, /, user_id: int, **chosen: Any) -> None:
    """Keep how much and when somebody wants to be told: columns from `pushes` to `utc_offset`."""
    tx.execute(update(users).where(users.c.id == user_id).values(**chosen))


def set_gone(tx: Transaction, user_id: int, now: datetime) -> None:
    tx.execute(
        update(users).where(users.c.id == user_id, users.c.gone_at.is_(None)).values(gone_at=now),
    )
