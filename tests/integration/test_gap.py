"""Between which ids a lost order must lie, by what was known when."""

from datetime import timedelta

import pytest

from shop.recovery.id_range import IdRange, gap_of, number_of
from storage.enums import OrderState
from storage.queries import recovery
from storage.rows import Order
from tests.factories.finding import Search
from tests.factories.parents import open_parents
from tests.harness.world import World, force


@pytest.fixture
def search(world: World) -> Search:
    return Search(world)


async def gap(search: Search, order: Order, *, late: bool = False) -> IdRange:
    def transaction(tx):
        since = recovery.unknown_since(tx, order.id)
        assert since is not None
        return gap_of(tx, order, since, late=late)

    return await search.world.database.read(transaction)


async def rename(search: Search, order: Order, provider_order_id: str) -> None:
    await search.world.database.write(force, order.id, provider_order_id=provider_order_id)


async def test_it_lies_between_the_last_known_before_and_the_first_sent_after(
    search: Search,
) -> None:
    for _ in range(3):
        await search.known()
    lost = await search.lost(there=True)
    for _ in range(2):
        await search.known()
    found = await gap(search, lost)
    assert (found.last, found.first, found.after, found.top) == (23503, 23505, 23505, 23506)
    assert found.ids(50) == ["23504"]
    assert found.has("23504")
    assert not found.has("23503")
    assert not found.has("23505")
    assert (found.control, found.size) == ("23503", 1)


async def test_one_that_was_sent_before_and_answered_after_is_no_bound(
    world: World, search: Search
) -> None:
    await search.known()
    slow = await world.order(link="https://example.com/slow")
    found = []

    async def lose_one_meanwhile(fields: dict[str, str]) -> None:
        if fields["action"] == "add" and fields["link"] == slow.link:
            world.pass_time(5)
            found.append(await search.lost(there=True))
            world.pass_time(5)

    world.line.after = lose_one_meanwhile
    await world.submit()
    world.line.after = None
    assert (await world.look(slow)).state is OrderState.PENDING
    assert (await gap(search, found[0])).last == 23501
    assert (await gap(search, found[0])).first is None


async def test_a_provider_that_was_late_gave_an_id_behind_the_first_ones(search: Search) -> None:
    await search.known()
    lost = await search.lost(there=False)
    await search.known()
    found = await gap(search, lost, late=True)
    assert (found.first, found.after, found.top) == (None, 23502, 23502)
    assert found.ids(3) == ["23502", "23503", "23504", "23505"]
    search.world.pass_time(120)
    await search.known()
    assert (await gap(search, lost, late=True)).first == 23503


async def test_parts_are_known_ids_too(database) -> None:
    async with open_parents(database) as world:
        search = Search(world)
        await search.known(runs=2, interval=1)
        await world.later(65)
        lost = await search.lost(there=True)
        assert (await gap(search, lost)).last == 23503


async def test_nothing_known_words_and_disorder_can_not_be_searched(search: Search) -> None:
    lost = await search.lost(there=True)
    assert (await gap(search, lost)).why == "nothing"
    after = await search.known()
    found = await gap(search, lost)
    assert (found.why, found.last, found.ids(3)) == ("", None, ["23501", "23500", "23499"])
    await rename(search, after, "ord_7")
    assert (await gap(search, lost)).why == "words"
    assert (await gap(search, lost)).has("23")
    await rename(search, after, "100")
    second = await search.lost(there=True)
    await rename(search, await search.known(), "99")
    assert (await gap(search, second)).why == "disorder"


async def test_the_most_likely_ids_come_first(search: Search) -> None:
    before = await search.known()
    search.world.pass_time(299)
    lost = await search.lost(there=True)
    search.world.pass_time(99)
    await rename(search, await search.known(), str(int(before.provider_order_id or 0) + 401))
    found = await gap(search, lost)
    assert found.ids(0)[:3] == ["23802", "23803", "23801"]
    assert sorted(map(int, found.ids(0))) == list(range(23502, 23902))


@pytest.mark.parametrize("text", ["0", "007", "+5", "1.0", " 5", "٣", "ord_1", "", "9" * 19])
def test_only_plain_numbers_are_numbers(text: str) -> None:
    assert number_of(text) is None


def test_a_gap_of_millions_is_not_written_down() -> None:
    wide = IdRange(last=1, first=10**15, after=10**15, near=5)
    assert len(wide.ids(0)) == 5000
    assert not wide.is_all(wide.ids(0))


async def test_whose_turn_it_is(world: World, search: Search) -> None:
    orders_lost = [await search.lost(there=False) for _ in range(2)]

    def transaction(tx):
        assert recovery.due(tx, world.clock()).id == orders_lost[0].id
        recovery.look_again(tx, orders_lost[0].id, world.clock() + timedelta(seconds=60))
        assert recovery.due(tx, world.clock()).id == orders_lost[1].id
        recovery.look_again(tx, orders_lost[1].id, None)
        assert recovery.due(tx, world.clock()) is None
        assert recovery.next_look(tx) == world.clock() + timedelta(seconds=60)

    await world.database.write(transaction)
