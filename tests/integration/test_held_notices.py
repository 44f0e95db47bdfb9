"""What waits for its reader's hour: out of everybody's way, no attempt, and back when its reader
wants it.
"""

from datetime import timedelta

from storage import Database
from storage.queries import notices
from storage.queries.notices import HELD
from storage.schema.messages import notices as table
from tests.factories.stock import ANN, BOB, NOW
from tests.harness.outbox import due as outbox_due
from tests.harness.world import rows_of


def after(seconds: float):
    return NOW + timedelta(seconds=seconds)


async def write(database: Database, *chats: int) -> None:
    def transaction(tx):
        for chat in chats:
            notices.add(tx, user_id=chat, kind="order", now=NOW, payload={})

    await database.write(transaction)


async def due(database: Database, seconds: float = 0, limit: int = 100) -> list[int]:
    return [notice.id for notice in (await database.read(outbox_due, after(seconds), limit=limit))]


async def test_what_is_held_waits_without_an_attempt(database: Database) -> None:
    await write(database, ANN, ANN, BOB)
    await database.write(notices.hold, [1, 2], after(60))
    assert await due(database, limit=1) == [3]  # what is held takes nobody's place
    assert await due(database, 60) == [1, 2, 3]
    rows = await rows_of(database, table)
    assert [(row.outcome, row.attempts, row.done_at) for row in rows] == [
        (HELD, 0, None),
        (HELD, 0, None),
        ("", 0, None),
    ]


async def test_a_change_of_mind_brings_back_what_was_held_and_nothing_else(
    database: Database,
) -> None:
    await write(database, ANN, ANN, ANN, BOB)

    def transaction(tx):
        notices.hold(tx, [1, 2, 4], after(60))
        notices.postpone(tx, [3], after(60))  # Telegram is away
        notices.finish(tx, [2], NOW, "said")
        notices.release(tx, ANN, after(5))

    await database.write(transaction)
    assert await due(database, 4) == []
    assert await due(database, 5) == [1]
    assert [row.outcome for row in await rows_of(database, table)] == [HELD, "said", "", HELD]


async def test_a_change_of_mind_does_not_put_off_what_is_due(database: Database) -> None:
    await write(database, ANN)

    def transaction(tx):
        notices.hold(tx, [1], after(10))
        notices.release(tx, ANN, after(30))

    await database.write(transaction)
    assert (await rows_of(database, table))[0].not_before == after(10)


async def test_what_is_done_is_not_held(database: Database) -> None:
    await write(database, ANN)

    def transaction(tx):
        notices.finish(tx, [1], NOW, "said")
        notices.hold(tx, [1], after(60))

    await database.write(transaction)
    assert [row.outcome for row in await rows_of(database, table)] == ["said"]


async def test_all_that_is_due_in_one_chat(database: Database) -> None:
    await write(database, ANN, BOB, ANN, ANN)

    def transaction(tx):
        notices.finish(tx, [3], NOW, "said")
        notices.hold(tx, [4], after(60))
        assert [row.id for row in notices.due_of(tx, ANN, NOW)] == [1]
        assert [row.id for row in notices.due_of(tx, ANN, after(60))] == [1, 4]
        assert [row.outcome for row in notices.due_of(tx, ANN, after(60))] == ["", HELD]

    await database.write(transaction)
