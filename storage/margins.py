"""Statements about margin rules, and about what they are for."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, select

from storage.engine import Connection, insert_into
from storage.money_tables import margins
from storage.rows import Margin, row_as, rows_as
from storage.tables import categories, services


async def everything(connection: Connection) -> list[Margin]:
    return rows_as(Margin, await connection.execute(select(margins).order_by(margins.c.id)))


async def get(connection: Connection, margin_id: int) -> Margin | None:
    row = (await connection.execute(select(margins).where(margins.c.id == margin_id))).first()
    return None if row is None else row_as(Margin, row)


async def put(
    connection: Connection,
    *,
    scope: str,
    about: str,
    percent: Decimal,
    fixed: int,
    minimum: int,
    admin_id: int,
    now: datetime,
) -> None:
    """Write the rule, or write anew the one about the same. `fixed` and `minimum` in millionths."""
    said = {"percent": percent, "fixed": fixed, "minimum": minimum, "set_by": admin_id, "at": now}
    statement = insert_into(connection, margins).values(scope=scope, about=about, **said)
    await connection.execute(statement.on_conflict_do_update(index_elements=["scope", "about"], set_=said))


async def remove(connection: Connection, margin_id: int) -> bool:
    return (await connection.execute(delete(margins).where(margins.c.id == margin_id))).rowcount == 1


async def for_sale(connection: Connection) -> list[tuple[int, str, Decimal]]:
    """List id, category and rate of everything that customers can see, the cheapest first."""
    found = await connection.execute(
        select(services.c.id, categories.c.name, services.c.rate)
        .join(categories)
        .where(services.c.hidden_at.is_(None), services.c.sold, services.c.type.is_not(None)),
    )
    return sorted(((row[0], row[1], row[2]) for row in found), key=lambda row: (row[2], row[0]))
