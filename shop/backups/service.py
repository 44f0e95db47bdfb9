"""Backups of an SQLite database: made while the shop is open, verified before they get a name, the
last few kept.

A copy that can't be restored is none, so a restore's own checks decide: whole, of a shop, and of a
schema that this version knows. One whose books don't agree is kept under a name that says so: it
may be all that there is.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from shop import outbox
from shop.clock import Clock
from shop.outbox import Kind
from shop.outbox.payloads import BackupDiffersNotice, BackupFailedNotice
from shop.payments.audit import Report, go_over
from shop.wakeups import Wakeups
from storage import Database
from storage.backup import copies
from storage.backup.copies import BackupError
from storage.engine import Transaction
from storage.engine.address import of_file
from storage.migrate import revisions

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_AGAIN = timedelta(minutes=10)  # after a failure
_SKEW = timedelta(minutes=1)
_SHORTEST, _LONGEST = 5.0, 3600.0  # seconds between two looks


class BooksError(BackupError):
    """The copy's books don't agree. `report` says where; it may name people, the text does not."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"the books don't agree, differences: {len(report.differences)}")
        self.report = report


@dataclass(frozen=True, slots=True)
class Made:
    """A backup. `report`: of its books; None where its schema is older than this version's."""

    file: Path
    size: int
    report: Report | None

    @property
    def agrees(self) -> bool:
        """Whether nothing is known to be wrong with its books."""
        return self.report is None or not self.report.differences


@dataclass(frozen=True, slots=True)
class Backups:
    """Of the database in `source`, into `folder`, where the last `keep` stay."""

    source: Path
    folder: Path
    keep: int
    clock: Clock

    async def make(self) -> Made:
        """Make one. Raises BackupError with a sentence, and leaves nothing behind."""
        part, revision = await stoppable(_copied, self.source, self.folder, self.clock())
        try:
            known = known_revision(revision, self.source)
            report = await report_of(part) if known == revisions()[0] else None
        except BaseException:
            copies.remove(part)
            raise
        return await stoppable(_published, part, self.folder, self.keep, report)

    def last(self) -> datetime | None:
        """Return when the newest one was begun, leaving out what says it is from the future.

        Raises OSError.

        One whose books don't agree counts: another one ten minutes later would be no better.
        """
        there = [*copies.copies(self.folder), *copies.differing(self.folder)]
        begun = [at for at in map(copies.made_at, there) if at is not None]
        return max((at for at in begun if at <= self.clock() + _SKEW), default=None)


def _copied(stop: Callable[[], bool], source: Path, folder: Path, at: datetime) -> tuple[Path, str]:
    part = copies.begin(folder, at)
    try:
        copies.copy(source, part, stop)
        return part, copies.check(part, source, stop)
    except BaseException:
        copies.remove(part)
        raise


def _published(
    _: Callable[[], bool], part: Path, folder: Path, keep: int, report: Report | None
) -> Made:
    try:
        named = copies.publish(part, agrees=report is None or not report.differences)
    except BaseException:
        copies.remove(part)
        raise
    copies.prune(folder, keep, named)
    return Made(named, named.stat().st_size, report)


async def stoppable(
    work: Callable[Concatenate[Callable[[], bool], P], T], *given: P.args, **named: P.kwargs
) -> T:
    """Do something in a thread; when its waiter is cancelled it is told to stop, and cleans up by
    itself.
    """
    stop = Event()
    try:
        return await asyncio.to_thread(work, stop.is_set, *given, **named)
    except asyncio.CancelledError:
        stop.set()
        raise


def known_revision(revision: str, shown: Path) -> str:
    """Return the schema's revision.

    Raises BackupError for one of a newer version, or of another program.
    """
    if revision not in revisions():
        raise BackupError(
            f"{shown} comes from a newer version: this one does not know its schema "
            f"{revision or '-'}"
        )
    return revision


async def report_of(file: Path) -> Report:
    """Go over the books of a copy. Raises BackupError where they can't be read."""
    database = Database(of_file(file))
    try:
        return await go_over(database)
    except SQLAlchemyError as error:
        raise BackupError(
            f"the copy's books can't be read: {str(error).splitlines()[0]}"
        ) from error
    finally:
        await database.close()


@dataclass(slots=True)
class BackupSchedule:
    """Makes a backup when the newest is older than `every`; the admins are told once that there is
    none.
    """

    database: Database
    backups: Backups
    every: timedelta
    admins: Collection[int]
    bells: Wakeups
    clock: Clock
    _not_before: datetime | None = None

    async def step(self) -> None:
        if self._wait() > 0:
            return
        self._not_before = self.clock() + _AGAIN
        try:
            made = await self.backups.make()
        except BackupError as error:
            log.error("there is no backup: %s", error)  # noqa: TRY400 - the sentence says it all
            await self._failed(str(error))
            return
        self._not_before = None
        await self._made(made)

    async def _made(self, made: Made) -> None:
        differences = len(made.report.differences) if made.report is not None else 0
        if made.agrees:
            log.info("backup: %s, %s bytes", made.file, made.size)
        else:
            log.error(
                "backup: %s, but its books don't agree, differences: %s", made.file, differences
            )

        def transaction(tx: Transaction) -> None:
            outbox.clear_alert(tx, Kind.BACKUP_FAILED)
            if made.agrees:
                outbox.clear_alert(tx, Kind.BACKUP_DIFFERS)
                return
            outbox.alert_once(
                tx,
                self.admins,
                BackupDiffersNotice(text=made.file.name, count=differences),
                self.clock(),
            )

        await self.database.write(transaction)
        self.bells.notify.set()

    async def _failed(self, text: str) -> None:
        await self.database.write(
            outbox.alert_once, self.admins, BackupFailedNotice(text=text), self.clock()
        )
        self.bells.notify.set()

    async def pause(self) -> float:
        """Return the seconds until the next one; another process may have made one meanwhile."""
        return min(max(self._wait(), _SHORTEST), _LONGEST)

    def _wait(self) -> float:
        now = self.clock()
        try:
            last = self.backups.last()
        except OSError:  # making one will say why
            last = None
        if self._not_before is not None and self._not_before > now + _AGAIN:  # the clock was ahead
            self._not_before = None
        turns = [
            turn
            for turn in (self._not_before, None if last is None else last + self.every)
            if turn is not None
        ]
        return max(((turn - now).total_seconds() for turn in turns), default=0.0)
