"""A condition many can wait on: "something has changed since I looked"."""

import asyncio


class Change:
    """`count` grows with every change. Waiting needs a running loop, noticing doesn't."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        self.count += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def wait(self, seen: int, timeout: float) -> int:  # noqa: ASYNC109 - running out is an answer here
        """Returns the count once it differs from `seen`, or when `timeout` seconds have passed."""
        if self.count == seen and timeout > 0:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait([future], timeout=timeout)
            finally:
                self._waiting.discard(future)
        return self.count
