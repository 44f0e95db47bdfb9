"""What the search for a lost order asks, how often, and how it understands the answers."""

from itertools import pairwise

import httpx
import pytest

from shop.fulfilment.evidence import EvidenceKind
from storage.enums import OrderState
from storage.rows import Order
from tests.factories.finding import Search
from tests.harness.world import World, open_world


@pytest.fixture
def search(world: World) -> Search:
    return Search(world)


async def state(search: Search, order: Order) -> OrderState:
    return (await search.world.look(order)).state


async def test_the_numeric_dialect_is_asked_one_by_one(database) -> None:
    async with open_world(database, dialect="numeric") as world:
        search = Search(world)
        await search.known()
        lost = await search.lost(there=True)
        search.others(4)
        await search.known()
        await search.look()
        assert await state(search, lost) is OrderState.PENDING
        assert world.line.count("status") == 5


async def test_ids_that_are_no_numbers_are_said_to_be_none(database) -> None:
    async with open_world(database, dialect="strict") as world:
        search = Search(world)
        await search.known()
        lost = await search.lost(there=True)
        await search.known()
        await search.looks(5)
        assert await state(search, lost) is OrderState.UNKNOWN
        assert [one["why"] for one in await search.signs(lost, EvidenceKind.GAP)] == ["words"]
        assert world.line.count("status") == 0


async def test_a_provider_that_fails_whole_batches_is_asked_one_by_one(
    world: World, search: Search
) -> None:
    await search.known()
    search.others(20)
    lost = await search.lost(there=True)
    search.others(9)
    await search.known()
    world.provider.fault("bad_id_fails_all", "status", times=0)
    calls = []
    for _ in range(60):
        before = world.line.count("status")
        await search.finder.step()
        calls.append(world.line.count("status") - before)
    assert await state(search, lost) is OrderState.PENDING
    assert max(calls) <= 4
    assert sum(calls) <= 40


async def test_ids_left_out_are_not_ours_only_where_the_known_one_is_answered(
    world: World, search: Search
) -> None:
    await search.known()
    search.others(3)
    lost = await search.lost(there=True)
    search.others(3)
    await search.known()
    world.line.says["status"] = "{}"
    await search.looks(3)
    assert await state(search, lost) is OrderState.UNKNOWN
    assert not (await search.signs(lost, EvidenceKind.GAP))[-1]["complete"]
    world.line.says.clear()
    world.provider.fault("omit_ids", "status", times=0)
    await search.looks(1)
    assert await state(search, lost) is OrderState.PENDING


@pytest.mark.parametrize("later", [True, False])
async def test_never_more_is_asked_than_the_setting_says(world: World, later: bool) -> None:
    search = Search(world, most=40)
    await search.known()
    search.others(200)
    lost = await search.lost(there=True)
    search.others(200)
    if later:
        await search.known()
    asked = []

    async def count(fields: dict[str, str]) -> None:
        if fields["action"] == "status":
            asked.extend(set(fields.get("orders", fields.get("order")).split(",")) - {"23501"})

    world.line.before = count
    await search.looks(9)
    world.line.before = None
    assert await state(search, lost) is OrderState.UNKNOWN
    assert 0 < len(asked) <= 40
    assert not (await search.signs(lost, EvidenceKind.GAP))[-1]["complete"]
    assert (await search.signs(lost, EvidenceKind.GAP))[-1]["asked"] == len(asked)


async def test_looks_without_an_end_leave_half_for_when_there_is_one(world: World) -> None:
    search = Search(world, most=60)
    await search.known()
    search.others(25)
    lost = await search.lost(there=True)
    await search.looks(9)
    assert [one["asked"] for one in await search.signs(lost, EvidenceKind.GAP)][-1] == 30
    world.pass_time(120)
    await search.known()
    await search.looks(2)
    assert await state(search, lost) is OrderState.PENDING


async def test_zero_looks_at_no_ids(world: World) -> None:
    search = Search(world, most=0)
    await search.known()
    lost = await search.lost(there=True)
    await search.looks(6)
    assert await state(search, lost) is OrderState.UNKNOWN
    assert world.line.count("status") == 0
    assert not await search.signs(lost, EvidenceKind.GAP)


async def test_an_order_that_shows_up_late_is_found_late(world: World, search: Search) -> None:
    """Soon after `add` a status may say "Incorrect order ID": that is no last word."""
    await search.known()
    lost = await search.lost(there=True)
    await search.known(quantity=200)
    hidden = world.provider.book.orders.pop(23502)
    await search.looks(4)
    assert await state(search, lost) is OrderState.UNKNOWN
    world.provider.book.orders[23502] = hidden
    await search.looks(8)
    assert await state(search, lost) is OrderState.PENDING


async def test_an_id_beyond_all_known_ones_may_still_come(world: World) -> None:
    search = Search(world, most=2000)
    await search.known()
    lost = await search.lost(there=True)
    hidden = world.provider.book.orders.pop(23502)
    start = world.clock()
    await search.looks(10)
    assert 120 < (world.clock() - start).total_seconds() < 500
    world.provider.book.orders[23502] = hidden
    await search.looks(2)
    assert await state(search, lost) is OrderState.PENDING


async def test_an_order_taken_late_is_found_behind_the_first_known_one(
    world: World, search: Search
) -> None:
    await search.known()
    lost = await search.lost(there=False)
    await search.known(quantity=200)
    await search.looks(2)
    search.by_hand(link=lost.link)  # its `add` had been waiting somewhere
    world.pass_time(120)
    await search.known(quantity=200)
    await search.looks(8)
    assert (await world.look(lost)).provider_order_id == "23503"


async def test_an_unreachable_provider_is_asked_no_more_often_than_the_schedule_says(
    world: World, search: Search
) -> None:
    await search.known()
    await search.watch.refresh()
    world.pass_time(1)
    lost = await search.lost(there=True)
    tries = []

    async def refuse(fields: dict[str, str]) -> None:
        tries.append(world.clock())
        raise httpx.ConnectError("away")

    world.line.before = refuse
    await search.looks(15)
    assert len(tries) == 15
    gaps = [(after - before).total_seconds() for before, after in pairwise(tries)]
    assert min(gaps) >= 5
    assert gaps == sorted(gaps)
    assert gaps[-1] > 300
    world.line.before = None
    await search.known(quantity=200)
    await search.looks(2)
    assert await state(search, lost) is OrderState.PENDING


async def test_looking_ends_after_some_days(world: World, search: Search) -> None:
    await search.known()
    lost = await search.lost(there=False)
    await search.look()
    world.pass_time(5 * 86_400)
    await search.look()
    assert (await world.look(lost)).look_at is None
    assert await state(search, lost) is OrderState.UNKNOWN
