"""Hard times at random: see tests/chaos/hard_times.py.

RANDOM_SEED repeats a run, RANDOM_SECONDS makes it longer.
"""

import json
import os
import random
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.provider import serve_provider
from storage.enums import OrderState
from tests.chaos.hard_times import Chaos
from tests.chaos.reckoning import reckon
from tests.chaos.settling import Settling, describe
from tests.runtime.address import open_address
from tests.runtime.process import Operator, adds, until

SECONDS = float(os.environ.get("RANDOM_SECONDS", "25"))
# The same in every run of the suite, so that a red build tells of its change; `make prove` takes
# any (0).
SEED = int(os.environ.get("RANDOM_SEED", "20261123")) or random.SystemRandom().randrange(1, 10**6)
REPORT = os.environ.get("RANDOM_REPORT", "")


async def survive(chaos: Chaos) -> None:
    try:
        await chaos.open()
        await chaos.live()
        await Settling(chaos).run()
        wrong = await reckon(chaos)
    except Exception as error:
        error.add_note(await describe(chaos))
        raise
    finally:
        chaos.let_go()
    told = {
        "seed": chaos.seed,
        "seconds": chaos.seconds,
        "engine": chaos.engine,
        "processes": len(chaos.bots),
    }
    told |= {
        "orders": len(await chaos.shop.rows()),
        "at_provider": len(chaos.shop.pg.provider.book.orders),
    }
    if REPORT:
        with Path(REPORT).open("a", encoding="utf-8") as report:
            report.write(
                json.dumps(told | {"happened": dict(chaos.happened), "wrong": wrong}) + "\n"
            )
    assert wrong == [], f"RANDOM_SEED={chaos.seed}: " + "\n".join(
        [*wrong, str(dict(chaos.happened))]
    )


async def test_hard_times(shop: Operator) -> None:
    async with serve_provider(shop.pg.provider) as server:
        await survive(Chaos(shop, server, SEED, SECONDS))


async def test_a_full_disk_is_said_and_survived(shop: Operator) -> None:
    """The same fault alone: SQLite reports it, whoever pressed is answered, and the next press
    orders.
    """
    bot = await shop.start()
    ann = await shop.person()
    summary = await shop.summary(ann)
    answered, journal = len(ann.answers), shop.folder / "shop.db-wal"
    _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (journal.stat().st_size, hard))
    await ann.press("Confirm", message=summary)
    await until(lambda: len(ann.answers) > answered, "the press is answered")
    assert "something went wrong" in ann.toast
    await bot.says("disk I/O error")  # what SQLite makes of a file that must not grow
    assert await shop.rows() == []
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (hard, hard))
    await ann.press("Confirm", message=summary)
    await shop.reached(OrderState.COMPLETED, seconds=20)
    await ann.wait_for("is completed", 20)
    assert adds(shop) == 1
    assert bot.exit_code is None
    await shop.check_money()


@pytest.fixture
async def two_behind_an_address(postgres_shop: Operator) -> AsyncIterator[Chaos]:
    async with serve_provider(postgres_shop.pg.provider) as server, open_address() as address:
        yield Chaos(postgres_shop, server, SEED, SECONDS / 2, address=address)


async def test_hard_times_of_two_processes_on_postgresql(two_behind_an_address: Chaos) -> None:
    await survive(two_behind_an_address)
