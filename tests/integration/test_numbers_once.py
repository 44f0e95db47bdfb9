"""A number that stands in a button, or was said to somebody, never means something else: not after
its row has gone.
"""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Table, delete, insert, text

from storage import Database, Transaction
from storage.migrate import downgrade, upgrade
from storage.queries import drafts, facts, notices
from storage.queries.facts import Fact
from storage.schema.base import metadata
from storage.schema.catalogue import margins as margin_rows
from storage.schema.messages import notices as notice_rows
from storage.schema.orders import drafts as draft_rows
from storage.schema.orders import presets as preset_rows
from storage.schema.payments import coupons as coupon_rows
from storage.schema.payments import payments as payment_rows
from tests.factories.ledger import everything_once
from tests.factories.stock import ANN, NOW, stock, write_order
from tests.harness.world import rows_of

Make = Callable[[Transaction], object]


def _draft(tx: Transaction) -> None:
    drafts.create(tx, user_id=ANN, service_id=1, fields={}, now=NOW)


def _preset(tx: Transaction) -> None:
    values = {"user_id": ANN, "service_id": 1, "name": "x", "fields": {}, "created_at": NOW}
    tx.execute(insert(preset_rows).values(**values))


def _margin(tx: Transaction) -> None:
    values = {
        "scope": "global",
        "about": "",
        "percent": Decimal(5),
        "fixed": 0,
        "minimum": 0,
        "set_by": 1,
        "at": NOW,
    }
    tx.execute(insert(margin_rows).values(**values))


def _notice(tx: Transaction) -> None:
    notices.add(tx, user_id=ANN, kind="order", now=NOW)


def _payment(tx: Transaction) -> None:
    values = {
        "user_id": ANN,
        "method": "stars",
        "charge_id": "x",
        "amount": 1,
        "currency": "USD",
        "state": "credited",
    }
    tx.execute(insert(payment_rows).values(**values, at=NOW))


def _coupon(tx: Transaction) -> None:
    values = {"code": "X", "amount": 1, "per_user": 1, "created_by": 1, "created_at": NOW}
    tx.execute(insert(coupon_rows).values(**values))


MADE: dict[Table, Make] = {
    draft_rows: _draft,
    preset_rows: _preset,
    margin_rows: _margin,
    notice_rows: _notice,
    payment_rows: _payment,
    coupon_rows: _coupon,
}


@pytest.mark.parametrize("table", MADE, ids=lambda table: table.name)
async def test_the_last_number_is_not_given_again(database: Database, table: Table) -> None:
    await stock(database)
    given = []
    for _ in range(3):
        await database.write(MADE[table])
        (row,) = await rows_of(database, table)
        given.append(row.id)
        await database.write(lambda tx: tx.execute(delete(table)))
    assert given == sorted(set(given))


def test_every_table_of_which_rows_go_counts_on() -> None:
    """The others with a number of their own lose no row: whoever removes one adds its table here,
    with a migration.
    """
    numbered = {
        table.name
        for table in metadata.sorted_tables
        if table.dialect_options["sqlite"]["autoincrement"]
    }
    assert numbered == {table.name for table in MADE}


async def test_the_rows_stay_as_they_are_through_the_upgrade(database: Database) -> None:
    """SQLite makes the tables anew; others refer to them, and so do their indexes."""
    await everything_once(database)

    def transaction(tx):
        write_order(tx, link='it\'s 100% "quoted": and more')
        _preset(tx)
        _notice(tx)
        tx.execute(payment_rows.update().values(stated=None))  # a column that is younger
        facts.remove(tx, Fact.STARS_STATED)

    await database.write(transaction)
    before = {table.name: await rows_of(database, table) for table in MADE}
    indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    if not database.is_sqlite:
        indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
    names = await database.read(lambda tx: list(tx.scalars(text(indexes))))
    await downgrade(database, "0004")
    await upgrade(database)
    assert {table.name: await rows_of(database, table) for table in MADE} == before

    def transaction_2(tx):
        assert list(tx.scalars(text(indexes))) == names
        if database.is_sqlite:
            assert list(tx.execute(text("PRAGMA foreign_key_check"))) == []

    await database.read(transaction_2)
