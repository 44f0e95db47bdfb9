"""The outbox: what is due comes oldest first, and is done exactly when somebody says so."""

from datetime import timedelta

from storage import Database
from storage.queries import notices
from storage.schema.messages import notices as table
from tests.factories.stock import ANN, BOB, NOW, add_order, stock
from tests.harness.outbox import due as outbox_due
from tests.harness.world import rows_of


def after(seconds: float):
    return NOW + timedelta(seconds=seconds)


async def write(database: Database, *chats: int) -> None:
    def transaction(tx):
        for number, chat in enumerate(chats):
            notices.add(tx, user_id=chat, kind=f"kind-{number}", now=NOW, payload={"n": number})

    await database.write(transaction)


async def due(database: Database, seconds: float = 0, limit: int = 100) -> list[int]:
    return [notice.id for notice in (await database.read(outbox_due, after(seconds), limit=limit))]


async def test_what_is_due_comes_oldest_first(database: Database) -> None:
    await write(database, ANN, BOB, ANN)
    assert await due(database) == [1, 2, 3]
    assert await due(database, limit=2) == [1, 2]
    assert await due(database, seconds=-1) == []


async def test_a_notice_comes_back_as_it_was_written(database: Database) -> None:
    await stock(database)
    order_id = await add_order(database)

    def transaction(tx):
        payload = {"state": "pending", "refund": 10**15, "text": "₽ 'quoted' \\ <b>"}
        notices.add(tx, user_id=ANN, kind="order", order_id=order_id, payload=payload, now=NOW)
        (found,) = outbox_due(tx, NOW, limit=5)
        return payload, found

    payload, found = await database.write(transaction)
    assert (found.user_id, found.kind, found.order_id, found.payload) == (
        ANN,
        "order",
        order_id,
        payload,
    )
    assert (found.attempts, found.created_at) == (0, NOW)


async def test_a_postponed_notice_waits_and_counts_its_attempts(database: Database) -> None:
    await write(database, ANN, ANN)
    await database.write(notices.postpone, [1], after(30))
    assert await due(database, 29) == [2]
    assert await due(database, 30) == [1, 2]

    def transaction(tx):
        notices.postpone(tx, [1], after(60))
        assert [row.attempts for row in outbox_due(tx, after(60), limit=5)] == [2, 0]

    await database.write(transaction)


async def test_a_chat_that_has_to_wait_waits_as_a_whole_and_never_less_than_before(
    database: Database,
) -> None:
    await write(database, ANN, BOB, ANN)

    def transaction(tx):
        notices.postpone(tx, [3], after(90))
        notices.postpone_chat(tx, ANN, after(30))

    await database.write(transaction)
    assert await due(database) == [2]
    assert await due(database, 30) == [1, 2]
    assert await due(database, 90) == [1, 2, 3]


async def test_a_chat_that_cannot_be_reached_is_given_up_alone(database: Database) -> None:
    await write(database, ANN, BOB, ANN)

    def transaction(tx):
        notices.finish(tx, [1], NOW, "sent")
        notices.drop_chat(tx, ANN, after(5), "blocked")

    await database.write(transaction)
    rows = await rows_of(database, table)
    assert [row.outcome for row in rows] == ["sent", "", "blocked"]
    assert [row.done_at for row in rows] == [NOW, None, after(5)]
    assert await due(database, 1000) == [2]


async def test_what_is_finished_stays_as_it_was_finished_first(database: Database) -> None:
    await write(database, ANN, ANN)

    def transaction(tx):
        notices.finish(tx, [1, 2], NOW, "sent")
        notices.finish(tx, [2], after(9), "again")
        notices.postpone_chat(tx, ANN, after(60))

    await database.write(transaction)
    rows = await rows_of(database, table)
    assert [(row.outcome, row.done_at, row.not_before) for row in rows] == [("sent", NOW, NOW)] * 2


async def test_the_next_turn_is_that_of_the_earliest_open_notice(database: Database) -> None:
    assert (await database.read(notices.next_due)) is None
    await write(database, ANN, BOB, ANN)

    def transaction(tx):
        notices.finish(tx, [1], NOW, "sent")
        notices.postpone(tx, [2], after(60))
        notices.postpone(tx, [3], after(40))
        assert notices.next_due(tx) == after(40)

    await database.write(transaction)
