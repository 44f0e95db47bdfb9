"""Statements about types of services that only an admin could name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from storage.catalog import SERVICE
from storage.engine import Connection, insert_into
from storage.rows import Service, rows_as
from storage.tables import services, type_mappings


async def everything(connection: Connection) -> dict[str, str]:
    """Give what admins have said: normalised label -> type."""
    rows = await connection.execute(select(type_mappings.c.label, type_mappings.c.type).order_by(type_mappings.c.label))
    return {row.label: row.type for row in rows}


async def put(connection: Connection, label: str, type_key: str, *, admin_id: int, now: datetime) -> None:
    """Write, or write anew, what a normalised label is to be treated as."""
    said = {"type": type_key, "mapped_by": admin_id, "at": now}
    statement = insert_into(connection, type_mappings).values(label=label, **said)
    await connection.execute(statement.on_conflict_do_update(index_elements=["label"], set_=said))


async def labels(connection: Connection) -> list[str]:
    """List every label that a service has, as the provider writes it."""
    return list(await connection.scalars(select(services.c.type_label).distinct().order_by(services.c.type_label)))


async def labelled(connection: Connection, written: Sequence[str]) -> list[Service]:
    """List the services with one of these labels, hidden ones too."""
    return rows_as(Service, await connection.execute(SERVICE.where(services.c.type_label.in_(written))))


async def set_type(connection: Connection, written: Sequence[str], type_key: str, now: datetime) -> None:
    """Treat the services with these labels as being of this type."""
    statement = update(services).where(services.c.type_label.in_(written)).values(type=type_key, changed_at=now)
    await connection.execute(statement)
