"""Statements about unfinished orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.engine import Transaction, built_once
from storage.rows import Draft, from_row
from storage.schema.orders import drafts

_OF_USER = built_once(
    lambda draft_id, user_id: select(drafts).where(
        drafts.c.id == draft_id, drafts.c.user_id == user_id
    )
)
_HOLD = built_once(
    lambda draft_id, user_id: (
        select(drafts).where(drafts.c.id == draft_id, drafts.c.user_id == user_id).with_for_update()
    )
)
_CREATE = insert(drafts).returning(drafts.c.id)
_FILL = built_once(
    lambda draft_id, answers, quoted: (
        update(drafts)
        .where(drafts.c.id == draft_id, drafts.c.closed_at.is_(None))
        .values(fields=answers, quote=quoted)
    )
)
_CLOSE = built_once(
    lambda draft_id, owner_id, now: (
        update(drafts)
        .where(drafts.c.id == draft_id, drafts.c.user_id == owner_id, drafts.c.closed_at.is_(None))
        .values(closed_at=now)
    )
)


def create(
    tx: Transaction,
    *,
    user_id: int,
    service_id: int,
    fields: Mapping[str, Any],
    now: datetime,
    closed_at: datetime | None = None,
    replaces: int | None = None,
    quote: Mapping[str, Any] | None = None,
) -> int:
    """Open a draft; with `closed_at` it is complete, and nobody answers anything any more.

    `replaces`: the order whose place it takes. `quote`: what was shown before.
    """
    values = {
        "user_id": user_id,
        "service_id": service_id,
        "fields": dict(fields),
        "created_at": now,
    }
    values |= {
        "closed_at": closed_at,
        "replaces": replaces,
        "quote": None if quote is None else dict(quote),
    }
    return int(tx.execute(_CREATE, values).scalar_one())


def get(tx: Transaction, draft_id: int, user_id: int) -> Draft | None:
    """Return the draft if it is this user's."""
    row = tx.execute(*_OF_USER(draft_id, user_id)).first()
    return None if row is None else from_row(Draft, row)


def lock(tx: Transaction, draft_id: int, user_id: int) -> Draft | None:
    """Return the draft as `get` does, and let nobody else touch it until this transaction ends."""
    row = tx.execute(*_HOLD(draft_id, user_id)).first()
    return None if row is None else from_row(Draft, row)


def fill(
    tx: Transaction,
    draft_id: int,
    *,
    fields: Mapping[str, Any],
    quote: Mapping[str, Any] | None = None,
) -> bool:
    """Write the answers and what was quoted; False when the draft is closed."""
    result = tx.execute(*_FILL(draft_id, dict(fields), None if quote is None else dict(quote)))
    return result.rowcount == 1


def close(tx: Transaction, draft_id: int, user_id: int, now: datetime) -> bool:
    """Close the draft, once: True only for the caller who did."""
    result = tx.execute(*_CLOSE(draft_id, user_id, now))
    return result.rowcount == 1
