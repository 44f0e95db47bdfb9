"""Statements about presets: a service with answers that are known already, under a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from storage.engine import Transaction
from storage.rows import from_row, from_rows
from storage.schema.orders import presets


@dataclass(frozen=True, slots=True)
class Preset:
    id: int
    user_id: int
    service_id: int
    name: str
    fields: dict[str, Any]


def create(
    tx: Transaction,
    *,
    user_id: int,
    service_id: int,
    name: str,
    fields: Mapping[str, Any],
    now: datetime,
) -> None:
    tx.execute(
        insert(presets).values(
            user_id=user_id,
            service_id=service_id,
            name=name,
            fields=dict(fields),
            created_at=now,
        ),
    )


def get(tx: Transaction, preset_id: int, user_id: int) -> Preset | None:
    """Return the preset if it is this user's."""
    statement = select(presets).where(presets.c.id == preset_id, presets.c.user_id == user_id)
    row = tx.execute(statement).first()
    return None if row is None else from_row(Preset, row)


def named(tx: Transaction, user_id: int, service_id: int, name: str) -> list[Preset]:
    """List a user's presets of a service that have this name."""
    result = tx.execute(
        select(presets)
        .where(
            presets.c.user_id == user_id, presets.c.service_id == service_id, presets.c.name == name
        )
        .order_by(presets.c.id),
    )
    return from_rows(Preset, result)


def count(tx: Transaction, user_id: int) -> int:
    return int(tx.scalar(select(func.count()).where(presets.c.user_id == user_id)) or 0)


def page(tx: Transaction, user_id: int, *, limit: int, offset: int) -> list[Preset]:
    """List a user's presets, the oldest first."""
    result = tx.execute(
        select(presets)
        .where(presets.c.user_id == user_id)
        .order_by(presets.c.id)
        .limit(limit)
        .offset(offset),
    )
    return from_rows(Preset, result)


def drop(tx: Transaction, preset_id: int, user_id: int) -> bool:
    """Remove it; False when there is no such preset of theirs."""
    result = tx.execute(
        delete(presets).where(presets.c.id == preset_id, presets.c.user_id == user_id)
    )
    return result.rowcount == 1
