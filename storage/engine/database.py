"""The database that the whole product uses, whichever engine is behind it."""

from collections.abc import Callable
from functools import partial
from inspect import iscoroutine, iscoroutinefunction
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import make_url

from storage.engine import private_files
from storage.engine.companion import companion
from storage.engine.sqlite import SqliteEngine
from storage.engine.transaction import Transaction, Work

T = TypeVar("T")
P = ParamSpec("P")

CONNECTIONS = 15  # opened when they are first needed


class Engine(Protocol):
    """What differs between SQLite and PostgreSQL."""

    async def read(self, work: Work[T]) -> T: ...
    async def snapshot(self, work: Work[T]) -> T: ...
    async def write(self, work: Work[T]) -> T: ...
    async def rebuild(self, work: Work[T]) -> T: ...
    async def close(self) -> None: ...


class Database:
    """Runs functions as transactions: `work` gets the transaction first, then the other arguments.

    `url` is an address as storage.engine.address gives it: `sqlite+aiosqlite:///path` or
    `postgresql+asyncpg://...`. A caller who is cancelled gets the cancellation when the transaction
    has ended, or was taken out of the line. `connections`: how many transactions PostgreSQL runs at
    once; SQLite has its own number.
    """

    def __init__(self, url: str, *, connections: int = CONNECTIONS) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = (
            SqliteEngine(self.url) if self.is_sqlite else _postgresql(url, connections)
        )

    async def read(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run a transaction for reading; nothing done in it is kept."""
        return await self.engine.read(_with(work, *args, **named))

    async def snapshot(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run a transaction for reading in which nothing changes: all its statements see the same
        moment.

        It may take minutes: it keeps no `read` and no `write` waiting. On SQLite there is one at a
        time.
        """
        return await self.engine.snapshot(_with(work, *args, **named))

    async def write(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run a transaction for writing; committed at its end, taken back on any exception.

        When this returns, it is committed. PostgreSQL may take one back that met another one: it is
        run again. What has been put aside for the next transaction (storage.engine.companion) is
        written in the same one.
        """
        bound, beside = _with(work, *args, **named), companion.get()
        addition = beside.addition() if beside is not None else None
        if addition is None:
            return await self.engine.write(bound)
        result = await self.engine.write(partial(_both, bound, addition.write))
        addition.written()
        return result

    async def rebuild(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Do the same with SQLite's foreign keys off, as making a table anew needs; they are
        checked at the end.

        Raises IntegrityError, and writes nothing, where one leads nowhere then.
        """
        return await self.engine.rebuild(_with(work, *args, **named))

    @property
    def file(self) -> Path | None:
        """The SQLite file; None where there is none, or only SQLite knows where."""
        name = self.url.database or ":memory:"
        return Path(name) if self.is_sqlite and not name.startswith((":memory:", "file:")) else None

    def make_private(self) -> None:
        """Make the SQLite file and its folder, where they are missing, and let nobody else read it.

        Raises OSError.
        """
        if self.file is not None:
            private_files.make_folder(self.file.parent)
            private_files.make_file(self.file)
            private_files.tighten(self.file)

    def is_missing(self) -> bool:
        """Return whether there is no SQLite file; opening it would make an empty one."""
        return self.file is not None and not self.file.is_file()

    async def close(self) -> None:
        await self.engine.close()


def _postgresql(url: str, connections: int) -> Engine:
    """Make the engine of PostgreSQL, whose imports take 10 MB and a tenth of a second: SQLite needs
    none of them.
    """
    from storage.engine.postgresql import PostgresqlEngine  # noqa: PLC0415

    return PostgresqlEngine(url, connections)


def _with(
    work: Callable[Concatenate[Transaction, P], T], *args: P.args, **named: P.kwargs
) -> Work[T]:
    """Bind the arguments.

    Raises TypeError for a coroutine function: nothing is awaited in a transaction.
    """
    if iscoroutinefunction(work):
        raise TypeError(
            "a transaction is a plain function, and "
            f"{getattr(work, '__qualname__', work)} is a coroutine's"
        )
    return partial(_call, work, args, named)


def _both(work: Work[T], addition: Work[None], tx: Transaction) -> T:
    result = work(tx)
    addition(tx)
    return result


def _call(work: Callable[..., T], args: Any, named: Any, tx: Transaction) -> T:
    try:
        result = work(tx, *args, **named)
    except StopIteration as error:  # no future can carry it
        raise RuntimeError("a transaction raised StopIteration") from error
    if iscoroutine(result):
        result.close()
        raise TypeError(f"a transaction has to give what it found, and {work} gave a coroutine")
    return result
