"""Flood limits: 30 messages a second overall, 1 a second per chat with bursts of 3, 20 a minute per
group.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable

from playground.telegram.errors import too_many_requests

BURST = 3


class Limits:
    """Exact sliding windows over the clock it is given."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._windows: dict[str, deque[float]] = defaultdict(deque)

    def count(self, chat_id: int) -> None:
        """Counts one message or raises 429 with the whole seconds to wait."""
        now = self._clock()
        rules = [("all", 30, 1.0), (f"chat {chat_id}", BURST, float(BURST))]
        if chat_id < 0:
            rules.append((f"group {chat_id}", 20, 60.0))
        waits = [self._wait(now, key, limit, seconds) for key, limit, seconds in rules]
        if max(waits) > 0:
            raise too_many_requests(math.ceil(max(waits)))
        for key, _, _ in rules:
            self._windows[key].append(now)

    def _wait(self, now: float, key: str, limit: int, seconds: float) -> float:
        window = self._windows[key]
        while window and window[0] <= now - seconds:
            window.popleft()
        return window[0] + seconds - now if len(window) >= limit else 0.0
