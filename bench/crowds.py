"""Many people at once: presses and messages of 150, and 50 orders confirmed in the same moment."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.contenders import TOKEN, Timed, shop, stock
from bench.rounds import percentile
from bench.scenes import LINK, draft_of, press
from handlers.callbacks import Categories, Confirm, StartOrder
from playground.telegram import BotApi
from playground.telegram.people import Person
from storage.schema.orders import orders

PEOPLE, CONFIRMS = 150, 50
ABOUT = f"""\
{PEOPLE} people write /start at the same moment, and all press a button when all are answered: how many were answered,
the p95 from the update to the end of its handler, and what an update takes of the processor, the emulator's part in it.
Then {CONFIRMS} people confirm an order at the same moment, with `synchronous=FULL`: orders a second, and the p99 of a
Confirm. Telegram is emulated in the same process and holds nobody back."""  # noqa: E501


async def measure(rounds: int, people: int = PEOPLE, confirms: int = CONFIRMS) -> str:
    """Return the table; each figure is the worst of the rounds, but for rates and shares, which are
    the least.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        api = BotApi(TOKEN)
        app = shop(Path(folder), api)
        timed = Timed(app.dispatcher, app.bot)
        api.on_update = timed
        try:
            await stock(app)
            said = [await _crowd(api, timed, number, people) for number in range(rounds)]
            buyers = [api.person(9_000 + number, started=True) for number in range(confirms)]
            placed = [await _confirm(timed, buyers, number) for number in range(rounds)]
            written = len(await app.database.read(lambda tx: tx.execute(orders.select()).all()))
        finally:
            await app.close()
    answered, p95, cpu = zip(*said, strict=True)
    rate, p99 = zip(*placed, strict=True)
    if written != rounds * confirms:
        raise RuntimeError(f"{written} orders instead of {rounds * confirms}")
    return "\n".join(
        [
            "| at once | answered | a second | p95 | p99 | CPU of one |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
            (
                f"| {people} people, /start and a press | {min(answered):.0%} | | "
                f"{_ms(max(p95))} | | {_ms(max(cpu))} |"
            ),
            f"| {confirms} orders confirmed | 100% | {min(rate):,.0f} | | {_ms(max(p99))} | |",
        ]
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


async def _crowd(api: BotApi, timed: Timed, number: int, people: int) -> tuple[float, float, float]:
    """Return the share answered, the p95, and the CPU of an update."""
    crowd = [api.person(10_000 + number * people + one, started=True) for one in range(people)]
    timed.seconds.clear()
    timed.on, cpu = True, time.process_time()
    await asyncio.gather(*(one.say("/start") for one in crowd))
    greeted = [len(one.from_bot) for one in crowd]
    answers = [len(one.answers) for one in crowd]
    await asyncio.gather(*(press(one, Categories(page=0)) for one in crowd))
    timed.on, cpu = False, time.process_time() - cpu
    pressed = sum(len(one.answers) > before for one, before in zip(crowd, answers, strict=True))
    share = (sum(map(bool, greeted)) + pressed) / (2 * people)
    return share, percentile(timed.seconds, 95), cpu / (2 * people)


async def _confirm(timed: Timed, buyers: Sequence[Person], number: int) -> tuple[float, float]:
    """Return the orders a second and the p99 of a Confirm."""
    for buyer in buyers:
        await buyer.say("/start")
        await press(buyer, StartOrder(service=1))
        await buyer.say(f"{LINK}/{buyer.id}/{number}")
        await buyer.say("1000")
    timed.seconds.clear()
    timed.on, start = True, time.perf_counter()
    await asyncio.gather(*(press(buyer, Confirm(draft=draft_of(buyer))) for buyer in buyers))
    took = time.perf_counter() - start
    timed.on = False
    return len(buyers) / took, percentile(timed.seconds, 99)
