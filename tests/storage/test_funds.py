"""An order that the provider can't afford waits behind the others, and never keeps them back."""

import pytest

from storage.tables import facts
from tests.support.world import PLAYS, VISITS, World

DEAR = {"quantity": 8_000}  # of plays: costs 16, where an order of visits costs 0.05


async def stock(world: World, dear: int, others: int) -> tuple[list, list]:
    world.provider.set_balance("10")
    return (
        [await world.order(PLAYS, link=f"https://example.com/dear/{number}", **DEAR) for number in range(dear)],
        [await world.order(VISITS, link=f"https://example.com/{number}") for number in range(others)],
    )


async def states(world: World, placed: list) -> list[str]:
    return [str((await world.look(order)).state) for order in placed]


@pytest.mark.parametrize("senders", [1, 4])
async def test_four_that_the_provider_cannot_afford_stop_none_of_twenty_others(world: World, senders: int) -> None:
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


async def test_what_costs_less_than_was_refused_is_tried_and_what_costs_as_much_is_not(world: World) -> None:
    world.provider.set_balance("10")
    (first,) = [await world.order(PLAYS, **DEAR)]
    await world.submit()
    as_dear = await world.order(PLAYS, link="https://example.com/as-dear", **DEAR)
    cheaper = await world.order(PLAYS, link="https://example.com/cheaper", quantity=7_000)  # 14: still too much
    cheap = await world.order(PLAYS, link="https://example.com/cheap", quantity=1_000)
    sent = world.line.count("add")
    await world.submit()
    assert world.line.count("add") == sent + 2
    assert (await world.look(as_dear)).waiting == ""
    assert (await world.look(cheaper)).waiting == "funds"
    assert (await world.look(cheap)).state == "pending"
    assert (await world.look(first)).waiting == "funds"


async def test_a_balance_that_is_enough_puts_them_back_where_they_were(world: World) -> None:
    from shop.provider_balance import BalanceWatch

    dear, _ = await stock(world, 2, 0)
    await world.submit()
    watch = BalanceWatch(world.database, world.panel, bells=world.bells, clock=world.clock)
    await watch.refresh()  # not enough
    assert [row.name for row in await world.rows(facts) if row.name == "funds-refused"] == ["funds-refused"]
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
    from shop.submitting import take_back

    (dear,), _ = await stock(world, 1, 0)
    await world.submit()
    async with world.database.write() as connection:
        assert await take_back(connection, await world.look(dear), world.clock())
    as_dear = await world.order(PLAYS, link="https://example.com/as-dear", **DEAR)
    await world.submit()
    assert (await world.look(as_dear)).waiting == "funds"
