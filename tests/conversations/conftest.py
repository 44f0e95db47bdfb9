from collections.abc import AsyncIterator

import pytest

from tests.support.shop import Shop, open_shop


@pytest.fixture
async def shop(tmp_path) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path) as opened:
        yield opened
