"""Engines of tests that run in this process: what a statement is compiled to is kept from test to test, and SQLite
waits neither for the disk nor for a thread. Processes that a test starts have the product's engines, and so has a test
inside `threads()`.

SQLite gives rows in the reverse of its usual order wherever none is asked for: who relies on one finds another.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from aiosqlite import Connection
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import engine

unhurried = engine._sqlite_engine
_in_its_thread = Connection._execute
_first: dict[str, Engine] = {}
# As long as the product's engine waits for SQLite's write lock.
_LOCKED_SECONDS = 15


def prepare() -> None:
    """Has to run once, before the first engine is made."""
    make = engine.create_async_engine
    engine.create_async_engine = lambda url, **given: _knowing(make(url, **given))
    engine._sqlite_engine = _hurried
    Connection._execute = _here


def _knowing(made: AsyncEngine) -> AsyncEngine:
    """Let all engines of a kind have the first one's compiled statements, a tenth of a test's time.

    They are kept by dialect, so that is the first one's too, as soon as its first connection has made it complete.
    """
    mine = made.sync_engine
    first = _first.get(mine.dialect.driver)
    if first is None or getattr(first.dialect, "server_version_info", None) is None:
        _first[mine.dialect.driver] = mine
    else:
        mine.dialect = mine.pool._dialect = first.dialect
        mine._compiled_cache = first._compiled_cache
    return made


def _hurried(url: str) -> AsyncEngine:
    made = unhurried(url)

    @event.listens_for(made.sync_engine, "connect")
    def _off(dbapi_connection: Any, _record: Any) -> None:
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        if Connection._execute is _here:
            cursor.execute("PRAGMA busy_timeout=0")
        cursor.execute("PRAGMA reverse_unordered_selects=ON")
        cursor.close()

    return made


@contextmanager
def threads() -> Iterator[None]:
    """Let SQLite's connections have their threads, as in the product: for tests of what a thread may do to them."""
    Connection._execute = _in_its_thread
    try:
        yield
    finally:
        Connection._execute = _here


async def _here(connection: Connection, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Run a call of SQLite's in the loop's own thread: four trips to another one are a third of a test's time.

    Others have their turn before each statement, as they have while a thread is at it. Who waits for SQLite's write
    lock lets them go on, since one of them may hold it.
    """
    if not connection._running or not connection._connection:
        raise ValueError("Connection closed")
    statement = given[0] if given else None
    if isinstance(statement, str):
        await asyncio.sleep(0)
    last = monotonic() + _LOCKED_SECONDS
    while True:
        try:
            return call(*given, **named)
        except sqlite3.OperationalError as error:
            if statement != "BEGIN IMMEDIATE" or "locked" not in str(error) or monotonic() > last:
                raise
            await asyncio.sleep(0.001)
