"""A fresh, migrated database for a test: SQLite in a temporary folder, or a schema of its own on
PostgreSQL.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import Database
from storage.migrate import upgrade

ENGINES = ("sqlite", "postgresql")


@asynccontextmanager
async def fresh_url(engine: str, folder: Path) -> AsyncIterator[str]:
    """Give the address of an empty database; skips where the machine has no PostgreSQL."""
    if engine == "sqlite":
        yield f"sqlite+aiosqlite:///{folder}/shop.db"
        return
    base = os.environ.get("TEST_POSTGRES_URL", "")
    if not base:
        pytest.skip("no PostgreSQL: set TEST_POSTGRES_URL")
    name = f"shop_test_{secrets.token_hex(6)}"
    admin = Database(base)
    autocommit = admin.engine.pool.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield str(admin.url.set(database=name).render_as_string(hide_password=False))
    finally:
        async with autocommit.connect() as connection:
            await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        await admin.close()


@asynccontextmanager
async def fresh_database(engine: str, folder: Path) -> AsyncIterator[Database]:
    async with fresh_url(engine, folder) as url:
        database = Database(url)
        await upgrade(database)
        try:
            yield database
        finally:
            await database.close()
