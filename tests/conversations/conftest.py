from collections.abc import AsyncIterator

import pytest

from tests.harness.shop import Shop, open_shop


@pytest.fixture
async def shop(tmp_path) -> AsyncIterator[Shop]:
    """A wallet shop; everybody starts with $10."""
    async with open_shop(tmp_path) as opened:
        yield opened


@pytest.fixture
async def poor_shop(tmp_path) -> AsyncIterator[Shop]:
    """A wallet shop where nobody has anything."""
    async with open_shop(tmp_path, welcome_credit=0) as opened:
        yield opened


@pytest.fixture
async def house(tmp_path) -> AsyncIterator[Shop]:
    """The house pays: Olga runs it, Ann (1001) may order."""
    async with open_shop(
        tmp_path, billing="house", allowed_user_ids=frozenset({1001}), markup_percent=50
    ) as opened:
        yield opened
