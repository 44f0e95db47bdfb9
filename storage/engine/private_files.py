"""Files that nobody but their owner reads: the database, what lies beside it, and its backups."""

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

from storage.engine.sidecar_files import sidecar_files

log = logging.getLogger(__name__)

FILE_MODE, FOLDER_MODE = 0o600, 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_folder(folder: Path) -> None:
    """Make a folder for its owner only; one that is there keeps its mode. Raises OSError."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def make_file(file: Path) -> None:
    """Make an empty file for its owner only, where there is none. Raises OSError.

    SQLite takes it for a new database, and gives its mode to what it makes beside it.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE))


def tighten(file: Path) -> None:
    """Take everybody else's rights from a database and what lies beside it.

    Where that is not ours to do, such as a file of another owner on a volume, it is a warning and
    no reason to stop.
    """
    for path in (file, *sidecar_files(file)):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & _OTHERS:
                path.chmod(mode & ~_OTHERS)
        except FileNotFoundError:
            continue
        except OSError as error:
            log.warning(
                "%s can be read by others, and that can't be changed: %s", path, error.strerror
            )
