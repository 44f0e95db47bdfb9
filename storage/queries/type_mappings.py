"""Statements about types of services that only an admin could name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.engine import Transaction, insert_into
from storage.queries.catalogue import SERVICE
from storage.rows import ServiceRow, from_rows
from storage.schema.catalogue import services, type_mappings


def everything(tx: Transaction) -> dict[str, str]:
    """Return what admins have said: normalised label -> type."""
    rows = tx.execute(
        select(type_mappings.c.label, type_mappings.c.type).order_by(type_mappings.c.label)
    )
    return {row.label: row.type for row in rows}


def put(tx: Transaction, label: str, type_key: str, *, admin_id: int, now: datetime) -> None:
    """Write, or write anew, what a normalised label is to be treated as."""
    said = {"type": type_key, "mapped_by": admin_id, "at": now}
    statement = insert_into(tx, type_mappings).values(label=label, **said)
    tx.execute(statement.on_conflict_do_update(index_elements=["label"], set_=said))


def labels(tx: Transaction) -> list[str]:
    """List every label that a service has, as the provider writes it."""
    return list(
        tx.scalars(select(services.c.type_label).distinct().order_by(services.c.type_label))
    )


def labelled(tx: Transaction, written: Sequence[str]) -> list[ServiceRow]:
    """List the services with one of these labels, hidden ones too."""
    return from_rows(ServiceRow, tx.execute(SERVICE.where(services.c.type_label.in_(written))))


def set_type(tx: Transaction, written: Sequence[str], type_key: str, now: datetime) -> None:
    """Treat the services with these labels as being of this type."""
    statement = (
        update(services)
        .where(services.c.type_label.in_(written))
        .values(type=type_key, changed_at=now)
    )
    tx.execute(statement)
