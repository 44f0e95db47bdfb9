"""Statements about services and their categories."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, insert, literal, select, update

from storage.engine import Transaction, built_once, insert_into
from storage.rows import Category, ServiceRow, from_row, from_rows
from storage.schema.catalogue import categories, service_changes, services
from storage.schema.types import storable

SERVICE: Select[Any] = select(services, categories.c.name.label("category")).join(categories)


def _visible(*, unknown_types: bool) -> Any:
    """Return what can be seen: listed by the provider, for sale, not held, and (but for admins) of
    a type we know.
    """
    shown = and_(services.c.hidden_at.is_(None), services.c.held_at.is_(None), services.c.sold)
    return shown if unknown_types else and_(shown, services.c.type.is_not(None))


def _categories(*, unknown_types: bool) -> Select[Any]:
    return (
        select(categories.c.id, categories.c.name, func.count().label("services"))
        .join(services)
        .where(_visible(unknown_types=unknown_types))
        .group_by(categories.c.id, categories.c.name, categories.c.position)
        .order_by(categories.c.position, categories.c.id)
    )


def _service_page(shown: Any) -> Callable[..., tuple[Select[Any], dict[str, Any]]]:
    return built_once(
        lambda category_id, most, skipped: (
            SERVICE.where(services.c.category_id == category_id, shown)
            .order_by(services.c.position, services.c.id)
            .limit(most)
            .offset(skipped)
        )
    )


_BY_ID = built_once(lambda service_id: SERVICE.where(services.c.id == service_id))
_CATEGORIES = {unknown: _categories(unknown_types=unknown) for unknown in (False, True)}
_SERVICE_PAGE = {
    unknown: _service_page(_visible(unknown_types=unknown)) for unknown in (False, True)
}


def category_list(tx: Transaction, *, unknown_types: bool = False) -> list[Category]:
    """List the categories that have something to see, in the provider's order."""
    return from_rows(Category, tx.execute(_CATEGORIES[unknown_types]))


def service_page(
    tx: Transaction,
    category_id: int,
    *,
    limit: int,
    offset: int,
    unknown_types: bool = False,
) -> list[ServiceRow]:
    return from_rows(
        ServiceRow, tx.execute(*_SERVICE_PAGE[unknown_types](category_id, limit, offset))
    )


def service(tx: Transaction, service_id: int) -> ServiceRow | None:
    row = tx.execute(*_BY_ID(service_id)).first()
    return None if row is None else from_row(ServiceRow, row)


def names(tx: Transaction, *, unknown_types: bool = False) -> list[tuple[int, str, str]]:
    """List id, name and category of all that can be seen, in the provider's order."""
    result = tx.execute(
        select(services.c.id, services.c.name, categories.c.name)
        .join(categories)
        .where(_visible(unknown_types=unknown_types))
        .order_by(categories.c.position, services.c.position, services.c.id),
    )
    return [(row[0], row[1], row[2]) for row in result]


def several(tx: Transaction, service_ids: Sequence[int]) -> list[ServiceRow]:
    """Return these services, in this order."""
    found = from_rows(ServiceRow, tx.execute(SERVICE.where(services.c.id.in_(service_ids))))
    return sorted(found, key=lambda service: list(service_ids).index(service.id))


def by_provider_ids(tx: Transaction, provider_ids: Collection[str]) -> dict[str, ServiceRow]:
    """Return the services that have these ids at the provider, hidden ones too.

    People write these ids: any text.
    """
    written = [storable(provider_id) for provider_id in provider_ids]
    found = tx.execute(SERVICE.where(services.c.provider_id.in_(written)))
    return {service.provider_id: service for service in from_rows(ServiceRow, found)}


def everything(tx: Transaction) -> dict[str, ServiceRow]:
    """Return all services, hidden ones too, by the provider's id."""
    return {found.provider_id: found for found in from_rows(ServiceRow, tx.execute(SERVICE))}


def visible_count(tx: Transaction) -> int:
    return int(tx.scalar(select(func.count()).where(services.c.hidden_at.is_(None))) or 0)


def name_categories(tx: Transaction, names: Sequence[str]) -> dict[str, int]:
    """Make sure that these categories exist, in this order; return their ids."""
    values = [{"name": name, "position": position} for position, name in enumerate(names)]
    if values:
        statement = insert_into(tx, categories)
        tx.execute(
            statement.on_conflict_do_update(
                index_elements=["name"],
                set_={"position": statement.excluded.position},
                where=categories.c.position != statement.excluded.position,
            ),
            values,
        )
    rows = tx.execute(select(categories.c.name, categories.c.id))
    return {row.name: row.id for row in rows}


def add_services(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert services; each row has every column but `id`."""
    if rows:
        tx.execute(insert(services), [dict(row) for row in rows])


_CHANGEABLE = (
    "category_id",
    "position",
    "name",
    "description",
    "type_label",
    "type",
    "rate",
    "min",
    "max",
    "refill",
    "cancel",
    "dripfeed",
    "sold",
    "changed_at",
    "hidden_at",
    "held_at",
    "held_why",
    "held_rate",
)


def change_services(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Update services; each row has `service_id` and every changeable column."""
    if rows:
        statement = (
            update(services)
            .where(services.c.id == bindparam("service_id"))
            .values({name: bindparam(name, type_=services.c[name].type) for name in _CHANGEABLE})
        )
        tx.execute(statement, [dict(row) for row in rows])


def note_changes(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what changed: rows of service_id, field, old, new, at."""
    if rows:
        tx.execute(insert(service_changes), [dict(row) for row in rows])


def hide(tx: Transaction, service_ids: Iterable[int], now: datetime) -> None:
    """Take services out of the shop; they come back when the provider lists them again."""
    rows = [{"service_id": service_id} for service_id in service_ids]
    if rows:
        statement = (
            update(services).where(services.c.id == bindparam("service_id")).values(hidden_at=now)
        )
        tx.execute(statement, rows)


def held(tx: Transaction, why: str) -> list[ServiceRow]:
    """List the services that are held for this, the longest held first."""
    found = SERVICE.where(services.c.held_at.is_not(None), services.c.held_why == why)
    return from_rows(ServiceRow, tx.execute(found.order_by(services.c.held_at, services.c.id)))


def hold(tx: Transaction, service_id: int, why: str, now: datetime) -> None:
    """Take a service out of the shop until somebody has looked; whatever it is held for already
    gives way to this.
    """
    tx.execute(
        update(services)
        .where(services.c.id == service_id)
        .values(
            held_at=func.coalesce(services.c.held_at, literal(now, services.c.held_at.type)),
            held_why=why,
        ),
    )


def believe(tx: Transaction, service: ServiceRow, now: datetime) -> None:
    """Sell a service that is held again, at the rate that it was last seen at."""
    rate = service.rate if service.held_rate is None else service.held_rate
    changed = tx.execute(
        update(services)
        .where(services.c.id == service.id, services.c.held_at.is_not(None))
        .values(held_at=None, held_why="", held_rate=None, rate=rate, changed_at=now),
    )
    if changed.rowcount == 1 and rate != service.rate:
        old, new = format(service.rate, "f"), format(rate, "f")
        note = {"service_id": service.id, "field": "rate", "old": old, "new": new, "at": now}
        tx.execute(insert(service_changes).values(note))


def set_warranty(tx: Transaction, service_id: int, days: int | None) -> bool:
    """Write an admin's word on the days of warranty, or take it back; False for a service that is
    not there.
    """
    changed = tx.execute(
        update(services).where(services.c.id == service_id).values(warranty_days=days),
    )
    return changed.rowcount == 1
