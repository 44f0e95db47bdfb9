"""Every fault at every action, and kill -9 before, during and after it: docs/proof.md has the
table.

`make prove` runs all of it. In the suite each fault meets two of the four moments, the next fault
the other two: a run starts three processes, and all of them were a fifth of the suite's time.
"""

import asyncio
from pathlib import Path

import pytest

from tests.chaos import matrix
from tests.chaos.judging import judge
from tests.chaos.trial import Prepared, Trial, open_shop, order_three, prepare, restore
from tests.runtime.databases import fresh_url
from tests.runtime.process import Launcher


@pytest.fixture(scope="session")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, starting: Launcher, migrated: bytes
) -> Prepared:
    return asyncio.run(prepare(tmp_path_factory.mktemp("prepared"), starting, migrated))


async def check(trial: Trial) -> None:
    services = await trial.visible_services()
    await trial.run()
    found = await judge(trial, services)
    for seen in found:
        matrix.keep(seen)
    wrong = [
        f"{seen.fault} x {seen.action} x {seen.moment}: {what}"
        for seen in found
        for what in seen.wrong
    ]
    assert wrong == [], "\n".join([*wrong, *(bot.said[-3000:] for bot in trial.shop.bots)])


@pytest.mark.parametrize(("run", "moment"), list(matrix.runs_and_moments()))
async def test_each_cell(
    tmp_path: Path, starting: Launcher, prepared: Prepared, run: str, moment: str
) -> None:
    (tmp_path / "shop.db").write_bytes(prepared.file)
    async with (
        fresh_url("sqlite", tmp_path) as url,
        open_shop(tmp_path, url, starting) as (shop, server),
    ):
        await restore(shop, prepared)
        await check(Trial(shop, server, matrix.faults_of(run), moment))


@pytest.mark.parametrize(
    ("run", "moment"),
    [
        ("hang after accepting", "during"),
        ("dropped after accepting", "after"),
        ("connect refused", "answer"),
    ],
)
async def test_some_on_postgresql(
    tmp_path: Path, starting: Launcher, run: str, moment: str
) -> None:
    async with (
        fresh_url("postgresql", tmp_path) as url,
        open_shop(tmp_path, url, starting) as (shop, server),
    ):
        await order_three(shop)
        await check(Trial(shop, server, matrix.faults_of(run), moment))


def test_every_cell_is_run_or_has_a_reason() -> None:
    run = {
        (fault.name, action)
        for one in matrix.RUNS
        for action, fault in matrix.faults_of(one).items()
    }
    for fault, action, _ in matrix.cells():
        assert ((fault, action) in run) != bool(matrix.FAULTS[fault].only not in {"", action})
    assert all(fault.why_only for fault in matrix.FAULTS.values() if fault.only)
