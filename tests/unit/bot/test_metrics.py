"""What is counted, and what a scrape says when the database says nothing."""

import asyncio
import contextlib
import time
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from aiogram.exceptions import TelegramServerError
from prometheus_client.parser import text_string_to_metric_families

from bot.observability import metrics as module
from bot.observability.metrics import Metrics, MetricsPage, ShopCollector
from bot.workers.supervisor import Supervisor, Worker, every
from panel import PanelClient, PanelError, Priority, Profile
from shop.provider.balance import BalanceWatch
from shop.wakeups import Wakeups
from storage.schema.orders import orders
from tests.factories.stock import add_order
from tests.harness.shop import open_shop


def read(text: bytes) -> dict[str, float]:
    """Give every sample by its name and labels, as they are written."""
    families = text_string_to_metric_families(text.decode())
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


async def scrape(shop) -> dict[str, float]:
    return read(await shop.app.health._page.text())


@pytest.fixture(autouse=True)
def always_fresh(monkeypatch) -> None:
    monkeypatch.setattr(module, "_FRESH_SECONDS", -1.0)


@pytest.fixture
async def shop(tmp_path):
    async with open_shop(tmp_path) as opened:
        yield opened


async def test_the_shop_as_it_stands(shop) -> None:
    before = await scrape(shop)
    assert (
        before["shop_orders unknown"]
        == before["shop_oldest_seconds unknown"]
        == before["shop_wallets_total"]
        == 0
    )
    ann = shop.person()
    await ann.say("/start s_1")
    shop.clock.forward(seconds=90)
    found = await scrape(shop)
    assert found["shop_database_up"] == 1
    assert found["shop_wallets_total"] == 10
    assert found["shop_provider_balance"] == 100
    assert found["telegram_updates_total message"] == 1


async def test_ages_are_of_the_oldest(shop) -> None:
    await shop.person(501).say("/start")
    for state, seconds in (("unknown", 60), ("unknown", 600), ("queued", 30), ("completed", 9999)):
        created = shop.clock() - timedelta(seconds=seconds)
        await add_order(shop.app.database, state=state, created_at=created)
    found = await scrape(shop)
    assert [found[f"shop_orders {state}"] for state in ("unknown", "queued", "failed")] == [2, 1, 0]
    assert [
        found[f"shop_oldest_seconds {state}"] for state in ("unknown", "queued", "submitting")
    ] == [600, 30, 0]
    assert "shop_orders completed" not in found
    assert len(await shop.rows(orders)) == 4


async def test_notices_that_wait(shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    await shop.credit(ann.id, "5.00")
    shop.clock.forward(seconds=45)
    found = await scrape(shop)
    assert (found["shop_notices_waiting"], found["shop_notices_oldest_seconds"]) == (1, 45)
    await shop.notify()
    assert (await scrape(shop))["shop_notices_waiting"] == 0


async def test_without_a_database_the_process_s_own_figures_are_there(shop, monkeypatch) -> None:
    await shop.person().say("/start")

    async def away(*_given):
        raise OSError("no route to the database")

    monkeypatch.setattr(shop.app.database, "read", away)
    found = await scrape(shop)
    assert found["shop_database_up"] == 0
    assert found["telegram_updates_total message"] == 1
    assert not any(name.startswith("shop_orders") for name in found)
    monkeypatch.undo()
    monkeypatch.setattr(module, "_FRESH_SECONDS", -1.0)
    assert (await scrape(shop))["shop_database_up"] == 1


async def test_several_scrapes_cost_one_look(shop, monkeypatch) -> None:
    monkeypatch.setattr(module, "_FRESH_SECONDS", 1000.0)
    assert (await scrape(shop))["shop_database_up"] == 1
    monkeypatch.setattr(shop.app.database, "read", lambda: 1 / 0)
    assert (await scrape(shop))["shop_database_up"] == 1


async def test_what_telegram_did_not_do_and_who_was_told_so(shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    shop.api.fail_next("sendMessage", 502)
    await ann.say("/start")
    found = await scrape(shop)
    assert found["telegram_errors_total ServerError"] == 1
    assert found["apologies_total"] == 1
    shop.api.fail_next("getMe", 502)
    with pytest.raises(TelegramServerError):
        await shop.app.bot.me()
    assert (await scrape(shop))["telegram_errors_total ServerError"] == 2


async def test_no_text_of_anybody_is_a_label(shop) -> None:
    ann = shop.person(1001, "Ann")
    await ann.say("/start")
    await ann.say("something very private")
    text = (await shop.app.health._page.text()).decode()
    assert not any(word in text for word in ("1001", "Ann", "private"))


@pytest.mark.parametrize(
    ("answer", "action", "outcome"),
    [
        (httpx.Response(200, json={"order": 1}), "add", "ok"),
        (httpx.Response(200, json={"error": "Incorrect link"}), "add", "rejected"),
        (httpx.Response(502, text="<html>"), "add", "unknown"),
        (httpx.Response(200, text="null"), "add", "unknown"),
        (httpx.ConnectError("refused"), "add", "not_sent"),
        (httpx.ReadTimeout("late"), "balance", "unavailable"),
        (httpx.Response(200, json={"balance": "1", "currency": "USD"}), "balance", "ok"),
        (httpx.Response(200, json={"1": {"status": "Pending"}}), "statuses", "ok"),
        (httpx.Response(200, json={"cancel": 1}), "cancel", "ok"),
    ],
)
async def test_calls_to_the_provider(answer, action: str, outcome: str) -> None:
    metrics = Metrics()

    def panel(request):
        if isinstance(answer, Exception):
            raise answer
        return answer

    given = {"add": ("1", {"link": "x"}), "balance": (), "statuses": (["1"],), "cancel": (["1"],)}[
        action
    ]
    profile = Profile(url="http://panel.test/api", key="k")
    async with PanelClient(
        profile, transport=httpx.MockTransport(panel), observe=metrics.panel_call
    ) as client:
        with contextlib.suppress(PanelError):
            await getattr(client, action)(*given)
    name = {"statuses": "status"}.get(action, action)
    value = metrics.registry.get_sample_value(
        "panel_calls_total", {"action": name, "outcome": outcome}
    )
    assert (
        value
        == metrics.registry.get_sample_value("panel_call_seconds_count", {"action": name})
        == 1
    )


async def test_the_calls_of_a_minute(shop) -> None:
    limiter = shop.app.deps.panel.limiter
    before = await scrape(shop)
    assert "panel_calls_per_minute" not in before
    assert (before["panel_calls_lowered"], before["panel_calls_waiting"]) == (0, 0)
    for _ in range(40):
        limiter.try_acquire(Priority.SWEEP).use()
    limiter.refused()
    after = await scrape(shop)
    assert after["panel_calls_last_minute"] == before["panel_calls_last_minute"] + 40
    assert after["panel_calls_per_minute"] == after["panel_calls_last_minute"]
    assert after["panel_calls_lowered"] == 1


async def test_waiting_in_our_own_line_is_not_the_providers_time() -> None:
    seen: list[tuple[str, str, float]] = []
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, json={"balance": "1", "currency": "USD"})
    )
    profile = Profile(url="http://panel.test/api", key="k")
    async with PanelClient(
        profile, transport=transport, observe=lambda *call: seen.append(call)
    ) as client:
        client.limiter.refused(1.0)
        waiting = asyncio.create_task(client.balance())
        cancelled = asyncio.create_task(client.balance())
        await asyncio.sleep(0.05)
        cancelled.cancel()
        await waiting
    ((action, outcome, seconds),) = seen
    assert (action, outcome) == ("balance", "ok")
    assert seconds < 0.9


async def test_a_cancelled_call_counts_too() -> None:
    seen: list[tuple[str, str]] = []

    async def panel(request):
        await asyncio.Event().wait()

    profile = Profile(url="http://panel.test/api", key="k")
    transport = httpx.MockTransport(panel)
    async with PanelClient(
        profile, transport=transport, observe=lambda *call: seen.append(call[:2])
    ) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await client.add("1", {"link": "x"})
    assert seen == [("add", "cancelled")]


async def test_workers() -> None:
    metrics, left = Metrics(), [2]

    async def step() -> bool:
        left[0] -= 1
        if left[0] == 0:
            raise RuntimeError("broken")
        return True

    supervisor = Supervisor([Worker("digger", step, every(1000))], metrics)
    supervisor.start()
    async with asyncio.timeout(5):
        while left[0]:
            await asyncio.sleep(0.005)
    await supervisor.stop(1)
    value = metrics.registry.get_sample_value
    assert value("worker_failures_total", {"worker": "digger"}) == 1
    assert value("worker_last_step_timestamp_seconds", {"worker": "digger"}) > time.time() - 60


async def test_two_of_them_know_nothing_of_each_other(shop) -> None:
    other = Metrics()
    MetricsPage(
        other,
        ShopCollector(
            shop.app.database,
            BalanceWatch(shop.app.database, shop.app.deps.panel, (), Wakeups(), shop.clock),
            shop.clock,
        ),
    )
    other.update("message")
    assert "telegram_updates_total message" not in await scrape(shop)
    assert (
        Decimal(other.registry.get_sample_value("telegram_updates_total", {"type": "message"})) == 1
    )
