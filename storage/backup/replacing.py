"""A copy put in the place of an SQLite file: laid beside it first, and changed over in one step at
the end.

All of this blocks and belongs into a thread. What can't be done is a BackupError with one sentence.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.backup.stamp import BackupError, address, as_backup_error, flush_folder, remove
from storage.engine.private_files import FILE_MODE, tighten
from storage.engine.sidecar_files import sidecar_files

_BUSY_SECONDS = 5.0  # a look by somebody else is over by then


def stage(copied: Path, file: Path) -> Path:
    """Lay a copy beside the file that it is to replace, to be looked at and put right; the copy
    itself is only read.

    One that was made by hand may have a log beside it, which belongs to it.
    """
    staged = file.with_name(f"{file.name}.restoring")
    with as_backup_error():
        if not copied.is_file():
            raise BackupError(f"there is no file {copied}")
        if file.exists() and copied.samefile(file):
            raise BackupError(f"{copied} is the database itself")
        remove(staged)  # of a restore that was killed
        os.close(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
        try:
            shutil.copyfile(copied, staged)
            for there, here in zip(sidecar_files(copied), sidecar_files(staged), strict=True):
                if there.exists() and not there.name.endswith("-shm"):
                    shutil.copyfile(there, here)
        except OSError:
            remove(staged)
            raise
    return staged


def remove_stamp(staged: Path, like: Path) -> None:
    """Make a staged copy an ordinary database, whole in one file and on the disk, that belongs to
    whom `like` does.
    """
    with as_backup_error():
        with closing(_opened(staged, "rw")) as opened:
            opened.execute("PRAGMA journal_mode=DELETE").fetchone()
            opened.execute("PRAGMA application_id=0")
            opened.execute("PRAGMA user_version=0")
        give_to_owner(staged, like if like.exists() else like.parent)
        if like.exists():
            shutil.copymode(like, staged)
            tighten(staged)
        with staged.open("rb") as written:
            os.fsync(written.fileno())


def replace(staged: Path, file: Path, at: datetime) -> Path | None:
    """Put a staged copy in the place of the file; return the name under which that is kept, if
    there was one.

    Whoever is killed in between finds the one or the other. Nobody else may have the file open.
    """
    with as_backup_error():
        before = _keep(file, at) if file.exists() else None
        # A log that is left of the old file would be played into the new one.
        for path in sidecar_files(file):
            path.unlink(missing_ok=True)
        flush_folder(file.parent)
        staged.replace(file)
        flush_folder(file.parent)
    return before


def _keep(file: Path, at: datetime) -> Path:
    """Give the file a second name.

    What its log holds comes into it before, or is kept beside it where it can't.
    """
    before = file.with_name(f"{file.name}.before-restore-{at.astimezone(UTC):%Y%m%d-%H%M%S}")
    try:
        with closing(_opened(file, "rw")) as opened:
            busy, *_ = opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        # Where it can't even be read, that may be why a copy is to take its place.
        busy = error.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    if busy:
        raise BackupError(f"something else has {file} open")
    for path, kept in zip(
        (file, *sidecar_files(file)), (before, *sidecar_files(before)), strict=True
    ):
        if path.exists():
            _second_name(path, kept)
    tighten(before)
    return before


def _second_name(path: Path, kept: Path) -> None:
    """Keep a file under another name, too: at no time is it under none."""
    try:
        kept.hardlink_to(path)
    except FileExistsError:
        raise
    except OSError:  # a file system without
        shutil.copy2(path, kept)
        with kept.open("rb") as copied:
            os.fsync(copied.fileno())


def highest_numbers(file: Path, tables: tuple[str, ...]) -> dict[str, int]:
    """Return the highest id that each table has given; nothing where the file is not there or can't
    be read.
    """
    if not file.is_file():
        return {}
    try:
        with closing(_opened(file, "ro")) as opened:
            found = {
                table: opened.execute(f'SELECT max(id) FROM "{table}"').fetchone()[0]
                for table in tables
            }
            counts = opened.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"
            ).fetchone()
            counted = (
                dict(opened.execute("SELECT name, seq FROM sqlite_sequence")) if counts else {}
            )
    except sqlite3.Error:
        return {}
    return {
        table: max(int(highest or 0), int(counted.get(table) or 0))
        for table, highest in found.items()
    }


def give_to_owner(path: Path, like: Path) -> None:
    """Let a file of root's belong to whom `like` belongs: the bot may run as somebody else."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        address(file, mode), uri=True, timeout=_BUSY_SECONDS, isolation_level=None
    )
