"""Copies of an SQLite file: one moment of it, verified before they have a name, and kept as many as
are wanted.
"""

import asyncio
import errno
import fcntl
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.features.backups import backup_workers
from shop.backups.service import Backups, BackupSchedule
from shop.clock import utc_now
from shop.wakeups import Wakeups
from storage import Database
from storage.backup import copies
from storage.backup.stamp import BackupError
from storage.lock import only_process
from storage.migrate import DatabaseUnusableError, migrate, revisions
from storage.queries import facts
from storage.schema.messages import notices
from tests.factories.ledger import everything_once
from tests.harness.books import check_money
from tests.harness.clock import Clock
from tests.harness.shop import settings_for
from tests.runtime.disk import full_disk
from tests.runtime.process import ROOT

ADMINS = (9001, 9002)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("empty") / "shop.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file.read_bytes()


@pytest.fixture
async def shop(tmp_path: Path, empty: bytes) -> AsyncIterator[Database]:
    """An SQLite shop in which everything has happened once."""
    (tmp_path / "shop.db").write_bytes(empty)
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    await everything_once(database)
    yield database
    await database.close()


@pytest.fixture
def backups(shop: Database, tmp_path: Path) -> Backups:
    return Backups(tmp_path / "shop.db", tmp_path / "backups", keep=3, clock=Clock())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def fill(database: Database, megabytes: int = 4) -> None:
    def transaction(tx):
        for number in range(megabytes):
            facts.put(tx, f"filling:{number}", {"text": "x" * 1_000_000}, Clock()())

    await database.write(transaction)


async def test_a_backup_is_one_file_that_says_when_it_was_made(
    shop: Database, backups: Backups
) -> None:
    made = await backups.make()
    assert names(backups.folder) == [f"shop-{backups.clock():%Y%m%d-%H%M%S}.db"]
    assert made.file == backups.folder / names(backups.folder)[0]
    assert made.size == made.file.stat().st_size
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.report is not None
    assert made.report.size.orders == 11
    copied = Database(f"sqlite+aiosqlite:///{made.file}")
    await check_money(copied)
    await copied.close()


async def test_two_within_a_second_are_two(backups: Backups) -> None:
    first, second = await backups.make(), await backups.make()
    assert first.file != second.file
    assert len(names(backups.folder)) == 2


async def test_a_copy_is_one_moment_however_much_is_written_meanwhile(
    shop: Database, tmp_path: Path
) -> None:
    await fill(shop)
    target, source = tmp_path / "copy.db", tmp_path / "shop.db"
    target.touch()
    written = 0

    def somebody_writes() -> bool:
        nonlocal written
        with sqlite3.connect(source) as other:
            other.execute("UPDATE wallets SET balance = balance + 1")
            other.execute("UPDATE facts SET value = '{}' WHERE name = 'filling:3'")
        other.close()
        written += 1
        return written > 50  # it would start again each time, for ever

    copies.copy(source, target, somebody_writes)
    assert written >= 2
    assert copies.check(target)
    copied = Database(f"sqlite+aiosqlite:///{target}")
    await check_money(copied)
    kept = await copied.read(facts.get, "filling:3")
    assert kept is not None
    assert kept[0]
    await copied.close()


async def test_any_byte_that_has_changed_is_noticed(backups: Backups) -> None:
    made = await backups.make()
    whole = made.file.read_bytes()
    chance = random.Random(5)
    places = [
        20,
        59,
        60,
        63,
        68,
        71,
        99,
        len(whole) - 1,
        *(chance.randrange(16, len(whole)) for _ in range(60)),
    ]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        made.file.write_bytes(damaged)
        with pytest.raises(BackupError):
            copies.check(made.file)
    made.file.write_bytes(whole)
    assert copies.check(made.file)


async def test_a_copy_without_a_seal_is_held_against_what_sqlite_knows(
    shop: Database, tmp_path: Path
) -> None:
    copied = tmp_path / "by-hand.db"
    with closing(sqlite3.connect(tmp_path / "shop.db")) as opened:
        opened.execute("VACUUM INTO ?", [str(copied)])
    assert copies.check(copied) == revisions()[0]
    pages = bytearray(copied.read_bytes())
    pages[4096 * 20 : 4096 * 21] = os.urandom(4096)
    copied.write_bytes(pages)
    with pytest.raises(BackupError, match=r"damaged|read"):
        copies.check(copied)


async def test_the_last_few_are_kept_and_nothing_else_is_touched(
    backups: Backups, tmp_path: Path
) -> None:
    clock = backups.clock
    assert isinstance(clock, Clock)
    made = []
    for _ in range(3):
        made.append((await backups.make()).file)
        clock.forward(seconds=60)
    others = [
        "shop.db",
        "shop-20200101-000000.db.txt",
        "shop-20200199-000000.db",
        "old-shop-20200101-000000.db",
    ]
    for name in others:
        (backups.folder / name).write_text("mine")
    (backups.folder / "shop-20200101-000000.db").mkdir()
    (backups.folder / "shop-20200102-000000.db").symlink_to(tmp_path / "shop.db")
    there = set(names(backups.folder))

    newest = (await backups.make()).file
    assert set(names(backups.folder)) == there - {made[0].name} | {newest.name}
    assert (tmp_path / "shop.db").exists()


async def test_the_newest_stays_although_the_clock_went_back(
    shop: Database, backups: Backups
) -> None:
    clock = backups.clock
    assert isinstance(clock, Clock)
    await backups.make()
    clock.forward(seconds=-86_400)
    one = Backups(backups.source, backups.folder, keep=1, clock=clock)
    assert [(await one.make()).file.name] == names(backups.folder)


async def break_the_books(database: Database) -> None:
    await database.write(lambda tx: tx.execute(text("UPDATE wallets SET balance = balance + 2")))


async def test_books_that_do_not_agree_are_kept_under_a_name_that_says_so(
    shop: Database, backups: Backups
) -> None:
    good = await backups.make()
    assert good.agrees
    await break_the_books(shop)
    first, second = await backups.make(), await backups.make()
    assert not first.agrees
    assert first.report is not None
    assert len(first.report.differences) == 1
    assert [made.file.name for made in (first, second)] == [
        f"shop-{backups.clock() + timedelta(seconds=late):%Y%m%d-%H%M%S}.books-differ.db"
        for late in (1, 2)
    ]
    assert copies.copies(backups.folder) == [good.file]
    assert copies.differing(backups.folder) == [first.file, second.file]
    assert copies.made_at(first.file) == backups.clock() + timedelta(seconds=1)
    assert first.file.stat().st_mode & 0o777 == 0o600
    assert copies.check(first.file) == revisions()[0]


async def test_bad_ones_push_out_no_good_ones_nor_the_other_way(
    shop: Database, backups: Backups
) -> None:
    clock = backups.clock
    assert isinstance(clock, Clock)

    async def make() -> Path:
        clock.forward(seconds=60)
        return (await backups.make()).file

    good = [await make() for _ in range(3)]
    await break_the_books(shop)
    bad = [await make() for _ in range(5)]
    assert copies.copies(backups.folder) == good
    assert copies.differing(backups.folder) == bad[-3:]
    await shop.write(lambda tx: tx.execute(text("UPDATE wallets SET balance = balance - 2")))
    good.append(await make())
    assert copies.copies(backups.folder) == good[-3:]
    assert copies.differing(backups.folder) == bad[-3:]


async def test_what_fails_leaves_nothing_behind(backups: Backups, tmp_path: Path) -> None:
    with full_disk(200_000), pytest.raises(BackupError):
        await backups.make()
    assert names(backups.folder) == []
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="file"):
        await Backups(backups.source, tmp_path / "file" / "folder", 1, utc_now).make()
    with pytest.raises(BackupError, match="there is no file"):
        await Backups(tmp_path / "none.db", backups.folder, 1, utc_now).make()
    assert names(backups.folder) == []


async def test_who_stops_the_bot_stops_the_copying(
    shop: Database, backups: Backups, monkeypatch
) -> None:
    await fill(shop)
    monkeypatch.setattr(copies, "_PAGES", 1)
    making = asyncio.create_task(backups.make())
    while not names(backups.folder):
        await asyncio.sleep(0.001)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    for _ in range(500):
        if not names(backups.folder):
            break
        await asyncio.sleep(0.01)
    assert names(backups.folder) == []


_SLOWLY = """
import asyncio, sys, time
from pathlib import Path
from shop.backups.service import Backups
from shop.clock import utc_now
from storage.backup import copies as backup
backup._PAGES = 1
copy = backup.copy
backup.copy = lambda source, target, stop: copy(source, target, lambda: time.sleep(0.01))
asyncio.run(Backups(Path(sys.argv[1]), Path(sys.argv[2]), 1, utc_now).make())
"""


async def test_a_kill_in_the_middle_leaves_nothing_with_a_good_name(
    shop: Database, backups: Backups
) -> None:
    good = await backups.make()
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOWLY, backups.source, backups.folder], cwd=ROOT
    )
    while len(names(backups.folder)) == 1:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    process.kill()
    process.wait()
    parts = set(names(backups.folder)) - {good.file.name}
    assert parts
    assert all(".part" in name for name in parts)
    assert copies.copies(backups.folder) == [good.file]

    await backups.make()
    assert parts <= set(names(backups.folder))  # somebody may still be at it
    for name in parts:
        os.utime(backups.folder / name, (time.time() - 7200,) * 2)
    await backups.make()
    assert not parts & set(names(backups.folder))


# The schedule


@pytest.fixture
def schedule(shop: Database, backups: Backups) -> BackupSchedule:
    return BackupSchedule(shop, backups, HOUR, ADMINS, Wakeups(), backups.clock)


async def alerts(database: Database) -> int:
    return await database.read(
        lambda tx: len([row for row in tx.execute(notices.select()) if row.kind == "backup_failed"])
    )


async def test_it_makes_one_when_the_newest_is_old_enough(
    shop: Database, schedule: BackupSchedule
) -> None:
    clock, folder = schedule.clock, schedule.backups.folder
    assert isinstance(clock, Clock)
    await schedule.step()
    await schedule.step()
    assert len(names(folder)) == 1
    restarted = BackupSchedule(shop, schedule.backups, HOUR, ADMINS, Wakeups(), clock)
    clock.forward(seconds=3599)
    await restarted.step()
    assert len(names(folder)) == 1
    assert await restarted.pause() == 5
    clock.forward(seconds=1)
    await restarted.step()
    assert len(names(folder)) == 2


async def test_a_copy_from_the_future_holds_nothing_up(schedule: BackupSchedule) -> None:
    folder = schedule.backups.folder
    folder.mkdir()
    (folder / "shop-20990101-000000.db").touch()
    await schedule.step()
    assert len(names(folder)) == 2


async def test_the_admins_are_told_once_that_there_is_none(
    shop: Database, schedule: BackupSchedule
) -> None:
    clock = schedule.clock
    assert isinstance(clock, Clock)
    for _ in range(3):
        schedule.backups.folder.parent.joinpath("backups").write_text("in the way")
        for _ in range(4):
            await schedule.step()
            clock.forward(seconds=601)
        assert await alerts(shop) == len(ADMINS)
        schedule.backups.folder.unlink()
        await schedule.step()
        assert len(names(schedule.backups.folder)) == 1
        await shop.write(lambda tx: tx.execute(notices.delete()))
        for path in schedule.backups.folder.iterdir():
            path.unlink()
        schedule.backups.folder.rmdir()


async def test_the_admins_are_told_once_of_books_that_do_not_agree(
    shop: Database, schedule: BackupSchedule
) -> None:
    clock, folder = schedule.clock, schedule.backups.folder
    assert isinstance(clock, Clock)
    for _ in range(2):
        await break_the_books(shop)
        for hours in range(3):
            await schedule.step()
            clock.forward(seconds=601)
            await schedule.step()  # not another one ten minutes later
            assert len(copies.differing(folder)) == hours + 1
            clock.forward(seconds=3600)
        told = await shop.read(
            lambda tx: [row for row in tx.execute(notices.select()) if row.kind == "backup_differs"]
        )
        assert sorted(row.user_id for row in told) == list(ADMINS)
        assert (told[0].payload["text"], told[0].payload["count"]) == (
            copies.differing(folder)[0].name,
            1,
        )

        def transaction(tx):
            tx.execute(text("UPDATE wallets SET balance = balance - 2"))
            tx.execute(notices.delete())

        await shop.write(transaction)
        await schedule.step()
        assert len(copies.copies(folder)) == 1
        clock.forward(seconds=3601)
        for path in folder.iterdir():
            path.unlink()


def test_the_bot_makes_them_where_it_is_told_to(tmp_path: Path, caplog) -> None:
    def workers(**given: str) -> list[str]:
        settings = settings_for(tmp_path, **given)
        return [one.name for one in backup_workers(settings, None, Wakeups(), Clock())]  # type: ignore[arg-type]

    assert workers() == []
    assert workers(backup_folder="backups") == ["backup"]
    assert not caplog.messages
    assert (
        workers(backup_folder="backups", database_url="postgresql+asyncpg://me@localhost/shop")
        == []
    )
    (said,) = caplog.messages
    assert said.startswith("BACKUP_FOLDER is for SQLite only")


# The lock


async def test_an_sqlite_file_has_one_process_at_a_time(shop: Database, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/shop.db"
    (tmp_path / "other.db").symlink_to(tmp_path / "shop.db")
    with only_process(url):
        for same in (url, f"sqlite+aiosqlite:///{tmp_path}/other.db"):
            said = f"process {os.getpid()} is at work on {tmp_path}/shop.db"
            with pytest.raises(DatabaseUnusableError, match=said), only_process(same):
                raise AssertionError
    with only_process(url):
        pass


def test_what_is_no_file_needs_no_lock() -> None:
    for url in ("sqlite+aiosqlite:///:memory:", "postgresql+asyncpg://me@localhost/shop"):
        with only_process(url), only_process(url):
            pass


def test_a_file_system_that_can_not_lock_is_a_sentence(tmp_path: Path, monkeypatch) -> None:
    def refuses(*_: int) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuses)
    here, nowhere = (
        f"sqlite+aiosqlite:///{tmp_path}/shop.db",
        "sqlite+aiosqlite:////dev/null/shop.db",
    )
    with (
        pytest.raises(DatabaseUnusableError, match=r"can't be locked .*not supported"),
        only_process(here),
    ):
        raise AssertionError
    with (
        pytest.raises(DatabaseUnusableError, match=r"lock .* can't be opened"),
        only_process(nowhere),
    ):
        raise AssertionError
