"""Two real processes on one PostgreSQL database: they share the work, and do nothing twice, whoever dies or sleeps."""

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
from shop.leases import LEASE_SECONDS, PROCESS
from shop.provider_account import fingerprint
from storage import Transaction
from storage.states import OrderState
from storage.tables import notices, order_events, users
from storage.work_tables import leases
from tests.support.process import KEY, STUCK, Bot, Operator, adds, until
from tests.support.stock import write_order

LAPSED = "UPDATE leases SET until = until - interval '1 minute' WHERE owner = :owner"


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
        """Start a process that can be told from the other by what it asks. The second one polls in vain."""
        given = {"PANEL_URL": f"{self.shop.pg.panel_url}?who={who}", "PANEL_TIMEOUT": "90"} | settings
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
        return [fields for by, fields in self.asked if fields.get("action") == action and who in {None, by}]

    async def held(self, prefix: str) -> Counter[str]:
        """Count what each process holds by now."""
        names = {owner: who for who, owner in self.owners.items()}
        rows = [row for row in await self.shop.rows(leases) if row.name.startswith(prefix)]
        return Counter(names[row.owner] for row in rows if row.until > datetime.now(UTC))

    async def share_the_sweep(self) -> None:
        async def halves() -> bool:
            return dict(await self.held("sweep:")) == {"first": 8, "second": 8}

        await until(halves, "each has half of the shards")

    async def sleep(self, who: str) -> None:
        os.kill(self.bots[who].pid, signal.SIGSTOP)

    async def wake(self, who: str) -> None:
        os.kill(self.bots[who].pid, signal.SIGCONT)

    async def lapse(self, who: str) -> None:
        """Have it over at once, instead of waiting: what the process holds."""
        await self.shop.change(LAPSED, owner=self.owners[who])

    async def orders(self, count: int, service: str) -> list[str]:
        """Put orders of as many people into both books; give their ids at the provider."""
        ids, now = [], datetime.now(UTC)
        account = fingerprint(self.shop.pg.panel_url, KEY)
        people = [await self.shop.person(number) for number in range(count)]

        def transaction(tx: Transaction) -> None:
            for number, person in enumerate(people):
                link = f"https://example.com/{number}"
                added = call(self.shop.pg.provider, "add", key=KEY, service=service, link=link, quantity=100)
                ids.append(str(added["order"]))
                tx.execute(insert(users).values(id=person.id, first_name="Ann", language="en", created_at=now))
                write_order(
                    tx, user_id=person.id, link=link, state=OrderState.PENDING, now=now,
                    provider_order_id=ids[-1], submitted_at=now, changed_at=now, account=account,
                )  # fmt: skip

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
    return Counter(key for fields in calls for key in fields.get("orders", fields.get("order", "")).split(","))


async def test_a_sweep_is_shared_and_one_that_sleeps_in_it_writes_nothing_old(two: Two) -> None:
    shop, provider = two.shop, two.shop.pg.provider
    await two.start("first")
    ids = await two.orders(40, STUCK)
    await two.start("second")
    await two.share_the_sweep()
    two.asked.clear()
    await until(lambda: all(len(two.asks("status", who)) >= 3 for who in two.owners), "both ask")
    asked = {who: ids_of(two.asks("status", who)) for who in two.owners}
    assert asked["first"].keys() | asked["second"].keys() == set(ids)
    assert not asked["first"].keys() & asked["second"].keys()
    for counts in asked.values():  # in each of a process's sweeps once
        assert max(counts.values()) - min(counts.values()) <= 1

    for key in ids:
        provider.force_order(key, "Processing")
    provider.fault("slow", "status", seconds=2)
    await until(lambda: not provider.faults.state(), "somebody waits for a slow answer")
    sleeper = two.asked[-1][0]
    (other,) = two.owners.keys() - {sleeper}
    await two.sleep(sleeper)
    for key in ids:
        provider.force_order(key, "Completed", remains=0)
    await two.lapse(sleeper)
    await shop.reached(*[OrderState.COMPLETED] * 40)
    assert (await two.held("sweep:"))[other] == 16
    await two.wake(sleeper)
    await two.bots[sleeper].says("come too late and are dropped")
    await two.share_the_sweep()
    assert await shop.states() == ["completed"] * 40
    await shop.told()
    said = Counter(row.order_id for row in await shop.rows(notices) if row.payload.get("state") == "completed")
    assert set(said.values()) == {1}
    await shop.check_money()


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
    await until(lambda: seen(shop, OrderState.UNKNOWN), "the other process has found it")
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
    """It sleeps as long as it takes: what it has in its memory must tell it that its time is over."""
    shop, provider = two.shop, two.shop.pg.provider
    await two.start("first", STATUS_INTERVAL="3")
    ids = await two.orders(60, STUCK)
    await two.start("second", STATUS_INTERVAL="3")
    arrived: list[int] = []
    serve, patience = shop.pg.api.serve, [2.0]  # seconds: nobody's second sixteen begin before one is asleep

    async def slowly(token: str, method: str, params: Any = None, files: Any = None) -> Any:
        if method == "sendMessage":
            arrived.append(int(params["chat_id"]))
            await asyncio.sleep(patience[0])
        return await serve(token, method, params, files)

    shop.pg.api.serve = slowly  # type: ignore[method-assign]
    for key in ids:
        provider.force_order(key, "Completed", remains=0)
    await until(lambda: len(arrived) >= 20, "the broadcast is under way")
    ((sleeper, chats), *_) = (await two.held("chat:")).most_common()
    assert chats > 16  # more than are spoken to at once: some wait for their turn
    await two.sleep(sleeper)
    await asyncio.sleep(patience[0] + 0.5)  # what the other has on its way is said by then
    patience[0] = 0.1
    waiting = {row.user_id for row in await shop.rows(notices) if row.done_at is None}
    on_their_way = waiting & set(arrived)
    assert on_their_way < waiting

    async def everybody_is_told() -> bool:
        rows = [row for row in await shop.rows(notices) if row.user_id >= 5000]
        return len({row.user_id for row in rows}) == 60 and all(row.done_at is not None for row in rows)

    await until(everybody_is_told, "the other has said the rest", LEASE_SECONDS + 20)
    await two.wake(sleeper)
    await two.bots[sleeper].says("left to whoever has taken over")
    told = Counter(chat for chat in arrived if chat >= 5000)
    assert len(told) == 60
    assert {chat for chat, times in told.items() if times > 1} <= on_their_way
    assert max(told.values()) <= 2
    await shop.check_money()
