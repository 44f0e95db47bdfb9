"""What goes into a column comes back as it was: aware times in UTC, numbers to the last digit, frozen rows."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import StatementError

from storage import Database, catalog, facts
from storage import orders as order_statements
from storage.tables import orders, services
from tests.support.claiming import claim
from tests.support.stock import NOW, add_order, service_row, stock

EXACT = ["0.00011999", "99999999.123456", "0", "3.72", "0.6000", "9600", "0.00011999999999999999", "1E-7", "1E+12"]

LONGEST = ["1." + "1" * 60, "1.0000000000000000000000000001E-20", "9E+30", "-9.9E-29"]


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    await stock(database)


async def test_numbers_come_back_exact(database: Database) -> None:
    rows = [service_row(written, rate=Decimal(written)) for written in EXACT]
    async with database.write() as connection:
        await catalog.add_services(connection, rows)
    async with database.read() as connection:
        found = await catalog.everything(connection)
    for written in EXACT:
        assert isinstance(found[written].rate, Decimal)
        assert found[written].rate == Decimal(written)


async def test_the_longest_numbers_that_the_panel_reads_find_room(database: Database) -> None:
    order_id = await add_order(database)
    for written in LONGEST:
        async with database.write() as connection:
            await connection.execute(update(orders).values(charge=Decimal(written)))
            order = await order_statements.get(connection, order_id)
        assert order is not None
        assert order.charge == Decimal(written)


async def test_what_is_no_exact_number_is_refused(database: Database) -> None:
    for wrong in (0.9, 1, "0.9", Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises((TypeError, StatementError), match="not an exact number"):
            async with database.write() as connection:
                await connection.execute(update(services).values(rate=wrong))


async def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises((ValueError, StatementError), match="without a zone"):
        async with database.write() as connection:
            await facts.put(connection, "when", {}, datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001 - that is the point
    async with database.read() as connection:
        assert await facts.get(connection, "when") is None


async def test_a_time_of_another_zone_comes_back_in_utc(database: Database) -> None:
    tashkent = datetime(2026, 11, 22, 17, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))
    async with database.write() as connection:
        await facts.put(connection, "when", {}, tashkent)
        found = await facts.get(connection, "when")
    assert found is not None
    assert found[1] == tashkent
    assert found[1].tzinfo is UTC
    assert found[1].isoformat() == "2026-11-22T12:00:00.123456+00:00"


async def test_times_of_different_zones_are_compared_as_moments(database: Database) -> None:
    await add_order(database, not_before=NOW)
    same_moment = NOW.astimezone(timezone(timedelta(hours=-8)))
    async with database.write() as connection:
        assert await claim(connection, now=same_moment, owner="x", lease_until=NOW) is not None


async def test_rows_are_frozen(database: Database) -> None:
    order_id = await add_order(database)
    async with database.read() as connection:
        order = await order_statements.get(connection, order_id)
        service = await catalog.service(connection, 1)
    for row in (order, service):
        with pytest.raises(dataclasses.FrozenInstanceError):
            row.id = 2  # type: ignore[union-attr,misc]
