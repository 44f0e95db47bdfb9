"""A database that only answers is not ready: it has to take a write, and nobody waits long to learn
that.
"""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from bot.observability import readiness
from bot.observability.readiness import DatabaseProbe
from storage import Database
from storage.migrate import upgrade
from storage.queries import facts
from storage.queries.facts import Fact
from tests.harness.clock import Clock
from tests.harness.pause import Pause
from tests.runtime.disk import full_disk

NO_WRITES = "the database takes no writes"


@pytest.fixture
def always_fresh(monkeypatch) -> None:
    monkeypatch.setattr(readiness, "_FRESH_SECONDS", -1.0)


async def written(database: Database):
    found = await database.read(facts.get, Fact.READY)
    return found and found[1]


async def refuse_writes(database: Database) -> None:
    if database.is_sqlite:

        @event.listens_for(database.engine.sync_engine, "connect")
        def _only_read(handle, _record) -> None:
            handle.execute("PRAGMA query_only=ON")
    else:

        def transaction(tx):
            name = database.url.database
            tx.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))

        await database.write(transaction)
    await database.close()


async def take_them_again(database: Database) -> None:
    if not database.is_sqlite:

        def transaction(tx):
            tx.execute(text("SET TRANSACTION READ WRITE"))
            tx.execute(
                text(f"ALTER DATABASE {database.url.database} RESET default_transaction_read_only")
            )

        await database.write(transaction)
        await database.close()


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
    clock = Clock()
    probe = DatabaseProbe(database, clock)
    assert await probe.objection() == ""
    clock.forward(seconds=60)
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

    def transaction(tx):
        assert facts.touch(tx, Fact.READY, clock(), older_than=5)
        assert not facts.touch(tx, Fact.READY, clock() + timedelta(seconds=4), older_than=5)
        assert facts.touch(tx, Fact.READY, clock() + timedelta(seconds=5), older_than=5)
        assert facts.touch(tx, Fact.READY, clock(), older_than=5)  # the other's clock was ahead

    await database.write(transaction)


async def test_a_write_that_hangs_keeps_nobody(
    database: Database, monkeypatch, always_fresh
) -> None:
    monkeypatch.setattr(readiness, "_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(readiness, "_LAST_WAIT_SECONDS", 0.05)
    pause, begun = Pause(), 0

    def hangs(tx, *_args, **_named) -> None:
        nonlocal begun
        begun += 1
        pause(tx)

    monkeypatch.setattr(facts, "touch", hangs)
    probe = DatabaseProbe(database, Clock())
    async with asyncio.timeout(5):
        assert [await probe.objection() for _ in range(3)] == [
            "the database does not answer in time"
        ] * 3
    assert begun == 1
    pause.end()
    assert await probe.objection() == ""
    pause = Pause()
    await probe.objection()
    asyncio.get_running_loop().call_later(0.01, pause.end)
    await probe.close()


async def test_a_database_that_is_away(tmp_path) -> None:
    away = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    assert await DatabaseProbe(away, Clock()).objection() == "the database does not answer"
    await away.close()
