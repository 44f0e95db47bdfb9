"""A copy of the database carries a checksum of itself, so that what has rotted in a drawer is not
taken for money.

SQLite's own check sees damage to the structure of its pages, not to what is written in them. Two
fields of its header are left to applications: one has our mark, the other the checksum of all other
bytes.
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Error as SqliteError
from urllib.parse import quote

from storage.engine.sidecar_files import sidecar_files

_SEAL_AT, _MARK_AT, _FIELD = 60, 68, 4  # user_version and application_id
_MARK = b"SHOP"
_HEADER = 100
_MAGIC = b"SQLite format 3\x00"
_BLOCK = 1 << 20


class BackupError(Exception):
    """It was not done; the text says why, in a line."""


def stamp(file: Path) -> None:
    """Write the checksum into a finished copy and have everything on the disk. Raises OSError."""
    with file.open("r+b") as opened:
        opened.seek(_MARK_AT)
        opened.write(_MARK)
        opened.flush()
        opened.seek(_SEAL_AT)
        opened.write(_checksum(file))
        opened.flush()
        os.fsync(opened.fileno())


def check_stamp(file: Path, shown: Path) -> None:
    """Raise BackupError, about the file `shown`, for what is no copy of a database, or not as it
    was made.

    One that was made by other means has no seal: nothing can be said of its bytes.
    """
    with file.open("rb") as opened:
        header = opened.read(_HEADER)
    if not header.startswith(_MAGIC):
        raise BackupError(f"{shown} is no SQLite database")
    fields = _field(header, _MARK_AT), _field(header, _SEAL_AT)
    if fields != (bytes(_FIELD), bytes(_FIELD)) and fields != (_MARK, _checksum(file)):
        raise BackupError(
            f"{shown} is not as it was made: it is damaged, or something has written to it"
        )


def _field(header: bytes, place: int) -> bytes:
    return header[place : place + _FIELD]


def _checksum(file: Path) -> bytes:
    """Add up the file's bytes but for the checksum's own."""
    with file.open("rb") as opened:
        header = bytearray(opened.read(_HEADER))
        header[_SEAL_AT : _SEAL_AT + _FIELD] = bytes(_FIELD)
        total = zlib.crc32(header)
        while block := opened.read(_BLOCK):
            total = zlib.crc32(block, total)
    return total.to_bytes(_FIELD, "big")


def address(file: Path, mode: str) -> str:
    """Return SQLite's address of a file that must be there; `mode`: ro or rw."""
    return f"file:{quote(str(file.absolute()))}?mode={mode}"


def remove(file: Path) -> None:
    """Remove a temporary database, and what lies beside it."""
    for path in (file, *sidecar_files(file)):
        path.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def as_backup_error(about: str = "") -> Iterator[None]:
    """Turn what SQLite and the disk raise into a BackupError."""
    try:
        yield
    except SqliteError as error:
        raise BackupError(f"{about}{error}") from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else about
        raise BackupError(f"{where}{error.strerror or error}") from error
