"""An update by webhook is handled once, each person's in order, by whichever process gets it."""

import asyncio
from datetime import timedelta

import pytest
from aiogram.types import Update
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.middlewares.fair_queue import MOST, FairQueue, Place, Share
from bot.telegram import update_inbox as module
from bot.telegram.update_inbox import CLAIM_SECONDS, ComeAgainError, UpdateInbox
from storage.queries.updates import forget
from storage.schema.operations import updates
from tests.harness.clock import Clock

ANN, BORIS = 501, 502


def pressed(number: int, user_id: int = ANN) -> Update:
    user = {"id": user_id, "is_bot": False, "first_name": "Ann"}
    query = {"id": "1", "from": user, "chat_instance": "1", "data": "z"}
    return Update.model_validate({"update_id": number, "callback_query": query})


def checkout(number: int) -> Update:
    user = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    query = {"id": "1", "from": user, "currency": "XTR", "total_amount": 1, "invoice_payload": "1"}
    return Update.model_validate({"update_id": number, "pre_checkout_query": query})


def paid(number: int) -> Update:
    user = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    names = (
        "currency",
        "invoice_payload",
        "telegram_payment_charge_id",
        "provider_payment_charge_id",
    )
    payment = dict.fromkeys(names, "XTR") | {"total_amount": 1}
    message = {
        "message_id": number,
        "date": 1,
        "chat": {"id": ANN, "type": "private"},
        "from": user,
    }
    return Update.model_validate(
        {"update_id": number, "message": message | {"successful_payment": payment}}
    )


class Work:
    """Handlers that end when they are let go; `done` are the updates that were handled, in order.

    `refused` are those that there was no room for.
    """

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.refused: list[int] = []
        self.go = asyncio.Event()
        self.go.set()

    def of(self, update: Update):
        async def work(place: Place) -> None:
            if not place.kept:
                self.refused.append(update.update_id)
                return
            self.begun.append(update.update_id)
            async with asyncio.timeout(5):
                await self.go.wait()
            self.done.append(update.update_id)

        return work

    async def begins(self, number: int) -> None:
        async with asyncio.timeout(5):
            while number not in self.begun:
                await asyncio.sleep(0.005)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def processes(database, clock, monkeypatch):
    """Two of them, that wait for their turn for a tenth of a second only."""
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(module, "_LOOKS", 10)
    return tuple(UpdateInbox(database, name * 32, FairQueue(), clock) for name in "ab")


async def rows(database):
    return await database.read(lambda tx: list(tx.execute(select(updates).order_by(updates.c.id))))


async def test_a_repeat_of_what_is_done_does_nothing(processes, database, clock, work) -> None:
    one, other = processes
    update = pressed(1)
    assert await one.handle(update, work.of(update))
    assert not await other.handle(update, work.of(update))
    assert not await one.handle(update, work.of(update))
    clock.forward(hours=20)
    assert not await other.handle(update, work.of(update))
    assert work.done == [1]
    (row,) = await rows(database)
    assert (row.id, row.user_id, row.owner) == (1, ANN, "a" * 32)
    assert row.done_at is not None


async def test_a_repeat_while_it_is_handled_is_to_come_again(processes, work) -> None:
    one, other = processes
    work.go.clear()
    update = pressed(1)
    first = asyncio.create_task(one.handle(update, work.of(update)))
    await work.begins(1)
    for process in processes:
        with pytest.raises(ComeAgainError):
            await process.handle(update, work.of(update))
    work.go.set()
    assert await first
    assert not await other.handle(update, work.of(update))
    assert work.done == [1]


async def test_two_at_the_same_moment(processes, work) -> None:
    update = pressed(1)
    work.go.clear()
    both = asyncio.gather(
        *(one.handle(update, work.of(update)) for one in processes), return_exceptions=True
    )
    await work.begins(1)
    await asyncio.sleep(0.05)
    work.go.set()
    results = await both
    assert sorted(map(repr, results)) == ["ComeAgainError()", "True"]
    assert work.done == [1]


async def test_who_died_loses_the_claim(processes, clock, work) -> None:
    one, other = processes
    late = Work()
    late.go.clear()
    work.go.clear()
    update = pressed(1)
    lost = asyncio.create_task(one.handle(update, late.of(update)))
    await late.begins(1)
    clock.forward(seconds=CLAIM_SECONDS - 1)
    with pytest.raises(ComeAgainError):
        await other.handle(update, work.of(update))
    clock.forward(seconds=2)
    taken = asyncio.create_task(other.handle(update, work.of(update)))
    await work.begins(1)
    late.go.set()
    await lost  # it was not dead, only late: its word about the claim does not count
    with pytest.raises(ComeAgainError):
        await one.handle(update, late.of(update))
    work.go.set()
    assert await taken
    assert not await one.handle(update, late.of(update))


async def test_on_sqlite_a_start_finds_everything_free(processes, database, work) -> None:
    """There the one process that was at it is dead."""
    one, other = processes
    late = Work()
    late.go.clear()
    lost = asyncio.create_task(one.handle(pressed(1), late.of(pressed(1))))
    await late.begins(1)
    await other.arrive()
    if database.is_sqlite:
        assert await other.handle(pressed(1), work.of(pressed(1)))
    else:
        with pytest.raises(ComeAgainError):
            await other.handle(pressed(1), work.of(pressed(1)))
    late.go.set()
    await lost


async def test_who_lives_keeps_it(processes, clock, work) -> None:
    one, other = processes
    work.go.clear()
    update = pressed(1)
    slow = asyncio.create_task(one.handle(update, work.of(update)))
    await work.begins(1)
    for _ in range(3):
        clock.forward(seconds=CLAIM_SECONDS - 1)
        await one.keep()
        with pytest.raises(ComeAgainError):
            await other.handle(update, work.of(update))
    work.go.set()
    assert await slow
    assert work.done == [1]


@pytest.mark.parametrize("failure", [RuntimeError("broken"), asyncio.CancelledError()])
async def test_what_failed_is_free_at_once(processes, database, work, failure) -> None:
    one, other = processes
    update = pressed(1)

    async def fails(_place: Place) -> None:
        raise failure

    with pytest.raises(type(failure)):
        await one.handle(update, fails)
    assert await rows(database) == []
    assert await other.handle(update, work.of(update))
    assert work.done == [1]


async def test_a_person_s_updates_are_handled_in_order(processes, work, monkeypatch) -> None:
    monkeypatch.setattr(module, "_LOOKS", 500)
    one, other = processes
    work.go.clear()
    first = asyncio.create_task(one.handle(pressed(1), work.of(pressed(1))))
    await work.begins(1)
    second = asyncio.create_task(other.handle(pressed(2), work.of(pressed(2))))
    stranger = asyncio.create_task(other.handle(pressed(3, BORIS), work.of(pressed(3, BORIS))))
    paying = asyncio.create_task(other.handle(checkout(4), work.of(checkout(4))))
    await work.begins(3)
    await work.begins(4)
    await asyncio.sleep(0.05)
    assert 2 not in work.begun
    work.go.set()
    assert await asyncio.gather(first, second, stranger, paying) == [True] * 4
    assert work.done.index(1) < work.done.index(2)


async def test_one_process_keeps_them_in_order_however_they_arrive(processes, work) -> None:
    one, _ = processes
    work.go.clear()
    first = asyncio.create_task(one.handle(pressed(1), work.of(pressed(1))))
    await work.begins(1)
    numbers = [4, 2, 6, 3, 5]
    others = [
        asyncio.create_task(one.handle(pressed(number), work.of(pressed(number))))
        for number in numbers
    ]
    await asyncio.sleep(0.05)
    assert work.begun == [1]
    work.go.set()
    assert await asyncio.gather(first, *others) == [True] * 6
    assert work.done == [1, 2, 3, 4, 5, 6]


async def test_what_is_refused_is_done_and_never_comes_again(processes, database, work) -> None:
    one, other = processes
    work.go.clear()
    most = MOST[Share.ORDINARY]
    tasks = [
        asyncio.create_task(one.handle(pressed(n), work.of(pressed(n)))) for n in range(1, most + 5)
    ]
    await work.begins(1)
    assert await asyncio.gather(*tasks[most:]) == [True] * 4
    assert sorted(work.refused) == [*range(most + 1, most + 5)]
    stranger = asyncio.create_task(one.handle(pressed(99, BORIS), work.of(pressed(99, BORIS))))
    await work.begins(99)
    paying = asyncio.create_task(one.handle(paid(100), work.of(paid(100))))
    work.go.set()
    assert await asyncio.gather(*tasks[:most], stranger, paying) == [True] * (most + 2)
    assert [number for number in work.done if number < 99] == [*range(1, most + 1)]
    assert work.done.index(100) < work.done.index(2)
    assert all(row.done_at is not None for row in await rows(database))
    for number in (2, most + 1):
        assert not await other.handle(pressed(number), work.of(pressed(number)))
    assert len(work.refused) == 4
    assert len(one._queue) == 0


async def test_who_waits_too_long_for_the_older_one_comes_again(processes, database, work) -> None:
    one, other = processes
    work.go.clear()
    first = asyncio.create_task(one.handle(pressed(1), work.of(pressed(1))))
    await work.begins(1)
    with pytest.raises(ComeAgainError):
        await other.handle(pressed(2), work.of(pressed(2)))
    assert [row.id for row in await rows(database)] == [1]
    work.go.set()
    await first
    assert await other.handle(pressed(2), work.of(pressed(2)))
    assert work.done == [1, 2]


async def test_nobody_waits_for_the_dead(processes, clock, work) -> None:
    one, other = processes
    work.go.clear()
    lost = asyncio.create_task(one.handle(pressed(1), work.of(pressed(1))))
    await work.begins(1)
    clock.forward(seconds=CLAIM_SECONDS + 1)
    work.go.set()
    assert await other.handle(pressed(2), work.of(pressed(2)))
    await lost


async def test_nothing_is_begun_after_the_stop(processes, work) -> None:
    one, other = processes
    work.go.clear()
    first = asyncio.create_task(one.handle(pressed(1), work.of(pressed(1))))
    await work.begins(1)
    waiting = asyncio.create_task(other.handle(pressed(2), work.of(pressed(2))))
    await asyncio.sleep(0.02)
    other.closed = True
    with pytest.raises(ComeAgainError):
        await waiting
    with pytest.raises(ComeAgainError):
        await other.handle(pressed(3), work.of(pressed(3)))
    work.go.set()
    await first
    assert work.begun == [1]


async def test_a_stop_ends_the_waiting_in_line_too(processes, work, monkeypatch) -> None:
    monkeypatch.setattr(module, "_CLOSED_SECONDS", 0.01)
    one, _ = processes
    work.go.clear()
    first = asyncio.create_task(one.handle(pressed(1), work.of(pressed(1))))
    await work.begins(1)
    waiting = asyncio.create_task(one.handle(pressed(2), work.of(pressed(2))))
    await asyncio.sleep(0.05)
    one.closed = True
    with pytest.raises(ComeAgainError):
        await waiting
    work.go.set()
    assert await first
    assert work.begun == [1]


async def test_what_could_not_be_noted_is_noted_later(
    processes, database, work, monkeypatch
) -> None:
    one, other = processes
    update = pressed(1)

    def away(*_args) -> None:
        raise OperationalError("UPDATE", {}, Exception("the disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(module.updates, "done", away)
        assert await one.handle(update, work.of(update))
        assert not await one.handle(update, work.of(update))
        with pytest.raises(ComeAgainError):
            await other.handle(update, work.of(update))
    await one.keep()
    assert not await other.handle(update, work.of(update))
    assert work.done == [1]
    assert (await rows(database))[0].done_at is not None


async def test_old_ones_are_forgotten(processes, database, clock, work) -> None:
    one, _ = processes
    for number in (1, 2):
        await one.handle(pressed(number), work.of(pressed(number)))
        clock.forward(hours=30)
    await database.write(forget, clock() - timedelta(days=2), 100)
    assert [row.id for row in await rows(database)] == [2]
    clock.forward(hours=30)
    await database.write(forget, clock() - timedelta(days=2), 100)
    assert await rows(database) == []
