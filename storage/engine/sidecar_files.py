"""The files that SQLite keeps beside a database."""

from pathlib import Path


def sidecar_files(file: Path) -> list[Path]:
    """List what may lie beside a database while it is open, or after a crash."""
    return [file.with_name(file.name + ending) for ending in ("-wal", "-journal", "-shm")]
