"""Engines of tests that run in this process: what a statement is compiled to is kept from test to test, and SQLite
does not wait for the disk. Processes that a test starts have the product's engines.

SQLite gives rows in the reverse of its usual order wherever none is asked for: who relies on one finds another.
"""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import engine

unhurried = engine._sqlite_engine
_first: dict[str, Engine] = {}


def prepare() -> None:
    """Has to run once, before the first engine is made."""
    make = engine.create_async_engine
    engine.create_async_engine = lambda url, **given: _knowing(make(url, **given))
    engine._sqlite_engine = _hurried


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
        cursor.execute("PRAGMA reverse_unordered_selects=ON")
        cursor.close()

    return made
