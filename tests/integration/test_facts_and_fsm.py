"""Facts that outlive a restart, and the state of conversations."""

import asyncio

from sqlalchemy import func, select

from storage import Database
from storage.queries import facts, fsm
from storage.schema import messages
from tests.harness.clock import Clock

NOW = Clock()()


async def test_of_many_who_write_a_fact_once_at_once_one_is_told_so(database: Database) -> None:
    async def put(number: int) -> bool:
        return await database.write(facts.setdefault, "alert", {"by": number}, NOW)

    wrote = await asyncio.gather(*(put(number) for number in range(20)))
    assert sum(wrote) == 1
    assert (await database.read(facts.get, "alert")) == ({"by": wrote.index(True)}, NOW)


async def test_a_fact_is_replaced_and_forgotten_once(database: Database) -> None:
    clock = Clock()

    def transaction(tx):
        facts.put(tx, "balance", {"amount": "1.5"}, clock())
        clock.forward(minutes=1)
        facts.put(tx, "balance", {"amount": "2.5"}, clock())
        assert facts.get(tx, "balance") == ({"amount": "2.5"}, clock())
        assert facts.remove(tx, "balance")
        assert not facts.remove(tx, "balance")
        assert facts.get(tx, "balance") is None
        assert facts.setdefault(tx, "balance", {}, clock())

    await database.write(transaction)


async def test_a_conversation_that_never_began_has_no_state(database: Database) -> None:
    assert (await database.read(fsm.load, "chat:1")) == (None, {})


async def test_a_conversation_is_written_anew_and_leaves_no_row_when_nothing_is_awaited(
    database: Database,
) -> None:
    def transaction(tx):
        fsm.save(tx, "chat:1", ("Form:link", {"draft": 7, "текст": "да"}))
        assert fsm.load(tx, "chat:1") == ("Form:link", {"draft": 7, "текст": "да"})
        fsm.save(tx, "chat:1", ("Form:quantity", {}))
        assert fsm.load(tx, "chat:1") == ("Form:quantity", {})
        fsm.save(tx, "chat:1", (None, {"draft": 7}))
        assert fsm.load(tx, "chat:1") == (None, {"draft": 7})
        fsm.save(tx, "chat:1", (None, {}))
        assert fsm.load(tx, "chat:1") == (None, {})
        assert tx.scalar(select(func.count()).select_from(messages.fsm)) == 0

    await database.write(transaction)


async def test_conversations_do_not_touch_each_other(database: Database) -> None:
    def transaction(tx):
        fsm.save(tx, "chat:1", ("one", {}))
        fsm.save(tx, "chat:2", ("two", {"two": 2}))
        fsm.save(tx, "chat:1", (None, {}))
        assert fsm.load(tx, "chat:1") == (None, {})
        assert fsm.load(tx, "chat:2") == ("two", {"two": 2})

    await database.write(transaction)


async def test_a_conversation_written_by_many_at_once_ends_as_one_row(database: Database) -> None:
    async def save(number: int) -> None:
        await database.write(fsm.save, "chat:1", (str(number), {"number": number}))

    await asyncio.gather(*(save(number) for number in range(10)))
    state, data = await database.read(fsm.load, "chat:1")
    assert state == str(data["number"])
