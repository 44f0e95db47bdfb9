"""How fast news goes out, beside what Telegram's limits allow, while answers go on."""

import asyncio
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from aiogram.types import Update
from sqlalchemy import insert, select

from bench.contenders import TOKEN, stock
from bench.contenders import shop as open_app
from bench.rounds import percentile
from bot.app import App
from bot.pacing import Pacing
from playground.telegram import BotApi
from playground.telegram.errors import ApiError
from playground.telegram.limits import Limits
from playground.telegram.people import Person
from shop.notices import Kind
from storage.engine import Transaction
from storage.states import OrderState
from storage.tables import drafts, notices, orders, users

LIMIT = 28  # messages a second that the bot allows itself; Telegram's limit is 30
ABOUT = f"""\
Orders that were completed at the same moment, told by the notifier to the emulated Bot API with Telegram's flood limits
on (30 a second, bursts of 3 in a chat), while every half a second somebody else says /start. Four or more results of
one person are one message. The floor is the messages at {LIMIT} a second; *answers* is the p95 from an update to the
end of its handler."""


@dataclass(frozen=True)
class Crowd:
    """So many people with so many completed orders each."""

    name: str
    people: int
    orders: int


CROWDS = (Crowd("150 results of 3 people", 3, 50), Crowd("280 results of 280 people", 280, 1))


class _Counting(Limits):
    """Counts what Telegram refuses."""

    refused = 0

    def count(self, chat_id: int) -> None:
        try:
            super().count(chat_id)
        except ApiError:
            self.refused += 1
            raise


async def measure() -> str:
    lines = [
        "| news | told in | floor | messages | refused | answers, p95 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [await _told(crowd) for crowd in CROWDS]
    return "\n".join(lines)


async def _told(crowd: Crowd) -> str:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        api = BotApi(TOKEN, flood_limits=True)
        app = open_app(Path(folder), api, Pacing())
        seconds: list[float] = []

        async def feed(raw: dict[str, object]) -> None:
            start = time.perf_counter()
            await app.dispatcher.feed_update(app.bot, Update.model_validate(raw, context={"bot": app.bot}))
            seconds.append(time.perf_counter() - start)

        api.on_update = feed
        try:
            await stock(app)
            api.limits = limits = _Counting(time.monotonic)
            return await _measured(crowd, app, api, limits, seconds)
        finally:
            await app.close()


async def _measured(crowd: Crowd, app: App, api: BotApi, limits: _Counting, seconds: list[float]) -> str:
    ids = [api.person(10_000 + number, started=True).id for number in range(crowd.people)]
    await app.database.write(_complete, ids, crowd.orders)
    visitors = [api.person(number, started=True) for number in range(1, 101)]
    await visitors.pop().say("/start")
    seconds.clear()
    api.calls.clear()
    # Tasks of their own: how urgent something is belongs to the task.
    answering, telling = asyncio.create_task(_answer(visitors)), asyncio.create_task(_tell(app))
    start = time.perf_counter()
    await telling
    took = time.perf_counter() - start
    answering.cancel()
    said = sum(int(params["chat_id"]) in ids for name, params in api.calls if name == "sendMessage")
    answers = percentile(seconds, 95) * 1000 if seconds else 0.0
    return f"| {crowd.name} | {took:.1f} s | {said / LIMIT:.1f} s | {said} | {limits.refused} | {answers:.1f} ms |"


async def _answer(visitors: Iterable[Person]) -> None:
    for visitor in visitors:
        await asyncio.sleep(0.5)
        await visitor.say("/start")


async def _tell(app: App) -> None:
    while await _waiting(app):
        await app.notifier.step()


async def _waiting(app: App) -> bool:
    """Say whether news waits; cards are drawn later, and nobody waits for them."""
    unsaid = select(notices.c.id).where(notices.c.done_at.is_(None), notices.c.kind == Kind.ORDER)
    return await app.database.read(lambda tx: tx.scalar(unsaid.limit(1)) is not None)


def _complete(tx: Transaction, people: list[int], each: int) -> None:
    """Write completed orders, and that this is to be told."""
    now = datetime.now(UTC)
    of = [person for person in people for _ in range(each)]
    order = {
        "service_id": 1, "service_name": "Service", "service_type": "default", "fields": {}, "quantity": 1_000,
        "link": "https://example.com", "price": 0, "currency": "USD", "cost": Decimal(0), "billing": "wallet",
        "state": OrderState.COMPLETED, "status_text": "Completed", "created_at": now, "not_before": now,
        "changed_at": now, "finished_at": now,
    }  # fmt: skip
    tx.execute(insert(users), [{"id": one, "first_name": "Ann", "language": "en", "created_at": now} for one in people])
    drafted = {"service_id": 1, "fields": {}, "created_at": now, "closed_at": now}
    tx.execute(insert(drafts), [drafted | {"user_id": one} for one in of])
    numbered = list(enumerate(of, 1))
    theirs = [{"user_id": one, "draft_id": number, "provider_order_id": str(number)} for number, one in numbered]
    tx.execute(insert(orders), [order | one for one in theirs])
    said = {"kind": Kind.ORDER, "payload": {"state": "completed"}, "created_at": now, "not_before": now}
    tx.execute(insert(notices), [said | {"user_id": one, "order_id": number} for number, one in numbered])
