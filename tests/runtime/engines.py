"""Engines of tests that run in this process: what a statement is compiled to is kept from test to
test, and SQLite does not wait for the disk. Processes that a test starts have the product's
engines.

SQLite gives rows in the reverse of its usual order wherever none is asked for: who relies on one
finds another.
"""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import postgresql, sqlite

unhurried = sqlite.make_engine
_pool = postgresql.make_pool
_first: dict[str, Engine] = {}


def prepare() -> None:
    """Has to run once, before the first engine is made."""
    sqlite.make_engine = _hurried
    postgresql.make_pool = _knowing_pool


def _knowing(made: Engine) -> Engine:
    """Let all engines of a kind have the first one's compiled statements, a tenth of a test's time.

    They are kept by dialect, so that is the first one's too, as soon as its first connection has
    made it complete.
    """
    first = _first.get(made.dialect.driver)
    if first is None or getattr(first.dialect, "server_version_info", None) is None:
        _first[made.dialect.driver] = made
    else:
        made.dialect = made.pool._dialect = first.dialect
        made._compiled_cache = first._compiled_cache
    return made


def _knowing_pool(url: str, connections: int) -> AsyncEngine:
    made = _pool(url, connections)
    _knowing(made.sync_engine)
    return made


def _hurried() -> Engine:
    made = _knowing(unhurried())

    @event.listens_for(made, "connect")
    def _off(handle: Any, _record: Any) -> None:
        handle.execute("PRAGMA synchronous=OFF")
        handle.execute("PRAGMA reverse_unordered_selects=ON")

    return made
