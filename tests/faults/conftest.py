"""The real process between the emulators, one fresh shop a test."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.migrate import migrate
from tests.runtime.databases import ENGINES, fresh_url
from tests.runtime.process import Cold, Launcher, Operator, launcher, operate


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def starting() -> Iterator[Launcher]:
    found = launcher()
    yield found
    found.close()


@pytest.fixture
def cold() -> Launcher:
    """For the tests that start `python -m bot` itself, with all its imports."""
    return Cold()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give an SQLite file with every table and no rows: a third of a first start is the
    migration.
    """
    file = tmp_path_factory.mktemp("migrated") / "shop.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file.read_bytes()


@pytest.fixture
async def shop(tmp_path: Path, starting: Launcher, migrated: bytes) -> AsyncIterator[Operator]:
    """A shop on SQLite; everybody starts with $10."""
    (tmp_path / "shop.db").write_bytes(migrated)
    async with fresh_url("sqlite", tmp_path) as url, operate(tmp_path, url, starting) as operator:
        yield operator


@pytest.fixture(params=ENGINES)
async def any_shop(
    request: pytest.FixtureRequest, tmp_path: Path, starting: Launcher
) -> AsyncIterator[Operator]:
    """The same on SQLite and on PostgreSQL, where the first process that starts makes the
    tables.
    """
    async with (
        fresh_url(request.param, tmp_path) as url,
        operate(tmp_path, url, starting) as operator,
    ):
        yield operator


@pytest.fixture
async def postgres_shop(tmp_path: Path, starting: Launcher) -> AsyncIterator[Operator]:
    async with (
        fresh_url("postgresql", tmp_path) as url,
        operate(tmp_path, url, starting) as operator,
    ):
        yield operator
