"""How many orders a second leave for a provider that takes its time, from the queue to the answer's
row.
"""

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import text, update

from bench.provider import ADD_SECONDS
from bench.sweep import place_orders, provider
from panel import PanelClient, Profile
from shop.clock import utc_now
from shop.fulfilment.submission import Submitter
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import OrderState
from storage.migrate import upgrade
from storage.queries import ledger_keys, wallet
from storage.queries.wallet import Account
from storage.schema.orders import orders

SENDERS = (1, 2, 4, 8)
ABOUT = f"""\
Queued orders of different links, sent by so many senders to a provider (another process on the same machine) that
answers each `add` after {ADD_SECONDS * 1000:.0f} ms: claimed, sent, and the answer written with its ledger entries and
notices. The floor is that time alone."""  # noqa: E501


@asynccontextmanager
async def databases() -> AsyncIterator[dict[str, Database]]:
    """Open an SQLite database and, where TEST_POSTGRES_URL names a server, one of PostgreSQL."""
    base, name = os.environ.get("TEST_POSTGRES_URL", ""), f"bench_{secrets.token_hex(6)}"
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        opened = {"SQLite": Database(f"sqlite+aiosqlite:///{folder}/shop.db")}
        if base:
            await _outside(base, f"CREATE DATABASE {name}")
            url = Database(base).url.set(database=name).render_as_string(hide_password=False)
            opened["PostgreSQL"] = Database(url, connections=20)
        try:
            yield opened
        finally:
            for database in opened.values():
                await database.close()
            if base:
                await _outside(base, f"DROP DATABASE {name} WITH (FORCE)")


async def _outside(url: str, statement: str) -> None:
    """Do what PostgreSQL does in no transaction."""
    database = Database(url)
    pool = database.engine.pool.execution_options(isolation_level="AUTOCOMMIT")  # type: ignore[attr-defined]
    async with pool.connect() as connection:
        await connection.execute(text(statement))
    await database.close()


def queue(tx: Transaction, first: int, count: int) -> None:
    """Put orders into the queue that are paid for."""
    now = datetime.now(UTC)
    wallet.move(
        tx,
        user_id=1,
        source=Account.MANUAL,
        target=Account.WALLET,
        amount=count * 1_000_000,
        key=ledger_keys.manual(1, 0, first),
        reason="bench",
        now=now,
    )
    for number in range(first, first + count):
        link = f"https://example.com/{number}"
        tx.execute(
            update(orders)
            .where(orders.c.id == number)
            .values(
                state=OrderState.QUEUED,
                provider_order_id=None,
                link=link,
                fields={"link": link, "quantity": 1000},
            )
        )
        wallet.move(
            tx,
            user_id=1,
            source=Account.WALLET,
            target=Account.HOLD,
            amount=900_000,
            order_id=number,
            key=ledger_keys.hold(number),
            reason="order",
            now=now,
        )


async def rate(database: Database, panel: PanelClient, senders: int) -> float:
    """Send all that is queued; return how many orders a second."""
    submitter = Submitter(database, panel, (), 30.0, Wakeups(), utc_now, senders=senders)

    async def send() -> int:
        count = 0
        while await submitter.step():
            count += 1
        return count

    began = time.perf_counter()
    sent = sum(await asyncio.gather(*(send() for _ in range(senders + 2))))
    return sent / (time.perf_counter() - began)


async def measure(*, each: int = 14) -> str:
    """Let each number of senders send `each` orders a sender; return the table."""
    found: dict[str, list[float]] = {}
    async with provider() as base, databases() as opened:
        for name, database in opened.items():
            await upgrade(database)
            await place_orders(database, each * sum(SENDERS))
            first = 1
            for senders in SENDERS:
                await database.write(queue, first, each * senders)
                first += each * senders
                profile = Profile(url=f"{base}/add", key="key", add_connections=senders)
                async with PanelClient(profile) as panel:
                    found.setdefault(name, []).append(await rate(database, panel, senders))
    lines = [
        f"| senders | floor | {' | '.join(found)} |",
        "| ---: | ---: |" + " ---: |" * len(found),
    ]
    for at, senders in enumerate(SENDERS):
        cells = " | ".join(f"{rates[at]:.1f}" for rates in found.values())
        lines.append(f"| {senders} | {senders / ADD_SECONDS:.1f} | {cells} |")
    return "\n".join(lines)
