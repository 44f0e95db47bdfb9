"""Statements about margin rules, and about what they are for."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, select

from storage.engine import Transaction, insert_into
from storage.rows import Margin, from_row, from_rows
from storage.schema.catalogue import categories, margins, services


def everything(tx: Transaction) -> list[Margin]:
    return from_rows(Margin, tx.execute(select(margins).order_by(margins.c.id)))


def get(tx: Transaction, margin_id: int) -> Margin | None:
    row = tx.execute(select(margins).where(margins.c.id == margin_id)).first()
    return None if row is None else from_row(Margin, row)


def put(
    tx: Transaction,
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
    statement = insert_into(tx, margins).values(scope=scope, about=about, **said)
    tx.execute(statement.on_conflict_do_update(index_elements=["scope", "about"], set_=said))


def remove(tx: Transaction, margin_id: int) -> bool:
    return tx.execute(delete(margins).where(margins.c.id == margin_id)).rowcount == 1


def for_sale(tx: Transaction) -> list[tuple[int, str, Decimal]]:
    """List id, category and rate of everything that customers can see, the cheapest first."""
    found = tx.execute(
        select(services.c.id, categories.c.name, services.c.rate)
        .join(categories)
        .where(services.c.hidden_at.is_(None), services.c.sold, services.c.type.is_not(None)),
    )
    return sorted(((row[0], row[1], row[2]) for row in found), key=lambda row: (row[2], row[0]))
