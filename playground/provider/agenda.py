"""What will happen by itself, in order of time.

Run when somebody asks: no background task is needed.
"""

import heapq
from collections.abc import Callable
from itertools import count


class Agenda:
    """Times are simulated seconds.

    An event is called with its own time, not with the time it is noticed.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[[float], None]]] = []
        self._arrival = count()  # events of the same moment keep their order of arrival

    def at(self, when: float, event: Callable[[float], None]) -> None:
        heapq.heappush(self._heap, (when, next(self._arrival), event))

    def run_until(self, now: float) -> None:
        while self._heap and self._heap[0][0] <= now:
            when, _, event = heapq.heappop(self._heap)
            event(when)
