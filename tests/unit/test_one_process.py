"""Workers of which one process at a time does a step."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import build
from bot.one_process import ALONE, one_process_each
from bot.supervisor import Worker, every
from shop.leases import LEASE_SECONDS, Leases
from storage import Database
from tests.support.clock import Clock
from tests.support.databases import fresh_database
from tests.support.shop import settings_for


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database("sqlite", tmp_path) as opened:
        yield opened


class Place:
    """A worker in two processes; a step of it can be held up."""

    def __init__(self, name: str, database: Database) -> None:
        self.steps, self.clock = [], Clock()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.leases = {who: Leases(database, self.clock, who) for who in ("first", "second")}
        made = {who: one_process_each([self._worker(name, who)], leases) for who, leases in self.leases.items()}
        self.workers = {who: worker for who, (worker,) in made.items()}

    def _worker(self, name: str, who: str) -> Worker:
        async def step() -> bool:
            self.steps.append(who)
            await self.go_on.wait()
            return True

        return Worker(name, step, every(3600))


async def test_what_somebody_is_at_is_tried_again_soon(database: Database) -> None:
    place = Place("catalogue", database)
    first, second = place.workers.values()
    place.go_on.clear()
    under_way = asyncio.create_task(first.step())
    while not place.steps:
        await asyncio.sleep(0.001)
    assert not await second.step()
    assert await second.pause() < 10  # who rang the bell here is not to wait for an hour
    place.go_on.set()
    assert await under_way is True
    assert await second.step() is True
    assert await second.pause() == 3600
    assert place.steps == ["first", "second"]


async def test_one_stays_at_it_until_it_is_gone(database: Database) -> None:
    place = Place("refills", database)
    for _ in range(3):
        for worker in place.workers.values():
            await worker.step()
    assert place.steps == ["first"] * 3
    place.clock.forward(seconds=LEASE_SECONDS + 1)
    await place.workers["second"].step()
    await place.workers["first"].step()
    assert place.steps == ["first"] * 3 + ["second"]
    await place.leases["second"].leave()
    await place.workers["first"].step()
    assert place.steps[-1] == "first"


async def test_others_are_left_as_they_are(database: Database) -> None:
    worker = Worker("tracker", lambda: None, every(1))
    assert one_process_each([worker], Leases(database)) == [worker]


async def test_what_one_process_does_is_done_by_a_worker(tmp_path: Path) -> None:
    app = build(settings_for(tmp_path))
    guarded = {worker.name for worker in app.supervisor.workers if type(worker.step.__self__).__name__ == "_Guard"}
    assert guarded == ALONE.keys() - {"backup"}  # which that shop has not turned on
    await app.close()
