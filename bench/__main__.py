"""`python -m bench`: measure, print the tables, and with `--write` keep them in docs/bench.md."""

import argparse
import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bench import crowds, news, process, screens, senders, sweep, updates
from bench.large_shop import ENDED, USERS, Size
from bench.machine import machine
from panel.transport import SWEEP_CONNECTIONS

KEPT = Path(__file__).parent.parent / "docs" / "bench.md"
TITLE = """\
# What it costs

Written by `make bench` (`python -m bench --write`). Absolute times belong to the machine; the ratios are what to watch.
"""  # noqa: E501
PARTS = ("updates", "crowds", "news", "senders", "sweep", "screens", "process")


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    found.add_argument(
        "parts", nargs="*", help=f"what is measured, of {', '.join(PARTS)}; else all"
    )
    found.add_argument("--updates", type=int, default=150, help="updates of each screen in a round")
    found.add_argument("--active", type=int, default=10_000, help="active orders of the sweep")
    found.add_argument(
        "--many",
        type=int,
        default=100_000,
        help="active orders of the sweep that is limited by latency",
    )
    found.add_argument(
        "--latency", type=float, default=0.3, help="seconds that each of its calls takes"
    )
    found.add_argument("--rounds", type=int, default=7, help="rounds; the table has their medians")
    found.add_argument("--orders", type=int, default=ENDED, help="ended orders of the large shop")
    found.add_argument("--users", type=int, default=USERS, help="customers of the large shop")
    found.add_argument(
        "--times", type=int, default=100, help="how often each screen of the large shop is opened"
    )
    found.add_argument(
        "--seconds", type=float, default=90.0, help="how long an idle process is watched"
    )
    found.add_argument(
        "--cache",
        type=Path,
        default=Path("test-output/bench"),
        help="where the large shop is kept for half a day",
    )
    found.add_argument("--write", action="store_true", help="keep the tables in docs/bench.md")
    return found


def sections(given: argparse.Namespace) -> dict[str, tuple[str, Callable[[], Awaitable[str]]]]:
    """Return for each part its heading and what measures it; that gives the text below the
    heading.
    """
    size = Size(ended=given.orders, users=given.users)

    async def handled() -> str:
        return f"{updates.ABOUT}\n\n{await updates.measure(updates=given.updates, rounds=given.rounds)}"  # noqa: E501

    async def crowded() -> str:
        return f"{crowds.ABOUT}\n\n{await crowds.measure(given.rounds)}"

    async def told() -> str:
        return f"{news.ABOUT}\n\n{await news.measure()}"

    async def sent() -> str:
        return f"{senders.ABOUT}\n\n{await senders.measure(each=2 * given.rounds)}"

    async def swept() -> str:
        about = sweep.ABOUT.format(orders=given.active, connections=SWEEP_CONNECTIONS)
        swept = await sweep.measure(count=given.active, rounds=given.rounds)
        waited = await sweep.measure_many(count=given.many, seconds=given.latency)
        of_many = sweep.ABOUT_MANY.format(
            orders=given.many, milliseconds=given.latency * 1000, connections=SWEEP_CONNECTIONS
        )
        return f"{about}\n\n{swept}\n\n{of_many}\n\n{waited}"

    async def shown() -> str:
        about = screens.ABOUT.format(users=size.users, ended=size.ended, active=size.active)
        return f"{about}\n\n{await screens.measure(given.cache, size, given.times)}"

    async def idled() -> str:
        sizes = {
            f"{process.SERVICES:,} services, 1,000 orders": Size(1_000, 100, process.SERVICES),
            f"the large shop: {size.ended:,} and {size.active:,} active orders": size,
        }
        found = await process.measure(
            given.cache, sizes, starts=given.rounds, seconds=given.seconds
        )
        return f"{process.about(given.rounds, given.seconds)}\n\n{found}"

    return {
        "updates": ("One update", handled),
        "crowds": ("Many at once", crowded),
        "news": ("News", told),
        "senders": ("Senders", sent),
        "sweep": ("A sweep of statuses", swept),
        "screens": ("A shop with a long past", shown),
        "process": ("The process", idled),
    }


async def report(given: argparse.Namespace, kept: str = "") -> str:
    """Measure what is wanted and return it as Markdown; the other parts, and what somebody has
    written behind them, are taken over from what was `kept`.
    """
    before = dict(_split(kept))
    found = [f"Measured on: {machine()}. Medians of {given.rounds} rounds, contenders alternating."]
    for part, (heading, measure) in sections(given).items():
        if not given.parts or part in given.parts:
            found.append(f"## {heading}\n\n{await measure()}")
        elif heading in before:
            found.append(before[heading])
        before.pop(heading, None)
    found += before.values()
    return "\n\n".join(found)


def _split(text: str) -> Sequence[tuple[str, str]]:
    """Take a page apart: each heading, and its section with the heading."""
    return [(part.partition("\n")[0], f"## {part.strip()}") for part in text.split("\n## ")[1:]]


def main(arguments: list[str] | None = None) -> None:
    given = parser().parse_args(arguments)
    if unknown := set(given.parts) - set(PARTS):
        parser().error(f"no part is called {', '.join(sorted(unknown))}")
    logging.disable(logging.WARNING)
    found = asyncio.run(
        report(given, KEPT.read_text(encoding="utf-8") if given.write and KEPT.exists() else "")
    )
    print(found)
    if given.write:
        KEPT.write_text(f"{TITLE}\n{found}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
