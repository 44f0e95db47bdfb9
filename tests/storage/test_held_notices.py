"""What waits for its reader's hour: out of everybody's way, no attempt, and back when its reader wants it."""

from datetime import timedelta

from storage import Database, notices
from storage.notices import HELD
from storage.tables import notices as table
from tests.support.stock import ANN, BOB, NOW
from tests.support.world import rows_of


def after(seconds: float):
    return NOW + timedelta(seconds=seconds)


async def write(database: Database, *chats: int) -> None:
    async with database.write() as connection:
        for chat in chats:
            await notices.add(connection, user_id=chat, kind="order", now=NOW, payload={})


async def due(database: Database, seconds: float = 0, limit: int = 100) -> list[int]:
    async with database.read() as connection:
        return [notice.id for notice in await notices.due(connection, after(seconds), limit=limit)]


async def test_what_is_held_waits_without_an_attempt(database: Database) -> None:
    await write(database, ANN, ANN, BOB)
    async with database.write() as connection:
        await notices.hold(connection, [1, 2], after(60))
    assert await due(database, limit=1) == [3]  # what is held takes nobody's place
    assert await due(database, 60) == [1, 2, 3]
    rows = await rows_of(database, table)
    assert [(row.outcome, row.attempts, row.done_at) for row in rows] == [
        (HELD, 0, None),
        (HELD, 0, None),
        ("", 0, None),
    ]


async def test_a_change_of_mind_brings_back_what_was_held_and_nothing_else(database: Database) -> None:
    await write(database, ANN, ANN, ANN, BOB)
    async with database.write() as connection:
        await notices.hold(connection, [1, 2, 4], after(60))
        await notices.postpone(connection, [3], after(60))  # Telegram is away
        await notices.finish(connection, [2], NOW, "said")
        await notices.release(connection, ANN, after(5))
    assert await due(database, 4) == []
    assert await due(database, 5) == [1]
    assert [row.outcome for row in await rows_of(database, table)] == [HELD, "said", "", HELD]


async def test_a_change_of_mind_does_not_put_off_what_is_due(database: Database) -> None:
    await write(database, ANN)
    async with database.write() as connection:
        await notices.hold(connection, [1], after(10))
        await notices.release(connection, ANN, after(30))
    assert (await rows_of(database, table))[0].not_before == after(10)


async def test_what_is_done_is_not_held(database: Database) -> None:
    await write(database, ANN)
    async with database.write() as connection:
        await notices.finish(connection, [1], NOW, "said")
        await notices.hold(connection, [1], after(60))
    assert [row.outcome for row in await rows_of(database, table)] == ["said"]


async def test_all_that_is_due_in_one_chat(database: Database) -> None:
    await write(database, ANN, BOB, ANN, ANN)
    async with database.write() as connection:
        await notices.finish(connection, [3], NOW, "said")
        await notices.hold(connection, [4], after(60))
        assert [row.id for row in await notices.due_of(connection, ANN, NOW)] == [1]
        assert [row.id for row in await notices.due_of(connection, ANN, after(60))] == [1, 4]
        assert [row.outcome for row in await notices.due_of(connection, ANN, after(60))] == ["", HELD]
