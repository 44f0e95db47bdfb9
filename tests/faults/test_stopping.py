"""SIGTERM: what is under way ends in order, and is written down."""

import pytest

from bot.run import DRAIN_SECONDS
from storage.enums import OrderState
from tests.runtime.process import Launcher, Operator, adds, until


@pytest.mark.parametrize(
    ("kind", "seconds", "state"),
    [("slow", 2, OrderState.PENDING), ("hang_after", None, OrderState.UNKNOWN)],
)
async def test_during_an_add(
    shop: Operator, cold: Launcher, kind: str, seconds: float | None, state: OrderState
) -> None:
    bot = await shop.start(launcher=cold if kind == "slow" else None, PANEL_TIMEOUT="3")
    ann = await shop.person()
    shop.pg.provider.fault(kind, "add", seconds=seconds)
    await shop.place(ann)
    await until(lambda: adds(shop) == 1, "the add is in flight")
    assert await bot.stop(20) == 0
    assert "Traceback" not in bot.said
    assert await shop.states() == [str(state)]
    await shop.check_money()

    await shop.start()
    await ann.wait_for("is completed" if state is OrderState.PENDING else "is being checked", 15)
    assert adds(shop) == 1
    await shop.check_money()


async def test_at_rest(shop: Operator) -> None:
    bot = await shop.start()
    assert await bot.stop(DRAIN_SECONDS - 4) == 0  # nothing is at work: nothing is waited for
    assert "Traceback" not in bot.said
    assert "the bot has stopped" in bot.said


async def test_while_telegram_is_away(shop: Operator) -> None:
    shop.pg.api.fail_next("getMe", 502, times=1000)
    bot = shop.run()
    await bot.says("Telegram can't be reached")
    assert await bot.stop(5) == 0
    assert "Traceback" not in bot.said
