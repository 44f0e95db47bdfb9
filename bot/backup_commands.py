"""`python -m bot backup` and `python -m bot restore`, as the operator sees them."""

import signal
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from shop.backups.restore import PutRight, put_right
from shop.backups.service import Backups, BooksError, Made, known_revision, report_of, stoppable
from shop.clock import utc_now
from shop.orders.eligibility import Rules
from shop.payments.audit import Report, sentence
from storage import Database
from storage.backup import copies, replacing
from storage.backup.stamp import BackupError
from storage.engine.address import of_file
from storage.lock import only_process, sqlite_file
from storage.migrate import DatabaseUnusableError, upgrade
from storage.queries.restoring import NUMBERED

DONE, FAILED, CANT = 0, 1, 2
_SHOWN = 10
_FOLDER = "backups"  # beside the database, where the operator has named none


async def make_backup(settings: Settings, to: str | None) -> int:
    """Make a backup while the bot runs or not, and say where it is; return the exit code."""
    source = sqlite_file(settings.database_url)
    if source is None:
        return _say(how_to_dump(settings.database_url), CANT)
    folder = Path(to or settings.backup_folder or source.parent / _FOLDER)
    try:
        made = await Backups(source, folder, settings.backup_keep, utc_now).make()
    except BackupError as error:
        return _say([f"There is no backup: {error}."], FAILED)
    if made.report is not None and made.report.differences:
        said = (
            f"The books don't agree, differences: {len(made.report.differences)}. The "
            f"copy is kept as {made.file}."
        )
        return _say([said, *_differences(made.report)], FAILED)
    return _say([_made(made)], DONE)


def _made(made: Made) -> str:
    said = f"{made.file}: {made.size} bytes"
    if made.report is None:
        return f"{said}. Its schema is an older one, so its books were not gone over."
    size = made.report.size
    return (
        f"{said}, {size.entries} entries, {size.wallets} wallets, {size.orders} "
        "orders: the books agree."
    )


def _differences(report: Report) -> list[str]:
    return [sentence(one) for one in report.differences[:_SHOWN]]


def how_to_dump(url: str) -> list[str]:
    """Return how PostgreSQL is backed up; the password is not said."""
    where = _where(url)
    return [
        "This database is PostgreSQL, which makes its own backups, also while the bot runs:",
        f"  pg_dump -Fc {where} -f shop.dump",
    ]


def how_to_load(url: str) -> list[str]:
    where = _where(url)
    return [
        (
            "This database is PostgreSQL. Stop every process of the bot, then bring the dump "
            "back, and before any"
        ),
        (
            "process starts put right what it can't know: what was queued in it may have "
            "been sent since."
        ),
        f"  pg_restore --clean --if-exists --single-transaction {where} shop.dump",
        "  python -m bot restore --put-right",
    ]


def _where(url: str) -> str:
    address = make_url(url)
    named = (
        ("-h", address.host),
        ("-p", address.port),
        ("-U", address.username),
        ("-d", address.database),
    )
    return " ".join(f"{option} {value}" for option, value in named if value)


async def restore(
    settings: Settings,
    copied: str | None,
    *,
    yes: bool,
    only_put_right: bool = False,
    accept_differences: bool = False,
) -> int:
    """Put a backup in the place of the database, once it has been looked at from all sides; give
    the exit code.

    `accept_differences`: although its books don't agree.
    """
    file = sqlite_file(settings.database_url)
    if file is None:
        return (
            await _put_dump_right(settings)
            if only_put_right
            else _say(how_to_load(settings.database_url), CANT)
        )
    if copied is None or only_put_right:
        return _say(["Say which backup: python -m bot restore FILE."], CANT)
    with only_process(settings.database_url):
        try:
            return await _restore(
                settings, Path(copied), file, yes=yes, accept_differences=accept_differences
            )
        except BooksError as error:
            lines = [f"Nothing was replaced: {error}.", *_differences(error.report)]
            return _say([*lines, "To restore it all the same, say --accept-differences."], FAILED)
        except (BackupError, DatabaseUnusableError) as error:
            return _say([f"Nothing was replaced: {error}."], FAILED)
        except SQLAlchemyError as error:
            return _say([f"Nothing was replaced: {str(error).splitlines()[0]}."], FAILED)


async def _restore(
    settings: Settings, copied: Path, file: Path, *, yes: bool, accept_differences: bool
) -> int:
    now = utc_now()
    numbers = replacing.highest_numbers(file, NUMBERED)
    staged = replacing.stage(copied, file)
    try:
        revision = await stoppable(lambda stop: copies.check(staged, copied, stop))
        known_revision(revision, copied)
        found, report = await _prepare(
            settings, staged, copied, numbers, now, accept_differences=accept_differences
        )
        replacing.remove_stamp(staged, file)
        if not yes:
            if not sys.stdin.isatty():
                return _say(
                    [f"{copied} can be restored. Nothing was replaced: say --yes to do it."], CANT
                )
            if not _agreed(f"Replace {file} by {copied}? yes/no: "):
                return _say(["Nothing was replaced."], FAILED)
        before = replacing.replace(staged, file, now)
    finally:
        copies.remove(staged)
    wrong = [
        f"Its books don't agree, differences: {len(report.differences)}.",
        *_differences(report),
    ]
    return _say([*_report(found, file, before), *(wrong if report.differences else [])], DONE)


async def _prepare(
    settings: Settings,
    staged: Path,
    copied: Path,
    numbers: dict[str, int],
    now: datetime,
    *,
    accept_differences: bool,
) -> tuple[PutRight, Report]:
    """Bring the staged copy to this version's schema, put right what it can't know, and go over its
    books.

    Raises BooksError where they don't agree, unless that is accepted.
    """
    database = Database(of_file(staged))
    try:
        await upgrade(database)
        # Before: what is wrong then, the copy has brought along.
        _check(await report_of(staged), accept_differences=accept_differences)
        found = await _put_right(settings, database, numbers, copies.made_at(copied), now)
    finally:
        await database.close()
    report = await report_of(staged)
    _check(report, accept_differences=accept_differences)
    return found, report


def _check(report: Report, *, accept_differences: bool) -> None:
    if report.differences and not accept_differences:
        raise BooksError(report)


async def _put_right(
    settings: Settings,
    database: Database,
    numbers: dict[str, int],
    made_at: datetime | None,
    now: datetime,
) -> PutRight:
    rules = Rules(timedelta(hours=settings.refill_wait_hours))
    return await put_right(
        database, numbers, rules=rules, admins=settings.admin_ids, made_at=made_at, now=now
    )


async def _put_dump_right(settings: Settings) -> int:
    database = Database(settings.database_url)
    try:
        await upgrade(database)
        found = await _put_right(settings, database, {}, None, utc_now())
    finally:
        await database.close()
    return _say(_report(found, None, None), DONE)


def _agreed(question: str) -> bool:
    """Ask; Ctrl+C and the end of the input are a no. asyncio would wait with Ctrl+C for the
    answer.
    """
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input(question).strip().casefold() in {"y", "yes"}
    except (KeyboardInterrupt, EOFError):
        return False
    finally:
        signal.signal(signal.SIGINT, usual)


def _report(found: PutRight, file: Path | None, before: Path | None) -> list[str]:
    lines = [] if file is None else [f"{file} is the backup now."]
    if before is not None:
        lines.append(f"What was there before: {before}")
    return [
        *lines,
        (
            "Orders that may have been sent since the backup, unknown now and never sent "
            f"again: {found.orders}"
        ),
        f"Refills and cancellations, the same: {found.requests}",
        f"Lines of mass orders that were not ordered yet and are not any more: {found.lines}",
        f"Order forms that could have been confirmed, closed: {found.drafts}",
        (
            "Next: start the bot, then look at /triage. Payments in Stars since the backup "
            "are found by themselves within"
        ),
        (
            "minutes. Orders, manual credits and debits, and payments by Crypto Pay for "
            "invoices since then are not in it:"
        ),
        "compare with the provider's list and with Crypto Pay's.",
    ]


def _say(lines: Sequence[str], code: int) -> int:
    print(*lines, sep="\n", file=sys.stdout if code == DONE else sys.stderr)
    return code
