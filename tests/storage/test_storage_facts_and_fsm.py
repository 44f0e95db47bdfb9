"""Facts that outlive a restart, and the state of conversations."""

import asyncio

from storage import Database, facts, fsm
from tests.support.clock import Clock

NOW = Clock()()


async def test_of_many_who_write_a_fact_once_at_once_one_is_told_so(database: Database) -> None:
    async def put(number: int) -> bool:
        async with database.write() as connection:
            return await facts.put_once(connection, "alert", {"by": number}, NOW)

    wrote = await asyncio.gather(*(put(number) for number in range(20)))
    assert sum(wrote) == 1
    async with database.read() as connection:
        assert await facts.get(connection, "alert") == ({"by": wrote.index(True)}, NOW)


async def test_a_fact_is_replaced_and_forgotten_once(database: Database) -> None:
    clock = Clock()
    async with database.write() as connection:
        await facts.put(connection, "balance", {"amount": "1.5"}, clock())
        clock.forward(minutes=1)
        await facts.put(connection, "balance", {"amount": "2.5"}, clock())
        assert await facts.get(connection, "balance") == ({"amount": "2.5"}, clock())
        assert await facts.forget(connection, "balance")
        assert not await facts.forget(connection, "balance")
        assert await facts.get(connection, "balance") is None
        assert await facts.put_once(connection, "balance", {}, clock())


async def test_a_conversation_that_never_began_has_no_state(database: Database) -> None:
    async with database.read() as connection:
        assert await fsm.load(connection, "chat:1") == (None, {})


async def test_state_and_data_are_written_apart_and_together(database: Database) -> None:
    async with database.write() as connection:
        await fsm.save(connection, "chat:1", state="Form:link")
        assert await fsm.load(connection, "chat:1") == ("Form:link", {})
        await fsm.save(connection, "chat:1", data={"draft": 7, "текст": "да"})
        assert await fsm.load(connection, "chat:1") == ("Form:link", {"draft": 7, "текст": "да"})
        await fsm.save(connection, "chat:1", state=None)
        assert await fsm.load(connection, "chat:1") == (None, {"draft": 7, "текст": "да"})
        await fsm.save(connection, "chat:1", state="Form:quantity", data={})
        assert await fsm.load(connection, "chat:1") == ("Form:quantity", {})


async def test_conversations_do_not_touch_each_other(database: Database) -> None:
    async with database.write() as connection:
        await fsm.save(connection, "chat:1", state="one")
        await fsm.save(connection, "chat:2", data={"two": 2})
        await fsm.forget(connection, "chat:1")
        assert await fsm.load(connection, "chat:1") == (None, {})
        assert await fsm.load(connection, "chat:2") == (None, {"two": 2})


async def test_a_conversation_written_by_many_at_once_ends_as_one_row(database: Database) -> None:
    async def save(number: int) -> None:
        async with database.write() as connection:
            await fsm.save(connection, "chat:1", state=str(number), data={"number": number})

    await asyncio.gather(*(save(number) for number in range(10)))
    async with database.read() as connection:
        state, data = await fsm.load(connection, "chat:1")
    assert state == str(data["number"])
