"""How fast news goes out, beside what Telegram's limits allow, while answers go on."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable
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
from bot.telegram.pacing import Pacing
from playground.telegram import BotApi
from playground.telegram.errors import ApiError
from playground.telegram.limits import Limits
from playground.telegram.people import Person
from shop.outbox import Kind
from storage.engine import Transaction
from storage.enums import OrderState
from storage.schema.customers import users
from storage.schema.messages import notices
from storage.schema.orders import drafts, orders

LIMIT = 28  # messages a second that the bot allows itself; Telegram's limit is 30
ABOUT = f"""\
Orders that were completed at the same moment, told by the notifier to the emulated Bot API with Telegram's flood limits
on (30 a second, bursts of 3 in a chat), while every half a second somebody else says /start. Four or more results of
one person are one message. The floor is the messages at {LIMIT} a second. Each order has a card, whose edit counts as a
message, too; *cards* is when the last was edited, where that was waited for. *Answers* is the p95 from an update to the
end of its handler."""  # noqa: E501


@dataclass(frozen=True)
class Crowd:
    """So many people with so many completed orders each; `cards`: it is over when those are drawn,
    too.
    """

    name: str
    people: int
    orders: int
    cards: bool = False


CROWDS = (
    Crowd("80 results of 80 people", 80, 1, cards=True),
    Crowd("150 results of 3 people", 3, 50),
    Crowd("280 results of 280 people", 280, 1),
)


class _Counting(Limits):
    """Counts what Telegram refuses, and knows when each chat had its last message."""

    refused = 0

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.last: dict[int, float] = {}

    def count(self, chat_id: int) -> None:
        try:
            super().count(chat_id)
        except ApiError:
            self.refused += 1
            raise
        self.last[chat_id] = time.perf_counter()


async def measure() -> str:
    lines = [
        "| news | told in | floor | messages | cards | refused | answers, p95 |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
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
            await app.dispatcher.feed_update(
                app.bot, Update.model_validate(raw, context={"bot": app.bot})
            )
            seconds.append(time.perf_counter() - start)

        api.on_update = feed
        try:
            await stock(app)
            api.limits = limits = _Counting(time.monotonic)
            return await _measured(crowd, app, api, limits, seconds)
        finally:
            await app.close()


async def _measured(
    crowd: Crowd, app: App, api: BotApi, limits: _Counting, seconds: list[float]
) -> str:
    ids = [api.person(10_000 + number, started=True).id for number in range(crowd.people)]
    cards = [_card(api, person) for person in ids for _ in range(crowd.orders)]
    await app.database.write(_complete, cards)
    visitors = [api.person(number, started=True) for number in range(1, 101)]
    await visitors.pop().say("/start")
    seconds.clear()
    api.calls.clear()
    # Tasks of their own: how urgent something is belongs to the task.
    answering, telling = asyncio.create_task(_answer(visitors)), asyncio.create_task(_tell(app))
    start = time.perf_counter()
    await _over(app, cards=crowd.cards)
    drawn = time.perf_counter() - start
    answering.cancel()
    telling.cancel()
    await asyncio.wait((telling,))
    told = max(limits.last[one] for one in ids) - start
    said = sum(int(params["chat_id"]) in ids for name, params in api.calls if name == "sendMessage")
    answers = percentile(seconds, 95) * 1000 if seconds else 0.0
    cells = [
        crowd.name,
        f"{told:.1f} s",
        f"{said / LIMIT:.1f} s",
        str(said),
        f"{drawn:.1f} s" if crowd.cards else "–",
    ]
    return f"| {' | '.join([*cells, str(limits.refused), f'{answers:.1f} ms'])} |"


def _card(api: BotApi, person: int) -> tuple[int, int]:
    """Put a message into the person's chat that shows an order; return both numbers."""
    chat = api.person(person).chat
    return person, int(api.new_message(chat, api.me, {"text": "Order"})["message_id"])


async def _answer(visitors: Iterable[Person]) -> None:
    for visitor in visitors:
        await asyncio.sleep(0.5)
        await visitor.say("/start")


async def _tell(app: App) -> None:
    while True:
        await app.features.notifications.notifier.step()


async def _over(app: App, *, cards: bool) -> None:
    """Wait until all is told, and where `cards` are waited for, all drawn."""
    waiting = select(notices.c.id).where(notices.c.done_at.is_(None))
    if not cards:
        waiting = waiting.where(notices.c.kind == Kind.ORDER, notices.c.outcome == "")
    while await app.database.read(lambda tx: tx.scalar(waiting.limit(1)) is not None):
        await asyncio.sleep(0.05)


def _complete(tx: Transaction, cards: list[tuple[int, int]]) -> None:
    """Write a completed order for each person and card, and that this is to be told."""
    now = datetime.now(UTC)
    order = {
        "service_id": 1,
        "service_name": "Service",
        "service_type": "default",
        "fields": {},
        "quantity": 1_000,
        "link": "https://example.com",
        "price": 0,
        "currency": "USD",
        "cost": Decimal(0),
        "billing": "wallet",
        "state": OrderState.COMPLETED,
        "status_text": "Completed",
        "created_at": now,
        "not_before": now,
        "changed_at": now,
        "finished_at": now,
    }
    known = {"first_name": "Ann", "language": "en", "created_at": now}
    tx.execute(insert(users), [known | {"id": person} for person in dict(cards)])
    drafted = {"service_id": 1, "fields": {}, "created_at": now, "closed_at": now}
    tx.execute(insert(drafts), [drafted | {"user_id": person} for person, _ in cards])
    theirs = [
        {
            "user_id": person,
            "draft_id": number,
            "provider_order_id": str(number),
            "card_message_id": card,
        }
        for number, (person, card) in enumerate(cards, 1)
    ]
    tx.execute(insert(orders), [order | one for one in theirs])
    said = {
        "kind": Kind.ORDER,
        "payload": {"state": "completed"},
        "created_at": now,
        "not_before": now,
    }
    about = [{"user_id": person, "order_id": number} for number, (person, _) in enumerate(cards, 1)]
    tx.execute(insert(notices), [said | one for one in about])
