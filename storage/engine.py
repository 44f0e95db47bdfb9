"""One way into the database: `read()` and `write()` contexts over SQLite or PostgreSQL.

Everything that differs between the two engines is decided in this module. `write()` takes the write lock at
once on SQLite (`BEGIN IMMEDIATE`): on SQLAlchemy's defaults 60 concurrent debits of a balance of 40 all
succeeded, silently.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection as SyncConnection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection as Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import private
from storage.address import for_asyncpg
from storage.error_text import hide_values

__all__ = ["Connection", "Database", "insert_into", "to_the_end"]

T = TypeVar("T")

_BUSY_SECONDS = 15
# A process that is stopped in the middle of a transaction must not keep others waiting until it is found dead.
_IDLE_MILLISECONDS = 10_000


class Database:
    """An engine and its two kinds of transaction.

    `url` is an address as storage.address gives it: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://...`.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        # SQLite has one writer. Waiting in line here is fair; its own busy handler polls and starves.
        self._writer: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """Open a transaction for reading; nothing done in it is kept."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """Open a transaction for reading in which nothing changes: all its statements see the same moment."""
        async with self.engine.connect() as connection:
            if not self.is_sqlite:  # there every transaction is one
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """Open a transaction for writing; committed at the end, rolled back on any exception.

        A cancelled caller still waits for the commit's end: cancelling aiosqlite in a commit reports a failure
        for something that was committed.
        """
        async with self._writer, self.engine.connect() as connection:
            await connection.execution_options(immediate=True)
            try:
                yield connection
            except BaseException:
                await to_the_end(connection.rollback())
                raise
            await to_the_end(connection.commit())

    @asynccontextmanager
    async def rebuild(self) -> AsyncIterator[Connection]:
        """Do the same with SQLite's foreign keys off, as making a table anew needs; they are checked at the end.

        Raises IntegrityError, and writes nothing, where one leads nowhere then.
        """
        if not self.is_sqlite:
            async with self.write() as connection:
                yield connection
            return
        async with self._writer, self.engine.connect() as connection:
            await connection.execution_options(immediate=True)
            # Inside of a transaction the pragma does nothing, and SQLAlchemy opens one at the first statement.
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute("PRAGMA foreign_keys=OFF")
            try:
                try:
                    yield connection
                    await _check_references(connection)
                except BaseException:
                    await to_the_end(connection.rollback())
                    raise
                await to_the_end(connection.commit())
            finally:
                await to_the_end(driver.execute("PRAGMA foreign_keys=ON"))

    @property
    def file(self) -> Path | None:
        """The SQLite file; None where there is none, or only SQLite knows where."""
        name = self.url.database or ":memory:"
        return Path(name) if self.is_sqlite and not name.startswith((":memory:", "file:")) else None

    def make_private(self) -> None:
        """Make the SQLite file and its folder, where they are missing, and let nobody else read it. Raises OSError."""
        if self.file is not None:
            private.make_folder(self.file.parent)
            private.make_file(self.file)
            private.tighten(self.file)

    def is_missing(self) -> bool:
        """Say whether there is no SQLite file; opening it would make an empty one."""
        return self.file is not None and not self.file.is_file()

    async def close(self) -> None:
        await self.engine.dispose()


async def _check_references(connection: Connection) -> None:
    """Raise IntegrityError where a row of an SQLite database refers to one that is not there."""
    lost = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).mappings().first()
    if lost is not None:
        said = f"a row of {lost['table']} refers to a row of {lost['parent']} that is not there"
        raise IntegrityError(said, None, ValueError(said))


def insert_into(connection: Connection, table: Table) -> Any:
    """Start an INSERT that knows `on_conflict_...`: one syntax, but SQLAlchemy has it in two modules."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


async def to_the_end(work: Awaitable[T]) -> T:
    """Await `work` even when this task is cancelled meanwhile; the cancellation follows afterwards."""
    task = asyncio.ensure_future(work)  # noqa: TID251 - awaited right here, it outlives nothing
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001, S110 - raised below by task.result()
            pass
    result = task.result()
    if cancelled is not None:
        raise cancelled
    return result


def _postgresql_engine(url: str) -> AsyncEngine:
    address, arguments = for_asyncpg(url)
    engine = create_async_engine(address, pool_pre_ping=True, connect_args=arguments, hide_parameters=True)
    hide_values(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def _limit(dbapi_connection: Any, _record: Any) -> None:
        # Outside of SQLAlchemy's transaction, with which it would be forgotten.
        statement = f"SET idle_in_transaction_session_timeout = {_IDLE_MILLISECONDS}"
        dbapi_connection.run_async(lambda connection: connection.execute(statement))

    return engine


def _sqlite_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    hide_values(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(dbapi_connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes too late and is never IMMEDIATE: ours is sent below.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # it is money
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: SyncConnection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
