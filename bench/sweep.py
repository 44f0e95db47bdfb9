"""A sweep over every active order, beside a bare httpx loop that makes the same requests."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil
from mmap import PAGESIZE as PAGE_SIZE
from pathlib import Path
from sys import executable

import httpx
from sqlalchemy import insert

from bench.rounds import Rounds, Row, milliseconds, percentile, table
from panel import PanelClient, Profile
from panel.transport import SWEEP_CONNECTIONS
from shop.clock import utc_now
from shop.fulfilment.polling import Tracker
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import OrderState
from storage.migrate import upgrade
from storage.schema.catalogue import categories, services
from storage.schema.customers import users
from storage.schema.orders import drafts, orders

HEADS = ("a sweep", "wall", "bare", "ratio", "CPU", "bare", "ratio")
ABOUT = """\
{orders:,} active orders, asked in batches of 100 over {connections} connections; the provider is another process on the
same machine and answers at once. The bare loop posts the same forms with httpx over as many connections, reads the
answers and does nothing with them; the sweep parses and compares them, and writes what changed together with its
notices (SQLite, `synchronous=FULL`). CPU is this process's, threads included."""  # noqa: E501
ABOUT_MANY = """\
One sweep over {orders:,} active orders of which nothing has changed, each call taking {milliseconds:.0f} ms at the
provider. The floor is that time alone, for calls of 100 orders, {connections} at once. How late the event loop comes
back to a task that sleeps is measured every 5 ms; memory is what the process grew by."""  # noqa: E501
_NAP = 0.005


@asynccontextmanager
async def provider(seconds: float = 0.0) -> AsyncIterator[str]:
    """Start the provider, which takes so long for each call; return its address."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        executable, "-m", "bench.provider", str(seconds), stdin=pipe, stdout=pipe
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.stdin.close()
        await process.wait()


async def place_orders(database: Database, count: int) -> None:
    """Write orders in progress, as the shop would have."""
    now = datetime.now(UTC)
    service = {
        "category_id": 1,
        "position": 0,
        "name": "Service",
        "description": "",
        "type_label": "Default",
        "type": "default",
        "rate": Decimal("0.90"),
        "min": 10,
        "max": 100_000,
        "refill": False,
        "cancel": False,
        "dripfeed": False,
        "sold": True,
        "first_seen_at": now,
        "changed_at": now,
        "provider_id": "1",
    }
    order = {
        "user_id": 1,
        "service_id": 1,
        "service_name": "Service",
        "service_type": "default",
        "fields": {},
        "link": "https://example.com",
        "quantity": 1_000,
        "price": 900_000,
        "currency": "USD",
        "cost": Decimal("0.90"),
        "billing": "wallet",
        "state": OrderState.IN_PROGRESS,
        "status_text": "In progress",
        "charge": Decimal("0.90"),
        "start_count": 100,
        "remains": 900,
        "created_at": now,
        "not_before": now,
        "changed_at": now,
        "booked_cost": 900_000,
        "bookings": 1,
    }
    numbers = range(1, count + 1)

    def transaction(tx: Transaction) -> None:
        tx.execute(insert(users).values(id=1, first_name="Ann", language="en", created_at=now))
        tx.execute(insert(categories).values(name="Category", position=0))
        tx.execute(insert(services).values(service))
        drafted = {"user_id": 1, "service_id": 1, "fields": {}, "created_at": now, "closed_at": now}
        tx.execute(insert(drafts), [drafted for _ in numbers])
        tx.execute(
            insert(orders),
            [order | {"draft_id": number, "provider_order_id": str(number)} for number in numbers],
        )

    await database.write(transaction)


@dataclass
class Loop:
    """How late the event loop comes back to a task that sleeps, in seconds, and the process's
    memory meanwhile.
    """

    lags: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        watching = asyncio.ensure_future(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _watch(self) -> None:
        while True:
            self.memory.append(resident())
            before = time.perf_counter()
            await asyncio.sleep(_NAP)
            self.lags.append(time.perf_counter() - before - _NAP)


def resident() -> int:
    """Return how many bytes of this process are in memory; 0 where the system does not say."""
    said = Path("/proc/self/statm")
    return int(said.read_text().split()[1]) * PAGE_SIZE if said.exists() else 0


async def measure_many(*, count: int, seconds: float) -> str:
    """Sweep once over many orders, each call of the provider taking so long; return the table."""
    loop = Loop()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/shop.db")
        await upgrade(database)
        await place_orders(database, count)
        async with provider(seconds) as base, _client(base) as panel:
            tracker = Tracker(database, panel, (), 0.001, Wakeups(), utc_now)
            began = resident()
            async with loop.watched():
                start = time.perf_counter()
                asked = await tracker.sweep()
                wall = time.perf_counter() - start
        await database.close()
    if asked != count:
        raise RuntimeError(f"{asked} of {count} orders were asked for")
    floor = ceil(ceil(count / 100) / SWEEP_CONNECTIONS) * seconds
    ratio = f"{wall / floor:.2f} x" if floor else "-"
    late = [
        milliseconds(value)
        for value in (percentile(loop.lags, 50), percentile(loop.lags, 99), max(loop.lags))
    ]
    grown = f"{(max(loop.memory) - began) / 2**20:+.0f} MB"
    cells = [f"{count:,}", f"{wall:.1f} s", f"{floor:.1f} s", ratio, *late, grown]
    heads = ["orders", "wall", "floor", "ratio", "loop late, p50", "p99", "most", "memory"]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---:"] * len(heads), cells))


async def bare_sweep(client: httpx.AsyncClient, url: str, count: int) -> None:
    """Make the requests of a sweep, and nothing else."""
    slots = asyncio.Semaphore(SWEEP_CONNECTIONS)

    async def ask(first: int) -> None:
        ids = ",".join(str(number) for number in range(first, min(first + 100, count + 1)))
        async with slots:
            await client.post(url, data={"orders": ids, "key": "key", "action": "status"})

    await asyncio.gather(*(ask(first) for first in range(1, count + 1, 100)))


async def timed(work: Callable[[], Awaitable[object]], into: tuple[Rounds, Rounds]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    await work()
    into[0].add(time.perf_counter() - wall)
    into[1].add(time.process_time() - cpu)


async def measure(*, count: int, rounds: int) -> str:
    """Alternate the contenders, several rounds; return the table of the medians."""
    floor, same, changed = ((Rounds(), Rounds()) for _ in range(3))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/shop.db")
        await upgrade(database)
        await place_orders(database, count)
        async with provider() as base, httpx.AsyncClient() as client, _client(base) as panel:
            tracker = Tracker(database, panel, (), 0.001, Wakeups(), utc_now)
            for number in range(rounds + 1):
                # the first warms up
                into = (floor, same, changed) if number else ((Rounds(), Rounds()),) * 3
                await timed(lambda: bare_sweep(client, f"{base}/api/v2", count), into[0])
                await timed(tracker.sweep, into[1])
                await client.post(f"{base}/move")
                await timed(tracker.sweep, into[2])
        await database.close()
    return table(
        HEADS,
        [
            Row(name, tuple(zip(ours, floor, strict=True)))
            for name, ours in (("unchanged", same), ("10 % changed", changed))
        ],
    )


def _client(base: str) -> PanelClient:
    return PanelClient(Profile(url=f"{base}/api/v2", key="key"))
