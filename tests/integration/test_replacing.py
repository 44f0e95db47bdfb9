"""`python -m bot restore`: looked at from all sides first, then the one database or the other, and
never a mixture.
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import backup_commands as command
from bot.settings import Settings
from shop.backups.service import Backups
from shop.clock import utc_now
from storage import Database
from storage.backup import copies, replacing
from storage.lock import only_process
from storage.migrate import DatabaseUnusableError, downgrade, migrate
from tests.factories.ledger import everything_once
from tests.harness.books import differences
from tests.harness.shop import settings_for

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MARGIN = (
    "INSERT INTO margins (scope, about, percent, fixed, minimum, set_by, at) VALUES "
    "('all', ?, 1, 0, 0, 1, ?)"
)


async def _made(folder: Path) -> bytes:
    url = f"sqlite+aiosqlite:///{folder}/shop.db"
    await migrate(url)
    database = Database(url)
    await everything_once(database)
    await database.close()
    return (
        await Backups(folder / "shop.db", folder / "backups", 1, utc_now).make()
    ).file.read_bytes()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return asyncio.run(_made(tmp_path_factory.mktemp("made")))


@pytest.fixture
def good(copied: bytes, tmp_path: Path) -> Path:
    """A backup of a shop in which everything has happened once."""
    file = tmp_path / "shop-20261122-120000.db"
    file.write_bytes(copied)
    return file


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return settings_for(tmp_path / "data")


@pytest.fixture
def file(settings: Settings, tmp_path: Path, copied: bytes) -> Path:
    """The database as it was when the bot was killed: some of it is in the log, and later than the
    backup.
    """
    file = tmp_path / "data" / "shop.db"
    elsewhere = tmp_path / "elsewhere.db"
    elsewhere.write_bytes(copied)
    _by_hand(elsewhere, "PRAGMA journal_mode=WAL")
    with closing(sqlite3.connect(elsewhere, isolation_level=None)) as opened:
        opened.execute(MARGIN, ("since", str(NOW)))
        shutil.copy(elsewhere, file)
        shutil.copy(f"{elsewhere}-wal", f"{file}-wal")
    return file


def has_since(file: Path) -> bool:
    """Say whether what was written after the backup is in a database."""
    with closing(sqlite3.connect(file)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return bool(
            opened.execute("SELECT count(*) FROM margins WHERE about = 'since'").fetchone()[0]
        )


def states(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as opened:
        return {state for (state,) in opened.execute("SELECT state FROM orders")}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_backup_takes_the_place_of_the_database(
    settings: Settings, file: Path, good: Path, capsys
) -> None:
    whole = good.read_bytes()
    assert await command.restore(settings, str(good), yes=True) == 0
    assert not has_since(file)
    assert "queued" not in states(file)
    database = Database(settings.database_url)
    assert await differences(database) == []
    await database.close()
    (before,) = file.parent.glob("*.before-restore-*[0-9]")
    assert has_since(before)
    assert "queued" in states(before)
    assert good.read_bytes() == whole
    said = capsys.readouterr().out
    for words in (str(file), str(before), "never sent again: 1", "/triage"):
        assert words in said
    assert not list(file.parent.glob("*.restoring*"))


async def test_there_need_not_be_a_database(settings: Settings, good: Path) -> None:
    assert await command.restore(settings, str(good), yes=True) == 0
    file = Path(settings.database_url.partition("///")[2])
    assert "completed" in states(file)
    assert names(file.parent) == {"shop.db", "shop.db.lock"}
    assert file.stat().st_mode & 0o777 == 0o600


def _flip(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)


def _half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _something_else(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("CREATE TABLE alembic_version (version_num TEXT)")
        opened.commit()


def _by_hand(file: Path, statement: str) -> None:
    """Change a backup as somebody may who knows how: it has no seal any more."""
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        for one in ("PRAGMA application_id=0", "PRAGMA user_version=0", statement):
            opened.execute(one)


REFUSED: dict[str, tuple[Any, str]] = {
    "missing": (Path.unlink, "there is no file"),
    "flipped": (_flip, "not as it was made"),
    "cut": (_half, "not as it was made"),
    "empty": (lambda file: file.write_bytes(b""), "is no SQLite database"),
    "a picture": (lambda file: file.write_bytes(b"\x89PNG" * 100), "is no SQLite database"),
    "something else": (_something_else, "a database of something else"),
    "newer": (
        lambda file: _by_hand(file, "UPDATE alembic_version SET version_num = '9999'"),
        "a newer version",
    ),
    "wrong books": (
        lambda file: _by_hand(file, "UPDATE wallets SET balance = balance + 1"),
        "don't agree",
    ),
    "a row that leads nowhere": (
        lambda file: _by_hand(file, "UPDATE orders SET service_id = 77"),
        "a row of orders leads nowhere",
    ),
}


@pytest.mark.parametrize("how", REFUSED)
async def test_what_is_no_good_backup_replaces_nothing(
    settings: Settings, file: Path, good: Path, how: str, capsys
) -> None:
    spoil, words = REFUSED[how]
    spoil(good)
    there = names(file.parent) | {"shop.db.lock"}
    assert await command.restore(settings, str(good), yes=True) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("Nothing was replaced: ")
    assert words in said[0]
    assert names(file.parent) - {"shop.db-shm"} == there
    assert has_since(file)


async def test_the_database_itself_is_no_backup(settings: Settings, file: Path, capsys) -> None:
    assert await command.restore(settings, str(file), yes=True) == 1
    assert "is the database itself" in capsys.readouterr().err
    assert has_since(file)


async def test_nothing_happens_without_a_yes(
    settings: Settings, file: Path, good: Path, monkeypatch, capsys
) -> None:
    with open(os.devnull, encoding="ascii") as nothing:  # noqa: PTH123 - as under cron
        monkeypatch.setattr("sys.stdin", nothing)
        assert await command.restore(settings, str(good), yes=False) == 2
    assert "say --yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", _Terminal())
    for answer, code in (("", 1), ("no", 1), (KeyboardInterrupt, 1), (EOFError, 1)):
        monkeypatch.setattr("builtins.input", _answering(answer))
        assert await command.restore(settings, str(good), yes=False) == code
        assert has_since(file)
    monkeypatch.setattr("builtins.input", _answering("Yes"))
    assert await command.restore(settings, str(good), yes=False) == 0
    assert not has_since(file)


class _Terminal:
    def isatty(self) -> bool:
        return True


def _answering(answer: Any) -> Any:
    def asked(_: str) -> str:
        if isinstance(answer, str):
            return answer
        raise answer

    return asked


async def test_an_older_backup_is_brought_to_this_schema(
    settings: Settings, file: Path, good: Path
) -> None:
    older = Database(f"sqlite+aiosqlite:///{good}")
    await downgrade(older, "0003")
    await older.close()
    _by_hand(good, "PRAGMA journal_mode=DELETE")
    assert copies.check(good) == "0003"
    assert await command.restore(settings, str(good), yes=True) == 0
    assert "queued" not in states(file)
    assert not has_since(file)


async def test_a_copy_made_by_hand_may_have_its_log_beside_it(
    settings: Settings, file: Path, tmp_path: Path
) -> None:
    by_hand = tmp_path / "by-hand.db"
    for ending in ("", "-wal"):
        shutil.copy(f"{file}{ending}", f"{by_hand}{ending}")
    file.unlink()
    Path(f"{file}-wal").unlink()
    assert await command.restore(settings, str(by_hand), yes=True) == 0
    assert has_since(file)


async def test_a_running_bot_is_not_replaced(settings: Settings, file: Path, good: Path) -> None:
    with (
        only_process(settings.database_url),
        pytest.raises(DatabaseUnusableError, match="is at work on"),
    ):
        await command.restore(settings, str(good), yes=True)
    assert has_since(file)


async def test_what_somebody_has_open_is_not_replaced(
    settings: Settings, file: Path, good: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(replacing, "_BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM margins").fetchone()
        assert await command.restore(settings, str(good), yes=True) == 1
    assert "something else has" in capsys.readouterr().err
    assert has_since(file)


async def test_a_database_that_can_not_be_read_any_more_is_kept_as_it_is(
    settings: Settings, file: Path, good: Path
) -> None:
    Path(f"{file}-wal").unlink()
    file.write_bytes(b"rubbish" * 1000)
    assert await command.restore(settings, str(good), yes=True) == 0
    assert "completed" in states(file)
    (before,) = file.parent.glob("*.before-restore-*")
    assert before.read_bytes() == b"rubbish" * 1000


class Killed(BaseException):
    pass


STEPS = (
    "storage.backup.replacing._second_name",
    "storage.backup.replacing.flush_folder",
    "pathlib.Path.unlink",
    "pathlib.Path.replace",
)


@pytest.fixture(params=range(12))
def killed_at(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def dying(killed_at: int, monkeypatch) -> Iterator[None]:
    """Let the process die before its n-th step at the file system while one takes the other's
    place.
    """
    left = killed_at

    def mortal(work: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            return work(*given, **named)

        return step

    for name, work in zip(
        STEPS,
        (replacing._second_name, replacing.flush_folder, Path.unlink, Path.replace),
        strict=True,
    ):
        monkeypatch.setattr(name, mortal(work))
    yield
    monkeypatch.undo()


def test_who_is_killed_in_between_has_the_one_or_the_other(
    file: Path, good: Path, killed_at: int, dying: None, monkeypatch
) -> None:
    staged = file.with_name("shop.db.restoring")
    shutil.copy(good, staged)
    try:
        replacing.replace(staged, file, NOW)
    except Killed:
        ended = False
    else:
        ended = True
    monkeypatch.undo()
    assert ended == (killed_at >= 7)
    replaced = not staged.exists()
    assert ended <= replaced
    assert has_since(file) != replaced
    kept = file.with_name("shop.db.before-restore-20261122-120000")
    if replaced:
        assert has_since(kept)
