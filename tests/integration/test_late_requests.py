"""A refill or a cancellation whose process was away for longer than its lease: sent once, and told
right in the end.
"""

import pytest

from panel import NotSent
from storage.enums import RequestKind
from storage.queries import requests as statements
from storage.rows import Order
from tests.factories.after_sale import DAY, asked, completed, states
from tests.harness.world import CUSTOMER, World

REFILL, CANCEL = RequestKind.REFILL, RequestKind.CANCEL
AWAY = 3600


async def ask(world: World, order: Order, kind: RequestKind = REFILL) -> None:
    await world.aftercare.ask(CUSTOMER, order.id, kind)


async def away_while_it_is_sent(world: World, *, meanwhile=None) -> None:
    """Send what waits; before the answer is heard, another process finds the lease over."""

    async def sleep(_: dict[str, str]) -> None:
        world.line.after = None
        world.pass_time(AWAY)
        await world.another_requester().recover_lapsed()
        if meanwhile is not None:
            await meanwhile()

    world.line.after = sleep
    await world.request()


@pytest.mark.parametrize("kind", [REFILL, CANCEL])
async def test_a_late_answer_settles_what_was_unknown(world: World, kind: RequestKind) -> None:
    order = (await completed(world))[0] if kind is REFILL else await world.accepted()
    await ask(world, order, kind)
    seen = []

    async def look() -> None:
        seen.extend(await states(world, [order]))

    await away_while_it_is_sent(world, meanwhile=look)
    assert seen == ["unknown"]
    assert await states(world, [order]) == ["accepted"]
    (request,) = await asked(world, order)
    assert (request.ended_at, request.provider_refill_id) == (None, "1" if kind is REFILL else None)
    assert world.line.count(str(kind)) == 1


async def test_a_late_refusal_is_said(world: World) -> None:
    (order,) = await completed(world)
    world.provider.force_order(order.provider_order_id, "Partial")
    await ask(world, order)
    await away_while_it_is_sent(world)
    (request,) = await asked(world, order)
    assert (request.state, request.meaning) == ("refused", "refill")


async def test_a_late_no_for_now_sends_nothing_again(world: World) -> None:
    (order,) = await completed(world)
    world.provider.fault("rate_limit_200", "refill")
    await ask(world, order)
    await away_while_it_is_sent(world)
    await world.request()
    assert await states(world, [order]) == ["unknown"]
    assert world.line.count("refill") == 1


async def test_a_late_answer_leaves_a_newer_request_alone(world: World) -> None:
    (order,) = await completed(world)
    await ask(world, order)

    async def ask_again() -> None:
        world.pass_time(DAY)
        await ask(world, order)

    await away_while_it_is_sent(world, meanwhile=ask_again)
    newer, older = await asked(world, order)
    assert (newer.id > older.id, older.state) == (True, "unknown")


async def test_a_late_cancellation_of_an_order_that_has_ended_stays_as_it_is(world: World) -> None:
    order = await world.accepted()
    await ask(world, order, CANCEL)
    await away_while_it_is_sent(world, meanwhile=lambda: world.tracker.look([order.id]))
    assert (await world.look(order)).state == "canceled"
    assert await states(world, [order]) == ["unknown"]


async def test_who_was_asleep_before_sending_sends_nothing(world: World, monkeypatch) -> None:
    orders = await completed(world, 2)
    for order in orders:
        await ask(world, order)
    claimed = world.requester
    times = iter([world.clock(), world.clock.now.replace(hour=world.clock.now.hour + 1)])
    monkeypatch.setattr(claimed, "clock", lambda: next(times, world.clock()))
    assert await claimed.step()
    assert world.line.count("refill") == 0
    assert await states(world, orders) == ["waiting"] * 2
    monkeypatch.undo()
    await world.request()
    assert await states(world, orders) == ["accepted"] * 2
    assert world.line.count("refill") == 1


async def test_what_another_process_has_claimed_is_not_put_back(world: World) -> None:
    """One process comes back with "not sent" while another one waits for the answer to the same
    request.
    """
    (order,) = await completed(world)
    await ask(world, order)
    first, second = world.requester, world.another_requester()
    seen = []

    async def come_back(_: dict[str, str]) -> None:
        world.line.after = None
        found = await world.database.read(statements.abandoned, now=None)
        await first._failed(found, NotSent("cut"))
        seen.extend(await states(world, [order]))

    world.line.after = come_back
    await second.step()
    assert seen == ["sending"]
    assert await states(world, [order]) == ["accepted"]
    assert world.line.count("refill") == 1
