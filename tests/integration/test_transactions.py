"""A transaction is a plain function, whole or not at all, also when its caller is cancelled in the
middle.
"""

import asyncio
import sqlite3
import threading
from contextlib import suppress

import aiosqlite
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from storage import Database, Transaction
from storage.engine import sqlite as sqlite_engine
from storage.queries import facts
from storage.schema.customers import users
from tests.chaos.saboteur import Killed
from tests.harness.clock import Clock
from tests.harness.pause import Pause
from tests.harness.world import somebody_waits
from tests.runtime import engines

NOW = Clock()()


async def names(database: Database) -> set[str]:
    return await database.read(
        lambda tx: {name for name in ("first", "second") if facts.get(tx, name)}
    )


def write_two(tx: Transaction, between: Pause | None = None) -> None:
    facts.put(tx, "first", {}, NOW)
    if between is not None:
        between(tx)
    facts.put(tx, "second", {}, NOW)


async def test_a_task_cancelled_between_two_statements_is_whole_or_absent_when_it_has_ended(
    database: Database,
) -> None:
    """PostgreSQL takes it back; SQLite's thread knows of no cancellation, and the task ends after
    the commit.
    """
    pause = Pause()
    task = asyncio.create_task(database.write(write_two, pause))
    await pause.reached.wait()
    task.cancel()
    asyncio.get_running_loop().call_later(0.05, pause.end)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names(database) == ({"first", "second"} if database.is_sqlite else set())
    await database.write(facts.put, "first", {}, NOW)  # the lock is free and the connection usable
    assert "first" in await names(database)


async def test_wherever_a_cancellation_hits_the_write_is_whole_or_absent(
    database: Database,
) -> None:
    ended, turns, outcomes = False, 0, set()
    while not ended:
        found, ended = await cancelled_after(database, turns)
        outcomes.add(found)
        turns += 1
    assert outcomes == {frozenset(), frozenset({"first", "second"})}


async def cancelled_after(database: Database, turns: int) -> tuple[frozenset[str], bool]:
    """Cancel a write after a while; take away what it left.

    Give that, and whether it had ended before.
    """
    task = asyncio.create_task(database.write(write_two))
    for _ in range(turns):
        await asyncio.sleep(0.0001)
    ended = task.done()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    found = await names(database)

    def take_away(tx: Transaction) -> bool:
        return [facts.remove(tx, name) for name in found] == [True] * len(found)

    assert await database.write(take_away)
    return frozenset(found), ended


@pytest.mark.parametrize("times", [1, 1000])
async def test_a_task_cancelled_in_its_commit_has_committed(database: Database, times: int) -> None:
    """However often somebody insists."""
    loop, left = asyncio.get_running_loop(), times

    def write(tx: Transaction) -> None:
        facts.put(tx, "first", {}, NOW)
        # The cancellation arrives at the next await, and that is the commit's.
        loop.call_soon_threadsafe(cancel)

    def cancel() -> None:
        nonlocal left
        if left and not task.done():
            left -= 1
            task.cancel()
            loop.call_soon(cancel)

    task = asyncio.create_task(database.write(write))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names(database) == {"first"}


async def test_an_exception_takes_everything_back(database: Database) -> None:
    def write_and_fail(tx: Transaction) -> None:
        facts.put(tx, "first", {}, NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(write_and_fail)
    assert await names(database) == set()


async def test_what_a_future_cannot_carry_is_raised_as_something_else(database: Database) -> None:
    for run in (database.read, database.write):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await run(lambda _: next(iter(())))


async def test_what_is_done_in_a_read_is_not_kept(database: Database) -> None:
    await database.read(facts.put, "first", {}, NOW)
    assert await names(database) == set()


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    pause = Pause()
    writing = asyncio.create_task(database.write(write_two, pause))
    await pause.reached.wait()
    assert await names(database) == set()
    pause.end()
    await writing
    assert await names(database) == {"first", "second"}


async def test_more_readers_than_connections_all_read(database: Database) -> None:
    await database.write(write_two)
    assert await asyncio.gather(*(names(database) for _ in range(50))) == [{"first", "second"}] * 50


async def test_long_reads_keep_nobody_waiting(database: Database) -> None:
    """However many there are, and none of them has come to its end."""
    pause = Pause()
    async with asyncio.TaskGroup() as tasks, asyncio.timeout(20):
        long_reads = [tasks.create_task(database.snapshot(pause)) for _ in range(5)]
        await pause.reached.wait()
        await database.write(write_two)
        assert (
            await asyncio.gather(*(names(database) for _ in range(5))) == [{"first", "second"}] * 5
        )
        assert not any(task.done() for task in long_reads)
        pause.end()


async def test_what_a_long_read_has_made_of_the_wal_is_cut_off(
    database: Database, monkeypatch
) -> None:
    if database.file is None:  # PostgreSQL removes what is dead by itself
        return
    most = 1_000_000
    monkeypatch.setattr("storage.engine.sqlite._LARGEST_WAL", most)
    wal = database.file.with_name(f"{database.file.name}-wal")
    pause = Pause()
    reading = asyncio.create_task(database.snapshot(lambda tx: (facts.get(tx, "first"), pause(tx))))
    await pause.reached.wait()
    for number in range(40):
        await database.write(facts.put, f"fact {number}", {"text": "x" * 100_000}, NOW)
    assert wal.stat().st_size > 2 * most
    pause.end()
    await reading
    for number in range(3):
        await database.write(facts.put, "first", {"number": number}, NOW)
    assert wal.stat().st_size <= most


async def test_a_reader_that_is_cancelled_leaves_its_connection_to_the_next(
    database: Database,
) -> None:
    await database.write(write_two)
    forever = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    )
    reading = [
        asyncio.create_task(database.read(Transaction.scalar, text(forever))) for _ in range(8)
    ]
    await asyncio.sleep(0.05)
    for task in reading:
        task.cancel()
    found = await asyncio.gather(*reading, return_exceptions=True)
    assert {type(one) for one in found} == {asyncio.CancelledError}
    assert await names(database) == {"first", "second"}


async def test_a_reader_that_is_cancelled_before_its_statement_begins_ends_all_the_same(
    database: Database,
) -> None:
    """An interruption ends what is under way only: that one came too early."""
    if database.file is None:  # asyncpg cancels what is sent
        return
    pause = Pause()
    forever = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    )

    def transaction(tx: Transaction) -> None:
        pause(tx)
        tx.execute(text(forever))

    reading = asyncio.create_task(database.read(transaction))
    await pause.reached.wait()
    reading.cancel()
    await asyncio.sleep(0)
    pause.end()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_a_cancelled_writer_in_line_lets_the_next_one_pass(database: Database) -> None:
    pause = Pause()
    holder = asyncio.create_task(database.write(write_two, pause))
    await pause.reached.wait()
    waiting = asyncio.create_task(database.write(facts.put, "third", {}, NOW))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    pause.end()
    await holder
    assert await names(database) == {"first", "second"}
    if database.is_sqlite:
        assert await database.read(facts.get, "third") is None


async def test_two_processes_that_read_and_then_write_wait_for_each_other(
    database: Database,
) -> None:
    """On SQLite a transaction that only takes the write lock when it writes would fail here."""
    other = Database(database.url.render_as_string(hide_password=False))

    def write(tx: Transaction, number: int) -> None:
        assert facts.get(tx, f"nothing:{number}") is None
        facts.put(tx, f"fact:{number}", {}, NOW)

    try:
        await asyncio.gather(
            *((database, other)[number % 2].write(write, number) for number in range(12))
        )
    finally:
        await other.close()
    assert await database.read(
        lambda tx: all(facts.get(tx, f"fact:{number}") for number in range(12))
    )


async def test_a_coroutine_function_is_no_transaction(database: Database) -> None:
    async def write(tx: Transaction) -> None:
        facts.put(tx, "first", {}, NOW)

    for run in (database.read, database.snapshot, database.write, database.rebuild):
        with pytest.raises(TypeError, match="is a plain function"):
            await run(write)
        with pytest.raises(TypeError, match="gave a coroutine"):
            await run(lambda tx: write(tx))  # noqa: PLW0108 - it hides the coroutine function
    assert await names(database) == set()


async def test_what_lost_a_race_is_run_again(database: Database) -> None:
    if database.is_sqlite:  # one writes after the other
        return
    await database.write(write_two)
    pause, runs = Pause(), {"first": 0, "second": 0}

    def change(tx: Transaction, *order: str) -> None:
        runs[order[0]] += 1
        facts.put(tx, order[0], {"by": order[0]}, NOW)
        if sum(runs.values()) == 1:
            pause(tx)
        facts.put(tx, order[1], {"by": order[0]}, NOW)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.write(change, "first", "second"))
        await pause.reached.wait()
        tasks.create_task(database.write(change, "second", "first"))
        await somebody_waits(database)
        pause.end()  # each has the row that the other one wants
    assert sum(runs.values()) == 3
    assert (
        len({facts["by"] for facts, _ in [await database.read(facts.get, name) for name in runs]})
        == 1
    )


async def test_what_fails_for_another_reason_is_not_run_again(database: Database) -> None:
    runs = []

    def write(tx: Transaction) -> None:
        runs.append(1)
        tx.execute(users.insert().values(id=None, first_name="Ann", language="en", created_at=NOW))

    with pytest.raises(IntegrityError):
        await database.write(write)
    assert runs == [1]


# Groups: whoever waits to write is committed together with all others that wait.


@pytest.fixture
def file(tmp_path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/shop.db"


class Line:
    """Writers that wait behind one that is under way, and the commits that are made."""

    def __init__(self, database: Database) -> None:
        self.database, self.pause, self.commits = database, Pause(), 0
        event.listen(database.engine.sync_engine, "commit", self._committed)

    def _committed(self, _: Transaction) -> None:
        self.commits += 1

    async def write(self, *work) -> list[object]:
        """Have them all wait for the first one; give what each gave or raised."""
        first = asyncio.create_task(self.database.write(self.pause))
        await self.pause.reached.wait()
        tasks = [asyncio.create_task(self.database.write(one)) for one in work]
        await asyncio.sleep(0.01)
        self.commits = 0
        self.pause.end()
        await first
        return await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def line(file: str):
    database = Database(file)
    await database.write(lambda tx: tx.execute(text("CREATE TABLE said (word TEXT UNIQUE)")))
    yield Line(database)
    await database.close()


def say(word: str):
    def work(tx: Transaction) -> str:
        tx.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})
        return word

    return work


async def said(line: Line) -> set[str]:
    return await line.database.read(lambda tx: set(tx.scalars(text("SELECT word FROM said"))))


async def test_whoever_waits_is_committed_together(line: Line) -> None:
    words = [f"word {number}" for number in range(150)]
    assert await line.write(*map(say, words)) == words
    assert line.commits - 1 == 3  # at most 64 in each, after the one they waited for
    assert await said(line) == set(words)


async def test_what_one_of_a_group_raises_takes_back_only_its_own(line: Line) -> None:
    def fail(tx: Transaction) -> None:
        say("lost")(tx)
        raise ZeroDivisionError

    def die(tx: Transaction) -> None:
        say("lost, too")(tx)
        raise Killed

    one, two, three, four, five = await line.write(say("a"), fail, say("b"), say("a"), die)
    assert (one, three) == ("a", "b")
    assert [type(error) for error in (two, four, five)] == [
        ZeroDivisionError,
        IntegrityError,
        Killed,
    ]
    assert await said(line) == {"a", "b"}


async def test_a_handle_that_was_closed_is_opened_again(line: Line) -> None:
    def close(tx: Transaction) -> None:
        tx.invalidate()
        raise Killed

    for run in (line.database.write, line.database.read):
        with pytest.raises(Killed):
            await run(close)
        assert await said(line) == set()
    assert await line.database.write(say("a")) == "a"
    assert await said(line) == {"a"}


async def test_a_group_that_is_not_committed_is_lost_and_every_caller_is_told(line: Line) -> None:
    def fail(_: Transaction) -> None:
        if line.commits > 1:
            raise OperationalError("COMMIT", None, OSError("the disk is full"))

    event.listen(line.database.engine.sync_engine, "commit", fail)
    found = await line.write(say("a"), say("b"), say("c"))
    assert [type(error) for error in found] == [OperationalError] * 3
    assert await said(line) == set()
    event.remove(line.database.engine.sync_engine, "commit", fail)
    assert await line.database.write(say("a")) == "a"


async def test_where_sqlite_takes_back_everything_nobody_is_told_that_it_was_kept(
    line: Line,
) -> None:
    """As a full disk does in the middle: the savepoints of those before are gone as well."""

    def rolled_back(tx: Transaction) -> None:
        tx.connection.dbapi_connection.execute("ROLLBACK")
        raise OperationalError("INSERT", None, OSError("database or disk is full"))

    found = await line.write(say("a"), rolled_back, say("b"))
    assert all(isinstance(error, Exception) for error in found)
    assert await said(line) == set()
    assert await line.database.write(say("a")) == "a"


async def test_a_database_can_be_closed_while_somebody_writes_and_opened_again(line: Line) -> None:
    writing = asyncio.create_task(line.database.write(say("a")))
    await asyncio.sleep(0)
    await line.database.close()
    assert await writing == "a"
    assert await said(line) == {"a"}


async def test_a_file_that_could_not_be_opened_is_tried_again(tmp_path) -> None:
    folder, wrong = tmp_path / "later", tmp_path / "shop.db"
    wrong.write_bytes(b"this is no database" * 100)
    for file, mend in ((folder / "shop.db", folder.mkdir), (wrong, wrong.unlink)):
        database = Database(f"sqlite+aiosqlite:///{file}")
        for _ in range(2 * 4 + 1):  # more often than there are connections
            with pytest.raises(DBAPIError):
                await database.read(Transaction.scalar, text("SELECT 1"))
            with pytest.raises(DBAPIError):
                await database.write(Transaction.scalar, text("SELECT 1"))
        mend()
        assert await database.read(Transaction.scalar, text("SELECT 1")) == 1
        assert await database.write(Transaction.scalar, text("SELECT 1")) == 1
        await database.close()


async def test_what_was_committed_is_on_the_disk() -> None:
    """It is money: SQLite waits for the disk at each commit. These tests' own engines don't."""
    sqlite_engine._handles.next = lambda: sqlite3.connect(":memory:")
    with engines.unhurried().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL


async def test_aiosqlite_has_what_a_thread_is_given_work_by(tmp_path) -> None:
    """These names are its own: this says so before anything else fails because they have moved."""
    async with aiosqlite.connect(tmp_path / "a.db") as connection:
        future = asyncio.get_running_loop().create_future()
        connection._tx.put_nowait((future, threading.current_thread))
        assert await future is connection._thread
        assert connection._conn is connection._connection
        connection._connector().close()


async def test_more_transactions_than_connections_wait_for_one_without_a_time_out(
    database: Database,
) -> None:
    if database.is_sqlite:
        return
    narrow = Database(database.url.render_as_string(hide_password=False), connections=2)
    try:
        assert narrow.engine.pool.pool._timeout is None
        pauses = [Pause(), Pause()]
        holding = [asyncio.create_task(narrow.read(pause)) for pause in pauses]
        await asyncio.gather(*(pause.reached.wait() for pause in pauses))
        waiting = asyncio.create_task(narrow.write(facts.put, "first", {}, NOW))
        await asyncio.wait([waiting], timeout=0.3)
        assert not waiting.done()
        assert narrow.engine.pool.pool.checkedout() == 2
        pauses[0].end()
        await asyncio.wait_for(waiting, 10)
        pauses[1].end()
        await asyncio.gather(*holding)
    finally:
        await narrow.close()
