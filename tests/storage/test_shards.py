"""Several processes share a sweep: nobody is asked for twice, nobody is left out, nothing old is written over new."""

from collections import Counter
from datetime import timedelta

import pytest

from playground.provider.testing import call
from shop.leases import LEASE_SECONDS, Leases
from shop.shards import SHARDS, Shards
from shop.tracking import Tracker
from storage.states import OrderState
from storage.tables import notices, orders
from storage.work_tables import evidence
from storage.work_tables import leases as lease_table
from tests.support.stock import write_order
from tests.support.world import ADMINS, VISITS, World, force

ALL = set(range(SHARDS))


async def many(world: World, count: int) -> list[str]:
    ids = []

    def transaction(tx):
        for number in range(count):
            link = f"https://example.com/{number}"
            ids.append(str(call(world.provider, "add", service=VISITS, link=link, quantity=100)["order"]))
            write_order(
                tx, state=OrderState.PENDING, now=world.clock(), provider_order_id=ids[-1], link=link,
                submitted_at=world.clock(),
            )  # fmt: skip

    await world.database.write(transaction)
    return ids


def tracker(world: World, owner: str) -> Tracker:
    leases = Leases(world.database, world.clock, owner)
    return Tracker(world.database, world.panel, ADMINS, 10.0, world.bells, world.clock, leases=leases)


async def beat(*trackers: Tracker) -> None:
    for one in trackers:
        assert one.leases is not None
        await one.leases.beat()


def asked(world: World) -> Counter[str]:
    """Count how often each id was asked for since the last look."""
    sent = [fields for fields in world.line.sent if fields["action"] == "status"]
    world.line.sent.clear()
    return Counter(key for fields in sent for key in fields.get("orders", fields.get("order", "")).split(","))


async def test_shards_are_shared_and_taken_over(world: World) -> None:
    first, second, third = (Shards(Leases(world.database, world.clock, owner)) for owner in ("one", "two", "three"))
    await first.leases.beat()
    assert await first.hold() == (set(), ALL)
    assert await first.hold() == (ALL, set())
    await second.leases.beat()
    assert await second.hold() == (set(), set())
    had, _ = await first.hold()
    _, taken = await second.hold()
    assert (len(had), had | taken, had & taken) == (8, ALL, set())
    await third.leases.beat()
    for _ in range(2):
        held = [set.union(*await shards.hold()) for shards in (first, second, third)]
    assert sorted(map(len, held)) == [4, 6, 6]
    assert set.union(*held) == ALL
    world.clock.forward(seconds=LEASE_SECONDS - 1)
    await first.leases.beat()
    world.clock.forward(seconds=2)
    had, taken = await first.hold()
    assert had | taken == ALL


async def test_who_comes_at_the_same_moment_gets_a_share_soon(world: World) -> None:
    both = [Shards(Leases(world.database, world.clock, owner)) for owner in ("one", "two")]
    for shards in both:
        await shards.leases.beat()
    held = [set.union(*await shards.hold()) for shards in both]
    assert [len(shards) for shards in held] == [8, 8]
    assert set.union(*held) == ALL


async def test_a_shard_is_not_written_at_each_sweep(world: World) -> None:
    shards = Shards(Leases(world.database, world.clock, "one"))
    await shards.leases.beat()
    await shards.hold()
    before = await world.rows(lease_table)
    for _ in range(3):
        world.clock.forward(seconds=5)
        await shards.hold()
    assert await world.rows(lease_table) == before


async def test_two_ask_for_every_order_once(world: World) -> None:
    ids = await many(world, 60)
    one, two = tracker(world, "one"), tracker(world, "two")
    await beat(one, two)
    for _ in range(2):
        await one.sweep(), await two.sweep()
        assert asked(world) == Counter(ids)
        world.clock.forward(seconds=10)
        await beat(one, two)
    assert 0 < await one.sweep() < 60


async def test_what_the_dead_did_not_ask_for_is_asked_for(world: World) -> None:
    """An order's turn comes once in 20 ticks; it comes while its shard is a dead process's."""
    ids = await many(world, 40)
    await world.database.write(
        lambda tx: tx.execute(orders.update().values(changed_at=world.clock() - timedelta(hours=12)))
    )
    world.line.says["status"] = "{}"
    one, two = tracker(world, "one"), tracker(world, "two")
    await beat(one, two)
    await one.sweep(), await two.sweep()
    asked(world)
    for _ in range(20):  # one is dead from here on
        world.clock.forward(seconds=10)
        await beat(two)
        await two.sweep()
    assert asked(world).keys() == set(ids)


async def test_who_comes_back_late_writes_nothing_old(world: World) -> None:
    ids = await many(world, 3)
    one, two = tracker(world, "one"), tracker(world, "two")
    await beat(one)

    async def sleep_too_long(_: dict[str, str]) -> None:
        """One has its answer; before it is written another process has newer ones."""
        world.line.after = None
        world.pass_time(LEASE_SECONDS + 1)
        for key in ids:
            world.provider.force_order(key, "Canceled", remains=100)
        await beat(two)
        assert await two.sweep() == 3
        told.append(len(await world.rows(notices)))

    told: list[int] = []
    world.provider.force_order(ids[0], "In progress", remains=60)
    world.line.after = sleep_too_long
    assert await one.sweep() == 3
    assert {row.state for row in await world.rows(orders)} == {"canceled"}
    assert told == [len(await world.rows(notices))]


async def test_who_has_lost_its_shards_writes_nothing_even_where_nobody_else_has(world: World) -> None:
    ids = await many(world, 3)
    one, two = tracker(world, "one"), tracker(world, "two")
    await beat(one)

    async def lose_them(_: dict[str, str]) -> None:
        world.line.after = None
        world.pass_time(LEASE_SECONDS + 1)
        await Shards(Leases(world.database, world.clock, "two")).hold()

    world.provider.force_order(ids[0], "In progress", remains=60)
    world.line.after = lose_them
    await one.sweep()
    assert {row.state for row in await world.rows(orders)} == {"pending"}
    world.pass_time(LEASE_SECONDS + 1)
    await two.sweep()
    assert "pending" not in {row.state for row in await world.rows(orders)}


async def test_a_sweep_does_not_overtake_a_look(world: World) -> None:
    """Within one process too: the sweep's answer is older than what somebody who pressed a button has seen."""
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


async def test_a_look_needs_no_shard(world: World) -> None:
    (key,) = await many(world, 1)
    (order,) = await world.rows(orders)
    one, two = tracker(world, "one"), tracker(world, "two")
    await beat(one)
    await one.sweep()
    world.provider.force_order(key, "In progress", remains=60)
    assert await two.look([order.id]) == {order.id}
    assert [row.state for row in await world.rows(orders)] == ["in_progress"]


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
    assert (found.kind, found.order_id, found.payload) == ("missing", 1, {"id": ids[0], "said": "Incorrect order ID"})
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
