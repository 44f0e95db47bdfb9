"""The outbox: what is due comes oldest first, and is done exactly when somebody says so."""

from datetime import timedelta

from storage import Database, notices
from storage.tables import notices as table
from tests.support.stock import ANN, BOB, NOW, add_order, stock
from tests.support.world import rows_of


def after(seconds: float):
    return NOW + timedelta(seconds=seconds)


async def write(database: Database, *chats: int) -> None:
    async with database.write() as connection:
        for number, chat in enumerate(chats):
            await notices.add(connection, user_id=chat, kind=f"kind-{number}", now=NOW, payload={"n": number})


async def due(database: Database, seconds: float = 0, limit: int = 100) -> list[int]:
    async with database.read() as connection:
        return [notice.id for notice in await notices.due(connection, after(seconds), limit=limit)]


async def test_what_is_due_comes_oldest_first(database: Database) -> None:
    await write(database, ANN, BOB, ANN)
    assert await due(database) == [1, 2, 3]
    assert await due(database, limit=2) == [1, 2]
    assert await due(database, seconds=-1) == []


async def test_a_notice_comes_back_as_it_was_written(database: Database) -> None:
    await stock(database)
    order_id = await add_order(database)
    async with database.write() as connection:
        payload = {"state": "pending", "refund": 10**15, "text": "₽ 'quoted' \\ <b>"}
        await notices.add(connection, user_id=ANN, kind="order", order_id=order_id, payload=payload, now=NOW)
        (found,) = await notices.due(connection, NOW, limit=5)
    assert (found.user_id, found.kind, found.order_id, found.payload) == (ANN, "order", order_id, payload)
    assert (found.attempts, found.created_at) == (0, NOW)


async def test_a_postponed_notice_waits_and_counts_its_attempts(database: Database) -> None:
    await write(database, ANN, ANN)
    async with database.write() as connection:
        await notices.postpone(connection, [1], after(30))
    assert await due(database, 29) == [2]
    assert await due(database, 30) == [1, 2]
    async with database.write() as connection:
        await notices.postpone(connection, [1], after(60))
        assert [row.attempts for row in await notices.due(connection, after(60), limit=5)] == [2, 0]


async def test_a_chat_that_has_to_wait_waits_as_a_whole_and_never_less_than_before(database: Database) -> None:
    await write(database, ANN, BOB, ANN)
    async with database.write() as connection:
        await notices.postpone(connection, [3], after(90))
        await notices.postpone_chat(connection, ANN, after(30))
    assert await due(database) == [2]
    assert await due(database, 30) == [1, 2]
    assert await due(database, 90) == [1, 2, 3]


async def test_a_chat_that_cannot_be_reached_is_given_up_alone(database: Database) -> None:
    await write(database, ANN, BOB, ANN)
    async with database.write() as connection:
        await notices.finish(connection, [1], NOW, "sent")
        await notices.drop_chat(connection, ANN, after(5), "blocked")
    rows = await rows_of(database, table)
    assert [row.outcome for row in rows] == ["sent", "", "blocked"]
    assert [row.done_at for row in rows] == [NOW, None, after(5)]
    assert await due(database, 1000) == [2]


async def test_what_is_finished_stays_as_it_was_finished_first(database: Database) -> None:
    await write(database, ANN, ANN)
    async with database.write() as connection:
        await notices.finish(connection, [1, 2], NOW, "sent")
        await notices.finish(connection, [2], after(9), "again")
        await notices.postpone_chat(connection, ANN, after(60))
    rows = await rows_of(database, table)
    assert [(row.outcome, row.done_at, row.not_before) for row in rows] == [("sent", NOW, NOW)] * 2


async def test_the_next_turn_is_that_of_the_earliest_open_notice(database: Database) -> None:
    async with database.read() as connection:
        assert await notices.next_due(connection, NOW) is None
    await write(database, ANN, BOB, ANN)
    async with database.write() as connection:
        await notices.finish(connection, [1], NOW, "sent")
        await notices.postpone(connection, [2], after(60))
        await notices.postpone(connection, [3], after(40))
        assert await notices.next_due(connection, NOW) == after(40)
