"""Statements about the services that people keep at hand."""

from datetime import datetime

from sqlalchemy import delete, func, select

from storage.engine import Transaction, built_once, insert_into
from storage.queries.catalogue import SERVICE
from storage.rows import ServiceRow, from_rows
from storage.schema.catalogue import favourites, services

_HAS = built_once(
    lambda user_id, service_id: select(favourites.c.service_id).where(
        favourites.c.user_id == user_id, favourites.c.service_id == service_id
    )
)


def has(tx: Transaction, user_id: int, service_id: int) -> bool:
    return tx.scalar(*_HAS(user_id, service_id)) is not None


def add(tx: Transaction, user_id: int, service_id: int, now: datetime) -> None:
    """Keep a service; keeping it again changes nothing."""
    statement = insert_into(tx, favourites).values(
        user_id=user_id, service_id=service_id, created_at=now
    )
    tx.execute(statement.on_conflict_do_nothing(index_elements=["user_id", "service_id"]))


def drop(tx: Transaction, user_id: int, service_id: int) -> None:
    tx.execute(
        delete(favourites).where(
            favourites.c.user_id == user_id, favourites.c.service_id == service_id
        ),
    )


def count(tx: Transaction, user_id: int) -> int:
    return int(tx.scalar(select(func.count()).where(favourites.c.user_id == user_id)) or 0)


def page(tx: Transaction, user_id: int, *, limit: int, offset: int) -> list[ServiceRow]:
    """List a user's favourites, the newest first; those that are no longer sold are among them."""
    result = tx.execute(
        SERVICE.join(favourites, favourites.c.service_id == services.c.id)
        .where(favourites.c.user_id == user_id)
        .order_by(favourites.c.created_at.desc(), services.c.id)
        .limit(limit)
        .offset(offset),
    )
    return from_rows(ServiceRow, result)
