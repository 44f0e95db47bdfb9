"""`/refill`, `/status` and `/cancel_orders` for many numbers: one answer that goes on living."""

import pytest

from storage.schema.orders import requests
from tests.factories.delivered import HOUR, delivered
from tests.harness.shop import Shop
from tests.harness.walks import place


@pytest.mark.parametrize("command", ["refill", "cancel_orders", "status"])
async def test_a_command_without_numbers_shows_how_it_is_written(shop: Shop, command: str) -> None:
    ann = shop.person()
    for words in (f"/{command}", f"/{command} all of them"):
        await ann.say(words)
        assert f"/{command} 12 15 19" in ann.last.text


async def test_too_many_numbers_are_refused_in_a_sentence(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/refill " + " ".join(map(str, range(1, 502))))
    assert "at most 500 order numbers" in ann.last.text
    assert await shop.rows(requests) == []


async def test_many_refills_have_one_answer_that_goes_on_living(shop: Shop) -> None:
    ann = shop.person()
    for number in range(3):
        await place(ann, link=f"https://example.com/{number}")
    await place(ann, "Website visits | usually ends in part", link="https://example.com/4")
    for _ in range(9):
        await shop.work(10)
    await shop.work(24 * HOUR)
    await ann.say("/refill 1, #2 2\n3;4 99")
    answer = ann.last
    lines = answer.text.splitlines()[2:]
    assert lines == [
        "#1 · ⏳ asked",
        "#2 · ⏳ asked",
        "#3 · ⏳ asked",
        "#4 · ✖️ not offered",
        "#99 · ❔ no such order",
    ]
    before = len(ann.from_bot)
    await shop.work()

    def now() -> list[str]:
        return next(view for view in ann.from_bot if view.id == answer.id).text.splitlines()[2:]

    assert now()[:3] == [f"#{number} · ✅ accepted" for number in (1, 2, 3)]
    assert len(ann.from_bot) == before
    assert shop.provider.calls["refill"] == 1
    for number, status in ((1, "Completed"), (2, "Rejected"), (3, "In progress")):
        shop.provider.force_refill(number, status)
    await shop.work(10)
    assert now()[:3] == ["#1 · ✅ refilled", "#2 · ✖️ rejected", "#3 · ♻️ being refilled"]
    await ann.say("/refill 1 3")
    assert ann.last.text.splitlines()[2:] == ["#1 · ⏳ asked", "#3 · ⏳ under way"]


async def test_a_result_that_is_faster_than_the_answer_is_shown_too(
    shop: Shop, monkeypatch
) -> None:
    """The provider has answered before Telegram has taken the message."""
    ann = shop.person()
    await delivered(shop, ann)
    await shop.work(24 * HOUR)
    serve = shop.api.serve

    async def slow(token, method, params=None, files=None):
        if method == "sendMessage":
            monkeypatch.setattr(shop.api, "serve", serve)
            await shop.request()
            await shop.notify()
        return await serve(token, method, params, files)

    monkeypatch.setattr(shop.api, "serve", slow)
    await ann.say("/refill 1")
    assert "⏳ asked" in ann.last.text
    await shop.notify()
    assert "✅ accepted" in ann.last.text


async def test_many_statuses_are_shown_at_once_and_then_asked_for(shop: Shop) -> None:
    ann = shop.person()
    await delivered(shop, ann)
    await place(ann, link="https://example.com/2")
    await shop.submit()
    await place(ann, link="https://example.com/3")
    await ann.say("/status 1 2 3 4")
    answer = ann.last
    assert answer.text.splitlines()[2:] == [
        "#1 · ✅ Completed",
        "#2 · 📨 Accepted ⏳",
        "#3 · 🕓 Queued",
        "#4 · ❔ no such order",
    ]
    shop.provider.force_order(23502, "In progress")
    await shop.request()
    await shop.notify()
    shown = next(view for view in ann.from_bot if view.id == answer.id)
    assert shown.text.splitlines()[3] == "#2 · 🚀 In progress"
    shop.provider.fault("html_502", "status", times=0)
    await ann.say("/status 2")
    await shop.request()
    await shop.notify()
    assert ann.last.text.endswith("#2 · 🚀 In progress 🔌")


async def test_many_cancellations(shop: Shop) -> None:
    ann = shop.person()
    await place(ann, link="https://example.com/1")
    await shop.work(20)
    await place(ann, link="https://example.com/2")
    await ann.say("/cancel_orders 1 2")
    answer = ann.last
    assert answer.text.splitlines()[2:] == ["#1 · ⏳ asked", "#2 · ✅ canceled at once"]
    await shop.request()
    await shop.notify()
    shown = next(view for view in ann.from_bot if view.id == answer.id)
    assert shown.text.splitlines()[2] == "#1 · ↩️ requested"
    await shop.work(30)
    shown = next(view for view in ann.from_bot if view.id == answer.id)
    assert shown.text.splitlines()[2] == "#1 · ✅ canceled"
    await shop.check_money()
