"""How long a worker waits that sends what is queued."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from shop.clock import Clock

_QUEUE_LOOK, _HELD_LOOK = 5.0, 1.0


class Queue(Protocol):
    @property
    def clock(self) -> Clock: ...
    async def next_turn(self) -> datetime | None: ...


def until_next_turn(queue: Queue) -> Callable[[], Awaitable[float]]:
    """Return a worker's pause, in seconds: until something in the queue is due."""

    async def pause() -> float:
        turn = await queue.next_turn()
        if turn is None:
            return _QUEUE_LOOK
        wait = (turn - queue.clock()).total_seconds()
        # What is due and was not taken waits for something else, such as another order of its link.
        return _HELD_LOOK if wait <= 0 else min(max(wait, 0.2), _QUEUE_LOOK)

    return pause
