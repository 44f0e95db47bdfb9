"""An event loop that never sleeps: when all wait, its clock steps to the next timer.

Nothing in it may use sockets.
"""

import asyncio
import selectors


class _Selector(selectors.SelectSelector):
    """Takes no time; what it was to wait for is added to the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += max(timeout or 0.0, 0.0)
        return super().select(0)


class SteppedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._steps = _Selector()
        super().__init__(self._steps)

    def time(self) -> float:
        return self._steps.now
