"""A sweep beside a look, and beside another process's: nobody is left out, nothing old is written
over new.
"""

from collections import Counter
from datetime import timedelta

import pytest

from playground.provider.testing import call
from shop.fulfilment.polling import Tracker
from shop.leases import BEAT_SECONDS, LEASE_SECONDS
from storage.enums import OrderState
from storage.schema.messages import notices
from storage.schema.operations import evidence
from storage.schema.orders import orders
from tests.factories.stock import write_order
from tests.harness.world import ADMINS, VISITS, World, force


async def many(world: World, count: int) -> list[str]:
    ids = []

    def transaction(tx):
        for number in range(count):
            link = f"https://example.com/{number}"
            ids.append(
                str(call(world.provider, "add", service=VISITS, link=link, quantity=100)["order"])
            )
            write_order(
                tx,
                state=OrderState.PENDING,
                now=world.clock(),
                provider_order_id=ids[-1],
                link=link,
                submitted_at=world.clock(),
            )

    await world.database.write(transaction)
    return ids


def tracker(world: World) -> Tracker:
    """Give the tracker of a process that has just taken the lead."""
    catch_up = LEASE_SECONDS + 2 * BEAT_SECONDS
    return Tracker(
        world.database, world.panel, ADMINS, 10.0, world.bells, world.clock, catch_up=catch_up
    )


def asked(world: World) -> Counter[str]:
    """Count how often each id was asked for since the last look."""
    sent = [fields for fields in world.line.sent if fields["action"] == "status"]
    world.line.sent.clear()
    return Counter(
        key for fields in sent for key in fields.get("orders", fields.get("order", "")).split(",")
    )


async def test_what_the_dead_did_not_ask_for_is_asked_for(world: World) -> None:
    """An order's turn comes once in 20 ticks; it comes while a dead process still leads."""
    ids = await many(world, 40)
    await world.database.write(
        lambda tx: tx.execute(
            orders.update().values(changed_at=world.clock() - timedelta(hours=12))
        )
    )
    world.line.says["status"] = "{}"
    one, two = tracker(world), tracker(world)
    await one.sweep()
    asked(world)
    world.clock.forward(seconds=20)  # one is dead from here on
    for _ in range(18):
        world.clock.forward(seconds=10)
        await two.sweep()
    assert asked(world).keys() == set(ids)


async def test_who_comes_back_late_writes_nothing_old(world: World) -> None:
    ids = await many(world, 3)
    one, two = tracker(world), tracker(world)

    async def sleep_too_long(_: dict[str, str]) -> None:
        """One has its answer; before it is written another process has newer ones."""
        world.line.after = None
        world.pass_time(LEASE_SECONDS + 1)
        for key in ids:
            world.provider.force_order(key, "Canceled", remains=100)
        assert await two.sweep() == 3
        told.append(len(await world.rows(notices)))

    told: list[int] = []
    world.provider.force_order(ids[0], "In progress", remains=60)
    world.line.after = sleep_too_long
    assert await one.sweep() == 3
    assert {row.state for row in await world.rows(orders)} == {"canceled"}
    assert told == [len(await world.rows(notices))]


async def test_a_sweep_does_not_overtake_a_look(world: World) -> None:
    """Within one process too: the sweep's answer is older than what somebody who pressed a button
    has seen.
    """
    (key,) = await many(world, 1)
    (order,) = await world.rows(orders)
    world.provider.force_order(key, "In progress", remains=60)

    async def look(_: dict[str, str]) -> None:
        world.line.after = None
        world.provider.force_order(key, "Completed")
        world.pass_time(1)
        assert await world.tracker.look([order.id]) == {order.id}

    world.line.after = look
    await world.tracker.sweep()
    assert [row.state for row in await world.rows(orders)] == ["completed"]
    assert await world.told(order.user_id) == ["order:completed"]


GONE = '{"error": "Incorrect order ID"}'


async def missing(world: World) -> list[bool]:
    return [row.missing_since is not None for row in await world.rows(orders)]


async def test_an_id_that_is_not_known_any_more_is_noted_once(world: World) -> None:
    ids = await many(world, 2)
    other = '{"status": "Pending", "remains": "100", "charge": "0.05", "start_count": "0"}'
    world.line.says["status"] = f'{{"{ids[0]}": {GONE}, "{ids[1]}": {other}}}'
    await world.tracker.sweep()
    assert await missing(world) == [False, False]  # it may only not be indexed yet
    world.clock.forward(hours=2)
    for _ in range(40):
        world.clock.forward(seconds=10)
        await world.tracker.sweep()
    assert await missing(world) == [True, False]
    (found,) = await world.rows(evidence)
    assert (found.kind, found.order_id, found.payload) == (
        "missing",
        1,
        {"id": ids[0], "said": "Incorrect order ID"},
    )
    assert {row.state for row in await world.rows(orders)} == {"pending"}

    world.line.says["status"] = f'{{"{ids[0]}": {other}, "{ids[1]}": {other}}}'
    for _ in range(40):
        world.clock.forward(seconds=10)
        await world.tracker.sweep()
    assert await missing(world) == [False, False]
    assert len(await world.rows(evidence)) == 1


async def test_an_ended_order_may_be_forgotten(world: World) -> None:
    await many(world, 1)
    world.pass_time(70)
    await world.tracker.sweep()
    assert [row.state for row in await world.rows(orders)] == ["completed"]
    world.line.says["status"] = GONE
    world.clock.forward(hours=2)
    for _ in range(130):
        world.clock.forward(seconds=10)
        await world.tracker.sweep()
    assert await missing(world) == [False]


@pytest.mark.parametrize(("state", "moved"), [("completed", False), ("in_progress", True)])
async def test_what_a_verdict_has_ended_is_not_moved(world: World, state: str, moved: bool) -> None:
    (key,) = await many(world, 1)
    await world.database.write(force, state=state, settled_by=ADMINS[0])
    world.provider.force_order(key, "Canceled", remains=100)
    assert bool(await world.tracker.look([1])) is moved
    for _ in range(12):
        world.clock.forward(seconds=10)
        await world.tracker.sweep()
    assert [row.state for row in await world.rows(orders)] == ["canceled" if moved else state]
