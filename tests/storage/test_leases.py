"""Leases: one holder at a time, and whoever was away for too long knows it."""

import asyncio

import pytest

from shop.leases import LEASE_SECONDS, Leases
from storage import Database
from storage.work_tables import leases as table
from tests.support.clock import Clock
from tests.support.world import rows_of


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def two(database: Database, clock: Clock) -> tuple[Leases, Leases]:
    return Leases(database, clock, "first"), Leases(database, clock, "second")


async def names(database: Database) -> list[str]:
    return [row.name for row in await rows_of(database, table)]


async def test_what_one_holds_no_other_gets(two: tuple[Leases, Leases]) -> None:
    first, second = two
    assert await first.take(["a", "b"]) == {"a", "b"}
    assert await second.take(["b", "c"]) == {"c"}
    assert await first.take(["a", "c"]) == {"a"}
    assert [first.sure(name) for name in "abc"] == [True, True, False]
    await first.release(["a", "c"])  # what is not theirs stays
    assert await second.take(["a", "b", "c"]) == {"a", "c"}


async def test_of_many_at_once_one_gets_it(database: Database, clock: Clock) -> None:
    everybody = [Leases(database, clock) for _ in range(12)]
    taken = await asyncio.gather(*(one.take(["b", "a", "c"]) for one in everybody))
    assert sorted(map(len, taken)) == [0] * 11 + [3]


async def test_a_beat_keeps_what_is_held(two: tuple[Leases, Leases], clock: Clock) -> None:
    first, second = two
    await first.take(["a"])
    for _ in range(5):
        clock.forward(seconds=LEASE_SECONDS - 6)
        assert first.sure("a")
        await first.beat()
        assert await second.take(["a"]) == set()
    assert await second.processes() == 2


async def test_who_was_away_has_lost_it_and_knows(two: tuple[Leases, Leases], database: Database, clock: Clock) -> None:
    first, second = two
    await first.take(["a", "b"])
    await first.beat()
    clock.forward(seconds=LEASE_SECONDS - 4)
    assert not first.sure("a")  # before anybody else may have it
    assert await second.take(["a"]) == set()
    clock.forward(seconds=5)
    assert await second.processes() == 1
    assert await second.take(["a"]) == {"a"}

    def transaction(tx):
        assert first.mine(tx, {"a", "b"}) == set()
        assert second.mine(tx, {"a", "b"}) == {"a"}

    await database.write(transaction)
    await first.beat()  # gets back what nobody has taken, and no more
    assert (first.sure("a"), first.sure("b")) == (False, True)
    assert (await database.write(first.mine, {"a", "b"})) == {"b"}


async def test_what_others_had_in_between_is_not_taken_up_again(
    two: tuple[Leases, Leases], database: Database, clock: Clock
) -> None:
    """They have done all of it and given it back: whoever wakes up would do it once more."""
    first, second = two
    await first.take(["done", "untouched"])
    clock.forward(seconds=LEASE_SECONDS + 1)
    assert await second.take(["done"]) == {"done"}
    await second.release(["done"])
    await first.beat()
    assert not first.sure("done")
    assert "done" not in await names(database)
    assert first.sure("untouched")  # nobody has had it


async def test_a_beat_does_not_bring_back_what_is_given_back(two: tuple[Leases, Leases], database: Database) -> None:
    first, _ = two
    for _ in range(5):
        await first.take(["a"])
        await asyncio.gather(first.beat(), first.release(["a"]), first.beat())
        assert await names(database) == ["process:first"]


async def test_who_leaves_leaves_nothing(two: tuple[Leases, Leases], database: Database) -> None:
    first, second = two
    await first.beat()
    await first.take(["a"])
    await second.take(["b"])
    await first.leave()
    assert await names(database) == ["b"]
    assert not first.sure("a")


async def test_what_was_left_behind_is_free_where_nobody_else_can_be(
    two: tuple[Leases, Leases], database: Database, clock: Clock
) -> None:
    first, second = two
    await first.beat()
    await first.take(["a"])
    await second.arrive(everything=False)
    assert await names(database) == ["a", "process:first", "process:second"]
    await second.arrive(everything=True)
    assert await names(database) == ["process:second"]
    await first.take(["a"])
    clock.forward(days=2)
    await second.arrive(everything=False)
    assert await names(database) == ["process:second"]


async def test_one_at_a_time(two: tuple[Leases, Leases]) -> None:
    first, second = two
    async with first.alone("a") as mine:
        assert mine
        async with second.alone("a") as also_mine:
            assert not also_mine
    async with second.alone("a") as mine:
        assert mine


async def test_a_database_that_is_away_ends_no_beat(two: tuple[Leases, Leases], monkeypatch) -> None:
    first, _ = two
    await first.take(["a"])

    def away(*_given: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(first.database, "write", away)
    await first.beat()
    await first.leave()
    assert not first.sure("a")


async def test_a_process_that_stops_in_a_transaction_does_not_hold_its_locks_for_long(database: Database) -> None:
    if database.is_sqlite:  # there is one process
        return
    for _ in range(2):  # a rollback does not forget it

        def transaction(tx):
            limit = tx.exec_driver_sql("SHOW idle_in_transaction_session_timeout")
            assert limit.scalar_one() == "10s"

        await database.read(transaction)
