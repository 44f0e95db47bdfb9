"""One process at a time on one SQLite file: a lock beside it, which the kernel gives back when its
holder dies.

SQLite itself lets many processes in. The shop's workers count on being alone there: what a dead
process had begun is given up at the start, without waiting for a lease to end.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from storage.engine.private_files import make_folder
from storage.migrate import DatabaseUnusableError

_HELD = frozenset({errno.EAGAIN, errno.EACCES})


def sqlite_file(url: str) -> Path | None:
    """Return the file that an address leads to, whatever links lead there; None where there is
    none.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    return Path(str(address.database)).resolve()


@contextmanager
def only_process(url: str) -> Iterator[None]:
    """Be the only process on an SQLite file while the block lasts; on PostgreSQL there is nothing
    to hold.

    Raises DatabaseUnusableError when another one is at it, or when the file system can't lock.
    """
    file = sqlite_file(url)
    if file is None:
        yield
        return
    lock = file.with_name(f"{file.name}.lock")
    held = _open(lock)
    try:
        _take(held, file, lock)
        os.ftruncate(held, 0)
        os.write(held, f"{os.getpid()}\n".encode())
        yield
    finally:
        # The file stays: who removes it could take it from under somebody who has just opened it.
        os.close(held)


def _open(lock: Path) -> int:
    try:
        make_folder(lock.parent)
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DatabaseUnusableError(
            f"its lock {lock} can't be opened ({error.strerror})"
        ) from error


def _take(held: int, file: Path, lock: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            pid = os.pread(held, 20, 0).decode(errors="replace").strip() or "unknown"
            raise DatabaseUnusableError(
                f"process {pid} is at work on {file}, and an SQLite file takes one at a time",
            ) from None
        raise DatabaseUnusableError(
            (
                f"{lock} can't be locked ({error.strerror}): the file has to be on a disk of "
                "this machine"
            ),
        ) from error
