"""Every screen and every worker's step in a shop with a long past, and the longest transaction of
each.
"""

import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from aiogram.filters.callback_data import CallbackData

from bench.contenders import TOKEN, Timed, shop
from bench.large_provider import provider
from bench.large_shop import PORT, PROVIDER, RESELLER, Size, large_shop, take
from bench.rounds import percentile
from bench.scenes import LINK, draft_of, press
from bot.app import App
from bot.workers.supervisor import Worker
from handlers.callbacks import (
    AskCancel,
    Categories,
    Confirm,
    OrderCard,
    Orders,
    PaymentsPage,
    Refill,
    ServiceCard,
    Services,
    StartOrder,
    TriageOrder,
    TriagePage,
    WalletPage,
)
from playground.telegram import BotApi
from playground.telegram.people import Person
from shop.operations.provider_account import Changed, settle
from storage.engine import Transaction
from storage.engine.database import Engine

T = TypeVar("T")
ADMIN = 999
CUSTOMER = RESELLER + 77
LIMIT = 0.020  # seconds: what a screen and a step may take at most
ABOUT = """\
{users:,} customers, {ended:,} ended and {active:,} active orders, 3 % of which have been stuck for days; one reseller
has a twentieth of them all. Each screen and each worker's step on this database, the workers asking a provider that is
another process; *longest* is the longest single transaction in it (`w` where it had the writer). What is over
20 ms is marked. A sweep asks for all orders whose turn it is, and the audit reads everything: for them only
the longest transaction counts."""  # noqa: E501


@dataclass
class Watched:
    """An engine that notes how long each transaction has had its connection, and whether it was the
    writer's.
    """

    engine: Engine
    seen: list[tuple[float, bool, str]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        return await self.engine.read(self._timed(work, writes=False))

    async def snapshot(self, work: Callable[[Transaction], T]) -> T:
        return await self.engine.snapshot(self._timed(work, writes=False))

    async def write(self, work: Callable[[Transaction], T]) -> T:
        return await self.engine.write(self._timed(work, writes=True))

    def _timed(
        self, work: Callable[[Transaction], T], *, writes: bool
    ) -> Callable[[Transaction], T]:
        def timed(tx: Transaction) -> T:
            start = time.perf_counter()
            try:
                return work(tx)
            finally:
                called = work.args[0] if isinstance(work, partial) else work
                self.seen.append(
                    (time.perf_counter() - start, writes, getattr(called, "__qualname__", ""))
                )

        return timed


@dataclass(frozen=True)
class Figure:
    """What a screen or a step took each time, and its longest transaction."""

    name: str
    seconds: Sequence[float]
    longest: tuple[float, bool, str]
    only_longest: bool = False

    def line(self) -> str:
        p50, p99 = percentile(self.seconds, 50), percentile(self.seconds, 99)
        seconds, writes, _ = self.longest
        over = (seconds if self.only_longest else p99) > LIMIT
        mark = f"{'**' if over else ''}"
        return (
            f"| {self.name} | {p50 * 1000:,.1f} ms | {mark}{p99 * 1000:,.1f} ms{mark} | "
            f"{seconds * 1000:,.1f} ms{' w' if writes else ''} |"
        )


Act = Callable[[Person, int], Awaitable[object]]


async def _nothing(_person: Person, _turn: int) -> None:
    pass


def _says(text: str) -> Act:
    return lambda person, _: person.say(text)


def _presses(make: Callable[[int], CallbackData]) -> Act:
    return lambda person, turn: press(person, make(turn))


async def _to_quantity(person: Person, turn: int) -> None:
    await press(person, StartOrder(service=1 + turn))
    await person.say(f"{LINK}/{turn}")


async def _to_summary(person: Person, turn: int) -> None:
    await _to_quantity(person, turn)
    await person.say("1000")


def customers_screens(size: Size) -> list[tuple[str, Act, Act]]:
    """List name, what comes before, and the update that counts."""
    total = size.ended + size.active
    theirs = total - total % 40  # one of the reseller's
    return [
        ("/start", _nothing, _says("/start")),
        ("categories", _nothing, _presses(lambda turn: Categories(page=turn % 2))),
        ("services", _nothing, _presses(lambda turn: Services(category=1 + turn % 80, page=0))),
        ("service card", _nothing, _presses(lambda turn: ServiceCard(service=1 + turn, page=0))),
        ("search", _nothing, lambda person, turn: person.say(f"service {turn}")),
        ("Order", _nothing, _presses(lambda turn: StartOrder(service=1 + turn))),
        ("quantity answered", _to_quantity, _says("1000")),
        ("Confirm", _to_summary, lambda person, _: press(person, Confirm(draft=draft_of(person)))),
        ("My orders, in work", _nothing, _says("/orders")),
        ("My orders, done", _nothing, _presses(lambda turn: Orders(done=1, page=turn))),
        (
            "My orders, page 5,000",
            _nothing,
            _presses(lambda turn: Orders(done=1, page=5_000 + turn)),
        ),
        ("order card", _nothing, _presses(lambda turn: OrderCard(order=theirs - 40 * turn))),
        ("refill asked", _nothing, _presses(lambda turn: Refill(order=theirs - 40 * turn))),
        (
            "cancellation asked",
            _nothing,
            _presses(lambda turn: AskCancel(order=theirs - 40 * turn)),
        ),
        ("wallet", _nothing, _says("/wallet")),
        ("wallet, page 5,000", _nothing, _presses(lambda turn: WalletPage(page=5_000 + turn))),
        *(
            (f"{command}", _nothing, _says(command))
            for command in (
                "/balance",
                "/favourites",
                "/settings",
                "/help",
                "/mass",
                "/invite",
                "/coupon",
                "/privacy",
                "/status 1",
            )
        ),
    ]


def admins_screens() -> list[tuple[str, Act, Act]]:
    return [
        ("/triage", _nothing, _says("/triage")),
        ("/triage, page 500", _nothing, _presses(lambda turn: TriagePage(page=500 + turn))),
        ("/triage, an order", _nothing, _presses(lambda turn: TriageOrder(order=1 + turn))),
        ("/payments", _nothing, _says("/payments")),
        (
            "/payments, page 5,000",
            _nothing,
            _presses(lambda turn: PaymentsPage(user=0, page=5_000 + turn)),
        ),
        *(
            (f"{command}, admin's", _nothing, _says(command))
            for command in (
                "/balance",
                "/topups",
                "/coupons",
                "/margins",
                "/invitations",
            )
        ),
    ]


# They go over everything there is, by design: what counts is that they hold nobody up.
WHOLE = frozenset({"tracker", "audit", "catalogue", "backup"})


@dataclass
class Stage:
    """The shop of the run command on a copy of the database, with workers that step when they are
    told to.
    """

    app: App
    api: BotApi
    timed: Timed
    watched: Watched

    async def screen(self, person: Person, name: str, before: Act, act: Act, times: int) -> Figure:
        self.timed.seconds.clear()
        longest = (0.0, False, "")
        for turn in range(times):
            await before(person, turn)
            self.watched.seen.clear()
            self.timed.on = True
            await act(person, turn)
            self.timed.on = False
            longest = max(longest, *self.watched.seen, (0.0, False, ""))
        return Figure(name, list(self.timed.seconds), longest)

    async def step(self, worker: Worker, times: int) -> Figure:
        self.watched.seen.clear()
        seconds = []
        for _ in range(times):
            start = time.perf_counter()
            await worker.step()
            await worker.pause()
            seconds.append(time.perf_counter() - start)
        return Figure(
            f"worker: {worker.name}",
            seconds,
            max(self.watched.seen, default=(0.0, False, "")),
            worker.name in WHOLE,
        )


async def open_stage(folder: Path) -> Stage:
    """Open the shop in `folder` as a start does."""
    api = BotApi(TOKEN)
    app = shop(
        folder,
        api,
        provider=PROVIDER,
        admin_ids=frozenset({ADMIN}),
        backup_folder=str(folder / "backups"),
    )
    timed = Timed(app.dispatcher, app.bot)
    api.on_update = timed
    watched = Watched(app.database.engine)
    app.database.engine = watched
    await app.features.provider.services.watch.load()
    await settle(
        app.database,
        app.features.fulfilment.tracker.account,
        Changed.NOTHING,
        admins=(ADMIN,),
        rules=app.deps.rules,
        now=app.features.provider.services.watch.clock(),
    )
    await app.features.catalogue.services.margins.load()
    await app.deps.leadership.start(alone=True)
    return Stage(app, api, timed, watched)


async def figures(folder: Path, size: Size, times: int) -> list[Figure]:
    stage = await open_stage(folder)
    try:
        found = []
        for user_id, who in ((RESELLER, "the reseller's"), (CUSTOMER, "")):
            person = stage.api.person(user_id, started=True)
            await person.say("/start")
            for name, before, act in customers_screens(size):
                if who or not name.endswith("page 5,000"):
                    found.append(
                        await stage.screen(
                            person, f"{name}{', ' + who if who else ''}", before, act, times
                        )
                    )
        admin = stage.api.person(ADMIN, started=True)
        await admin.say("/start")
        for name, before, act in admins_screens():
            found.append(await stage.screen(admin, name, before, act, times))
        found += await _steps(stage, times)
        return found
    finally:
        await stage.app.close()


async def _steps(stage: Stage, times: int) -> list[Figure]:
    workers = {
        worker.name: worker for worker in stage.app.supervisor.workers if worker.name != "watchdog"
    }
    return [
        await stage.step(worker, min(times, 3) if name in WHOLE else times)
        for name, worker in workers.items()
        if not name.startswith("submitter-") or name == "submitter-1"
    ]


def table(found: Sequence[Figure]) -> str:
    lines = ["| large shop | p50 | p99 | longest |", "| --- | ---: | ---: | ---: |"]
    return "\n".join([*lines, *(figure.line() for figure in found)])


async def measure(cache: Path, size: Size, times: int = 30) -> str:
    file = await large_shop(cache, size)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=cache) as folder:
        take(file, Path(folder))
        async with provider(PORT, size.services):
            return table(await figures(Path(folder), size, times))
