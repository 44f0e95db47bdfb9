"""A database that only answers is not ready: it has to take a write, and nobody waits long to learn that."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from bot import readiness
from bot.readiness import FACT, DatabaseProbe
from storage import Database, facts
from storage.migrate import upgrade
from tests.support.clock import Clock
from tests.support.disk import full_disk

NO_WRITES = "the database takes no writes"


@pytest.fixture
def always_fresh(monkeypatch) -> None:
    monkeypatch.setattr(readiness, "_FRESH_SECONDS", -1.0)


async def written(database: Database):
    async with database.read() as connection:
        found = await facts.get(connection, FACT)
    return found and found[1]


async def refuse_writes(database: Database) -> None:
    if database.is_sqlite:

        @event.listens_for(database.engine.sync_engine, "connect")
        def _only_read(dbapi_connection, _record) -> None:
            cursor = dbapi_connection.cursor()
            cursor.execute("PRAGMA query_only=ON")
            cursor.close()
    else:
        async with database.write() as connection:
            name = database.url.database
            await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    await database.engine.dispose()


async def take_them_again(database: Database) -> None:
    if not database.is_sqlite:
        async with database.write() as connection:
            await connection.execute(text("SET TRANSACTION READ WRITE"))
            await connection.execute(
                text(f"ALTER DATABASE {database.url.database} RESET default_transaction_read_only")
            )
        await database.engine.dispose()


async def test_a_database_that_only_reads_is_not_ready(database: Database, always_fresh) -> None:
    probe = DatabaseProbe(database, Clock())
    assert await probe.objection() == ""
    await refuse_writes(database)
    try:
        assert await probe.objection() == NO_WRITES
    finally:
        await take_them_again(database)


async def test_a_full_disk_is_not_ready(tmp_path, always_fresh) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    await upgrade(database)
    probe = DatabaseProbe(database, Clock())
    with full_disk(512):
        assert await probe.objection() == NO_WRITES
    assert await probe.objection() == ""
    await database.close()


async def test_who_asks_often_writes_once(database: Database) -> None:
    clock = Clock()
    probe = DatabaseProbe(database, clock)
    assert await probe.objection() == ""
    first = await written(database)
    clock.forward(seconds=60)
    assert {await probe.objection() for _ in range(20)} == {""}
    assert await written(database) == first
    probe._ended_at -= 5
    assert {*await asyncio.gather(*(probe.objection() for _ in range(20)))} == {""}
    assert await written(database) == first + timedelta(seconds=60)


async def test_several_processes_write_one_row_in_turn(database: Database) -> None:
    clock = Clock()
    async with database.write() as connection:
        assert await facts.touch(connection, FACT, clock(), older_than=5)
        assert not await facts.touch(connection, FACT, clock() + timedelta(seconds=4), older_than=5)
        assert await facts.touch(connection, FACT, clock() + timedelta(seconds=5), older_than=5)
        assert await facts.touch(connection, FACT, clock(), older_than=5)  # the other's clock was ahead


async def test_a_write_that_hangs_keeps_nobody(database: Database, monkeypatch, always_fresh) -> None:
    monkeypatch.setattr(readiness, "_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(readiness, "_LAST_WAIT_SECONDS", 0.05)
    go_on, begun = asyncio.Event(), 0

    async def hangs(*_args, **_named) -> None:
        nonlocal begun
        begun += 1
        await go_on.wait()

    monkeypatch.setattr(facts, "touch", hangs)
    probe = DatabaseProbe(database, Clock())
    async with asyncio.timeout(5):
        assert [await probe.objection() for _ in range(3)] == ["the database does not answer in time"] * 3
    assert begun == 1
    go_on.set()
    assert await probe.objection() == ""
    go_on.clear()
    await probe.objection()
    await probe.close()


async def test_a_database_that_is_away(tmp_path) -> None:
    away = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    assert await DatabaseProbe(away).objection() == "the database does not answer"
    await away.close()
