"""What becomes of refills that the provider has taken, and when cards are drawn again."""

import json

import pytest

from shop.aftercare.refill_polling import RefillTracker
from storage.enums import RequestKind
from storage.schema.messages import notices
from tests.factories.after_sale import DAY, asked, completed, states
from tests.harness.world import CUSTOMER, World

REFILL = RequestKind.REFILL
ENDS = [
    ("Completed", "completed"),
    ("Rejected", "rejected"),
    ("Canceled", "canceled"),
    ("Error", "failed"),
]


async def accepted(world: World, count: int = 1) -> list:
    """Give orders whose refills the provider has taken, each asked for by its button."""
    orders = await completed(world, count)
    for order in orders:
        await world.aftercare.ask(CUSTOMER, order.id, REFILL)
    await world.request()
    assert set(await states(world, orders)) == {"accepted"}
    world.line.sent.clear()
    return orders


async def pushes(world: World, kind: str = "refill") -> list:
    return [row for row in await world.rows(notices) if row.kind == kind]


@pytest.mark.parametrize(("text", "state"), ENDS)
async def test_an_end_is_pushed_and_says_when_it_may_be_tried_again(
    world: World, text: str, state: str
) -> None:
    (order,) = await accepted(world)
    world.provider.force_refill(1, text)
    await world.refills.step()
    assert await states(world, [order]) == [state]
    (push,) = await pushes(world)
    assert (push.user_id, push.order_id, push.payload["result"]) == (CUSTOMER, order.id, state)
    again = int(world.clock().timestamp()) + DAY
    assert push.payload["again"] == (None if state == "completed" else again)


async def test_statuses_are_asked_for_in_batches(world: World) -> None:
    orders = await accepted(world, 120)
    for number in range(1, 121):
        world.provider.force_refill(number, "In progress" if number % 2 else "Completed")
    await world.refills.step()
    assert [len(fields["refills"].split(",")) for fields in world.line.sent] == [100, 20]
    assert await states(world, orders) == ["in_progress", "completed"] * 60
    assert len(await pushes(world)) == 60


async def test_on_the_way_only_the_card_changes(world: World) -> None:
    (order,) = await accepted(world)
    await world.database.write(
        lambda tx: tx.exec_driver_sql("UPDATE orders SET card_message_id = 5")
    )
    before = len(await world.told())
    world.provider.force_refill(1, "In progress")
    for _ in range(3):
        await world.refills.step()
    assert (await world.told())[before:] == ["card"]
    assert await states(world, [order]) == ["in_progress"]


async def test_a_status_that_nobody_knows_leaves_it_under_way(world: World) -> None:
    (order,) = await accepted(world)
    world.provider.force_refill(1, "Cooking")
    await world.refills.step()
    (request,) = await asked(world, order)
    assert (request.state, request.status_text) == ("accepted", "Cooking")
    assert await pushes(world) == []


async def test_an_old_refill_is_asked_for_less_often(world: World) -> None:
    await accepted(world)
    for _ in range(6):
        await world.refills.step()
        world.pass_time(10)
        world.provider.force_refill(1, "Pending")
    often = world.line.count("refill_status")
    world.pass_time(3600)
    world.line.sent.clear()
    for _ in range(20):
        await world.refills.step()
        world.pass_time(10)
    assert often == 6
    assert world.line.count("refill_status") == 2


@pytest.mark.parametrize(
    "said", ["<html>", json.dumps({"error": "Incorrect request"}), json.dumps([])]
)
async def test_a_refill_that_nobody_speaks_of_is_given_up_after_a_week(
    world: World, said: str
) -> None:
    (order,) = await accepted(world)
    world.line.says["refill_status"] = said
    for _ in range(6):
        world.pass_time(DAY)
        for _ in range(10):
            await world.refills.step()
            world.pass_time(10)
    assert await states(world, [order]) == ["accepted"]
    world.pass_time(DAY)
    for _ in range(10):
        await world.refills.step()
        world.pass_time(10)
    assert await states(world, [order]) == ["unknown"]
    assert [push.payload["result"] for push in await pushes(world)] == ["unknown"]


async def show_cards(world: World) -> None:
    await world.database.write(
        lambda tx: tx.exec_driver_sql("UPDATE orders SET card_message_id = id")
    )


async def test_a_card_is_drawn_again_when_a_refill_becomes_possible(world: World) -> None:
    await world.refills.step()
    (order,) = await completed(world, wait=0)
    await show_cards(world)
    before = len(await world.told())

    async def cards(seconds: float) -> int:
        world.pass_time(seconds)
        await world.refills.step()
        return len(await world.told()) - before

    assert await cards(3600) == 0
    assert await cards(22 * 3600) == 0
    assert await cards(2 * 3600) == 1
    assert await cards(3600) == 1  # once is enough
    await world.aftercare.ask(CUSTOMER, order.id, REFILL)
    world.line.says["refill"] = "null"
    await world.request()
    drawn = len(await world.told()) - before
    assert await cards(DAY - 10) == drawn
    assert await cards(20) == drawn + 1  # what came to nothing may be tried again


async def test_a_restart_forgets_no_card(world: World) -> None:
    await world.refills.step()
    await completed(world, wait=0)
    await show_cards(world)
    before = len(await world.told())
    world.pass_time(2 * DAY)
    again = RefillTracker(world.database, world.panel, world.rules, 10.0, world.bells, world.clock)
    await again.step()
    assert (await world.told())[before:] == ["card"]


async def test_cards_without_a_refill_are_left_alone(world: World) -> None:
    await world.refills.step()
    order = await world.accepted("12")
    world.provider.force_order(order.provider_order_id, "Completed")
    await world.later(31)
    await show_cards(world)
    before = len(await world.told())
    world.pass_time(DAY)
    await world.refills.step()
    assert len(await world.told()) == before


async def in_a_list(world: World, count: int) -> list:
    orders = await completed(world, count)
    await world.lists.ask(CUSTOMER, REFILL, [str(order.id) for order in orders])
    await world.request()
    return orders


async def test_a_short_list_pushes_each_end(world: World) -> None:
    await in_a_list(world, 3)
    for number in (1, 2):
        world.provider.force_refill(number, "Completed")
        await world.refills.step()
    assert [push.payload["result"] for push in await pushes(world)] == ["completed"] * 2


async def test_a_long_list_pushes_once_at_the_end_of_the_last(world: World) -> None:
    await in_a_list(world, 8)
    for number in range(1, 8):
        world.provider.force_refill(number, "Rejected" if number == 3 else "Completed")
    await world.refills.step()
    assert await pushes(world) == []
    world.provider.force_refill(8, "Completed")
    await world.refills.step()
    assert [push.payload for push in await pushes(world)] == [
        {"counts": {"completed": 7, "rejected": 1}}
    ]


async def test_what_a_list_says_at_once_is_not_pushed_too(world: World) -> None:
    orders = await completed(world, 2)
    world.line.says["refill"] = "null"
    await world.lists.ask(CUSTOMER, REFILL, [str(order.id) for order in orders])
    await world.request()
    assert set(await states(world, orders)) == {"unknown"}
    assert await pushes(world) == []
