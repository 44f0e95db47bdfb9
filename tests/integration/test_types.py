"""What goes into a column comes back as it was: aware times in UTC, numbers to the last digit,
frozen rows.
"""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Update, update
from sqlalchemy.exc import StatementError

from storage import Database, Transaction
from storage.queries import catalogue, facts
from storage.queries import orders as order_statements
from storage.schema.catalogue import services
from storage.schema.orders import orders
from tests.factories.stock import NOW, add_order, service_row, stock
from tests.harness.claiming import claim

EXACT = [
    "0.00011999",
    "99999999.123456",
    "0",
    "3.72",
    "0.6000",
    "9600",
    "0.00011999999999999999",
    "1E-7",
    "1E+12",
]

LONGEST = ["1." + "1" * 60, "1.0000000000000000000000000001E-20", "9E+30", "-9.9E-29"]


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    await stock(database)


async def test_numbers_come_back_exact(database: Database) -> None:
    rows = [service_row(written, rate=Decimal(written)) for written in EXACT]
    await database.write(catalogue.add_services, rows)
    found = await database.read(catalogue.everything)
    for written in EXACT:
        assert isinstance(found[written].rate, Decimal)
        assert found[written].rate == Decimal(written)


async def test_the_longest_numbers_that_the_panel_reads_find_room(database: Database) -> None:
    order_id = await add_order(database)
    for written in LONGEST:
        await database.write(_set, update(orders).values(charge=Decimal(written)))
        order = await database.read(order_statements.get, order_id)
        assert order is not None
        assert order.charge == Decimal(written)


def _set(tx: Transaction, statement: Update) -> None:
    tx.execute(statement)


async def test_what_is_no_exact_number_is_refused(database: Database) -> None:
    for wrong in (0.9, 1, "0.9", Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises((TypeError, StatementError), match="not an exact number"):
            await database.write(_set, update(services).values(rate=wrong))


async def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises((ValueError, StatementError), match="without a zone"):
        await database.write(facts.put, "when", {}, datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001 - that is the point
    assert (await database.read(facts.get, "when")) is None


async def test_a_time_of_another_zone_comes_back_in_utc(database: Database) -> None:
    tashkent = datetime(2026, 11, 22, 17, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))

    def transaction(tx):
        facts.put(tx, "when", {}, tashkent)
        return facts.get(tx, "when")

    found = await database.write(transaction)
    assert found is not None
    assert found[1] == tashkent
    assert found[1].tzinfo is UTC
    assert found[1].isoformat() == "2026-11-22T12:00:00.123456+00:00"


async def test_times_of_different_zones_are_compared_as_moments(database: Database) -> None:
    await add_order(database, not_before=NOW)
    same_moment = NOW.astimezone(timezone(timedelta(hours=-8)))
    assert (await database.write(claim, now=same_moment, owner="x", lease_until=NOW)) is not None


async def test_rows_are_frozen(database: Database) -> None:
    order_id = await add_order(database)

    def transaction(tx):
        order = order_statements.get(tx, order_id)
        service = catalogue.service(tx, 1)
        return order, service

    order, service = await database.read(transaction)
    for row in (order, service):
        with pytest.raises(dataclasses.FrozenInstanceError):
            row.id = 2  # type: ignore[union-attr,misc]
