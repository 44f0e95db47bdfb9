"""How many calls a minute a provider takes: adds first, then what somebody waits for, then sweeps.

Providers give a key 50 to 120 calls a minute. Exact sliding windows; a token bucket lets twice its
limit through in the minute after a rest. The window is the memory of this process: after a restart
the first minute knows nothing.
"""

import asyncio
import itertools
import logging
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from types import TracebackType
from typing import Self

from panel.errors import LONGEST_WAIT, Withheld

log = logging.getLogger(__name__)

MINUTE = 60.0
_WINDOW = 61.0  # seconds: a call may arrive up to a second later than it left
_TURNS_BEFORE = 9  # of more urgent calls, then one goes that waits behind them
_PAUSE, _LONGEST_PAUSE = 10.0, 60.0  # seconds without a call after a refusal
# of no limit at all, if fewer were called: no provider is known that gives less than 50
_FIRST_LOWERED = 30
_LEAST = 6
_CLIMB = 0.05  # of what it was, each minute without a refusal
_LOOK = 1.0  # seconds that the first in line sleeps at most: the limit may change meanwhile


class Priority(IntEnum):
    """Who goes first where not everybody can go now."""

    ADD = 0
    PERSON = 1  # somebody waits for the answer
    SWEEP = 2


# What calls of this priority and of those behind it may take of the limit together; the rest is
# kept for others.
_SHARES = {Priority.ADD: 1.0, Priority.PERSON: 0.9, Priority.SWEEP: 0.75}


@dataclass(slots=True, eq=False)
class Permit:
    """The right to one call. `with permit:` gives it back where it was not used."""

    limiter: "RateLimiter" = field(repr=False)
    priority: Priority
    at: float
    is_spent: bool = False

    def use(self) -> None:
        self.is_spent = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def release(self) -> None:
        """Give it back, unless it was used."""
        if not self.is_spent:
            self.is_spent = True
            self.limiter.give_back(self)


@dataclass(slots=True, eq=False)
class _Waiter:
    priority: Priority
    number: int
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class RateLimiter:
    """At most `per_minute` calls in any minute; None: no limit until the provider says that there
    is one.

    A refusal lowers it: to half, and where there is none to what was called in the last minute. It
    climbs back by a twentieth each minute; where there was none, it is gone again at twice of what
    was refused. `clock` gives seconds.
    """

    def __init__(
        self,
        per_minute: int | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        if per_minute is not None and per_minute < 1:
            raise ValueError("calls_per_minute: at least 1")
        self.configured = per_minute
        self._clock, self._sleep = clock, sleep
        self._calls: dict[Priority, deque[float]] = {priority: deque() for priority in Priority}
        self._line: list[_Waiter] = []
        self._numbers = itertools.count()
        self._turns_before = 0
        self._closed_until = -math.inf
        self._lowered_to: float | None = None
        self._lowered_at = -math.inf
        self._before = 0.0  # calls a minute: what was lowered first
        self._is_stopping = False

    @property
    def limit(self) -> int | None:
        """The calls that a minute may have now; None where there is no limit."""
        limit = self._limit(self._clock())
        return None if math.isinf(limit) else int(limit)

    @property
    def is_lowered(self) -> bool:
        self._limit(self._clock())
        return self._lowered_to is not None

    @property
    def called(self) -> int:
        """How many calls the last minute had."""
        self._forget(self._clock())
        return len(self._calls[Priority.ADD])

    @property
    def waiting(self) -> int:
        return len(self._line)

    def try_acquire(self, priority: Priority) -> Permit | None:
        """Return the right to a call at once, or None where it has to be waited for."""
        now, me = self._clock(), _Waiter(priority, next(self._numbers))
        if self._wait(priority, now) > 0 or self._first([*self._line, me], now) is not me:
            return None
        return self._take(priority, now)

    async def acquire(self, priority: Priority, *, at_most: float | None = None) -> Permit:
        """Wait for the right to a call, for at most so many seconds.

        Raises Withheld where there is none.
        """
        if (permit := self.try_acquire(priority)) is not None:
            return permit
        try:
            async with asyncio.timeout(at_most):
                return await self._in_line(_Waiter(priority, next(self._numbers)))
        except TimeoutError:
            raise Withheld("not sent: the calls of this minute are used up") from None

    def refused(self, retry_after: float | None = None) -> None:
        """The provider has said "too many requests": call nothing for a moment, and fewer times
        afterwards.

        Within a minute of the last time it is about the same calls, and lowers nothing more.
        """
        now = self._clock()
        is_absurd = retry_after is None or retry_after >= LONGEST_WAIT  # such as the time of day
        pause = _PAUSE if is_absurd else min(retry_after or 0.0, _LONGEST_PAUSE)
        self._closed_until = max(self._closed_until, now + pause)
        if now - self._lowered_at < MINUTE:
            return
        known = self._limit(now)
        if self._lowered_to is None:
            self._before = max(self.called, _FIRST_LOWERED) if math.isinf(known) else known
        least = min(_LEAST, self.configured or _LEAST)
        self._lowered_to = self._before if math.isinf(known) else max(known / 2, least)
        self._lowered_at = now
        log.warning(
            "the provider says that these are too many calls: %d a minute from now on",
            self._lowered_to,
        )

    def stop(self) -> None:
        """Let nobody wait any more: who has to gets Withheld."""
        self._is_stopping = True
        for waiter in self._line:
            waiter.wake.set()

    def give_back(self, permit: Permit) -> None:
        """Take back the right to a call that was not made."""
        for priority in _up_to(permit.priority):
            with suppress(ValueError):  # it has left the window
                self._calls[priority].remove(permit.at)
        self._wake_first()

    async def _in_line(self, me: _Waiter) -> Permit:
        """Wait in line.

        The first waits for time, the others for their turn; whoever leaves wakes the next.
        """
        self._line.append(me)
        try:
            while True:
                if self._is_stopping:
                    raise Withheld("not sent: the client is stopping")
                now = self._clock()
                first, wait = self._first(self._line, now), self._wait(me.priority, now)
                if first is not me:
                    first.wake.set()  # the time alone may have made it the first
                    me.wake.clear()
                    await me.wake.wait()
                elif wait > 0:
                    await self._sleep(min(wait, _LOOK))
                else:
                    self._line.remove(me)
                    return self._take(me.priority, now)
        finally:
            with suppress(ValueError):
                self._line.remove(me)
            self._wake_first()

    def _wake_first(self) -> None:
        if self._line:
            self._first(self._line, self._clock()).wake.set()

    def _first(self, line: Sequence[_Waiter], now: float) -> _Waiter:
        """Return whose turn it is: the most urgent's, and now and then of those behind the one that
        came first.
        """
        urgent = min(line, key=lambda waiter: (waiter.priority, waiter.number))
        behind = [waiter for waiter in line if waiter.priority > urgent.priority]
        if not behind or self._turns_before < _TURNS_BEFORE:
            return urgent
        oldest = min(behind, key=lambda waiter: waiter.number)
        return (
            oldest
            if self._wait(oldest.priority, now) <= self._wait(urgent.priority, now)
            else urgent
        )

    def _take(self, priority: Priority, now: float) -> Permit:
        self._forget(now)
        for each in _up_to(priority):
            self._calls[each].append(now)
        others_wait = any(waiter.priority > priority for waiter in self._line)
        self._turns_before = self._turns_before + 1 if others_wait else 0
        return Permit(self, priority, now)

    def _wait(self, priority: Priority, now: float) -> float:
        """Return how many seconds remain until a call of this priority may begin."""
        self._forget(now)
        wait, limit = max(self._closed_until - now, 0.0), self._limit(now)
        if math.isinf(limit):
            return wait
        for each in _up_to(priority):
            calls, most = self._calls[each], max(int(limit * _SHARES[each]), 1)
            if len(calls) >= most:
                wait = max(wait, calls[len(calls) - most] + _WINDOW - now)
        return wait

    def _forget(self, now: float) -> None:
        for calls in self._calls.values():
            while calls and calls[0] + _WINDOW <= now:
                calls.popleft()

    def _limit(self, now: float) -> float:
        """Return how many calls a minute may have: infinity where there is no limit."""
        whole = math.inf if self.configured is None else float(self.configured)
        if self._lowered_to is None:
            return whole
        climbed = self._lowered_to + (now - self._lowered_at) // MINUTE * max(
            self._before * _CLIMB, 1.0
        )
        if climbed < (2 * self._before if self.configured is None else whole):
            return climbed
        log.info("the provider has refused no call for a while: the limit is as it was")
        self._lowered_to = None
        return whole


def _up_to(priority: Priority) -> list[Priority]:
    """List the priorities in whose shares a call of this one counts."""
    return [each for each in Priority if each <= priority]
