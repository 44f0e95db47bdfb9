"""An order that the provider can't afford waits behind the others, and never keeps them back."""

import httpx
import pytest

from shop.provider.balance import BalanceWatch
from storage.schema.messages import facts
from tests.harness.world import PLAYS, VISITS, World

DEAR = {"quantity": 8_000}  # of plays: costs 16, where an order of visits costs 0.05


async def stock(world: World, dear: int, others: int) -> tuple[list, list]:
    world.provider.set_balance("10")
    return (
        [
            await world.order(PLAYS, link=f"https://example.com/dear/{number}", **DEAR)
            for number in range(dear)
        ],
        [
            await world.order(VISITS, link=f"https://example.com/{number}")
            for number in range(others)
        ],
    )


async def states(world: World, placed: list) -> list[str]:
    return [str((await world.look(order)).state) for order in placed]


@pytest.mark.parametrize("senders", [1, 4])
async def test_four_that_the_provider_cannot_afford_stop_none_of_twenty_others(
    world: World, senders: int
) -> None:
    dear, others = await stock(world, 4, 20)
    at_work = [world.submitter, *(world.another_submitter() for _ in range(senders - 1))]
    for _ in range(10):
        for sender in at_work:
            while await sender.step():
                pass
        world.pass_time(60)
    assert not {"queued", "rejected", "unknown"} & set(await states(world, others))
    assert set(await states(world, dear)) == {"queued"}
    assert await world.told_admins() == ["no_funds"]
    # Which can't be paid for either is not tried again and again.
    assert world.line.count("add") <= 20 + 4 + 10
    world.provider.set_balance("200")
    for _ in range(3):
        await world.later(61)
    assert not {"queued", "rejected", "unknown"} & set(await states(world, dear))
    assert await world.held() == 0


async def test_what_costs_less_than_was_refused_is_tried_and_what_costs_as_much_is_not(
    world: World,
) -> None:
    world.provider.set_balance("10")
    (first,) = [await world.order(PLAYS, **DEAR)]
    await world.submit()
    as_dear = await world.order(PLAYS, link="https://example.com/as-dear", **DEAR)
    # 14: still too much
    cheaper = await world.order(PLAYS, link="https://example.com/cheaper", quantity=7_000)
    cheap = await world.order(PLAYS, link="https://example.com/cheap", quantity=1_000)
    sent = world.line.count("add")
    await world.submit()
    assert world.line.count("add") == sent + 2
    assert (await world.look(as_dear)).waiting == ""
    assert (await world.look(cheaper)).waiting == "funds"
    assert (await world.look(cheap)).state == "pending"
    assert (await world.look(first)).waiting == "funds"


async def test_a_balance_that_is_enough_puts_them_back_where_they_were(world: World) -> None:
    dear, _ = await stock(world, 2, 0)
    await world.submit()
    watch = BalanceWatch(world.database, world.panel, (), bells=world.bells, clock=world.clock)
    await watch.refresh()  # not enough
    assert [row.name for row in await world.rows(facts) if row.name == "funds-refused"] == [
        "funds-refused"
    ]
    world.provider.set_balance("100")
    world.pass_time(1)
    await watch.refresh()
    await world.submit()
    assert set(await states(world, dear)) == {"pending"}


async def test_an_order_that_waits_for_money_keeps_no_other_of_its_link_back(world: World) -> None:
    world.provider.set_balance("10")
    link = "https://example.com/of-somebody-known"
    await world.order(PLAYS, link=link, **DEAR)
    await world.submit()
    other = await world.order(VISITS, link=link)
    await world.submit()
    assert (await world.look(other)).state == "pending"


async def test_it_is_their_turn_at_last_however_many_others_come(world: World) -> None:
    dear, _ = await stock(world, 1, 0)
    await world.submit()
    world.provider.set_balance("100000")
    world.pass_time(60 + 301)
    await world.order(VISITS, link="https://example.com/new")
    assert await world.submitter.step()
    assert await states(world, dear) == ["pending"]


async def test_when_the_last_that_waited_is_taken_back_the_others_are_tried(world: World) -> None:
    from shop.orders.cancelling import take_back

    (dear,), _ = await stock(world, 1, 0)
    await world.submit()
    assert await world.database.write(take_back, await world.look(dear), world.clock())
    as_dear = await world.order(PLAYS, link="https://example.com/as-dear", **DEAR)
    await world.submit()
    assert (await world.look(as_dear)).waiting == "funds"


async def watching(world: World) -> BalanceWatch:
    watch = BalanceWatch(world.database, world.panel, (), bells=world.bells, clock=world.clock)
    await watch.refresh()
    return watch


def refuse(world: World, *links: str) -> None:
    """Have the provider refuse orders of these links for want of money."""

    original = world.line.handle_async_request

    async def handle(request: httpx.Request) -> httpx.Response:
        if httpx.QueryParams(request.content.decode()).get("link") not in links:
            return await original(request)
        world.line.sent.append({"action": "add"})
        return httpx.Response(200, json={"error": "Not enough funds"})

    world.line.handle_async_request = handle


@pytest.mark.parametrize("known", [True, False])
async def test_tiny_orders_that_are_refused_keep_no_dearer_ones_back(
    world: World, known: bool
) -> None:
    """The words were about something else than the balance, which is large enough."""
    watch = await watching(world) if known else None
    links = [f"https://t.me/balance{number}" for number in range(4)]
    other = await world.customer(777)
    tiny = [await world.order(PLAYS, other, link=link, quantity=10) for link in links]
    others = [
        await world.order(VISITS, link=f"https://example.com/{number}", quantity=1_000)
        for number in range(20)
    ]
    plain = world.line.handle_async_request
    refuse(world, *links)
    for _ in range(10):
        await world.submit()
        world.pass_time(60)
        if watch is not None:
            await watch.refresh()
    assert "queued" not in await states(world, others)
    assert set(await states(world, tiny)) == {"queued"}
    assert world.line.count("add") <= 20 + 10 * 4
    assert (await world.told_admins()).count("no_funds") <= (1 if known else 2)
    world.line.handle_async_request = plain
    for _ in range(5):
        await world.later(61)
    assert "queued" not in await states(world, tiny)


async def test_a_balance_that_is_no_more_is_not_found_out_order_by_order(world: World) -> None:
    watch = await watching(world)
    world.provider.set_balance("0")
    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(30)
    ]
    for _ in range(6):
        await world.later(1)
    assert world.line.count("add") == 3  # the second at once, the third after five seconds
    assert world.bells.balance.is_set()
    await watch.refresh()
    for _ in range(5):
        await world.later(60)
    assert world.line.count("add") <= 3 + 5
    world.provider.set_balance("100")
    world.pass_time(1)
    await watch.refresh()
    await world.submit()
    assert set(await states(world, placed)) == {"pending"}
