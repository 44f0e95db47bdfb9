"""Work that goes on to its end whoever is cancelled."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def shield_to_completion(work: Awaitable[T]) -> T:
    """Await `work` even when this task is cancelled meanwhile; the cancellation follows
    afterwards.
    """
    task = asyncio.ensure_future(work)  # noqa: TID251 - awaited right here, it outlives nothing
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001, S110 - raised below by task.result()
            pass
    result = task.result()
    if cancelled is not None:
        raise cancelled
    return result
