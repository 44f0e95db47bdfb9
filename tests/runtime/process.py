"""The real process between the project's own emulators: started, killed, stopped and listened to.

`Operator` is who runs the bot: they have a folder, a database, settings, and processes that come
and go. What they see of the shop's money and orders, they read through a database connection of
their own.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select, text

from handlers import callbacks
from playground.demo import Playground, start_playground
from playground.provider.catalogue import NATURES
from playground.provider.catalogue_showcase import DOCUMENTED, SHOWCASE
from playground.telegram.people import Person
from playground.telegram.views import MessageView
from shop.catalogue.pricing import Prices, Quote
from storage import Database
from storage.enums import OrderState
from storage.queries import catalogue, drafts, wallet
from storage.schema.catalogue import services
from storage.schema.messages import notices
from storage.schema.orders import orders
from tests.harness.books import check_money

ROOT = Path(__file__).parents[2]
TOKEN = "4200000042:SECRET-token-of-this-test"
KEY = "s3cret/key-of+this=test"
ADMIN = 1003
LINK = "https://example.com/page"

# Services of the catalogue, by the provider's id.
STEADY, PARTIAL, STUCK, PACKAGE, COMMENTS, OTHER = "24", "3", "5", "7", "9", "27"


async def until(
    true: Callable[[], object] | Callable[[], Awaitable[object]],
    what: str = "",
    seconds: float = 10,
) -> Any:
    """Wait until a condition holds, and give its value."""
    deadline = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        value: Any = true()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what or true}"
        # who looks for long takes the time of who works
        await asyncio.sleep(max(0.02, time.monotonic() - began))


class Launcher(Protocol):
    """Starts processes: gives the pid, and the exit code once there is one."""

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> int: ...
    def exit_code(self, pid: int) -> int | None: ...
    def close(self) -> None: ...


class Cold:
    """`python -m bot`, as an operator starts it; some seconds of imports each time."""

    def __init__(self) -> None:
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> int:
        with log.open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self._running[process.pid] = process
        return process.pid

    def exit_code(self, pid: int) -> int | None:
        return self._running[pid].poll()

    def close(self) -> None:
        """Nothing to do: every bot is waited for by its operator."""


class Warm:
    """Forks of a process that has done the imports; see warm.py."""

    def __init__(self) -> None:
        self._fork = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.warm"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._codes: dict[int, int] = {}

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> int:
        wanted = {"arguments": list(arguments), "environment": dict(environment)}
        return int(self._ask(wanted | {"folder": str(folder), "log": str(log)}))

    def exit_code(self, pid: int) -> int | None:
        if pid not in self._codes and (code := self._ask({"look": pid})) is not None:
            self._codes[pid] = code
        return self._codes.get(pid)

    def _ask(self, question: Mapping[str, Any]) -> Any:
        assert self._fork.stdin is not None
        assert self._fork.stdout is not None
        print(json.dumps(question), file=self._fork.stdin, flush=True)
        return json.loads(self._fork.stdout.readline())

    def close(self) -> None:
        self._fork.communicate()


def launcher() -> Launcher:
    return Cold() if os.environ.get("E2E_COLD") else Warm()


class Bot:
    """One process, from its start to its end."""

    def __init__(self, pid: int, launcher: Launcher, log: Path) -> None:
        self.pid, self._launcher, self._log = pid, launcher, log

    @property
    def said(self) -> str:
        """What it has written so far: stderr and stdout together."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._launcher.exit_code(self.pid)

    async def says(self, words: str, seconds: float = 20) -> None:
        await until(
            lambda: words in self.said,
            f"the process says {words!r}; it said:\n{self.said}",
            seconds,
        )

    async def ended(self, seconds: float = 20) -> int:
        """Wait for the end and give the exit code."""
        await until(
            lambda: self.exit_code is not None, f"the process ends; it said:\n{self.said}", seconds
        )
        code = self.exit_code
        assert code is not None
        return code

    async def kill(self) -> None:
        """kill -9: no handler, no farewell."""
        if self.exit_code is None:
            os.kill(self.pid, signal.SIGKILL)
        await self.ended()

    async def stop(self, seconds: float = 20) -> int:
        os.kill(self.pid, signal.SIGTERM)
        return await self.ended(seconds)


@dataclass
class Operator:
    """Runs the bot against a playground. `settings` are what their environment says.

    `brisk`: warm starts don't wait for Telegram's one message a second and chat; see brisk.py. Cold
    ones always do.
    """

    pg: Playground
    folder: Path
    url: str
    launcher: Launcher
    settings: dict[str, str] = field(default_factory=dict)
    bots: list[Bot] = field(default_factory=list)
    prices: Prices = field(default_factory=Prices)
    brisk: bool = True

    def __post_init__(self) -> None:
        self.database = Database(self.url)
        self.settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.pg.bot_api_url,
            "ADMIN_IDS": str(ADMIN),
            "PANEL_URL": self.pg.panel_url,
            "PANEL_KEY": KEY,
            "DATABASE_URL": self.url,
            "WELCOME_CREDIT": "10",
            "STATUS_INTERVAL": "1",
            "PANEL_TIMEOUT": "2",
            "BALANCE_INTERVAL": "3600",
            "CATALOG_INTERVAL": "3600",
            "REFILL_WAIT_HOURS": "0",
        }
        self.pg.api.person(ADMIN, started=True).chat.started = True

    # The process

    def run(self, *arguments: str, launcher: Launcher | None = None, **settings: str) -> Bot:
        """Start a process. `settings` go on top of the operator's; an empty one is left out."""
        by = launcher or self.launcher
        system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        given = {name: value for name, value in (self.settings | settings).items() if value}
        given |= {"E2E_BRISK": "1"} if self.brisk else {}
        log = self.folder / f"said-{len(self.bots)}.log"
        bot = Bot(
            by.start(arguments, system | {"PYTHONPATH": str(ROOT)} | given, self.folder, log),
            by,
            log,
        )
        self.bots.append(bot)
        return bot

    async def start(self, *, launcher: Launcher | None = None, **settings: str) -> Bot:
        """Start the bot and wait until it polls and knows the catalogue."""
        before = len(self.pg.api.calls)
        bot = self.run(launcher=launcher, **settings)
        await until(
            lambda: (
                bot.exit_code is not None
                or any(name == "getUpdates" for name, _ in self._calls(before))
            ),
            "the bot polls",
            30,
        )
        assert bot.exit_code is None, bot.said
        await until(self._knows_the_catalogue, "the bot knows the catalogue", 20)
        return bot

    def _calls(self, before: int) -> list[tuple[str, dict[str, Any]]]:
        return list(self.pg.api.calls)[before:]

    async def _knows_the_catalogue(self) -> bool:
        return len(await self.rows(services)) > 0 and self.pg.provider.calls["services"] > 0

    async def close(self) -> None:
        for bot in self.bots:
            await bot.kill()
        await self.database.close()

    # The shop as it stands

    async def rows(self, table: Any = orders) -> list[Any]:
        return await self.database.read(
            lambda tx: list(tx.execute(select(table).order_by(next(iter(table.c)))))
        )

    async def states(self) -> list[str]:
        return [str(row.state) for row in await self.rows()]

    async def reached(self, *wanted: OrderState, seconds: float = 10) -> None:
        """Wait until the orders are in these states, in the order of their numbers."""

        async def there() -> bool:
            return await self.states() == [str(state) for state in wanted]

        await until(there, f"orders {', '.join(wanted)}", seconds)

    async def told(self) -> None:
        """Wait until nothing is left to be said."""

        async def silent() -> bool:
            return all(row.done_at is not None for row in await self.rows(notices))

        await until(silent, "all notices are said", 15)

    async def service(self, provider_id: str) -> int:
        """Give our id of the provider's service."""
        found = await self.database.read(
            lambda tx: tx.scalar(select(services.c.id).where(services.c.provider_id == provider_id))
        )
        assert found is not None
        return int(found)

    async def change(self, statement: str, **values: Any) -> None:
        """Let something happen to the rows that no test can wait for, such as the end of a
        minute.
        """
        await self.database.write(lambda tx: tx.execute(text(statement), values))

    async def lapse(self) -> None:
        """Let the leases end that a killed process has left behind: on PostgreSQL another one might
        have them.
        """
        await self.change("UPDATE leases SET until = :then", then=datetime(2020, 1, 1, tzinfo=UTC))

    async def balance(self, user_id: int) -> int:
        return await self.database.read(wallet.balance, user_id)

    async def check_money(self) -> None:
        await check_money(self.database)

    # The people

    async def person(self, number: int = 1, name: str = "Ann", language: str = "en") -> Person:
        person = self.pg.api.person(5000 + number, name, None, language, started=True)
        person.chat.started = True
        return person

    @property
    def admin(self) -> Person:
        return self.pg.api.person(ADMIN)

    async def get_or_create(self, person: Person) -> None:
        """Let the bot get to know somebody without saying anything."""
        answered = len(person.answers)
        await person.forge(callbacks.Nothing().pack(), 0)
        await until(lambda: len(person.answers) > answered, "the bot knows the person")

    async def tell_all(self, person: Person) -> None:
        """Have somebody told every change, as if they had chosen so."""
        await self.get_or_create(person)
        await self.change("UPDATE users SET pushes = 'all' WHERE id = :id", id=person.id)

    async def summary(
        self, person: Person, service: str = STEADY, link: str = LINK, quantity: str = "100"
    ) -> MessageView:
        """Put a summary into the chat that the bot showed before its last restart, and its draft
        into the database.

        For the sake of time: a form filled in by hand is a message and an answer for each question;
        test_the_way_of_an_order.py fills in all of them.
        """
        await self.get_or_create(person)
        fields = {"link": link} | ({} if service == PACKAGE else {"quantity": int(quantity)})
        service_id = await self.service(service)

        def transaction(tx):
            draft = drafts.create(
                tx,
                user_id=person.id,
                service_id=service_id,
                fields=fields,
                now=datetime.now(UTC),
            )
            ordered = catalogue.service(tx, service_id)
            assert ordered is not None
            price = self.prices.of(ordered, 1 if service == PACKAGE else int(quantity))
            quote = Quote(price, ordered.min, ordered.max).as_json()
            assert drafts.fill(tx, draft, fields=fields, quote=quote)
            return draft

        draft = await self.database.write(transaction)
        button = {"text": "Confirm", "callback_data": callbacks.Confirm(draft=draft).pack()}
        shown = {"text": "Is this right?", "reply_markup": {"inline_keyboard": [[button]]}}
        self.pg.api.new_message(person.chat, self.pg.api.me, shown)
        return person.last

    async def place(
        self, person: Person, service: str = STEADY, link: str = LINK, quantity: str = "100"
    ) -> None:
        """Place an order and wait until its row is there."""
        summary = await self.summary(person, service, link, quantity)
        draft = callbacks.Confirm.unpack(summary.buttons[0][0].value).draft
        await person.press("Confirm", message=summary)
        await until(lambda: self._order_of(draft), "the order is written")

    async def _order_of(self, draft: int) -> bool:
        found = await self.database.read(
            lambda tx: tx.scalar(select(orders.c.id).where(orders.c.draft_id == draft))
        )
        return found is not None


_PUSH = re.compile(r"\S+ (?:The provider reports a problem with order|Order|Заказ) #\d+ ?")


def pushes(person: Person) -> list[str]:
    """What the person was told of their orders unasked, oldest first: the replies to cards."""
    return [view.text.splitlines()[0] for view in person.from_bot if view.reply_to is not None]


def adds(operator: Operator) -> int:
    return operator.pg.provider.calls["add"]


@asynccontextmanager
async def operate(
    folder: Path, url: str, launcher: Launcher, *, speed: float = 120
) -> AsyncIterator[Operator]:
    """Open a playground with a small catalogue, and leave no process behind."""
    async with start_playground(
        port=0, speed=speed, token=TOKEN, key=KEY, catalogue=[*DOCUMENTED, *SHOWCASE]
    ) as pg:
        pg.provider.natures = dict(NATURES)
        operator = Operator(pg, folder, url, launcher)
        try:
            yield operator
        finally:
            await operator.close()
