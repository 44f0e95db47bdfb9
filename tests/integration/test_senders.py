"""Several senders, and the calls of a minute: nothing that is claimed waits for us, and nothing is
sent twice.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from panel import Accepted, Priority
from shop.fulfilment.submission import Submitter
from storage.enums import OrderState, RequestKind
from storage.rows import Order
from storage.schema.orders import orders, requests
from tests.harness.world import CUSTOMER, VISITS, World, open_world


class Strict(httpx.AsyncBaseTransport):
    """A provider that refuses what is more than so many calls in a minute."""

    def __init__(self, world: World, per_minute: int, code: int) -> None:
        self.world, self.per_minute, self.code = world, per_minute, code
        self.provider = world.line._provider
        self.calls: deque[float] = deque()
        self.refused = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        now = self.world.clock().timestamp()
        while self.calls and self.calls[0] <= now - 60:
            self.calls.popleft()
        if len(self.calls) >= self.per_minute:
            self.refused += 1
            return httpx.Response(self.code, json={"error": "Too many requests"})
        self.calls.append(now)
        return await self.provider.handle_async_request(request)


async def place(world: World, count: int, first: int = 0) -> list[int]:
    links = [f"https://example.com/{number}" for number in range(first, first + count)]
    return [(await world.order(VISITS, link=link)).id for link in links]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


async def states(world: World) -> set[str]:
    return {row.state for row in await world.rows(orders)}


async def fill_the_minute(world: World) -> None:
    while permit := world.panel.limiter.try_acquire(Priority.ADD):
        permit.use()


async def test_eight_orders_are_sent_at_once(world: World) -> None:
    await place(world, 8)
    under_way, all_there = 0, asyncio.Event()

    async def slow(fields: dict[str, str]) -> None:
        nonlocal under_way
        under_way += 1
        if under_way == 8:
            all_there.set()
        await asyncio.wait_for(all_there.wait(), 20)

    world.line.before = slow
    assert await asyncio.gather(*(world.submitter.step() for _ in range(8))) == [True] * 8
    assert await states(world) == {"pending"}


async def test_one_sender_sends_nothing_after_an_answer_that_says_nothing(world: World) -> None:
    await place(world, 3)
    submitter = replace(world.submitter, senders=1)
    world.provider.fault("hang_after", "add", seconds=0)
    # Two, not three: the second one's read opens the brake, and a third may try one order then.
    await asyncio.gather(*(submitter.step() for _ in range(2)))
    assert world.line.count("add") == 1
    assert await states(world) == {"unknown", "queued"}


async def test_the_next_order_is_sent_while_an_answer_is_being_written(
    world: World, monkeypatch
) -> None:
    await place(world, 2)
    submitter, both = replace(world.submitter, senders=1), asyncio.Event()
    written = Submitter._accepted

    async def slowly(self: Submitter, order: Order, answer: Accepted) -> None:
        if world.line.count("add") == 2:
            both.set()
        await asyncio.wait_for(both.wait(), 20)
        await written(self, order, answer)

    monkeypatch.setattr(Submitter, "_accepted", slowly)
    await asyncio.gather(*(submitter.step() for _ in range(2)))
    assert await states(world) == {"pending"}
    assert world.line.count("add") == 2


async def test_no_free_connection_of_ours_is_not_the_providers_fault(database) -> None:
    async with open_world(database, add_connections=1, connect_timeout=0.2) as world:
        await place(world, 3)
        over = asyncio.Event()

        async def slow(fields: dict[str, str]) -> None:
            await over.wait()

        world.line.before = slow
        steps = [asyncio.create_task(world.submitter.step()) for _ in range(3)]
        await until(lambda: sum(step.done() for step in steps) == 2)
        found = [(row.state, row.waiting) for row in await world.rows(orders)]
        assert sorted(found) == [("queued", ""), ("queued", ""), ("submitting", "")]
        over.set()
        await asyncio.gather(*steps)
        await world.submit()
        assert await states(world) == {"pending"}
        assert world.line.count("add") == 3
        assert await world.told_admins() == []
        assert world.submitter.paused_until is None


async def test_a_full_pool_makes_no_order_unknown_and_pauses_nothing(world: World) -> None:
    (order,) = await place(world, 1)
    world.line.says["add"] = httpx.PoolTimeout("full")
    await world.submitter.step()
    (there,) = await world.rows(orders)
    assert (there.id, there.state, there.waiting) == (order, OrderState.QUEUED, "")
    assert world.submitter.paused_until is None
    del world.line.says["add"]
    await world.submit()
    assert await states(world) == {"pending"}
    assert await world.told_admins() == []


async def test_what_waits_for_a_minutes_calls_is_not_claimed(database) -> None:
    async with open_world(database, calls_per_minute=20) as world:
        await place(world, 1)
        await fill_the_minute(world)
        stopped = asyncio.Event()

        async def asleep(seconds: float) -> None:
            await stopped.wait()

        world.panel.limiter._sleep = asleep
        step = asyncio.create_task(world.submitter.step())
        await until(lambda: world.panel.limiter.waiting == 1)
        assert await states(world) == {"queued"}
        step.cancel()
        await asyncio.wait([step])
        assert await states(world) == {"queued"}
        assert (world.panel.limiter.waiting, world.line.count("add")) == (0, 0)
        assert await world.submitter.recover(everything=True) == 0


async def test_the_lease_begins_when_the_waiting_is_over(database) -> None:
    async with open_world(database, calls_per_minute=20) as world:
        await place(world, 1)
        began = world.clock()
        await fill_the_minute(world)

        async def look(fields: dict[str, str]) -> None:
            (row,) = await world.rows(orders)
            assert row.submitted_at >= began + timedelta(seconds=50)
            assert row.lease_until >= world.clock() + timedelta(seconds=60)

        world.line.before = look
        assert await world.submitter.step()
        assert world.clock() - began >= timedelta(seconds=50)
        assert await states(world) == {"pending"}


async def test_without_an_order_nobody_stands_in_line(database) -> None:
    async with open_world(database, calls_per_minute=20) as world:
        await fill_the_minute(world)
        began = world.clock()
        assert not await world.submitter.step()
        assert not await world.requester.step()
        assert world.clock() == began


async def test_adds_overtake_a_sweep(database) -> None:
    async with open_world(database, calls_per_minute=20, ids_per_call=1) as world:
        await place(world, 30)
        await world.submit()
        assert await states(world) == {"pending"}
        await place(world, 8, first=30)
        world.pass_time(61)
        world.line.sent.clear()
        limiter, go_on = world.panel.limiter, asyncio.Event()
        asleep, limiter._sleep = limiter._sleep, lambda _: go_on.wait()
        sweep = asyncio.create_task(world.tracker.sweep())
        await until(lambda: limiter.waiting == 1)
        assert [fields["action"] for fields in world.line.sent] == ["status"] * 15
        steps = [asyncio.create_task(world.submitter.step()) for _ in range(8)]
        await until(lambda: limiter.waiting == 1 + 3)
        await until(lambda: world.line.count("add") == 5)  # from what is kept for them
        permits, take = [], limiter._take
        limiter._take = lambda priority, now: permits.append(priority) or take(priority, now)
        limiter._sleep = asleep
        go_on.set()
        await asyncio.gather(sweep, *steps)
        assert permits == [Priority.ADD] * 3 + [Priority.SWEEP] * 15
        assert (world.line.count("add"), world.line.count("status")) == (8, 30)


@pytest.mark.parametrize("code", [200, 429])
async def test_refused_as_too_many_nothing_is_sent_twice_and_all_arrives(
    world: World, code: int
) -> None:
    strict = Strict(world, 15, code)
    world.line._provider = strict
    placed = await place(world, 40)

    async def sender() -> None:
        while await world.submitter.step():
            pass

    for _ in range(60):
        await asyncio.gather(world.tracker.sweep(), *(sender() for _ in range(8)))
        world.pass_time(11)
    assert strict.refused > 0
    assert world.panel.limiter.is_lowered or world.panel.limiter.limit is None
    rows = await world.rows(orders)
    assert [row.id for row in rows] == placed
    assert {row.state for row in rows} <= {"pending", "processing", "in_progress", "completed"}
    numbers = [row.provider_order_id for row in rows]
    assert len(set(numbers)) == 40
    assert sorted(numbers) == sorted(str(number) for number in world.provider.book.orders)
    assert await world.told_admins() == []


async def test_a_refused_sweep_lowers_what_orders_may_use_too(world: World) -> None:
    await place(world, 1)
    await world.submit()
    world.pass_time(11)
    world.provider.fault("rate_limit_429", "status", seconds=30)
    await world.tracker.sweep()
    assert world.panel.limiter.limit == 30
    began = world.clock()
    await place(world, 2, first=1)
    await world.submit()
    assert world.clock() - began >= timedelta(seconds=30)  # for as long as the provider asked
    assert await states(world) <= {"pending", "processing", "in_progress"}


async def test_what_is_asked_for_after_the_sale_waits_unclaimed_too(database) -> None:
    async with open_world(database, calls_per_minute=20) as world:
        order = await world.accepted()
        await world.aftercare.ask(CUSTOMER, order.id, RequestKind.CANCEL)
        await fill_the_minute(world)
        world.panel.limiter.stop()
        assert not await world.requester.step()
        assert [row.state for row in await world.rows(requests)] == ["waiting"]
        assert world.line.count("cancel") == 0


async def test_a_balance_that_was_not_asked_for_is_no_provider_that_is_away(world: World) -> None:
    from shop.provider.balance import BalanceWatch
    from shop.provider.currencies import CurrencyTerms
    from tests.harness.world import ADMINS

    watch = BalanceWatch(
        world.database,
        world.panel,
        admins=ADMINS,
        terms=CurrencyTerms("", 1, False),
        bells=world.bells,
        clock=world.clock,
    )
    world.line.says["balance"] = httpx.PoolTimeout("full")
    for _ in range(5):
        await watch.refresh()
    assert await world.told_admins() == []
    world.line.says["balance"] = httpx.ConnectError("away")
    for _ in range(5):
        await watch.refresh()
    assert await world.told_admins() == ["unreachable"]
