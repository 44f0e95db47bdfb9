"""The table of answers to `add` through the whole sender: what becomes of the order and of its
money.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shop.provider import brake, pauses
from tests.harness.cases import cases
from tests.harness.world import CUSTOMER, DOLLAR, VISITS, World

START = 100 * DOLLAR
# The first word of an outcome, and the state that it leads to.
STATES = {"accepted": "pending", "rejected": "rejected", "wait": "queued", "unknown": "unknown"}
WAITING = {"wait:unreachable": "not_sent"}
WALL = "<html>Attention Required! Checking your browser</html>"


def says(
    code: int, body: Any, headers: dict[str, str] | None = None
) -> Callable[[], httpx.Response]:
    content = body if isinstance(body, str) else json.dumps(body)
    return lambda: httpx.Response(code, content=content.encode(), headers=headers or {})


async def held(world: World) -> brake.BrakeReason | None:
    found = await world.database.read(brake.brake)
    return None if found is None else found.why


@pytest.mark.parametrize("case", cases("add_answers", by="body"))
async def test_the_table_where_money_moves(world: World, case: dict[str, Any]) -> None:
    """A read meets the same answer: whatever stands there stands before the whole provider."""
    order = await world.order()
    answer = says(case["http"], case["body"], case.get("headers"))
    world.line.says |= {"add": answer, "balance": answer, "status": answer}
    await world.submitter.step()
    there = await world.look(order)
    outcome, _, meaning = case["outcome"].partition(":")
    assert there.state == STATES[outcome]
    if outcome == "wait":
        assert there.waiting == WAITING.get(case["outcome"], meaning)
    if outcome == "accepted":
        assert there.provider_order_id == meaning
    kept = 0 if outcome == "rejected" else order.price
    assert await world.balance(CUSTOMER) == START - kept
    assert await world.held() == (order.price if outcome in {"wait", "unknown"} else 0)
    for _ in range(5):
        await world.later(3)
    if outcome == "unknown":
        assert world.line.count("add") == 1


@pytest.mark.parametrize("read", ["balance", "nothing"])
async def test_a_page_of_a_firewall_is_believed_only_beside_another_one(
    world: World, read: str
) -> None:
    """Where a read is answered, or gets lost, the page may have come after the order was taken."""
    order = await world.order()
    world.line.says["add"] = says(403, WALL)
    if read == "nothing":
        world.line.says |= dict.fromkeys(("balance", "status"), httpx.ReadTimeout("lost"))
    await world.submitter.step()
    assert (await world.look(order)).state == "unknown"
    assert await world.held() == order.price
    await world.later(300)
    assert world.line.count("add") == 1


async def test_behind_a_firewall_everything_waits_and_goes_out_once(world: World) -> None:
    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(20)
    ]
    world.line.says |= dict.fromkeys(("add", "balance", "status"), says(403, WALL))
    for _ in range(10):
        await world.later(60)
    assert {str((await world.look(order)).state) for order in placed} == {"queued"}
    assert await held(world) is brake.BrakeReason.WALL
    assert world.line.count("add") == 1  # a read tries the wall, no order does
    world.line.says.clear()
    for _ in range(4):
        await world.later(61)
    assert {str((await world.look(order)).state) for order in placed} <= {"pending", "completed"}
    assert world.line.count("add") == 1 + len(placed)
    assert await world.told_admins() == ["sending_held", "alert_over"]


@pytest.mark.parametrize("code", [301, 404, 405])
async def test_an_order_that_alone_meets_no_api_keeps_no_other_back(
    world: World, code: int
) -> None:
    async def only_the_first(fields: dict[str, str]) -> None:
        if fields["action"] != "add":
            return
        alone = fields["link"].endswith("/0")
        world.line.says["add"] = says(code, "", {"Location": "https://example.com/"})
        if not alone:
            del world.line.says["add"]

    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(5)
    ]
    original = world.line.handle_async_request

    async def handle(request: httpx.Request) -> httpx.Response:
        await only_the_first(dict(httpx.QueryParams(request.content.decode())))
        return await original(request)

    world.line.handle_async_request = handle  # type: ignore[method-assign]
    await world.submit()
    states = [str((await world.look(order)).state) for order in placed]
    assert states == ["queued", *["pending"] * 4]
    assert "unreachable" not in await world.told_admins()
    for _ in range(63):
        await world.later(61)
    there = await world.look(placed[0])
    assert (there.state, there.refunded) == ("rejected", there.price)  # it has waited for an hour


async def test_where_no_read_is_answered_either_all_wait(world: World) -> None:
    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(3)
    ]
    world.line.says |= dict.fromkeys(
        ("add", "balance", "status"), says(302, "", {"Location": "/login"})
    )
    for _ in range(5):
        await world.later(16)
    assert {str((await world.look(order)).state) for order in placed} == {"queued"}
    assert await world.told_admins() == ["unreachable"]
    world.line.says.clear()
    await world.later(16)
    assert {str((await world.look(order)).state) for order in placed} == {"pending"}


async def test_a_wait_of_days_is_obeyed_for_an_hour_and_told_once(world: World) -> None:
    """Some panels send the time of day as Retry-After."""
    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(2)
    ]
    world.line.says["add"] = says(429, {"error": "slow down"}, {"Retry-After": "1780000000"})
    await world.later(0)
    world.line.says.clear()
    await world.later(3_500)
    assert world.line.count("add") == 1
    await world.later(110)
    assert {str((await world.look(order)).state) for order in placed} == {"pending"}
    assert (await world.told_admins()).count("long_wait") == 1


LIMITED = {"error": "Too many requests"}


@pytest.mark.parametrize("second", ["accepted", "429 without a header", "not sent", "bad key"])
async def test_a_wait_that_the_provider_asks_for_outlives_answers_to_what_was_sent_before(
    world: World, second: str
) -> None:
    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(4)
    ]
    later: Any = {
        "429 without a header": says(429, LIMITED),
        "not sent": httpx.ConnectError("no route"),
        "bad key": says(200, {"error": "Invalid API key"}),
    }.get(second)
    both, limited = asyncio.Event(), asyncio.Event()
    world.line.says["add"] = says(429, LIMITED, {"Retry-After": "600"})

    async def before(fields: dict[str, str]) -> None:
        if fields["action"] != "add":
            return
        if "add" in world.line.says and not both.is_set() and world.line.count("add") == 1:
            world.line.says.pop("add")
            world.line.says |= {} if later is None else {"add": later}
            await both.wait()
            return
        both.set()
        await limited.wait()

    world.line.before = before
    first = asyncio.ensure_future(world.submitter.step())
    other = asyncio.ensure_future(world.submitter.step())
    await first
    limited.set()
    await other
    world.line.before = None
    world.line.says.clear()
    world.line.sent.clear()
    world.pass_time(530)
    await world.submit()
    assert await world.submitter.next_turn() is not None
    world.submitter = world.another_submitter()  # a restart, or another process
    await world.submit()
    assert world.line.count("add") == 0
    await world.later(71)
    assert "queued" not in {str((await world.look(order)).state) for order in placed}


@pytest.mark.parametrize("ahead", [timedelta(minutes=30), timedelta(days=400)])
async def test_a_pause_by_a_clock_that_was_ahead_is_none(world: World, ahead: timedelta) -> None:
    order = await world.order()
    await world.database.write(pauses.pause, "", timedelta(hours=1), world.clock() + ahead)
    await world.submitter.next_turn()
    assert await world.submitter.step()
    assert (await world.look(order)).state == "pending"
