"""One person sends a hundred messages while nothing of theirs goes on; everybody else is served
meanwhile.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.telegram.webhook import SECRET_HEADER
from playground.telegram.people import Person
from storage.schema.operations import updates
from tests.faults.test_long_texts import to_comments
from tests.faults.test_webhook import House, address, house
from tests.runtime.process import Operator, until

__all__ = ["address", "house"]  # fixtures

SENTENCE = "One moment, please"
KEPT = 16


class Held:
    """Telegram's answer to the next call of a method, which comes when it is let go."""

    def __init__(self, shop: Operator, method: str) -> None:
        self.came, self.go = asyncio.Event(), asyncio.Event()
        api, serve = shop.pg.api, shop.pg.api.serve

        async def hold(token: str, called: str, *given: Any) -> Any:
            if called == method and not self.came.is_set():
                self.came.set()
                await self.go.wait()
            return await serve(token, called, *given)

        api.serve = hold

    async def hangs(self) -> None:
        await until(self.came.is_set, "the call has come", 30)


async def known(shop: Operator, *people: Person) -> None:
    for person in people:
        await person.say("/start")
        await person.wait_for("Hello", 30)


async def test_a_hundred_messages_of_one_person_keep_nobody_waiting(shop: Operator) -> None:
    bot = await shop.start()
    ann, boris = await shop.person(), await shop.person(2, "Boris")
    await known(shop, ann)
    before, held = len(ann.from_bot), Held(shop, "sendMessage")
    await ann.say("/help")
    await held.hangs()
    for number in range(100):
        await ann.say(f"forwarded {number}")
    await ann.wait_for(SENTENCE, 30)
    await known(shop, boris)
    assert len(ann.from_bot) == before + 1
    held.go.set()
    await until(lambda: len(ann.from_bot) >= before + 1 + KEPT, "what was kept is answered", 40)
    assert await bot.stop() == 0
    assert len(ann.from_bot) == before + 1 + KEPT
    assert sum(SENTENCE in view.text for view in ann.from_bot) == 1
    assert "Traceback" not in bot.said


async def test_a_stop_ends_what_is_kept(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await known(shop, ann)
    before, held = len(ann.from_bot), Held(shop, "sendMessage")
    await ann.say("/help")
    await held.hangs()
    for number in range(20):
        await ann.say(f"forwarded {number}")
    await ann.wait_for(SENTENCE, 30)
    os.kill(bot.pid, signal.SIGTERM)
    await asyncio.sleep(0.5)
    assert bot.exit_code is None
    held.go.set()
    assert await bot.ended(30) == 0
    assert len(ann.from_bot) == before + KEPT + 1
    assert "did not end in time" not in bot.said
    assert "Traceback" not in bot.said


async def test_so_it_is_with_a_button_and_every_press_is_answered(shop: Operator) -> None:
    bot = await shop.start()
    ann, boris = await shop.person(), await shop.person(2, "Boris")
    await known(shop, ann)
    pressed, held = ann.last, Held(shop, "editMessageText")
    await ann.press(pressed.labels[0], message=pressed)
    await held.hangs()
    for _ in range(40):
        await ann.forge("z", pressed)
    refused = 41 - KEPT
    await until(
        lambda: sum(SENTENCE in (one.text or "") for one in ann.answers) == refused,
        "the rest is told",
        30,
    )
    await known(shop, boris)
    assert len(ann.answers) == refused
    held.go.set()
    assert await bot.stop(30) == 0
    assert sum(SENTENCE in (one.text or "") for one in ann.answers) == refused
    assert "Traceback" not in bot.said


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        trust_env=False, verify=False, timeout=90, limits=limits
    ) as opened:
        yield opened


async def test_so_it_is_by_webhook(house: House, client: httpx.AsyncClient) -> None:
    shop = house.shop
    door = await house.open()
    ann, boris = await shop.person(), await shop.person(2, "Boris")
    await known(shop, ann, boris)
    await house.delivered()
    webhook = shop.pg.api.webhook
    assert webhook is not None

    async def say(person: Person, number: int, text: str) -> int:
        message = {
            "message_id": number,
            "date": 1,
            "chat": person.chat.as_dict(),
            "from": person.as_user(),
        }
        update = {"update_id": 9_000_000 + number, "message": message | {"text": text}}
        url, headers = f"http://127.0.0.1:{door.port}/telegram", {SECRET_HEADER: webhook.secret}
        while (status := (await client.post(url, json=update, headers=headers)).status_code) == 503:
            # on a slow machine it is held for so long that it has to come again
            await asyncio.sleep(0.5)
        return status

    before, held = len(ann.from_bot), Held(shop, "sendMessage")
    first = asyncio.create_task(say(ann, 1_000, "/help"))
    await held.hangs()
    burst = [asyncio.create_task(say(ann, 1_000 + n, f"forwarded {n}")) for n in range(1, 101)]
    await until(
        lambda: sum(task.done() for task in burst) == 101 - KEPT, "the rest is done at once", 40
    )
    assert await say(boris, 2_000, "/help") == 200
    assert not first.done()
    assert len(ann.from_bot) == before + 1

    held.go.set()
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
