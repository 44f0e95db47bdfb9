"""Two real processes on one PostgreSQL database: one leads, and nothing is done twice, whoever dies
or sleeps.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from playground.provider.testing import call
from shop.leases import BEAT_SECONDS, LEASE_SECONDS, PROCESS, WORKERS
from shop.operations.provider_account import fingerprint
from storage import Transaction
from storage.enums import OrderState
from storage.schema.customers import users
from storage.schema.messages import notices
from storage.schema.operations import leases
from storage.schema.orders import order_events
from tests.factories.stock import write_order
from tests.runtime.process import KEY, STUCK, Bot, Operator, adds, until

TAKEN_OVER = LEASE_SECONDS + BEAT_SECONDS + 5  # seconds


@dataclass
class Two:
    """The shop and its two processes. `asked`: who asked the provider for what, in order."""

    shop: Operator
    bots: dict[str, Bot] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        provider = self.shop.pg.provider
        received = provider.received

        def note(fields: Mapping[str, str]) -> Any:
            self.asked.append((fields.get("who", ""), fields))
            return received(fields)

        provider.received = note  # type: ignore[method-assign]

    async def start(self, who: str, **settings: str) -> Bot:
        """Start a process that can be told from the other by what it asks.

        The second one polls in vain.
        """
        given = {
            "PANEL_URL": f"{self.shop.pg.panel_url}?who={who}",
            "PANEL_TIMEOUT": "90",
        } | settings
        if self.bots:
            bot = self.shop.run(**given)
            await bot.says("the bot is running")
        else:
            bot = await self.shop.start(**given)
        there = {row.owner for row in await self.shop.rows(leases) if row.name.startswith(PROCESS)}
        (self.owners[who],) = there - set(self.owners.values())
        self.bots[who] = bot
        return bot

    def asks(self, action: str, who: str | None = None) -> list[Mapping[str, str]]:
        return [
            fields
            for by, fields in self.asked
            if fields.get("action") == action and who in {None, by}
        ]

    async def leader(self) -> str | None:
        """Say who leads by now."""
        names = {owner: who for who, owner in self.owners.items()}
        rows = [
            row
            for row in await self.shop.rows(leases)
            if row.name == WORKERS and row.until > datetime.now(UTC)
        ]
        return names[rows[0].owner] if rows else None

    async def led_by(self, who: str, seconds: float = TAKEN_OVER) -> None:
        async def leads() -> bool:
            return await self.leader() == who

        await until(leads, f"the {who} one leads", seconds)

    async def hand_over(self, who: str) -> None:
        """Make it lead, as if it had been there first."""
        await self.shop.change(
            "UPDATE leases SET owner = :owner WHERE name = :name",
            owner=self.owners[who],
            name=WORKERS,
        )
        (other,) = self.bots.keys() - {who}
        await self.bots[other].says("another one runs the workers now")
        await self.bots[who].says("this process leads")

    async def sleep(self, who: str) -> None:
        os.kill(self.bots[who].pid, signal.SIGSTOP)

    async def wake(self, who: str) -> None:
        os.kill(self.bots[who].pid, signal.SIGCONT)

    async def orders(self, count: int, service: str) -> list[str]:
        """Put orders of as many people into both books; give their ids at the provider."""
        ids, now = [], datetime.now(UTC)
        account = fingerprint(self.shop.pg.panel_url, KEY)
        people = [await self.shop.person(number) for number in range(count)]

        def transaction(tx: Transaction) -> None:
            for number, person in enumerate(people):
                link = f"https://example.com/{number}"
                added = call(
                    self.shop.pg.provider, "add", key=KEY, service=service, link=link, quantity=100
                )
                ids.append(str(added["order"]))
                tx.execute(
                    insert(users).values(
                        id=person.id, first_name="Ann", language="en", created_at=now
                    )
                )
                write_order(
                    tx,
                    user_id=person.id,
                    link=link,
                    state=OrderState.PENDING,
                    now=now,
                    provider_order_id=ids[-1],
                    submitted_at=now,
                    changed_at=now,
                    account=account,
                )

        await self.shop.database.write(transaction)
        return ids


@pytest.fixture
async def two(postgres_shop: Operator) -> AsyncIterator[Two]:
    opened = Two(postgres_shop)
    yield opened
    for bot in opened.bots.values():
        if bot.exit_code is None:
            os.kill(bot.pid, signal.SIGCONT)


def ids_of(calls: list[Mapping[str, str]]) -> Counter[str]:
    return Counter(
        key for fields in calls for key in fields.get("orders", fields.get("order", "")).split(",")
    )


async def test_one_leads_and_where_it_sleeps_in_a_sweep_it_writes_nothing_old(two: Two) -> None:
    """It sleeps as long as it takes: what it has in its memory must tell it that its time is
    over.
    """
    shop, provider = two.shop, two.shop.pg.provider
    await two.start("first")
    ids = await two.orders(40, STUCK)
    await two.start("second")
    assert await two.leader() == "first"
    two.asked.clear()
    await until(lambda: len(two.asks("status")) >= 3, "there are sweeps")
    assert two.asks("status", "second") == []
    counts = ids_of(two.asks("status", "first"))
    assert counts.keys() == set(ids)
    assert max(counts.values()) - min(counts.values()) <= 1  # in each sweep once

    for key in ids:
        provider.force_order(key, "Processing")
    provider.fault("slow", "status", seconds=2)
    await until(lambda: not provider.faults.state(), "somebody waits for a slow answer")
    await two.sleep("first")
    for key in ids:
        provider.force_order(key, "Completed", remains=0)
    await two.led_by("second")
    await shop.reached(*[OrderState.COMPLETED] * 40)
    two.asked.clear()
    await two.wake("first")
    await two.bots["first"].says("the answer came too late")
    await shop.told()
    await until(lambda: len(two.asks("status")) >= 3, "the sweeps go on")
    assert {who for who, _ in two.asked} == {"second"}
    assert await two.leader() == "second"
    assert await shop.states() == ["completed"] * 40
    said = Counter(
        row.order_id for row in await shop.rows(notices) if row.payload.get("state") == "completed"
    )
    assert set(said.values()) == {1}
    await shop.check_money()


async def test_what_comes_to_one_that_stands_by_is_done_at_once(two: Two) -> None:
    """No bell of its rings where the workers are."""
    shop = two.shop
    await two.start("first")
    await two.start("second")
    ann = await shop.person()
    await two.hand_over("second")
    two.asked.clear()
    await shop.place(ann)  # the first one polls
    await until(lambda: len(two.asks("add", "second")) == 1, "the order is sent", 3)
    await shop.reached(OrderState.COMPLETED)
    await ann.wait_for("is completed")
    for command, action in (("/balance", "balance"), ("/sync", "services")):
        before = len(two.asks(action))
        await shop.admin.say(command)
        await until(lambda action=action, before=before: len(two.asks(action)) > before, command, 3)
    assert {who for who, _ in two.asked} == {"second"}
    await shop.told()
    await shop.check_money()


async def test_one_that_stops_in_order_is_followed_at_the_next_beat(two: Two) -> None:
    await two.start("first")
    await two.start("second")
    assert await two.bots["first"].stop() == 0
    await two.led_by("second", BEAT_SECONDS + 3)


async def seen(shop: Operator, state: OrderState) -> bool:
    return state in {row.state for row in await shop.rows(order_events)}


@pytest.mark.parametrize("end", ["killed", "asleep"])
async def test_one_ends_or_sleeps_in_the_middle_of_an_add(two: Two, end: str) -> None:
    shop, provider = two.shop, two.shop.pg.provider
    await two.start("first")
    ann = await shop.person()
    provider.fault("slow", "add", seconds=1.5)
    await shop.place(ann)
    await until(lambda: adds(shop) == 1, "the add is in flight")
    await (two.bots["first"].kill() if end == "killed" else two.sleep("first"))
    await two.start("second")
    assert await shop.states() == ["submitting"]
    assert (await shop.rows())[0].lease_owner == two.owners["first"]
    await shop.change("UPDATE orders SET lease_until = submitted_at")
    await until(
        lambda: seen(shop, OrderState.UNKNOWN), "the other process has found it", TAKEN_OVER
    )
    assert await two.leader() == "second"
    assert adds(shop) == len(provider.book.orders) == 1
    if end == "killed":
        await shop.admin.wait_for("outcome unknown")
        await ann.wait_for("is being checked")
    else:  # what was not said by then is said with what came after it
        await two.wake("first")
        await shop.reached(OrderState.COMPLETED)
        await ann.wait_for("is completed")
    await shop.told()
    assert adds(shop) == len(provider.book.orders) == 1
    (order,) = await shop.rows()
    assert await shop.balance(ann.id) == 10_000_000 - order.price
    await shop.check_money()


async def test_one_sleeps_in_the_middle_of_a_broadcast(two: Two) -> None:
    """It sleeps as long as it takes: what it has in its memory must tell it that its time is
    over.
    """
    shop, provider = two.shop, two.shop.pg.provider
    shop.brisk = False  # most wait for Telegram's limits when it falls asleep
    await two.start("first", STATUS_INTERVAL="3")
    ids = await two.orders(60, STUCK)
    await two.start("second", STATUS_INTERVAL="3")
    arrived: list[int] = []
    serve, patience = shop.pg.api.serve, [2.0]  # seconds

    async def slowly(token: str, method: str, params: Any = None, files: Any = None) -> Any:
        if method == "sendMessage":
            arrived.append(int(params["chat_id"]))
            await asyncio.sleep(patience[0])
        return await serve(token, method, params, files)

    shop.pg.api.serve = slowly  # type: ignore[method-assign]
    for key in ids:
        provider.force_order(key, "Completed", remains=0)
    await until(lambda: len(arrived) >= 20, "the broadcast is under way")
    # what has left its process has arrived; the next ones leave in the next second
    await asyncio.sleep(0.4)
    assert await two.leader() == "first"
    await two.sleep("first")
    await asyncio.sleep(patience[0] + 0.5)  # what was on its way has arrived by then
    patience[0] = 0.1
    waiting = {row.user_id for row in await shop.rows(notices) if row.done_at is None}
    on_their_way = waiting & set(arrived)
    assert on_their_way < waiting

    async def everybody_is_told() -> bool:
        rows = [row for row in await shop.rows(notices) if row.user_id >= 5000]
        return len({row.user_id for row in rows}) == 60 and all(
            row.done_at is not None for row in rows
        )

    await until(everybody_is_told, "the other has said the rest", TAKEN_OVER + 20)
    await two.wake("first")
    await two.bots["first"].says("left to whoever has taken over")
    told = Counter(chat for chat in arrived if chat >= 5000)
    assert len(told) == 60
    assert {chat for chat, times in told.items() if times > 1} <= on_their_way
    assert max(told.values()) <= 2
    await shop.check_money()
