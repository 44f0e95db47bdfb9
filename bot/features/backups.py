"""The worker that makes backups by itself."""

import logging
from datetime import timedelta
from pathlib import Path

from bot.settings import Settings
from bot.workers.supervisor import Worker
from shop.backups.service import Backups, BackupSchedule
from shop.clock import Clock
from shop.wakeups import Wakeups
from storage import Database
from storage.lock import sqlite_file

log = logging.getLogger(__name__)


def backup_workers(
    settings: Settings, database: Database, bells: Wakeups, clock: Clock
) -> list[Worker]:
    """Make the worker where the operator has named a folder and the database is a file; otherwise
    none.
    """
    if not settings.backup_folder:
        return []
    source = sqlite_file(settings.database_url)
    if source is None:
        log.warning(
            "BACKUP_FOLDER is for SQLite only; python -m bot backup says how PostgreSQL "
            "is backed up."
        )
        return []
    backups = Backups(source, Path(settings.backup_folder).resolve(), settings.backup_keep, clock)
    every = timedelta(hours=settings.backup_hours)
    schedule = BackupSchedule(database, backups, every, settings.admin_ids, bells, clock)
    return [Worker("backup", schedule.step, schedule.pause)]
