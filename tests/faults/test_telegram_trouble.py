"""Telegram says wait, no, nothing, or has somebody else at the line."""

import asyncio

from playground.telegram.limits import Limits
from storage.schema.customers import users
from storage.schema.messages import notices
from tests.runtime.process import LINK, Operator, adds, pushes, until


def completed(person) -> int:
    return sum("is completed" in push for push in pushes(person))


async def test_what_telegram_does_not_take_is_said_later_and_once(shop: Operator) -> None:
    bot = await shop.start()
    api = shop.pg.api
    troubles = ({"code": 429, "retry_after": 2}, {"code": 500}, {"drop": True})
    people = [await shop.person(number) for number in range(1, len(troubles) + 1)]
    for person, trouble in zip(people, troubles, strict=True):
        await shop.tell_all(person)
        await shop.place(person, link=f"{LINK}/{person.id}")
        api.fail_next("sendMessage", **trouble)
        await until(lambda: not api.faults._waiting, f"the fault {trouble} has met its call")
    for person in people:
        await person.wait_for("is completed", 20)
    await shop.told()
    for person in people:
        said = pushes(person)
        assert len(said) == len(set(said)), said
        assert completed(person) == 1
    assert {row.outcome for row in await shop.rows(notices)} == {"said"}
    assert "Traceback" not in bot.said


async def test_a_delivery_whose_answer_was_lost_may_be_said_twice_but_is_said(
    shop: Operator,
) -> None:
    await shop.start()
    ann = await shop.person()
    await shop.place(ann)
    shop.pg.api.fail_next("sendMessage", drop=True, after=True)
    await ann.wait_for("is completed", 20)
    await shop.told()
    assert 1 <= completed(ann) <= 2
    assert adds(shop) == 1


async def test_who_blocked_the_bot_is_gone_and_the_others_are_served(shop: Operator) -> None:
    bot = await shop.start()
    ann, boris, carl = [await shop.person(number) for number in (1, 2, 3)]
    for person in (ann, boris, carl):
        await shop.place(person, link=f"{LINK}/{person.id}")
        if person is ann:
            person.block()
        elif person is boris:
            person.deactivate()  # no update tells of it: the 403 does
    await carl.wait_for("is completed", 15)

    async def gone() -> set[int]:
        return {row.id for row in await shop.rows(users) if row.gone_at is not None}

    async def both_are_gone() -> bool:
        return await gone() == {ann.id, boris.id}

    await until(both_are_gone)
    await shop.told()
    outcomes = {row.user_id: row.outcome for row in await shop.rows(notices)}
    assert outcomes[carl.id] == "said"
    assert outcomes[boris.id].startswith("gone")
    assert await shop.states() == ["completed"] * 3
    ann.unblock()
    await ann.say("/start")
    await ann.wait_for("Hello")
    assert await gone() == {boris.id}
    await shop.check_money()
    assert "Traceback" not in bot.said


async def test_thirty_at_once_within_telegrams_limits(shop: Operator) -> None:
    shop.brisk = False
    bot = await shop.start()
    shop.pg.provider.speed = 1000
    shop.pg.api.limits = Limits(shop.pg.api.clock)
    people = [await shop.person(number, f"Person {number}") for number in range(1, 31)]
    await asyncio.gather(*(shop.tell_all(person) for person in people))
    await asyncio.gather(*(shop.place(person, link=f"{LINK}/{person.id}") for person in people))
    for person in people:
        await person.wait_for("is completed", 30)
    await shop.told()
    assert {row.outcome for row in await shop.rows(notices)} == {"said"}
    assert [completed(person) for person in people] == [1] * 30
    assert adds(shop) == len(shop.pg.provider.book.orders) == 30
    await shop.check_money()
    assert "Traceback" not in bot.said


async def test_a_second_process_says_that_there_are_two(postgres_shop: Operator) -> None:
    """An SQLite file takes one process: there the second one does not get as far."""
    shop = postgres_shop
    first = await shop.start()
    second = shop.run()
    words = "another process is polling with this bot's token"
    await until(lambda: words in first.said or words in second.said, "one of them says it", 30)
    assert await second.stop() == 0
    ann = await shop.person()
    await ann.say("/start")
    await ann.wait_for("Hello", 20)
    assert "Traceback" not in first.said + second.said
