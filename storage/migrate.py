"""Bring a database to the newest schema. Alembic is imported only here: it costs 0.2 s and 11 MB."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection as SyncConnection
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import Connection, Database

_CLASS = re.compile(r"^\([\w.]+\) (?:<class '[\w.]+'>: )?")
_LOCK = 7_310_553_817  # any number, the same in every process


class DatabaseUnusableError(Exception):
    """The database can't be opened or migrated; the text says why, in a line."""


def unusable(error: Exception) -> DatabaseUnusableError:
    """Say it in one line; statements, their values and the names of classes don't belong into it."""
    line = (str(error).splitlines() or [""])[0]
    return DatabaseUnusableError(_CLASS.sub("", line) or type(error).__name__)


async def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations up to `revision`; two processes at once take turns. Raises DatabaseUnusableError."""
    try:
        database.make_private()
        async with database.rebuild() as connection:
            await _take_turns(database, connection)
            await connection.run_sync(_run, "upgrade", revision)
    except (SQLAlchemyError, OSError) as error:
        raise unusable(error) from error


async def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema. Raises DatabaseUnusableError."""
    database = Database(url)
    try:
        await upgrade(database)
    finally:
        await database.close()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open a database that must be there, as it is. Raises DatabaseUnusableError, also for what it answers inside."""
    database = Database(url)
    try:
        if database.is_missing():
            raise DatabaseUnusableError(f"there is no file {database.url.database}")
        yield database
    except (SQLAlchemyError, OSError) as error:
        raise unusable(error) from error
    finally:
        await database.close()


async def _take_turns(database: Database, connection: Connection) -> None:
    """Wait for another process that upgrades, and keep others waiting.

    With a transaction open Alembic makes all its changes in that one; without one it would commit after each
    migration, and two processes would run into each other in between.
    """
    lock = "SELECT 1" if database.is_sqlite else f"SELECT pg_advisory_xact_lock({_LOCK})"  # BEGIN IMMEDIATE locks
    await connection.execute(text(lock))


async def downgrade(database: Database, revision: str) -> None:
    async with database.rebuild() as connection:
        await _take_turns(database, connection)
        await connection.run_sync(_run, "downgrade", revision)


def _run(connection: SyncConnection, direction: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        getattr(command, direction)(config(connection), revision)
    except CommandError as error:  # such as a revision from a newer version of the bot
        raise DatabaseUnusableError(str(error)) from error


def revisions() -> list[str]:
    """List the revisions that this version knows, the newest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]


def config(connection: SyncConnection | None = None) -> Any:
    """Give Alembic's configuration; the migrations run on the given connection."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    found = Config()
    folder = Path(__file__).parent / "migrations"
    found.set_main_option("script_location", str(folder).replace("%", "%%"))  # a % would ask for another option
    found.attributes["connection"] = connection
    return found
