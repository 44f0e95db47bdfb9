"""Copies of an SQLite file, made while others write to it.

A good name is given only to what has been verified.

All of this blocks and belongs into a thread. What can't be done is a BackupError with one sentence.
"""

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.backup.stamp import (
    BackupError,
    address,
    as_backup_error,
    check_stamp,
    flush_folder,
    remove,
    stamp,
)
from storage.engine.private_files import FILE_MODE, make_folder

__all__ = [
    "BackupError",
    "begin",
    "check",
    "copies",
    "copy",
    "differing",
    "made_at",
    "prune",
    "publish",
    "remove",
]

_NAME = "shop-%Y%m%d-%H%M%S.db"
_DIFFERING = ".books-differ.db"  # instead of the .db, for a copy whose books don't agree
_OURS = re.compile(r"(shop-\d{8}-\d{6}\.db)(\.part\d+(?:-wal|-journal|-shm)?)?")
_PART = ".part"
_ABANDONED = 3600.0  # seconds since the last byte: whoever was writing is dead
_PAGES = 512  # copied between two looks at whether to go on
_INSTRUCTIONS = 100_000  # of SQLite's, the same for a check
_BUSY_SECONDS = 15.0
_TABLES = frozenset({"alembic_version", "users", "wallets", "ledger", "orders"})

Stop = Callable[[], bool]


def never() -> bool:
    return False


def copies(folder: Path) -> list[Path]:
    """List the copies in a folder whose books agree, oldest first.

    Raises OSError where it can't be read.
    """
    return [path for path in _all_copies(folder) if not _says_differing(path)]


def differing(folder: Path) -> list[Path]:
    """List those whose books don't agree, oldest first.

    Raises OSError where the folder can't be read.
    """
    return [path for path in _all_copies(folder) if _says_differing(path)]


def _all_copies(folder: Path) -> list[Path]:
    if not folder.exists():
        return []
    return sorted(
        path for path in folder.iterdir() if made_at(path) is not None and _is_plain(path)
    )


def made_at(file: Path) -> datetime | None:
    """Read when a copy was begun from its name; None for what has none of our names."""
    name = f"{file.name.removesuffix(_DIFFERING)}.db" if _says_differing(file) else file.name
    with suppress(ValueError):
        return datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    return None


def _says_differing(file: Path) -> bool:
    return file.name.endswith(_DIFFERING)


def _as_differing(named: Path) -> Path:
    return named.with_name(named.name.removesuffix(".db") + _DIFFERING)


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def begin(folder: Path, at: datetime) -> Path:
    """Make an empty file with a temporary name that nobody but this user can read."""
    with as_backup_error():
        make_folder(folder)
        named = folder / at.astimezone(UTC).strftime(_NAME)
        while named.exists() or _as_differing(named).exists():
            at += timedelta(seconds=1)
            named = folder / at.astimezone(UTC).strftime(_NAME)
        part = named.with_name(f"{named.name}{_PART}{os.getpid()}")
        remove(part)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
    return part


def copy(source: Path, target: Path, stop: Stop = never) -> None:
    """Copy one moment of a database into an empty file.

    A transaction for reading stays open meanwhile: in WAL mode it holds nobody up, and nobody's
    writes make the copying start again, which a busy shop would do for ever.
    """

    def look(*_: int) -> None:
        if stop():
            raise BackupError("the copying was stopped")

    with as_backup_error():
        if not source.is_file():
            raise BackupError(f"there is no file {source}")
        with closing(_opened(source, "ro")) as here, closing(_opened(target, "rw")) as there:
            here.execute("BEGIN")
            here.execute("SELECT count(*) FROM sqlite_master").fetchone()
            there.execute("PRAGMA synchronous=OFF")  # all of it is flushed at the end
            here.backup(there, pages=_PAGES, progress=look)


def check(file: Path, shown: Path | None = None, stop: Stop = never) -> str:
    """Look whether a file of ours is a whole copy of a shop's database; return the revision of its
    schema.

    What is wrong is said of the file `shown`.
    """
    shown = shown or file
    with as_backup_error(f"{shown} can't be read: "):
        check_stamp(file, shown)
        with closing(_opened(file, "rw")) as opened:
            opened.set_progress_handler(stop, _INSTRUCTIONS)
            (said,) = opened.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                raise BackupError(f"{shown} is damaged: {' '.join(str(said).split())}")
            if (row := opened.execute("PRAGMA foreign_key_check").fetchone()) is not None:
                raise BackupError(f"{shown} is damaged: a row of {row[0]} leads nowhere")
            tables = {
                name
                for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if not tables >= _TABLES:
                raise BackupError(f"{shown} is a database of something else")
            return ", ".join(
                str(revision)
                for (revision,) in opened.execute("SELECT version_num FROM alembic_version")
            )


def publish(part: Path, *, agrees: bool = True) -> Path:
    """Seal a verified copy and give it its name. From then on it is there, also after a power cut.

    `agrees`: whether its books do; the name says where they don't.
    """
    named = part.with_name(part.name.partition(_PART)[0])
    named = named if agrees else _as_differing(named)
    with as_backup_error():
        with closing(_opened(part, "rw")) as opened:
            # Whole in one file: no second one can be forgotten beside it.
            opened.execute("PRAGMA journal_mode=DELETE").fetchone()
        stamp(part)
        part.replace(named)
        flush_folder(named.parent)
    return named


def prune(folder: Path, keep: int, newest: Path) -> None:
    """Remove the oldest copies but for `keep`, never `newest`; and what killed processes have left
    half done.

    Only of the kind of `newest`: a copy whose books don't agree takes the place of none whose books
    do.
    """
    with as_backup_error("an older copy can't be removed: "):
        same = differing(folder) if _says_differing(newest) else copies(folder)
        old = [path for path in same if path != newest]
        for path in old[: max(len(old) + 1 - keep, 0)]:
            path.unlink(missing_ok=True)
        now = datetime.now(UTC).timestamp()
        for path in folder.iterdir():
            found = _OURS.fullmatch(path.name)
            if found is None or found[2] is None or not _is_plain(path):
                continue
            with suppress(FileNotFoundError):
                if now - path.stat().st_mtime > _ABANDONED:
                    path.unlink()


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        address(file, mode), uri=True, timeout=_BUSY_SECONDS, isolation_level=None
    )
