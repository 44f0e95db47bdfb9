"""Fair turns, shown in an event loop whose clock steps to the next timer: each piece of work takes
a second.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import pytest

from bot.middlewares.fair_queue import MOST, FairQueue, Place, Share
from tests.runtime.stepped import SteppedLoop

ANN, BORIS = 1, 2
ORDINARY, PIECES = MOST[Share.ORDINARY], MOST[Share.PIECE]

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run() -> Iterator[Run]:
    with asyncio.Runner(loop_factory=SteppedLoop) as opened:
        yield opened.run


class Day:
    """Notes at which second whose work with which number was done."""

    def __init__(self, slots: int = 64) -> None:
        self.queue = FairQueue(slots)
        self.done: list[tuple[float, int, int]] = []
        self.refused: list[Place] = []
        self.side_by_side = self.most_side_by_side = 0

    async def work(self, person: int, number: int, share: Share = Share.ORDINARY) -> None:
        with self.queue.join(person, number, share) as place:
            if not place.kept:
                self.refused.append(place)
                return
            await place.turn()
            async with self.queue.slot(place):
                self.side_by_side += 1
                self.most_side_by_side = max(self.most_side_by_side, self.side_by_side)
                try:
                    await asyncio.sleep(1)
                finally:
                    self.side_by_side -= 1
            self.done.append((round(asyncio.get_running_loop().time(), 2), person, number))

    def begin(self, *asked: tuple[Any, ...]) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.work(*one)) for one in asked]

    def of(self, person: int) -> list[int]:
        return [number for _, who, number in self.done if who == person]


def test_one_person_s_go_one_after_another_and_many_people_s_side_by_side(run: Run) -> None:
    day = Day()

    async def all_day() -> None:
        await asyncio.gather(
            *day.begin(*((person, number) for number in range(3) for person in range(20)))
        )

    run(all_day())
    assert sorted(day.done) == [
        (second + 1, person, second) for second in range(3) for person in range(20)
    ]


def test_no_more_than_the_slots_are_at_work(run: Run) -> None:
    day = Day(slots=4)

    async def all_day() -> None:
        await asyncio.gather(*day.begin(*((person, 1) for person in range(10))))

    run(all_day())
    assert day.most_side_by_side == 4
    assert [second for second, _, _ in day.done] == [1] * 4 + [2] * 4 + [3] * 2


def test_who_waits_for_their_own_turn_holds_no_slot(run: Run) -> None:
    day = Day(slots=2)

    async def all_day() -> None:
        await asyncio.gather(*day.begin(*((ANN, number) for number in range(100)), (BORIS, 100)))

    run(all_day())
    assert (1, BORIS, 100) in day.done
    assert day.of(ANN) == list(range(ORDINARY))
    assert len(day.refused) == 100 - ORDINARY


def test_numbers_decide_and_not_who_came_first(run: Run) -> None:
    day = Day()

    async def all_day() -> None:
        tasks = day.begin((ANN, 5), (ANN, 9), (ANN, 7))
        await asyncio.sleep(0.5)
        await asyncio.gather(*tasks, *day.begin((ANN, 8), (ANN, 6)))

    run(all_day())
    assert day.of(ANN) == [5, 6, 7, 8, 9]


def test_there_is_room_again_when_something_is_done(run: Run) -> None:
    day = Day()

    async def all_day() -> None:
        tasks = day.begin(*((ANN, number) for number in range(ORDINARY)))
        await asyncio.sleep(2.5)
        await asyncio.gather(*tasks, *day.begin(*((ANN, number) for number in range(100, 105))))

    run(all_day())
    assert day.of(ANN) == [*range(ORDINARY), 100, 101]
    assert len(day.refused) == 3


def test_a_burst_is_told_once_and_the_next_one_again(run: Run) -> None:
    day = Day()

    async def all_day() -> None:
        for _ in range(2):
            await asyncio.gather(*day.begin(*((ANN, number) for number in range(ORDINARY + 30))))

    run(all_day())
    assert [place.tell() for place in day.refused] == ([True] + [False] * 29) * 2


@pytest.mark.parametrize("share", [Share.ALWAYS, Share.URGENT])
def test_some_things_are_never_refused(run: Run, share: Share) -> None:
    day = Day()

    async def all_day() -> None:
        await asyncio.gather(
            *day.begin(*((ANN, n) for n in range(50)), *((ANN, n, share) for n in range(50, 80)))
        )

    run(all_day())
    assert len(day.refused) == 50 - ORDINARY
    assert set(day.of(ANN)) == {*range(ORDINARY), *range(50, 80)}


def test_what_is_urgent_is_next_and_needs_no_slot(run: Run) -> None:
    day = Day(slots=1)

    async def all_day() -> None:
        tasks = day.begin((BORIS, 1), (ANN, 2), (ANN, 3))
        await asyncio.sleep(0)
        await asyncio.gather(*tasks, *day.begin((3, 4, Share.URGENT), (ANN, 5, Share.URGENT)))

    run(all_day())
    assert (1, 3, 4) in day.done
    assert day.of(ANN) == [2, 5, 3]
    with Place() as place:
        assert place.is_first
        assert place.kept
        assert not place.waits


def test_a_long_text_finds_room_beside_everything_else(run: Run) -> None:
    day = Day()

    async def all_day() -> None:
        ordinary = ((ANN, number) for number in range(40))
        pieces = ((ANN, number, Share.PIECE) for number in range(40, 40 + PIECES + 5))
        await asyncio.gather(*day.begin(*ordinary, *pieces))

    run(all_day())
    assert day.of(ANN) == [*range(ORDINARY), *range(40, 40 + PIECES)]
    assert len(day.refused) == 40 - ORDINARY + 5


def test_who_gives_up_keeps_nobody_back(run: Run) -> None:
    day = Day()

    async def all_day() -> None:
        tasks = day.begin(*((ANN, number) for number in range(6)))
        await asyncio.sleep(0.5)
        for task in (tasks[0], tasks[1], tasks[3]):
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    run(all_day())
    assert day.of(ANN) == [2, 4, 5]
    assert len(day.queue) == 0


def test_what_was_lost_is_taken_note_of_when_all_before_it_is_done(run: Run) -> None:
    queue = FairQueue()

    async def all_day() -> None:
        kept = [queue.join(ANN, number) for number in range(ORDINARY)]
        for number in (ORDINARY, ORDINARY + 1):
            assert not queue.join(ANN, number, what=f"number {number}").kept
        for place in kept[:-2]:
            await place.turn()
            assert place.lost() is None
            place.leave()
        last = queue.join(ANN, 100)
        for place in kept[-2:]:
            await place.turn()
            found = place.lost()
            place.leave()
        assert found == f"number {ORDINARY}"
        await last.turn()
        assert last.lost() is None
        last.leave()

    run(all_day())


def test_who_is_quiet_is_forgotten(run: Run) -> None:
    day = Day()

    async def all_day() -> None:
        for person in range(2_000):
            tasks = day.begin(*((person, number) for number in range(3)))
            await asyncio.sleep(0.5)
            assert len(day.queue) <= 7  # three seconds' worth of people
            del tasks
        await asyncio.sleep(5)

    run(all_day())
    assert len(day.done) == 6_000
    assert len(day.queue) == 0
