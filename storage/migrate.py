"""Bring a database to the newest schema.

Alembic is imported only here: it costs 0.2 s and 11 MB.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import Database, Transaction

_CLASS = re.compile(r"^\([\w.]+\) (?:<class '[\w.]+'>: )?")
_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_310_553_817  # any number, the same in every process


class DatabaseUnusableError(Exception):
    """The database can't be opened or migrated; the text says why, in a line."""


def unusable(error: Exception) -> DatabaseUnusableError:
    """Say it in one line; statements, their values and the names of classes don't belong into
    it.
    """
    line = (str(error).splitlines() or [""])[0]
    return DatabaseUnusableError(_CLASS.sub("", line) or type(error).__name__)


async def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations up to `revision`; two processes at once take turns.

    Raises DatabaseUnusableError.
    """
    try:
        database.make_private()
        if revision == "head" and await database.read(_revision) == newest():
            return
        await database.rebuild(_run, "upgrade", revision)
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
    """Open a database that must be there, as it is.

    Raises DatabaseUnusableError, also for what it answers inside.
    """
    database = Database(url)
    try:
        if database.is_missing():
            raise DatabaseUnusableError(f"there is no file {database.url.database}")
        yield database
    except (SQLAlchemyError, OSError) as error:
        raise unusable(error) from error
    finally:
        await database.close()


def newest() -> str:
    """Return the newest revision that this version knows, by the names of the files: without
    Alembic.
    """
    return max(file.name.partition("_")[0] for file in (_FOLDER / "versions").glob("[0-9]*_*.py"))


def _revision(tx: Transaction) -> str | None:
    """Return the revision of the schema; None before the first one."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _take_turns(tx: Transaction) -> None:
    """Wait for another process that upgrades, and keep others waiting.

    With a transaction open Alembic makes all its changes in that one; without one it would commit
    after each migration, and two processes would run into each other in between.
    """
    lock = (
        "SELECT 1" if tx.dialect.name == "sqlite" else f"SELECT pg_advisory_xact_lock({_LOCK})"
    )  # BEGIN IMMEDIATE locks
    tx.execute(text(lock))


async def downgrade(database: Database, revision: str) -> None:
    await database.rebuild(_run, "downgrade", revision)


def _run(tx: Transaction, direction: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.util import CommandError  # noqa: PLC0415

    _take_turns(tx)
    try:
        getattr(command, direction)(config(tx), revision)
    except CommandError as error:  # such as a revision from a newer version of the bot
        raise DatabaseUnusableError(str(error)) from error


def revisions() -> list[str]:
    """List the revisions that this version knows, the newest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]


def config(tx: Transaction | None = None) -> Any:
    """Return Alembic's configuration; the migrations run on the given connection."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    found = Config()
    # a % would ask for another option
    found.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    found.attributes["connection"] = tx
    return found
