"""The texts of a large catalogue are cleaned while others have their turns of the event loop."""

import asyncio
from decimal import Decimal

from panel import SERVICE_TYPES, Service
from shop.catalogue.sync import _cleaned


async def test_the_loop_has_many_turns_while_a_catalogue_is_cleaned() -> None:
    turns, ended = 0, asyncio.Event()

    async def others() -> None:
        nonlocal turns
        while not ended.is_set():
            turns += 1
            await asyncio.sleep(0)

    async def clean() -> list[str]:
        found = await _cleaned(listed)
        ended.set()
        return [one.name for one in found]

    kind = SERVICE_TYPES["default"]
    listed = [
        Service(
            str(number), f"<b>Service</b> {number}", "Category", "Default", kind, Decimal(1), 1, 2
        )
        for number in range(1_000)
    ]
    names, _ = await asyncio.gather(clean(), others())
    assert names == [f"Service {number}" for number in range(1_000)]
    assert turns >= len(listed) // 50
