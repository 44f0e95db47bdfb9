"""An admin's word on an unknown order settles it once, whoever says what at the same time."""

import asyncio

import httpx
import pytest

from shop.errors import BadAnswerError, NotFoundError
from shop.verdicts import Verdicts
from storage.rows import Order
from storage.states import OrderState
from storage.tables import LONGEST_ID, ledger, order_events
from tests.support.books import check_money
from tests.support.world import ADMINS, CUSTOMER, DOLLAR, World

FULL, PRICE = 100 * DOLLAR, 300_000


@pytest.fixture
def verdicts(world: World) -> Verdicts:
    return Verdicts(world.database, ADMINS, world.bells, world.clock)


async def unknown(world: World, **answers) -> Order:
    world.line.says["add"] = httpx.ReadTimeout("lost")
    order = await world.accepted(**answers)
    world.line.says.clear()
    assert order.state is OrderState.UNKNOWN
    return order


async def test_an_order_that_exists_goes_on_under_its_id(world: World, verdicts: Verdicts) -> None:
    order = await unknown(world)
    verdict = await verdicts.it_exists(order.id, "777", ADMINS[0])
    assert verdict.ours
    assert (verdict.order.state, verdict.order.provider_order_id) == (OrderState.PENDING, "777")
    assert (await world.balance(), await world.held()) == (FULL - PRICE, 0)
    assert (await world.told())[-1] == "order:pending"
    assert (await world.rows(order_events))[-1].note == f"found as 777 by {ADMINS[0]}"
    world.line.says["status"] = '{"777": {"status": "Canceled", "charge": "0.00"}}'
    await world.later(100)
    assert await world.balance() == FULL


async def test_an_order_that_does_not_exist_gives_its_money_back(world: World, verdicts: Verdicts) -> None:
    order = await unknown(world)
    verdict = await verdicts.it_does_not(order.id, ADMINS[1])
    assert verdict.ours
    assert (verdict.order.state, verdict.order.refunded) == (OrderState.REJECTED, PRICE)
    assert (await world.balance(), await world.held()) == (FULL, 0)
    assert (await world.told())[-1] == "order:rejected"
    await world.later(1000)
    assert world.line.count("add") == 1


@pytest.mark.parametrize("second", ["exists", "does not", "exists elsewhere"])
@pytest.mark.parametrize("first", ["exists", "does not"])
async def test_of_two_admins_at_once_one_settles_it(world: World, verdicts: Verdicts, first: str, second: str) -> None:
    order = await unknown(world)
    said = {
        "exists": lambda: verdicts.it_exists(order.id, "777", ADMINS[0]),
        "exists elsewhere": lambda: verdicts.it_exists(order.id, "778", ADMINS[1]),
        "does not": lambda: verdicts.it_does_not(order.id, ADMINS[1]),
    }
    told = await asyncio.gather(said[first](), said[second]())
    assert sorted(one.ours for one in told) == [False, True]
    assert len([row for row in await world.rows(ledger) if row.key == f"release:{order.id}"]) == 1
    assert not (await said[first]()).ours
    assert len(await world.told()) == 2  # unknown, and what it was
    assert await world.balance() == (FULL - PRICE if (await world.look(order)).provider_order_id else FULL)
    await check_money(world.database)


async def test_an_id_of_another_order_is_refused_and_nothing_changes(world: World, verdicts: Verdicts) -> None:
    other = await world.accepted(link="https://example.com/other")
    order = await unknown(world)
    for wrong in (other.provider_order_id, "", "7" * (LONGEST_ID + 1)):
        with pytest.raises(BadAnswerError):
            await verdicts.it_exists(order.id, wrong, ADMINS[0])
    assert (await world.look(order)).state is OrderState.UNKNOWN
    assert await world.held() == PRICE


async def test_two_orders_that_get_one_id_at_once_are_told_apart(world: World, verdicts: Verdicts) -> None:
    lost = [await unknown(world, link=f"https://example.com/{number}") for number in range(2)]
    told = await asyncio.gather(
        *(verdicts.it_exists(order.id, "777", admin) for order, admin in zip(lost, ADMINS, strict=True)),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, BadAnswerError) for one in told) == [False, True]
    assert await world.held() == PRICE


async def test_only_admins_say_so_and_only_of_unknown_orders(world: World, verdicts: Verdicts) -> None:
    order = await unknown(world)
    for judged in (verdicts.it_exists(order.id, "777", CUSTOMER), verdicts.it_does_not(order.id, CUSTOMER)):
        with pytest.raises(NotFoundError):
            await judged
    with pytest.raises(NotFoundError):
        await verdicts.it_does_not(order.id + 1, ADMINS[0])
    queued = await world.order(link="https://example.com/queued")
    assert not (await verdicts.it_does_not(queued.id, ADMINS[0])).ours
    assert (await world.look(queued)).state is OrderState.QUEUED
