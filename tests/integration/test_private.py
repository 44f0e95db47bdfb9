"""Nobody but its owner reads the database: it holds what everybody has bought."""

import os
import stat
from pathlib import Path

import pytest

from shop.backups.service import Backups
from storage import Database
from storage.backup import replacing
from storage.lock import only_process
from storage.migrate import migrate, upgrade
from storage.queries import facts
from tests.harness.clock import Clock


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


async def write(database: Database) -> None:
    await database.write(facts.put, "a fact", {}, Clock()())


async def test_a_new_file_is_its_owner_s_in_a_folder_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "data" / "shop.db"
    url = f"sqlite+aiosqlite:///{file}"
    with only_process(url):  # as the run command does it
        database = Database(url)
        await upgrade(database)
        await write(database)
        assert mode(file.parent) == 0o700
        found = {path.name: mode(path) for path in file.parent.iterdir()}
        assert found == dict.fromkeys(
            ["shop.db", "shop.db-wal", "shop.db-shm", "shop.db.lock"], 0o600
        )
        await database.close()


async def test_a_file_that_is_there_is_tightened_and_its_folder_is_left(
    tmp_path: Path, caplog
) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    file = folder / "shop.db"
    file.touch(mode=0o644)
    database = Database(f"sqlite+aiosqlite:///{file}")
    await upgrade(database)
    await write(database)
    for path in folder.iterdir():
        path.chmod(0o664)
    await upgrade(database)
    found = {path.name: mode(path) for path in folder.iterdir()}
    assert found == dict.fromkeys(["shop.db", "shop.db-wal", "shop.db-shm"], 0o600)
    assert mode(folder) == 0o755
    file.chmod(0o400)  # what its owner may not do is not ours to change
    await upgrade(database)
    assert mode(file) == 0o400
    assert not caplog.messages
    await database.close()


async def test_a_file_of_somebody_else_s_is_a_warning(tmp_path: Path, monkeypatch, caplog) -> None:
    file = tmp_path / "shop.db"
    file.touch(mode=0o644)

    def refuses(*_args: object, **_named: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuses)
    await migrate(f"sqlite+aiosqlite:///{file}")
    said = f"{file} can be read by others, and that can't be changed: Operation not permitted"
    assert said in caplog.messages


async def test_what_has_no_file_needs_nothing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url in ("sqlite+aiosqlite:///:memory:", "postgresql+asyncpg://me@localhost/shop"):
        database = Database(url)
        database.make_private()
        assert not database.is_missing()
        await database.close()
    assert list(tmp_path.iterdir()) == []


async def test_backups_and_what_is_restored_from_them(tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    await migrate(f"sqlite+aiosqlite:///{file}")
    made = await Backups(file, tmp_path / "backups", keep=3, clock=Clock()).make()
    assert mode(made.file.parent) == 0o700
    assert mode(made.file) == 0o600
    file.chmod(0o644)
    staged = replacing.stage(made.file, file)
    replacing.remove_stamp(staged, file)
    before = replacing.replace(staged, file, Clock()())
    assert before is not None
    assert (mode(file), mode(before)) == (0o600, 0o600)
