"""The bench runs: tiny numbers, so that it can't rot. What it measures is nobody's concern here."""

import pytest

from bench import sweep, updates
from bench.__main__ import parser, report
from bench.machine import machine
from bench.rounds import Rounds, Row, percentile, table
from bench.scenes import SCENES


async def test_both_tables_come_out() -> None:
    text = await report(count=2, orders=20, rounds=1, many=30, latency=0.01)
    for name in [scene.name for scene in SCENES] + ["unchanged", "10 % changed"]:
        assert f"| {name} " in text


async def test_the_bare_handler_makes_the_calls_of_the_shop(tmp_path) -> None:
    stage = updates.Stage(tmp_path)
    await updates.stock(stage.app)
    for scene in SCENES:
        await stage.run_shop(scene, 1)
        shop = [(method, params.get("text"), params.get("reply_markup")) for method, params in stage.shop_api.calls]
        stage.bare_api.calls.clear()
        await stage.run_bare(scene, 1)
        bare = [(method, params.get("text"), params.get("reply_markup")) for method, params in stage.bare_api.calls]
        assert bare[-len(shop) :] == shop, scene.name
    await stage.app.close()


async def test_the_sweep_asks_for_every_order() -> None:
    assert "unchanged" in await sweep.measure(count=7, rounds=1)


async def test_a_sweep_over_many_tells_how_late_the_loop_was() -> None:
    """Sweeping raises where an order was left out."""
    found = await sweep.measure_many(count=250, seconds=0.05)
    assert "| 250 | " in found
    assert "| 0.1 s | " in found


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
        parser().parse_args(["--orders", "many"])
    assert "--orders" in capsys.readouterr().err
