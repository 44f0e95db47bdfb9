"""A shop in hard times: many customers, and a provider, a Telegram, a database and processes that
fail at random.

What happens follows from a seed, as far as processes do; when it is over, every fault ends, time
passes, and what nobody could find out is settled as an admin does it: by looking at the provider.
"""

import asyncio
import contextlib
import os
import random
import resource
import signal
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.util.concurrency import await_

from handlers import callbacks
from playground.provider import Server
from playground.provider.life import Nature
from playground.telegram.people import Person
from playground.telegram.views import MessageView
from shop.catalogue.pricing import Quote
from storage import Database, Transaction
from storage.enums import OrderState
from storage.queries import catalogue, drafts
from tests.runtime.address import Address
from tests.runtime.process import LINK, OTHER, STEADY, Bot, Operator

PARTIAL, CANCELED = "3", "4"
SERVICES = (STEADY, STEADY, OTHER, PARTIAL, CANCELED)
SETTINGS = {
    "PANEL_TIMEOUT": "1",
    "STATUS_INTERVAL": "1",
    "BALANCE_INTERVAL": "3",
    "WELCOME_CREDIT": "1000",
    "CATALOG_INTERVAL": "10",
}
WRITING = ("add", "add", "refill", "cancel")
KINDS = (
    "slow",
    "hang_before",
    "hang_after",
    "drop_before",
    "drop_after",
    "garbage_after",
    "html_502",
    "html_403",
    "html_after",
    "null",
    "empty",
    "error_500_empty",
    "garbage",
    "status_error",
    "rate_limit_429",
    "rate_limit_200",
    "bad_key",
    "no_funds",
    "busy_link",
    "omit_ids",
    "bad_id_fails_all",
    "catalogue_empty",
    "catalogue_half",
)
_NO_START = ("database or disk is full", "disk I/O error", "database is locked")
TALKING = ("sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", "*")


@dataclass
class Chaos:
    """`url` is the database's.

    `address`: where processes stand behind by webhook; without one a single one polls.
    """

    shop: Operator
    server: Server
    seed: int
    seconds: float
    people: int = 14
    address: Address | None = None
    happened: Counter[str] = field(default_factory=Counter)
    summaries: list[tuple[Person, MessageView]] = field(default_factory=list)
    ports: dict[int, int] = field(default_factory=dict)
    bots: list[Bot] = field(default_factory=list)
    ended_by_us: set[int] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _jumped: set[str] = field(default_factory=set)
    _address: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.customers: list[Person] = []
        self.shop.settings |= SETTINGS | {"PANEL_URL": self.server.url}

    @property
    def engine(self) -> str:
        return "SQLite" if self.shop.database.is_sqlite else "PostgreSQL"

    def let_go(self) -> None:
        """Leave no process asleep, and no task."""
        for task in self._tasks:
            task.cancel()
        for bot in self.shop.bots:
            if bot.exit_code is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(bot.pid, signal.SIGCONT)

    # Hard times

    async def open(self) -> None:
        """Let everybody in and put all summaries into their chats, while nothing fails yet."""
        provider = self.shop.pg.provider
        provider.speed, provider.natures[OTHER] = 30, Nature.STEADY
        provider.set_balance(100_000)
        for _ in range(1 if self.address is None else 2):
            await self.start()
            await self.bots[-1].says("the bot is running", 60)
        await until_so(self.shop._knows_the_catalogue, "the catalogue is known", 30)
        self.customers = [
            await self.shop.person(number, f"Person {number}") for number in range(self.people)
        ]
        for person in self.customers:
            await person.forge(callbacks.Nothing().pack(), 0)
        await until_so(
            lambda: all(person.answers for person in self.customers), "everybody is known", 30
        )
        # the others keep results only
        await self.shop.change("UPDATE users SET pushes = 'all' WHERE id % 2 = 1")
        await self._show_summaries(int(self.seconds * 3))

    async def _show_summaries(self, count: int) -> None:
        """As Operator.summary, for many at once."""
        choice, now = self.random, datetime.now(UTC)
        ids = {service: await self.shop.service(service) for service in set(SERVICES)}

        def transaction(tx):
            known = {service: catalogue.service(tx, ids[service]) for service in ids}
            for _ in range(count):
                person, ordered = choice.choice(self.customers), known[choice.choice(SERVICES)]
                assert ordered is not None
                shared = choice.random() < 0.4
                link = (
                    f"{LINK}/shared/{choice.randrange(4)}"
                    if shared
                    else f"{LINK}/{person.id}/{choice.randrange(3)}"
                )
                fields = {"link": link, "quantity": choice.choice((100, 200, 300, 500, 1000))}
                draft = drafts.create(
                    tx,
                    user_id=person.id,
                    service_id=ordered.id,
                    fields=fields,
                    now=now,
                )
                price = self.shop.prices.of(ordered, fields["quantity"])
                quote = Quote(price, ordered.min, ordered.max).as_json()
                assert drafts.fill(tx, draft, fields=fields, quote=quote)
                self._show(person, draft)

        await self.shop.database.write(transaction)

    def _show(self, person: Person, draft: int) -> None:
        button = {"text": "Confirm", "callback_data": callbacks.Confirm(draft=draft).pack()}
        shown = {"text": "Is this right?", "reply_markup": {"inline_keyboard": [[button]]}}
        self.shop.pg.api.new_message(person.chat, self.shop.pg.api.me, shown)
        self.summaries.append((person, person.last))

    async def live(self) -> None:
        weighted: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self._confirm, 40),
            (self._ask_for_something, 12),
            (self._provider_fails, 14),
            (self._provider_is_away, 2),
            (self._rates_jump, 3),
            (self._currency_changes, 3),
            (self._words_nobody_knows, 2),
            (self._telegram_fails, 8),
            (self._database_is_locked, 2),
            (self._disk_is_full, 2 if self.shop.database.is_sqlite else 0),
            (self._kill, 4),
            (self._stop, 1),
            (self._pause, 2),
            (self._account_changes, 0 if self.address else 2),
        ]
        events, weights = [event for event, _ in weighted], [weight for _, weight in weighted]
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            (event,) = self.random.choices(events, weights)
            self.happened[event.__name__.strip("_")] += 1
            task = asyncio.create_task(event())  # type: ignore[arg-type]
            self._tasks.add(task)
            await asyncio.sleep(self.random.uniform(0.05, 0.45))
            await self._look()
        await asyncio.gather(*self._tasks)

    async def _look(self) -> None:
        """Fail as soon as something has failed.

        Who can't start, because of the database, is started again.
        """
        for task in [task for task in self._tasks if task.done()]:
            self._tasks.remove(task)
            task.result()
        for bot in list(self.bots):
            if bot.pid in self.ended_by_us or bot.exit_code is None:
                continue
            excused = "the bot is running" not in bot.said and any(
                words in bot.said for words in _NO_START
            )
            assert excused, f"it ended by itself:\n{bot.said[-5000:]}"
            self.happened["could not start"] += 1
            self.bots.remove(bot)
            self.ended_by_us.add(bot.pid)
            await self.start()

    # Customers

    async def _confirm(self) -> None:
        """Tap once, or more often; late ones tap on what they have tapped before."""
        if not self.summaries:
            return
        person, summary = (
            self.summaries.pop()
            if self.random.random() < 0.95
            else self.random.choice(self.summaries)
        )
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            await person.forge(summary.buttons[0][0].value, summary.id)

    async def _ask_for_something(self) -> None:
        rows = await self.shop.rows()
        if rows:
            row = self.random.choice(rows)
            person = self.shop.pg.api.person(row.user_id)
            button = (
                callbacks.Refill if row.state == OrderState.COMPLETED else callbacks.CancelOrder
            )
            await person.forge(button(order=row.id).pack(), 0)

    # Faults

    async def _provider_fails(self) -> None:
        choice = self.random
        action = choice.choice((*WRITING, "status", "services", "balance", "refill_status", "*"))
        kind = choice.choice(KINDS)
        delay = choice.choice((0, 0, 0.3, 1.5))
        seconds = choice.uniform(0.2, 3) if kind in {"slow", "hang_before", "hang_after"} else 1
        self.shop.pg.provider.fault(
            kind, action, times=choice.randint(1, 3), delay=delay, seconds=seconds
        )

    async def _provider_is_away(self) -> None:
        await (self.server.jam() if self.random.random() < 0.3 else self.server.refuse())
        await asyncio.sleep(self.random.uniform(0.3, 2))
        await self.server.accept()

    async def _rates_jump(self) -> None:
        """A service costs a hundred times as much, or a hundredth, for a while."""
        provider, service = self.shop.pg.provider, self.random.choice(SERVICES)
        if service in self._jumped:
            return
        rate = provider.catalogue.find(service).rate
        self._jumped.add(service)
        provider.change_service(
            service, rate=str(rate * self.random.choice((Decimal(100), Decimal("0.01"))))
        )
        await asyncio.sleep(self.random.uniform(0.5, 6))
        provider.change_service(service, rate=str(rate))
        self._jumped.remove(service)

    async def _currency_changes(self) -> None:
        """The balance is in rupees for a look or two, and so are the charges."""
        account = self.shop.pg.provider.account
        account.currency = "INR"
        await asyncio.sleep(self.random.uniform(0.5, 6))
        account.currency = "USD"

    async def _words_nobody_knows(self) -> None:
        """Everything is refused in the same words, of all services."""
        self.shop.pg.provider.fault(
            "refuse", "add", times=self.random.randint(2, 6), text="Bestellung abgelehnt (7731)"
        )

    async def _account_changes(self) -> None:
        """The provider's address changes: the operator says that it is the same account, or that it
        is another one.
        """
        if bot := self._take():
            await bot.stop(40)
            self._address += 1
            url = f"{self.server.url}?address={self._address}"
            self.shop.settings |= {
                "PANEL_URL": url,
                "PANEL_CHANGED": self.random.choice(("follow", "new")),
            }
            await self.start()

    async def _telegram_fails(self) -> None:
        choice, fail = self.random, self.shop.pg.api.fail_next
        method, times = choice.choice(TALKING), choice.randint(1, 3)
        how = choice.choice(("500", "429", "slow", "dropped", "dropped after", "500 after"))
        if how == "429":
            fail(method, 429, retry_after=1, times=times)
        elif how == "slow":
            fail(method, 0, delay=choice.uniform(0.3, 2), times=times)
        elif how.startswith("dropped"):
            fail(method, times=times, drop=True, after="after" in how and method != "getUpdates")
        else:
            fail(method, 500, times=times, after="after" in how and method != "getUpdates")

    async def _database_is_locked(self) -> None:
        seconds = self.random.uniform(0.3, 4)
        if self.shop.database.is_sqlite:
            await asyncio.to_thread(_hold_sqlite, str(self.shop.database.url.database), seconds)
            return
        other = Database(self.shop.url)
        # One of them: who holds the one and asks for the other could be the victim of a deadlock
        # with the bot.
        table = self.random.choice(("orders", "notices"))

        def lock(tx: Transaction) -> None:
            tx.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
            await_(asyncio.sleep(seconds))

        await other.write(lock)
        await other.close()

    async def _disk_is_full(self) -> None:
        """No file of the process may grow: what SQLite has to write beyond its journal's end does
        not fit.
        """
        bot = self._somebody()
        journal = Path(f"{self.shop.database.url.database}-wal")
        if bot is None or not journal.exists():
            return
        with contextlib.suppress(ProcessLookupError):
            _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (max(journal.stat().st_size, 1), hard))
            await asyncio.sleep(self.random.uniform(0.3, 3))
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (hard, hard))

    async def _kill(self) -> None:
        """Any time, or while an order is on its way: that moment is short, and matters most."""
        if bot := self._take():
            if self.random.random() < 0.6:
                await self._wait_for_an_add()
            await bot.kill()
            await asyncio.sleep(self.random.uniform(0, 1))
            await self.start()

    async def _wait_for_an_add(self) -> None:
        provider, patience = self.shop.pg.provider, time.monotonic() + 3
        provider.fault("slow", "add", seconds=1)
        before = provider.calls["add"]
        while provider.calls["add"] == before and time.monotonic() < patience:
            await asyncio.sleep(0.02)

    async def _stop(self) -> None:
        if bot := self._take():
            code = await bot.stop(40)
            # before it listens for signals it ends as by any other
            early = "the bot is running" not in bot.said
            assert code == 0 or (early and code == -signal.SIGTERM), (
                f"ended with {code}:\n{bot.said[-5000:]}"
            )
            await self.start()

    async def _pause(self) -> None:
        if bot := self._take():
            with contextlib.suppress(ProcessLookupError):
                os.kill(bot.pid, signal.SIGSTOP)
                await asyncio.sleep(self.random.uniform(0.2, 3))
                os.kill(bot.pid, signal.SIGCONT)
            self.ended_by_us.discard(bot.pid)
            self.bots.append(bot)

    # Processes

    def _somebody(self) -> Bot | None:
        return self.random.choice(self.bots) if self.bots else None

    def _take(self) -> Bot | None:
        """Give a process that nobody else is at; it is out of the list until it is put back or
        another is started.
        """
        bot = self._somebody()
        if bot is not None:
            self.bots.remove(bot)
            self.ended_by_us.add(bot.pid)
        return bot

    async def start(self) -> None:
        given = {}
        if self.address is not None:
            port = _free_port()
            given = {"WEBHOOK_URL": self.address.url, "WEBHOOK_PORT": str(port)}
        bot = self.shop.run(**given)
        if self.address is not None:
            gone = [port for pid, port in self.ports.items() if pid in self.ended_by_us]
            self.address.ports = [each for each in self.address.ports if each not in gone] + [port]
            self.ports[bot.pid] = port
        self.bots.append(bot)


def _hold_sqlite(path: str, seconds: float) -> None:
    """Be another program that holds the file's write lock."""
    other = sqlite3.connect(path, isolation_level=None, timeout=20)
    with contextlib.closing(other):
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


async def until_so(
    true: Callable[[], object] | Callable[[], Awaitable[object]], what: str, seconds: float
) -> None:
    deadline = time.monotonic() + seconds
    while True:
        found: Any = true()
        if await found if asyncio.iscoroutine(found) else found:
            return
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.2)
