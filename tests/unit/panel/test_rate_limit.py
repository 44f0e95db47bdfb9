"""The calls of a minute, in an event loop whose clock steps to the next timer."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from itertools import pairwise
from typing import Any

import pytest

from panel import Priority, RateLimiter, Withheld
from tests.runtime.stepped import SteppedLoop

ADD, PERSON, SWEEP = Priority

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Make = Callable[[int | None], RateLimiter]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=SteppedLoop) as opened:
        yield opened


@pytest.fixture
def run(runner: asyncio.Runner) -> Run:
    return runner.run


@pytest.fixture
def time(runner: asyncio.Runner) -> Callable[[], float]:
    return runner.get_loop().time


@pytest.fixture
def make(time: Callable[[], float]) -> Make:
    return lambda per_minute: RateLimiter(per_minute, clock=time)


async def call(
    limiter: RateLimiter, priority: Priority, into: list[tuple[float, Priority]], times: int = 1
) -> None:
    for _ in range(times):
        (await limiter.acquire(priority)).use()
        into.append((asyncio.get_running_loop().time(), priority))


async def all_of(*callers: Coroutine[Any, Any, None]) -> None:
    await asyncio.gather(*callers)


def test_no_minute_has_more_calls_than_its_limit(run: Run, make: Make) -> None:
    limiter, made = make(20), []
    run(all_of(*(call(limiter, priority, made, 40) for priority in Priority)))
    at = sorted(when for when, _ in made)
    assert len(at) == 120
    assert all(later - first > 60 for first, later in zip(at, at[20:], strict=False))
    assert at[-1] < 6 * 62  # and no fewer than it may have


def test_without_a_limit_nobody_waits(run: Run, make: Make, time) -> None:
    limiter, made = make(None), []
    run(call(limiter, SWEEP, made, 5_000))
    assert (time(), limiter.limit, limiter.called) == (0, None, 5_000)


def test_adds_overtake_a_person_and_a_person_a_sweep(run: Run, make: Make) -> None:
    limiter, made = make(4), []

    async def scene() -> None:
        await call(limiter, ADD, [], 4)
        waiting = [call(limiter, priority, made) for priority in (SWEEP, PERSON, ADD)]
        await all_of(*waiting)

    run(scene())
    assert [priority for _, priority in made] == [ADD, PERSON, SWEEP]


def test_sweeps_leave_a_quarter_to_those_who_go_first(run: Run, make: Make, time) -> None:
    limiter = make(20)

    async def scene() -> tuple[float, float, float]:
        made: list[tuple[float, Priority]] = []
        await call(limiter, SWEEP, made, 15)
        assert limiter.try_acquire(SWEEP) is None
        await call(limiter, PERSON, made, 3)
        assert limiter.try_acquire(PERSON) is None
        await call(limiter, ADD, made, 2)
        assert limiter.try_acquire(ADD) is None
        return made[-1][0]

    assert run(scene()) == 0


def test_a_sweep_is_not_kept_waiting_for_ever_by_adds(run: Run, make: Make) -> None:
    limiter, made = make(60), []
    run(all_of(*(call(limiter, ADD, made, 60) for _ in range(4)), call(limiter, SWEEP, made, 10)))
    sweeps = [number for number, (_, priority) in enumerate(made) if priority is SWEEP]
    assert len(sweeps) == 10
    assert sweeps[-1] < 60 + 10 * 11  # the first minute's adds had nobody behind them
    assert all(later - first >= 10 for first, later in pairwise(sweeps))


def test_a_refusal_halves_the_limit_and_it_climbs_back(run: Run, make: Make, time) -> None:
    limiter = make(100)

    async def scene() -> list[int]:
        limiter.refused()
        found = [limiter.limit]
        for _ in range(10):
            await asyncio.sleep(60)
            found.append(limiter.limit)
        return found

    assert run(scene()) == [50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100]
    assert not limiter.is_lowered


def test_refusals_of_the_same_calls_lower_it_once(run: Run, make: Make) -> None:
    limiter = make(100)

    async def scene() -> list[int | None]:
        for _ in range(8):
            limiter.refused()
        once = limiter.limit
        await asyncio.sleep(61)
        limiter.refused()
        return [once, limiter.limit]

    assert run(scene()) == [50, 27]


def test_it_is_never_lowered_to_nothing(run: Run, make: Make) -> None:
    async def scene(limiter: RateLimiter) -> int | None:
        for _ in range(20):
            limiter.refused()
            await asyncio.sleep(60)
        limiter.refused()
        return limiter.limit

    assert run(scene(make(100))) == 6
    assert run(scene(make(3))) == 3


@pytest.mark.parametrize(("called", "lowered"), [(200, 200), (3, 30)])
def test_from_no_limit_it_is_lowered_to_what_was_called(
    run: Run, make: Make, called: int, lowered: int
) -> None:
    limiter = make(None)

    async def scene() -> list[int | None]:
        await call(limiter, ADD, [], called)
        limiter.refused()
        found = [limiter.limit]
        await asyncio.sleep(19 * 60)
        found.append(limiter.limit)
        await asyncio.sleep(11 * 60)
        return [*found, limiter.limit]

    first, later, last = run(scene())
    assert first == lowered
    assert lowered < later < 2 * lowered
    assert last is None


@pytest.mark.parametrize(
    ("asked", "waited"),
    [(None, 10), (3.0, 3), (0.0, 0), (60.0, 60), (900.0, 60), (3_600.0, 10), (1_764_458_400.0, 10)],
)
def test_after_a_refusal_nobody_calls_for_as_long_as_it_says(
    run: Run, make: Make, time, asked, waited: float
) -> None:
    limiter, made = make(100), []

    async def scene() -> None:
        limiter.refused(asked)
        await all_of(*(call(limiter, priority, made) for priority in Priority))

    run(scene())
    assert {round(when, 3) for when, _ in made} == {waited}


def test_a_permit_that_was_not_used_is_given_back(run: Run, make: Make, time) -> None:
    limiter = make(1)

    async def scene() -> None:
        with await limiter.acquire(ADD):
            assert limiter.called == 1
        assert limiter.called == 0
        with await limiter.acquire(PERSON) as permit:
            permit.use()
        permit.release()
        assert limiter.called == 1

    run(scene())
    assert time() == 0


def test_who_is_cancelled_in_line_leaves_nothing(run: Run, make: Make) -> None:
    limiter, made = make(1), []

    async def scene() -> None:
        await call(limiter, ADD, [])
        first, second, third = (asyncio.create_task(call(limiter, ADD, made)) for _ in range(3))
        await asyncio.sleep(5)
        assert limiter.waiting == 3
        first.cancel()
        second.cancel()
        await asyncio.wait([third])

    run(scene())
    assert [when for when, _ in made] == [61]
    assert (limiter.waiting, limiter.called) == (0, 1)


@pytest.mark.parametrize("seed", range(20))
def test_in_any_order_of_calls_and_cancellations_all_come_through(
    run: Run, make: Make, seed: int
) -> None:
    import random

    choice, limiter, made = random.Random(seed), make(10), []

    async def scene() -> int:
        tasks, cancelled = [], 0
        for _ in range(80):
            tasks.append(asyncio.create_task(call(limiter, choice.choice(list(Priority)), made)))
            await asyncio.sleep(choice.choice((0, 0, 0.3, 7)))
            if choice.random() < 0.2 and not (task := choice.choice(tasks)).done():
                cancelled += task.cancel()
            if choice.random() < 0.05:
                limiter.refused(choice.choice((None, 1.0)))
        async with asyncio.timeout(3_600):
            await asyncio.gather(*tasks, return_exceptions=True)
        return cancelled

    cancelled = run(scene())
    assert len(made) == 80 - cancelled
    assert limiter.waiting == 0
    at = sorted(when for when, _ in made)
    assert all(later - first > 60 for first, later in zip(at, at[10:], strict=False))


def test_who_waits_only_so_long_has_not_called(run: Run, make: Make, time) -> None:
    limiter = make(1)

    async def scene() -> None:
        await call(limiter, ADD, [])
        with pytest.raises(Withheld):
            await limiter.acquire(PERSON, at_most=5)

    run(scene())
    assert (time(), limiter.waiting, limiter.called) == (5, 0, 1)


def test_at_the_end_nobody_waits_any_more(run: Run, make: Make, time) -> None:
    limiter = make(1)

    async def scene() -> list[Any]:
        await call(limiter, ADD, [])
        waiting = asyncio.gather(
            *(limiter.acquire(SWEEP) for _ in range(3)), return_exceptions=True
        )
        await asyncio.sleep(5)
        limiter.stop()
        return [*await waiting, *await asyncio.gather(limiter.acquire(ADD), return_exceptions=True)]

    assert {type(found) for found in run(scene())} == {Withheld}
    assert time() <= 6


def test_a_limit_below_one_is_refused(make: Make) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        make(0)
