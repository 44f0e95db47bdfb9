"""What the numbers were measured on: no names, no paths."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """Describe the machine in a line."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("aiogram", "SQLAlchemy", "httpx"))
    return (
        f"{_cpu()}, {os.cpu_count()} cores, {platform.system()}; Python "
        f"{platform.python_version()}, {libraries}, "
        f"SQLite {sqlite3.sqlite_version}; {datetime.now(UTC):%Y-%m-%d}"
    )


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
