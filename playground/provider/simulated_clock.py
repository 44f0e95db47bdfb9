"""Simulated seconds: the real clock times a speed that may change while orders are under way."""

from collections.abc import Callable


class SimulatedClock:
    """Starts at 0. A new speed holds from the moment it is set and never moves what has passed."""

    def __init__(self, clock: Callable[[], float], speed: float) -> None:
        self._clock = clock
        self._seen = clock()
        self._speed = speed
        self._elapsed = 0.0

    def now(self) -> float:
        seen = self._clock()
        self._elapsed += (seen - self._seen) * self._speed
        self._seen = seen
        return self._elapsed

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, factor: float) -> None:
        self.now()
        self._speed = factor
