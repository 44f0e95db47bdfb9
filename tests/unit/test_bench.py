"""The bench runs: tiny numbers, so that it can't rot. What it measures is nobody's concern here."""

import re
from datetime import UTC, datetime

import pytest

from bench import crowds, process, screens, sweep, updates
from bench.__main__ import parser, report
from bench.large_shop import Size, large_shop
from bench.machine import machine
from bench.rounds import Rounds, Row, percentile, table
from bench.scenes import SCENES
from shop.payments.audit import go_over
from shop.recovery.attention import candidates
from storage import Database

pytestmark = pytest.mark.xdist_group("bench")  # its provider has one port


async def test_both_tables_come_out() -> None:
    given = parser().parse_args(
        [
            "updates",
            "news",
            "sweep",
            "--updates",
            "2",
            "--active",
            "20",
            "--rounds",
            "1",
            "--many",
            "30",
        ]
    )
    kept = (
        "# What it costs\n\n## News\n\n| of yesterday |\n\n## The process\n\n| kept | 1 s |\n\n"
        "## By hand\n\nWhy.\n"
    )
    text = await report(given, kept)
    assert text.endswith("## The process\n\n| kept | 1 s |\n\n## By hand\n\nWhy.")
    assert "of yesterday" not in text
    for name in [scene.name for scene in SCENES] + ["unchanged", "10 % changed"]:
        assert f"| {name} " in text


async def test_every_screen_and_step_of_a_large_shop(tmp_path) -> None:
    size = Size(ended=2_000, users=50, services=40)
    text = await screens.measure(tmp_path, size, times=2)
    for name in (
        "Confirm, the reseller's",
        "My orders, in work",
        "wallet",
        "/triage",
        "worker: tracker",
        "worker: audit",
    ):
        assert f"| {name} " in text


async def test_the_books_of_a_large_shop_agree(tmp_path) -> None:
    size = Size(ended=2_000, users=50, services=40)
    file = await large_shop(tmp_path, size)
    made_at = file.stat().st_mtime_ns
    assert (await large_shop(tmp_path, size)).stat().st_mtime_ns == made_at
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        report = await go_over(database)
        stuck = await database.read(candidates, datetime.now(UTC))
    finally:
        await database.close()
    assert report.differences == []
    assert report.size.orders == 2_200
    assert stuck


async def test_everybody_of_a_crowd_is_answered() -> None:
    found = await crowds.measure(rounds=2, people=6, confirms=3)
    assert re.search(r"\| 6 people, /start and a press \| 100% \|", found)
    assert re.search(r"\| 3 orders confirmed \| 100% \| \d+ \|", found)


async def test_a_process_starts_and_is_watched(tmp_path) -> None:
    found = await process.measure(
        tmp_path, {"small": Size(100, 5, 10)}, starts=1, seconds=0.2, settle=0
    )
    assert re.search(r"\| small \| \d+\.\d\d s \| \d+ MB \| \d+\.\d% \|", found)


async def test_the_bare_handler_makes_the_calls_of_the_shop(tmp_path) -> None:
    stage = updates.Stage(tmp_path)
    await updates.stock(stage.app)
    for scene in SCENES:
        await stage.run_shop(scene, 1)
        shop = [
            (method, params.get("text"), params.get("reply_markup"))
            for method, params in stage.shop_api.calls
        ]
        stage.bare_api.calls.clear()
        await stage.run_bare(scene, 1)
        bare = [
            (method, params.get("text"), params.get("reply_markup"))
            for method, params in stage.bare_api.calls
        ]
        assert bare[-len(shop) :] == shop, scene.name
    await stage.app.close()


async def test_the_sweep_asks_for_every_order() -> None:
    assert "unchanged" in await sweep.measure(count=7, rounds=1)


def test_percentiles_and_ratios() -> None:
    assert percentile([5, 1, 3], 50) == 3
    assert percentile(range(100), 99) == 99
    row = Row("a", ((Rounds([0.2, 0.4, 0.9]), Rounds([0.1, 0.2, 0.3])),))
    assert row.cells() == ["a", "400 ms", "200 ms", "2.0 x"]
    assert table(("name", "ours", "floor", "ratio"), [row]).count("\n") == 2


def test_the_machine_has_no_name() -> None:
    assert "Python 3" in machine()
    assert "/" not in machine()


def test_wrong_arguments_are_refused(capsys) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--active", "many"])
    assert "--active" in capsys.readouterr().err
