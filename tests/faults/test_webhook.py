"""By webhook: processes behind one address, requests that come twice, and the stop of one of
them.
"""

import os
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.telegram.webhook import SECRET_HEADER
from playground.telegram.people import Person
from storage.enums import OrderState
from storage.schema.operations import updates
from tests.faults.test_the_way_of_an_order import order_comments
from tests.runtime.address import Address, open_address
from tests.runtime.process import Bot, Operator, adds, until

STALE = "UPDATE updates SET until = '2000-01-01 00:00:00+00:00' WHERE done_at IS NULL"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class Door:
    """A process in webhook mode, and where it listens."""

    bot: Bot
    port: int
    health: int

    async def ask(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{self.health}{path}")

    async def handled(self) -> float:
        """Say how many updates its handlers have had."""
        text = (await self.ask("/metrics")).text
        samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
        return sum(one.value for one in samples if one.name == "telegram_updates_total")

    async def stopping(self) -> None:
        async def away() -> bool:
            return (await self.ask("/readyz")).status_code == 503

        await until(away, "it says that it stops")


@dataclass
class House:
    """A shop whose processes stand behind one address."""

    shop: Operator
    address: Address
    doors: list[Door] = field(default_factory=list)

    async def open(self, **settings: str) -> Door:
        port, health = free_port(), free_port()
        given = {
            "WEBHOOK_URL": self.address.url,
            "WEBHOOK_PORT": str(port),
            "HEALTH_PORT": str(health),
        }
        bot = self.shop.run(**given, **settings)
        await bot.says("the bot is running, by webhook", 30)
        await until(self.shop._knows_the_catalogue, "the bot knows the catalogue", 20)
        door = Door(bot, port, health)
        self.doors.append(door)
        self.address.ports.append(port)
        return door

    async def delivered(self) -> None:
        await until(
            lambda: not self.shop.pg.api.updates.pending, "Telegram has nothing left to deliver", 20
        )


@pytest.fixture
async def address() -> AsyncIterator[Address]:
    async with open_address() as opened:
        yield opened


@pytest.fixture
def house(shop: Operator, address: Address) -> House:
    return House(shop, address)


@pytest.fixture
def shared_house(postgres_shop: Operator, address: Address) -> House:
    return House(postgres_shop, address)


async def test_each_update_goes_to_another_process_and_comes_twice(shared_house: House) -> None:
    house, shop = shared_house, shared_house.shop
    doors = [await house.open(), await house.open()]
    house.address.twice = True
    ann = await shop.person()
    await order_comments(shop, ann, as_file=False)
    await ann.wait_for("is completed", 20)
    await house.delivered()

    assert await shop.states() == ["completed"]
    assert adds(shop) == 1
    rows = await shop.rows(updates)
    assert all(row.done_at is not None for row in rows)
    assert len({row.owner for row in rows}) == 2
    assert (
        sum([await door.handled() for door in doors])
        == len(rows)
        == len({took[0] for took in house.address.took})
    )
    assert len(house.address.took) >= 2 * len(rows)
    assert sum("Send me the link" in view.text for view in ann.from_bot) <= 1
    await shop.check_money()

    assert [await door.bot.stop() for door in doors] == [0, 0]
    assert shop.pg.api.webhook is not None  # other processes may stand behind it
    assert not any("Traceback" in door.bot.said for door in doors)


async def press_confirm(shop: Operator, ann: Person) -> None:
    """Press Confirm; the order is written, and the answer hangs at Telegram."""
    summary = await shop.summary(ann)
    shop.pg.api.fail_next("editMessageText", 0, delay=60)
    await ann.press("Confirm", message=summary)
    await shop.reached(OrderState.COMPLETED, seconds=20)


async def test_one_is_killed_in_the_middle_of_an_update(shared_house: House) -> None:
    house, shop = shared_house, shared_house.shop
    first, second = await house.open(), await house.open()
    ann = await shop.person()
    house.address.ports = [first.port]
    await press_confirm(shop, ann)
    await first.bot.kill()
    house.address.ports = [second.port]
    number = shop.pg.api.updates.pending[0]["update_id"]
    await until(
        lambda: (number, second.port, 503) in house.address.took, "it is not the other's yet"
    )

    await shop.change(STALE)
    await house.delivered()
    assert (number, second.port, 200) in house.address.took
    await ann.wait_for("Order #1")
    assert len(await shop.rows()) == adds(shop) == 1

    third = await house.open()  # a start after kill -9 needs no help
    house.address.ports = [third.port]
    await ann.say("/orders")
    await house.delivered()
    assert (await third.ask("/readyz")).text == "ok"
    await shop.check_money()


async def test_one_that_is_alone_is_killed_and_started_again(house: House) -> None:
    shop = house.shop
    first = await house.open()
    ann = await shop.person()
    await press_confirm(shop, ann)
    await first.bot.kill()
    house.address.ports.clear()
    await house.open()
    await house.delivered()
    await ann.wait_for("Order #1")
    assert len(await shop.rows()) == adds(shop) == 1
    await shop.check_money()


async def post(house: House, door: Door, update: dict) -> int:
    """Send an update past the address, as Telegram would."""
    webhook = house.shop.pg.api.webhook
    assert webhook is not None
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"http://127.0.0.1:{door.port}/telegram",
            json=update,
            headers={SECRET_HEADER: webhook.secret},
        )
    return answer.status_code


async def test_a_stop_ends_what_is_under_way_and_takes_nothing_new(house: House) -> None:
    shop = house.shop
    door = await house.open(PANEL_TIMEOUT="30")
    ann, boris = await shop.person(), await shop.person(2, "Boris")
    await boris.say("/start")
    await boris.wait_for("Hello")
    shop.pg.provider.fault("slow", "add", seconds=3)
    await shop.place(boris)
    await until(lambda: adds(shop) == 1, "the add is in flight")
    await house.delivered()
    shop.pg.api.fail_next("sendMessage", 0, delay=2)
    await ann.say("/start")
    number = shop.pg.api.updates.pending[0]["update_id"]

    async def at_work() -> bool:
        return any(row.id == number and row.done_at is None for row in await shop.rows(updates))

    await until(at_work, "the handler is at work")

    os.kill(door.bot.pid, signal.SIGTERM)
    await door.stopping()
    user = {"id": boris.id, "is_bot": False, "first_name": "Boris"}
    press = {"id": "77", "from": user, "chat_instance": "1", "data": "z"}
    assert await post(house, door, {"update_id": 9_000_001, "callback_query": press}) == 503
    assert await door.bot.ended() == 0
    assert "Traceback" not in door.bot.said
    await ann.wait_for("Hello")
    await house.delivered()
    assert (number, door.port, 200) in house.address.took
    assert await shop.states() == ["pending"]
    assert {row.id for row in await shop.rows(updates) if row.done_at is not None} >= {number}
    assert shop.pg.api.webhook is not None

    await ann.say("/help")  # nobody is there; a process that polls takes the webhook away
    bot = await shop.start()
    assert "a webhook was set and is removed" in bot.said
    await until(lambda: not shop.pg.api.updates.pending, "polled")
    await boris.wait_for("is completed", 15)
    assert adds(shop) == 1
    assert await bot.stop() == 0


async def test_telegram_is_away_at_the_start(house: House) -> None:
    shop = house.shop
    shop.pg.api.fail_next("setWebhook", 502, times=1000)
    health = free_port()
    bot = shop.run(
        WEBHOOK_URL=house.address.url, WEBHOOK_PORT=str(free_port()), HEALTH_PORT=str(health)
    )
    await bot.says("Telegram can't be reached")
    answer = await Door(bot, 0, health).ask("/readyz")
    assert (answer.status_code, answer.text) == (503, "Telegram was not reached yet")
    assert await bot.stop(5) == 0
    assert "Traceback" not in bot.said


async def test_a_port_that_is_taken_is_a_sentence(house: House) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        bot = house.shop.run(
            WEBHOOK_URL=house.address.url, WEBHOOK_PORT=str(taken.getsockname()[1])
        )
        assert await bot.ended() == 2
    assert bot.said.splitlines()[-1].startswith("WEBHOOK_PORT is wrong")
    assert "Traceback" not in bot.said
