"""Of all processes one leads, and whoever was away for too long knows it."""

import asyncio
from datetime import timedelta

import pytest

from shop.leases import BEAT_SECONDS, LEASE_SECONDS, WORKERS, Leadership
from storage import Database
from storage.schema.operations import leases as table
from tests.harness.clock import Clock
from tests.harness.world import rows_of


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def two(database: Database, clock: Clock) -> tuple[Leadership, Leadership]:
    return Leadership(database, clock, "first"), Leadership(database, clock, "second")


def lead(*processes: Leadership) -> list[bool]:
    return [one.is_held() for one in processes]


async def names(database: Database) -> list[str]:
    return [row.name for row in await rows_of(database, table)]


async def test_one_leads_and_the_others_stand_by(two: tuple[Leadership, Leadership]) -> None:
    first, second = two
    await first.start(alone=False)
    assert (first.is_held(), first.has_peers, first.taken.is_set()) == (True, False, True)
    for _ in range(3):
        await second.heartbeat()
        await first.heartbeat()
        assert lead(*two) == [True, False]
        assert first.has_peers
        assert second.has_peers
    assert not second.taken.is_set()


async def test_of_many_at_once_one_leads(database: Database, clock: Clock) -> None:
    everybody = [Leadership(database, clock) for _ in range(12)]
    await asyncio.gather(*(one.start(alone=False) for one in everybody))
    assert sum(lead(*everybody)) == 1


async def test_a_beat_keeps_the_lead(two: tuple[Leadership, Leadership], clock: Clock) -> None:
    first, second = two
    await first.heartbeat()
    for _ in range(5):
        clock.forward(seconds=LEASE_SECONDS - 6)
        assert first.is_held()
        await first.heartbeat()
        await second.heartbeat()
        assert lead(*two) == [True, False]


async def test_who_was_away_has_lost_the_lead_and_knows(
    two: tuple[Leadership, Leadership], database: Database, clock: Clock
) -> None:
    first, second = two
    await first.heartbeat()
    clock.forward(seconds=LEASE_SECONDS - 4)
    assert not first.is_held()  # before anybody else may have it
    await second.heartbeat()
    assert not second.is_held()
    clock.forward(seconds=5)
    await second.heartbeat()
    assert lead(*two) == [False, True]
    assert not second.has_peers

    def transaction(tx):
        return first.held_in(tx), second.held_in(tx)

    assert await database.write(transaction) == (False, True)
    await first.heartbeat()
    assert lead(*two) == [False, True]


async def test_a_dead_one_is_followed_within_the_lease_and_a_beat(
    two: tuple[Leadership, Leadership], clock: Clock
) -> None:
    first, second = two
    await first.heartbeat()
    waited = 0.0
    while not second.is_held():
        clock.forward(seconds=BEAT_SECONDS)
        waited += BEAT_SECONDS
        await second.heartbeat()
    assert waited <= LEASE_SECONDS + BEAT_SECONDS


async def test_who_was_away_and_has_no_company_goes_on(
    two: tuple[Leadership, Leadership], clock: Clock
) -> None:
    first, _ = two
    await first.heartbeat()
    with first.step():  # nobody has led in between: what it has in its memory still counts
        clock.forward(seconds=LEASE_SECONDS + 60)
        assert not first.is_held()
        await first.heartbeat()
        assert first.is_held()


async def test_who_has_lost_the_lead_takes_it_again_only_when_its_steps_have_ended(
    two: tuple[Leadership, Leadership], database: Database, clock: Clock
) -> None:
    """What a step has in its memory was done by the other one, which is gone by now: it would do it
    once more.
    """
    first, second = two
    await first.heartbeat()
    with first.step():
        clock.forward(seconds=LEASE_SECONDS + 1)
        await second.heartbeat()
        assert second.is_held()
        await second.stop()
        for _ in range(3):
            await first.heartbeat()
            assert not first.is_held()
        assert WORKERS not in await names(database)
    await first.heartbeat()
    assert first.is_held()


async def test_who_stops_leaves_nothing(
    two: tuple[Leadership, Leadership], database: Database
) -> None:
    first, second = two
    await first.heartbeat()
    await second.heartbeat()
    await first.stop()
    assert not first.is_held()
    assert await names(database) == ["process:second"]
    await second.heartbeat()
    assert second.is_held()


async def test_what_was_left_behind_is_free_where_nobody_else_can_be(
    two: tuple[Leadership, Leadership], database: Database, clock: Clock
) -> None:
    first, second = two
    await first.heartbeat()
    await second.start(alone=False)
    assert not second.is_held()
    await second.start(alone=True)
    assert second.is_held()
    assert await names(database) == ["process:second", WORKERS]
    await first.heartbeat()
    clock.forward(days=2)
    third = Leadership(database, clock, "third")
    await third.start(alone=False)
    assert await names(database) == ["process:third", WORKERS]


async def test_a_database_that_is_away_ends_no_beat(
    two: tuple[Leadership, Leadership], clock: Clock, monkeypatch
) -> None:
    first, _ = two
    await first.heartbeat()

    async def away(*_args: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(first.database, "write", away)
    await first.heartbeat()
    assert first.is_held()
    clock.forward(seconds=LEASE_SECONDS)
    await first.heartbeat()
    assert not first.is_held()
    await first.stop()


async def test_a_dead_process_whose_clock_was_ahead_does_not_lead_for_ever(
    two: tuple[Leadership, Leadership], clock: Clock
) -> None:
    first, second = two
    clock.now += timedelta(days=400)
    await first.heartbeat()
    clock.now -= timedelta(days=400)
    assert not first.is_held()
    await second.heartbeat()
    assert lead(*two) == [False, True]
    await first.heartbeat()
    assert lead(*two) == [False, True]


async def test_a_process_that_stops_in_a_transaction_does_not_hold_its_locks_for_long(
    database: Database,
) -> None:
    if database.is_sqlite:  # there is one process
        return
    for _ in range(2):  # a rollback does not forget it

        def transaction(tx):
            limit = tx.exec_driver_sql("SHOW idle_in_transaction_session_timeout")
            assert limit.scalar_one() == "10s"

        await database.read(transaction)
