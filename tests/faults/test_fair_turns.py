"""One person sends a hundred messages while nothing of theirs goes on; everybody else is served meanwhile."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.webhook import SECRET_HEADER
from playground.telegram.people import Person
from storage.work_tables import updates
from tests.faults.test_long_texts import to_comments
from tests.faults.test_webhook import House, address, house
from tests.support.process import Operator, until

__all__ = ["address", "house"]  # fixtures

SENTENCE = "One moment, please"
KEPT = 16


async def test_a_hundred_messages_of_one_person_keep_nobody_waiting(shop: Operator) -> None:
    bot = await shop.start()
    ann, boris = await shop.person(), await shop.person(2, "Boris")
    await ann.say("/start")
    await ann.wait_for("Hello")
    before = len(ann.from_bot)
    shop.pg.api.fail_next("sendMessage", 0, delay=12)  # the answer to the first hangs at Telegram
    await ann.say("/help")
    await until(lambda: not shop.pg.api.faults._waiting, "it hangs")
    for number in range(100):
        await ann.say(f"forwarded {number}")
    await ann.wait_for(SENTENCE)
    await boris.say("/start")
    await boris.wait_for("Hello")
    assert len(ann.from_bot) == before + 1
    await until(lambda: len(ann.from_bot) >= before + 1 + KEPT, "what was kept is answered", 40)
    assert await bot.stop() == 0
    assert len(ann.from_bot) == before + 1 + KEPT
    assert sum(SENTENCE in view.text for view in ann.from_bot) == 1
    assert "Traceback" not in bot.said


async def test_a_stop_ends_what_is_kept(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await ann.say("/start")
    await ann.wait_for("Hello")
    before = len(ann.from_bot)
    shop.pg.api.fail_next("sendMessage", 0, delay=4)
    await ann.say("/help")
    await until(lambda: not shop.pg.api.faults._waiting, "it hangs")
    for number in range(20):
        await ann.say(f"forwarded {number}")
    await ann.wait_for(SENTENCE)
    assert await bot.stop() == 0
    assert len(ann.from_bot) == before + KEPT + 1
    assert "did not end in time" not in bot.said
    assert "Traceback" not in bot.said


async def test_so_it_is_with_a_button_and_every_press_is_answered(shop: Operator) -> None:
    bot = await shop.start()
    ann, boris = await shop.person(), await shop.person(2, "Boris")
    await ann.say("/start")
    await ann.wait_for("Hello")
    pressed = ann.last
    label = pressed.labels[0]
    shop.pg.api.fail_next("editMessageText", 0, delay=6)
    await ann.press(label, message=pressed)
    await until(lambda: not shop.pg.api.faults._waiting, "it hangs")
    for _ in range(40):
        await ann.forge("z", pressed)
    await until(lambda: sum(SENTENCE in (one.text or "") for one in ann.answers) == 41 - KEPT, "the rest is told")
    await boris.say("/start")
    await boris.wait_for("Hello")
    await until(lambda: len(ann.answers) == 41, "every press is answered", 40)
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=60, limits=limits) as opened:
        yield opened


async def test_so_it_is_by_webhook(house: House, client: httpx.AsyncClient) -> None:
    shop = house.shop
    door = await house.open()
    ann, boris = await shop.person(), await shop.person(2, "Boris")
    for person in (ann, boris):
        await person.say("/start")
        await person.wait_for("Hello")
    await house.delivered()
    webhook = shop.pg.api.webhook
    assert webhook is not None

    async def say(person: Person, number: int, text: str) -> int:
        message = {"message_id": number, "date": 1, "chat": person.chat.as_dict(), "from": person.as_user()}
        update = {"update_id": 9_000_000 + number, "message": message | {"text": text}}
        url, headers = f"http://127.0.0.1:{door.port}/telegram", {SECRET_HEADER: webhook.secret}
        return (await client.post(url, json=update, headers=headers)).status_code

    before = len(ann.from_bot)
    shop.pg.api.fail_next("sendMessage", 0, delay=12)
    first = asyncio.create_task(say(ann, 1_000, "/help"))
    await until(lambda: not shop.pg.api.faults._waiting, "it hangs")
    burst = [asyncio.create_task(say(ann, 1_000 + n, f"forwarded {n}")) for n in range(1, 101)]
    await until(lambda: sum(task.done() for task in burst) == 101 - KEPT, "what is not kept is done at once")
    assert await say(boris, 2_000, "/help") == 200
    assert not first.done()
    assert len(ann.from_bot) == before + 1

    assert await asyncio.gather(first, *burst) == [200] * 101
    assert len(ann.from_bot) == before + 1 + KEPT
    assert sum(SENTENCE in view.text for view in ann.from_bot) == 1
    again = [say(ann, 1_000 + n, f"forwarded {n}") for n in range(1, 101)]
    assert await asyncio.gather(*again) == [200] * 100
    assert len(ann.from_bot) == before + 1 + KEPT
    assert all(row.done_at is not None for row in await shop.rows(updates))
    assert await door.bot.stop() == 0
    assert "Traceback" not in door.bot.said


async def test_the_longest_text_at_once_is_one_list(shop: Operator) -> None:
    """A file's worth of it: 60 messages, all of them there before the first is read."""
    bot = await shop.start()
    ann = await shop.person()
    await to_comments(shop, ann)
    text = "\n".join(f"{number:05}{'x' * 80}" for number in range(2_800))
    await ann.say(text)
    await ann.wait_for("2,800", 40)
    assert not ann.sees(SENTENCE)
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said
