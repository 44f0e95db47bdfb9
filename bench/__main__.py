"""`python -m bench`: measure, print the tables, and with `--write` keep them in docs/bench.md."""

import argparse
import asyncio
import logging
from pathlib import Path

from bench import news, senders, sweep, updates
from bench.machine import machine
from panel.wire import SWEEP_CONNECTIONS

KEPT = Path(__file__).parent.parent / "docs" / "bench.md"
TITLE = """\
# What it costs

Written by `make bench` (`python -m bench --write`). Absolute times belong to the machine; the ratios are what to watch.
"""


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    found.add_argument("--updates", type=int, default=150, help="updates of each screen in a round")
    found.add_argument("--orders", type=int, default=10_000, help="active orders of the sweep")
    found.add_argument(
        "--many", type=int, default=100_000, help="active orders of the sweep that is limited by latency"
    )
    found.add_argument("--latency", type=float, default=0.3, help="seconds that each of its calls takes")
    found.add_argument("--rounds", type=int, default=7, help="rounds; the table has their medians")
    found.add_argument("--write", action="store_true", help="keep the tables in docs/bench.md")
    return found


async def report(*, count: int, orders: int, rounds: int, many: int, latency: float) -> str:
    """Measure everything; give it as Markdown."""
    handled = await updates.measure(updates=count, rounds=rounds)
    told = await news.measure()
    sent = await senders.measure(each=2 * rounds)
    swept = await sweep.measure(count=orders, rounds=rounds)
    waited = await sweep.measure_many(count=many, seconds=latency)
    of_many = sweep.ABOUT_MANY.format(orders=many, milliseconds=latency * 1000, connections=SWEEP_CONNECTIONS)
    return "\n\n".join(
        [
            f"Measured on: {machine()}. Medians of {rounds} rounds, contenders alternating.",
            f"## One update\n\n{updates.ABOUT}\n\n{handled}",
            f"## News\n\n{news.ABOUT}\n\n{told}",
            f"## Senders\n\n{senders.ABOUT}\n\n{sent}",
            f"## A sweep of statuses\n\n{sweep.ABOUT.format(orders=orders, connections=SWEEP_CONNECTIONS)}\n\n{swept}",
            f"{of_many}\n\n{waited}",
        ],
    )


def main(arguments: list[str] | None = None) -> None:
    given = parser().parse_args(arguments)
    logging.disable(logging.WARNING)
    found = asyncio.run(
        report(count=given.updates, orders=given.orders, rounds=given.rounds, many=given.many, latency=given.latency)
    )
    print(found)
    if given.write:
        KEPT.write_text(f"{TITLE}\n{found}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
