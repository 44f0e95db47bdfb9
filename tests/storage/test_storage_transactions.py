"""A transaction is whole or not at all, also when its task is cancelled in the middle."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest

from storage import Database, facts
from tests.support import engines
from tests.support.clock import Clock

NOW = Clock()()


@pytest.fixture(autouse=True)
def _as_in_the_product() -> Iterator[None]:
    with engines.threads():
        yield


async def names(database: Database) -> set[str]:
    async with database.read() as connection:
        return {name for name in ("first", "second") if await facts.get(connection, name)}


async def write_two(database: Database, reached: asyncio.Event, go_on: asyncio.Event) -> None:
    async with database.write() as connection:
        await facts.put(connection, "first", {}, NOW)
        reached.set()
        await go_on.wait()
        await facts.put(connection, "second", {}, NOW)


async def test_a_task_cancelled_between_two_statements_leaves_neither(database: Database) -> None:
    reached = asyncio.Event()
    task = asyncio.create_task(write_two(database, reached, asyncio.Event()))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names(database) == set()
    async with database.write() as connection:  # the lock is free and the connection usable
        await facts.put(connection, "first", {}, NOW)
    assert await names(database) == {"first"}


async def test_wherever_a_cancellation_hits_the_write_is_whole_or_absent(database: Database) -> None:
    ended, turns, outcomes = False, 0, set()
    while not ended:
        found, ended = await cancelled_after(database, turns)
        outcomes.add(found)
        turns += 3
    assert outcomes == {frozenset(), frozenset({"first", "second"})}


async def cancelled_after(database: Database, turns: int) -> tuple[frozenset[str], bool]:
    """Cancel a write after a while; take away what it left. Give that, and whether it had ended before."""
    go_on = asyncio.Event()
    go_on.set()
    task = asyncio.create_task(write_two(database, asyncio.Event(), go_on))
    for _ in range(turns):
        await asyncio.sleep(0.0005)
    ended = task.done()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    found = await names(database)
    async with database.write() as connection:
        for name in found:
            assert await facts.forget(connection, name)
    return frozenset(found), ended


async def test_a_task_cancelled_in_its_commit_has_committed(database: Database) -> None:
    task: asyncio.Task[None]

    async def write() -> None:
        async with database.write() as connection:
            await facts.put(connection, "first", {}, NOW)
            # The cancellation arrives at the next await, and that is the commit's.
            asyncio.get_running_loop().call_soon(task.cancel)

    task = asyncio.create_task(write())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names(database) == {"first"}


async def test_a_task_cancelled_again_and_again_in_its_commit_has_committed(database: Database) -> None:
    task: asyncio.Task[None]

    async def write() -> None:
        async with database.write() as connection:
            await facts.put(connection, "first", {}, NOW)
            asyncio.get_running_loop().call_soon(insist)

    def insist() -> None:
        if not task.done():
            task.cancel()
            asyncio.get_running_loop().call_soon(insist)

    task = asyncio.create_task(write())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names(database) == {"first"}


async def test_an_exception_takes_everything_back(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.write() as connection:
            await facts.put(connection, "first", {}, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    assert await names(database) == set()


async def test_what_is_done_in_a_read_is_not_kept(database: Database) -> None:
    async with database.read() as connection:
        await facts.put(connection, "first", {}, NOW)
    assert await names(database) == set()


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    async with database.write() as connection:
        await facts.put(connection, "first", {}, NOW)
        assert await names(database) == set()
    assert await names(database) == {"first"}


async def test_a_cancelled_writer_in_line_lets_the_next_one_pass(database: Database) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()
    holder = asyncio.create_task(write_two(database, reached, go_on))
    await reached.wait()
    waiting = asyncio.create_task(write_two(database, asyncio.Event(), asyncio.Event()))
    await asyncio.sleep(0)
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    go_on.set()
    await holder
    assert await names(database) == {"first", "second"}


async def test_two_processes_that_read_and_then_write_wait_for_each_other(database: Database) -> None:
    """On SQLite a transaction that only takes the write lock when it writes would fail here."""
    other = Database(database.url.render_as_string(hide_password=False))
    try:

        async def write(opened: Database, number: int) -> None:
            async with opened.write() as connection:
                assert await facts.get(connection, f"nothing:{number}") is None
                await asyncio.sleep(0.002)
                await facts.put(connection, f"fact:{number}", {}, NOW)

        await asyncio.gather(*(write((database, other)[number % 2], number) for number in range(12)))
    finally:
        await other.close()
    async with database.read() as connection:
        assert all([await facts.get(connection, f"fact:{number}") for number in range(12)])


async def test_what_was_committed_is_on_the_disk(tmp_path) -> None:
    """It is money: SQLite waits for the disk at each commit. These tests' own engines don't."""
    made = engines.unhurried(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    async with made.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one() == 2  # FULL
    await made.dispose()
