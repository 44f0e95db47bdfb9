"""Each of these tests runs on SQLite and on PostgreSQL.

A schema is migrated once, then used again when empty.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from storage import Database
from storage.schema.base import metadata
from tests.harness.world import World, open_world
from tests.runtime.databases import ENGINES, fresh_database


@pytest.fixture(scope="session", params=ENGINES)
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give the address of a database with every table and no rows."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        folder = tmp_path_factory.mktemp("migrated")
        made = runner.run(stack.enter_async_context(fresh_database(request.param, folder)))
        runner.run(_hurry(made))
        runner.run(made.close())  # connections belong to this loop
        yield made.url.render_as_string(hide_password=False)
        runner.run(stack.aclose())


async def _hurry(database: Database) -> None:
    """Don't wait for the disk at each commit: a test's rows need not survive the machine."""
    if not database.is_sqlite:
        await database.write(
            lambda tx: tx.exec_driver_sql(
                f"ALTER DATABASE {database.url.database} SET synchronous_commit = off"
            )
        )


@asynccontextmanager
async def fresh_copy(migrated: str, folder: Path) -> AsyncIterator[Database]:
    """Open a migrated database that is empty: a copy of the file, or the same one swept."""
    if migrated.startswith("sqlite"):
        for old in folder.glob("shop.db*"):
            old.unlink()
        shutil.copy(migrated.partition("///")[2], folder / "shop.db")
        migrated = f"sqlite+aiosqlite:///{folder}/shop.db"
    opened = Database(migrated)
    try:
        await _empty(opened)
        yield opened
    finally:
        await opened.close()


@pytest.fixture
async def database(migrated: str, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_copy(migrated, tmp_path) as opened:
        yield opened


async def _empty(database: Database) -> None:
    if database.is_sqlite:  # it is a fresh copy
        return
    # TRUNCATE makes new files and waits for the disk; these tables hold a few rows.
    deletes = "".join(f'DELETE FROM "{table}";' for table in reversed(metadata.sorted_tables))
    restarts = "PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';"
    await database.write(lambda tx: tx.exec_driver_sql(f"DO $$ BEGIN {deletes} {restarts} END $$"))


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as opened:
        yield opened
