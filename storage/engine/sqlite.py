"""SQLite: one connection that writes, a few that read, one for long reads, each with a thread of
its own.

A function runs whole in its connection's thread: one trip there and back, where awaiting each
statement took four. The write lock is taken at once (`BEGIN IMMEDIATE`): on SQLAlchemy's defaults
60 concurrent debits of a balance of 40 all succeeded, silently. Whoever waits to write is committed
together with all others that wait, each behind a savepoint of its own: the disk is waited for once.
"""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import aiosqlite
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from storage.engine.error_text import hide_values
from storage.engine.transaction import Transaction, Work

T = TypeVar("T")
Outcome = tuple[Any, BaseException | None]

_BUSY_SECONDS = 15
_READERS = 4
_MOST_IN_A_COMMIT = 64
_INTERRUPT_SECONDS = 0.02
# As long as somebody reads, what others write stays in the WAL file. What a long read has made of
# it is cut off later.
_LARGEST_WAL = 64 * 1024 * 1024


class SqliteEngine:
    """The connections to one file; they are opened when they are first needed."""

    def __init__(self, url: URL) -> None:
        self.sync_engine = make_engine()
        (self._file,), options = self.sync_engine.dialect.create_connect_args(url)
        self._options = dict(options) | {"timeout": _BUSY_SECONDS, "isolation_level": None}
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._writer = _Thread(self.sync_engine, self._file, self._options)
        self._opening = asyncio.Lock()
        self._waiting: deque[_Job[Any]] = deque()
        self._committing = False
        self._readers = _Readers(
            [_Thread(self.sync_engine, self._file, self._options) for _ in range(_READERS)]
        )
        self._long_reader = _Readers([_Thread(self.sync_engine, self._file, self._options)])

    async def read(self, work: Work[T]) -> T:
        return await self._readers.read(work)

    async def snapshot(self, work: Work[T]) -> T:
        """Every transaction is a snapshot; but these are long, and wait for each other only."""
        return await self._long_reader.read(work)

    async def write(self, work: Work[T]) -> T:
        async with self._opening:
            await self._writer.open()
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        self._commit_next()
        return await _ended(job.future, lambda: self._leave(job))

    def _leave(self, job: "_Job[Any]") -> None:
        """Take a job out of the line whose caller was cancelled; once it was begun it goes on to
        its end.
        """
        if job in self._waiting:
            self._waiting.remove(job)
            job.future.cancel()

    def _commit_next(self) -> None:
        """Let the writer's thread do all that waits, unless it is at something: it is asked again
        afterwards.
        """
        if self._committing or not self._waiting:
            return
        self._committing = True
        jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_IN_A_COMMIT))]
        group = self._writer.submit(
            lambda connection: _commit(connection, [job.work for job in jobs])
        )
        group.add_done_callback(lambda ended: self._hand_out(jobs, ended))

    def _hand_out(
        self, jobs: "Sequence[_Job[Any]]", group: "asyncio.Future[list[Outcome]]"
    ) -> None:
        self._committing = False
        self._commit_next()
        error = group.exception()
        outcomes: Sequence[Outcome] = [(None, error)] * len(jobs) if error else group.result()
        for job, (result, failure) in zip(jobs, outcomes, strict=True):
            if failure is not None:
                job.future.set_exception(failure)
            else:
                job.future.set_result(result)

    async def rebuild(self, work: Work[T]) -> T:
        writer = _Thread(self.sync_engine, self._file, self._options)
        try:
            await writer.open()
            return await _ended(writer.submit(lambda connection: _rebuilt(connection, work)))
        finally:
            await writer.close()

    async def close(self) -> None:
        """Let what was begun end, and close the connections; the next transaction opens new
        ones.
        """
        while self._waiting or self._committing:
            await asyncio.sleep(0.001)
        for thread in (self._writer, *self._readers.threads, *self._long_reader.threads):
            await thread.close()
        self._begin_anew()


class _Readers:
    """Connections that read: whoever comes when all are busy waits for one."""

    def __init__(self, threads: "Sequence[_Thread]") -> None:
        self.threads, self._idle = tuple(threads), list(threads)
        self._may_read = asyncio.Semaphore(len(threads))

    async def read(self, work: Work[T]) -> T:
        async with self._may_read:
            reader = self._idle.pop()
            try:
                await reader.open()
                return await _ended(
                    reader.submit(lambda connection: _looked(connection, work)), reader.interrupt
                )
            finally:
                self._idle.append(reader)


@dataclass(eq=False)
class _Job(Generic[T]):
    work: Work[T]
    future: "asyncio.Future[T]" = field(repr=False)


class _Thread:
    """A connection of aiosqlite's with its thread, and SQLAlchemy's connection over the same
    handle.

    The driver's names with an underscore are its own; SQLAlchemy's dialect uses them, too. A test
    fails if they move.
    """

    def __init__(self, engine: Engine, file: str, options: dict[str, Any]) -> None:
        self._engine, self._file, self._options = engine, file, options
        self._driver: aiosqlite.Connection
        self._connection: Transaction | None = None

    async def open(self) -> None:
        """Open the connection, if it is not.

        Where that fails the next try begins anew: a thread starts only once.
        """
        if self._connection is not None:
            return
        self._driver = aiosqlite.connect(self._file, **self._options)
        self._driver._thread.daemon = True  # noqa: SLF001 - what was never closed keeps no process alive
        try:
            await self._driver
        # what SQLAlchemy would make of it, had it opened the file itself
        except sqlite3.Error as error:
            raise OperationalError(None, None, error) from error
        try:
            opened: asyncio.Future[Transaction] = self._put(self._connect)
            self._connection = await _ended(opened)
        except BaseException:
            await self._driver.close()
            raise

    def _connect(self) -> Transaction:
        _handles.next = self._next_handle
        return self._engine.connect()

    def _next_handle(self) -> Any:
        """Return the handle, or a new one: SQLAlchemy closes it after what no `except Exception`
        catches.
        """
        driver: Any = self._driver
        if self._connection is not None:
            driver._connection = driver._connector()  # noqa: SLF001
        return driver._connection  # noqa: SLF001

    def submit(self, work: Work[T]) -> "asyncio.Future[T]":
        """Begin to run `work` in the thread; the future is this loop's."""
        connection = self._connection
        if connection is None:
            raise ValueError("the connection is not open")
        return self._put(lambda: work(connection))

    def _put(self, call: Callable[[], T]) -> "asyncio.Future[T]":
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._driver._tx.put_nowait((future, call))  # noqa: SLF001
        return future

    def interrupt(self) -> None:
        """Let a statement that is under way fail."""
        self._driver._conn.interrupt()  # noqa: SLF001

    async def close(self) -> None:
        if self._connection is not None:
            await _ended(self.submit(Transaction.close))
            self._connection = None
            await self._driver.close()


_handles = threading.local()


def _next_handle() -> Any:
    return _handles.next()


def make_engine() -> Engine:
    """Make SQLAlchemy's side: it is given the handle of the thread that asks, and keeps none."""
    made = create_engine(
        "sqlite://", creator=_next_handle, poolclass=NullPool, hide_parameters=True
    )
    hide_values(made)

    @event.listens_for(made, "connect")
    def _pragmas(handle: Any, _record: Any) -> None:
        handle.execute("PRAGMA journal_mode=WAL")
        handle.execute("PRAGMA synchronous=FULL")  # it is money
        handle.execute("PRAGMA foreign_keys=ON")
        handle.execute(f"PRAGMA journal_size_limit={_LARGEST_WAL}")

    @event.listens_for(made, "begin")
    def _begin(connection: Transaction) -> None:
        # at the handle: by SQLAlchemy's way it would cost more than the statement that follows
        try:
            handle = connection.connection.dbapi_connection
            handle.execute(connection.info.get("begin", "BEGIN"))  # type: ignore[union-attr]
        except sqlite3.Error as error:
            raise OperationalError(None, None, error) from error

    return made


def _looked(connection: Transaction, work: Work[T]) -> T:
    transaction = connection.begin()
    try:
        return work(connection)
    finally:
        transaction.rollback()


def _commit(connection: Transaction, group: Sequence[Work[Any]]) -> list[Outcome]:
    """Run a group of functions in one transaction; what one of them raises takes back only its own.

    Raises what the COMMIT raises: then nothing of the group was kept, or nobody knows, and each
    caller hears of it.
    """
    with _writing(connection):
        if len(group) == 1:
            return [(group[0](connection), None)]
        return [_behind_a_savepoint(connection, work) for work in group]


@contextmanager
def _writing(connection: Transaction) -> Iterator[None]:
    connection.info["begin"] = "BEGIN IMMEDIATE"
    try:
        with connection.begin():
            yield
    finally:
        if _is_open(connection):  # a COMMIT that failed leaves it so, as on a full disk
            connection.connection.rollback()


def _is_open(connection: Transaction) -> bool:
    return bool(getattr(connection.connection.dbapi_connection, "in_transaction", False))


def _behind_a_savepoint(connection: Transaction, work: Work[Any]) -> Outcome:
    try:
        with connection.begin_nested():
            return work(connection), None
    except BaseException as error:
        if not _is_open(connection):
            # SQLite took back the whole transaction, as with a full disk: the others' work is gone,
            # too
            raise
        return None, error


def _rebuilt(connection: Transaction, work: Work[T]) -> T:
    # Inside of a transaction the pragma does nothing.
    connection.connection.execute("PRAGMA foreign_keys=OFF")
    with _writing(connection):
        result = work(connection)
        _check_references(connection)
    return result


def _check_references(connection: Transaction) -> None:
    """Raise IntegrityError where a row of an SQLite database refers to one that is not there."""
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").mappings().first()
    if lost is not None:
        said = f"a row of {lost['table']} refers to a row of {lost['parent']} that is not there"
        raise IntegrityError(said, None, ValueError(said))


async def _ended(future: "asyncio.Future[T]", on_cancel: Callable[[], object] = lambda: None) -> T:
    """Wait for the end of what a thread does, even when this task is cancelled; the cancellation
    follows it.

    An interruption between two statements is none, so `on_cancel` is called until that is the end.
    """
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait([future], timeout=None if cancelled is None else _INTERRUPT_SECONDS)
        except asyncio.CancelledError as error:
            cancelled = error
        if cancelled is not None and not future.done():
            on_cancel()
    if cancelled is not None:
        if not future.cancelled():
            future.exception()  # it was looked at
        raise cancelled
    return future.result()
