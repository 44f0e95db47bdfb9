"""The real process between the emulators, one fresh shop a test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.databases import ENGINES, fresh_url
from tests.support.process import Cold, Launcher, Operator, launcher, operate


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


@pytest.fixture
async def shop(tmp_path: Path, starting: Launcher) -> AsyncIterator[Operator]:
    """A shop on SQLite; everybody starts with $10."""
    async with fresh_url("sqlite", tmp_path) as url, operate(tmp_path, url, starting) as operator:
        yield operator


@pytest.fixture(params=ENGINES)
async def any_shop(request: pytest.FixtureRequest, tmp_path: Path, starting: Launcher) -> AsyncIterator[Operator]:
    """The same on SQLite and on PostgreSQL."""
    async with fresh_url(request.param, tmp_path) as url, operate(tmp_path, url, starting) as operator:
        yield operator


@pytest.fixture
async def postgres_shop(tmp_path: Path, starting: Launcher) -> AsyncIterator[Operator]:
    async with fresh_url("postgresql", tmp_path) as url, operate(tmp_path, url, starting) as operator:
        yield operator
