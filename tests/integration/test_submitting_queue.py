"""Orders that have to wait: no funds, a bad key, a busy link, a limit, no way to the provider."""

import pytest

from storage.schema.orders import orders
from tests.harness.world import DOLLAR, VISITS, World


@pytest.mark.parametrize(("fault", "told"), [("no_funds", "no_funds"), ("bad_key", "bad_key")])
async def test_orders_wait_for_the_operator_who_is_told_once(
    world: World, fault: str, told: str
) -> None:
    world.provider.fault(fault, "add", times=0)
    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(5)
    ]
    for _ in range(6):
        await world.later(61)
    assert {(await world.look(order)).state for order in placed} == {"queued"}
    assert await world.told_admins() == [told]
    assert "order:rejected" not in await world.told()
    assert await world.held() == sum(order.price for order in placed)
    assert world.line.count("add") <= 7  # the others wait meanwhile

    world.provider.clear_faults()
    world.pass_time(61)
    await world.submit()
    assert {(await world.look(order)).state for order in placed} == {"pending"}
    assert await world.held() == 0
    assert await world.told_admins() == [told]
    assert (await world.look(placed[0])).waiting == ""


async def test_a_second_time_without_funds_is_told_again(world: World) -> None:
    for number in range(2):
        world.provider.fault("no_funds", "add")
        await world.order(link=f"https://example.com/{number}")
        await world.submit()
        await world.later(61)
    assert await world.told_admins() == ["no_funds", "no_funds"]


async def test_a_real_lack_of_funds_ends_with_a_real_deposit(world: World) -> None:
    world.provider.set_balance("0.10")
    order = await world.accepted()
    assert (order.state, order.waiting) == ("queued", "funds")
    world.provider.set_balance("10")
    await world.later(61)
    assert (await world.look(order)).state == "pending"


async def test_one_links_orders_go_in_order_of_arrival_while_the_link_is_busy(world: World) -> None:
    placed = [await world.order() for _ in range(3)]
    elsewhere = await world.order(VISITS, link="https://example.com/elsewhere")
    await world.submit()
    assert (await world.look(placed[0])).state == "pending"
    second = await world.look(placed[1])
    assert (second.state, second.waiting) == ("queued", "busy_link")
    assert (await world.look(elsewhere)).state == "pending"
    for _ in range(8):
        await world.later(31)
    done = [await world.look(order) for order in placed]
    assert {order.state for order in done} <= {"completed", "pending", "processing", "in_progress"}
    numbers = [int(order.provider_order_id or 0) for order in done]
    assert numbers == sorted(numbers)
    assert all(numbers)
    assert await world.told_admins() == []
    assert "order:rejected" not in await world.told()


async def test_a_busy_link_is_tried_again_as_soon_as_its_order_has_ended(world: World) -> None:
    first, second = [await world.order() for _ in range(2)]
    await world.submit()
    waiting = await world.look(second)
    assert (waiting.state, waiting.waiting) == ("queued", "busy_link")
    number = (await world.look(first)).provider_order_id
    world.provider.force_order(number, "Completed")
    world.pass_time(31)
    await world.tracker.sweep()
    assert (await world.look(first)).state == "completed"
    await world.submit()
    assert (await world.look(second)).state == "pending"


@pytest.mark.parametrize(("fault", "seconds"), [("rate_limit_200", 10), ("rate_limit_429", 30)])
async def test_a_limit_makes_everybody_wait_as_long_as_it_says(
    world: World, fault: str, seconds: int
) -> None:
    world.provider.fault(fault, "add", seconds=seconds)
    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(2)
    ]
    await world.submit()
    assert world.line.count("add") == 1
    world.pass_time(seconds - 1)
    await world.submit()
    assert world.line.count("add") == 1
    world.pass_time(1)
    await world.submit()
    assert {(await world.look(order)).state for order in placed} == {"pending"}
    assert await world.told_admins() == []


async def test_what_never_left_is_tried_again_until_it_goes(world: World) -> None:
    world.line.cut = True
    order = await world.order()
    for _ in range(4):
        await world.later(20)
    waiting = await world.look(order)
    assert (waiting.state, waiting.waiting) == ("queued", "not_sent")
    assert await world.held() == order.price
    assert await world.told_admins() == ["unreachable"]
    world.line.cut = False
    await world.later(20)
    assert (await world.look(order)).state == "pending"
    assert world.line.count("add") == 1
    assert len(world.provider.book.orders) == 1


async def test_a_waiting_order_draws_its_card_again_once_for_each_reason(world: World) -> None:
    world.provider.fault("no_funds", "add", times=3)
    await world.order()
    for _ in range(3):
        await world.later(61)
    assert await world.told() == ["card"]


async def test_the_next_turn_is_when_the_waiting_is_over(world: World) -> None:
    world.provider.fault("no_funds", "add")
    await world.order()
    await world.submit()
    turn = await world.submitter.next_turn()
    assert turn is not None
    assert (turn - world.clock()).total_seconds() == 60
    assert await world.balance() == 100 * DOLLAR - (await world.rows(orders))[0].price
