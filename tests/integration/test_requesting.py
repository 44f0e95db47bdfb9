"""Refills and cancellations on their way to the provider: each sent once, whatever comes of it."""

import asyncio
import json

import httpx
import pytest

from shop.errors import NotFoundError
from shop.orders.eligibility import IneligibilityReason, NotNowError
from storage.enums import OrderState, RequestKind
from storage.queries import requests as statements
from storage.queries.requests import Claimed
from storage.rows import Order
from storage.schema.messages import facts
from storage.schema.orders import requests
from tests.factories.after_sale import DAY, asked, completed, states
from tests.harness.pause import Pause
from tests.harness.world import CUSTOMER, VISITS, World, open_world

REFILL, CANCEL = RequestKind.REFILL, RequestKind.CANCEL


async def ask(world: World, order: Order, kind: RequestKind = REFILL) -> None:
    await world.aftercare.ask(CUSTOMER, order.id, kind)


async def ask_many(world: World, orders: list[Order], kind: RequestKind = REFILL) -> int:
    return (await world.lists.ask(CUSTOMER, kind, [str(order.id) for order in orders])).id


def refills(world: World) -> list[str]:
    """Give the provider's ids that refills were sent for, in order, however many a call had."""
    sent = [fields for fields in world.line.sent if fields["action"] == "refill"]
    return [
        key for fields in sent for key in fields.get("orders", fields.get("order", "")).split(",")
    ]


async def test_a_refill_is_asked_for_accepted_and_followed_to_its_end(world: World) -> None:
    (order,) = await completed(world)
    await ask(world, order)
    assert await states(world, [order]) == ["waiting"]
    assert world.line.sent == []  # no handler waits for the provider
    await world.request()
    (request,) = await asked(world, order)
    assert (request.state, request.provider_refill_id) == ("accepted", "1")
    world.provider.force_refill(1, "In progress")
    await world.refills.step()
    assert await states(world, [order]) == ["in_progress"]
    world.provider.force_refill(1, "Completed")
    await world.refills.step()
    (request,) = await asked(world, order)
    assert (request.state, request.status_text, request.ended_at) == (
        "completed",
        "Completed",
        world.clock(),
    )
    assert await world.told() == ["refill"]
    assert (await world.look(order)).changed_at == order.changed_at
    await world.refills.step()
    assert world.line.count("refill") == 1
    assert world.line.count("refill_status") == 2  # who has ended is not asked for


async def test_twenty_presses_at_once_are_one_refill(world: World) -> None:
    (order,) = await completed(world)
    found = await asyncio.gather(*(ask(world, order) for _ in range(20)), return_exceptions=True)
    refused = [error for error in found if error is not None]
    assert {error.obstacle.why for error in refused if isinstance(error, NotNowError)} == {
        IneligibilityReason.OPEN
    }
    assert len(refused) == 19
    await asyncio.gather(
        *(worker.step() for worker in (world.requester, world.another_requester()))
    )
    assert refills(world) == [order.provider_order_id]
    assert len(await world.rows(requests)) == 1


async def test_somebody_elses_order_is_none(world: World) -> None:
    (order,) = await completed(world)
    for kind in (REFILL, CANCEL):
        with pytest.raises(NotFoundError) as caught:
            await world.aftercare.ask(777, order.id, kind)
        assert caught.value.key == "error-order-gone"
    assert await world.rows(requests) == []


async def test_many_go_out_in_calls_of_a_hundred(world: World) -> None:
    orders = await completed(world, 250)
    await ask_many(world, orders)
    await world.request()
    assert [len(fields["orders"].split(",")) for fields in world.line.sent] == [100, 100, 50]
    assert refills(world) == [order.provider_order_id for order in orders]
    assert set(await states(world, orders)) == {"accepted"}
    # one drawing is for all of them
    assert sum(kind == "requests" for kind in await world.told()) == 1


async def test_each_kind_has_calls_of_its_own(world: World) -> None:
    orders = await completed(world, 2)
    running = [
        await world.accepted(VISITS, link=f"https://example.com/v{number}") for number in range(2)
    ]
    world.line.sent.clear()
    for order, other in zip(orders, running, strict=True):
        await ask(world, order)
        await ask(world, other, CANCEL)
    await world.request()
    assert [(fields["action"], fields["orders"]) for fields in world.line.sent] == [
        ("refill", ",".join(str(order.provider_order_id) for order in orders)),
        ("cancel", ",".join(str(order.provider_order_id) for order in running)),
    ]


async def test_a_provider_without_the_multiple_form_is_asked_one_by_one(database) -> None:
    async with open_world(database, dialect="numeric", ids_per_call=100) as world:
        orders = await completed(world, 3)
        await ask_many(world, orders)
        await world.request()
        assert [fields.get("order", fields.get("orders")) for fields in world.line.sent] == [
            ",".join(str(order.provider_order_id) for order in orders),
            *[order.provider_order_id for order in orders],
        ]
        assert set(await states(world, orders)) == {"accepted"}


async def test_one_id_a_call_where_the_profile_says_so(database) -> None:
    async with open_world(database, dialect="numeric") as world:
        orders = await completed(world, 3)
        await ask_many(world, orders)
        await world.request()
        assert [fields["order"] for fields in world.line.sent] == [
            order.provider_order_id for order in orders
        ]
        assert set(await states(world, orders)) == {"accepted"}


async def test_a_refusal_of_one_stops_no_other(world: World) -> None:
    orders = await completed(world, 3)
    world.provider.force_order(orders[1].provider_order_id, "Partial")  # without our knowing
    await ask_many(world, orders)
    await world.request()
    assert await states(world, orders) == ["accepted", "refused", "accepted"]
    (refused,) = await asked(world, orders[1])
    assert (refused.meaning, refused.failure) == ("refill", "Order is not eligible for refill")
    assert refused.ended_at is not None


@pytest.mark.parametrize("kind", [REFILL, CANCEL])
async def test_a_provider_without_the_action_is_asked_for_it_once_a_batch(
    world: World, kind: RequestKind
) -> None:
    orders = (
        await completed(world, 3)
        if kind is REFILL
        else [await world.accepted(link=f"x.com/{n}") for n in range(3)]
    )
    world.line.sent.clear()
    world.provider.dialect = "snake"
    await ask_many(world, orders, kind)
    await world.request()
    assert set(await states(world, orders)) == {"refused"}
    assert {request.meaning for order in orders for request in await asked(world, order)} == {
        "unsupported"
    }
    assert world.line.count(str(kind)) == 2


LOST = [
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    "null",
    "",
    "<html>",
    json.dumps({"status": "success"}),
]


@pytest.mark.parametrize("answer", LOST, ids=str)
async def test_a_lost_answer_is_unknown_and_never_sent_again(
    world: World, answer: str | Exception
) -> None:
    orders = await completed(world, 3)
    world.line.says["refill"] = answer
    await ask_many(world, orders)
    await world.request()
    assert set(await states(world, orders)) == {"unknown"}
    world.line.says.clear()
    for _ in range(5):
        await world.later(600)
        await world.request()
        await world.requester.recover_lapsed()
    assert world.line.count("refill") == 1
    with pytest.raises(NotNowError):
        await ask(world, orders[0])
    world.pass_time(DAY)
    await ask(world, orders[0])  # only they may
    await world.request()
    assert await states(world, orders) == ["accepted", "unknown", "unknown"]


@pytest.mark.parametrize("kind", [REFILL, CANCEL])
async def test_behind_a_firewall_it_waits_and_is_sent_once(world: World, kind: RequestKind) -> None:
    orders = await completed(world, 2) if kind is REFILL else [await world.accepted(VISITS)]
    wall = lambda: httpx.Response(403, content=b"<html>Checking your browser</html>")  # noqa: E731
    world.line.says |= dict.fromkeys((str(kind), "balance"), wall)
    await ask_many(world, orders, kind)
    for _ in range(3):
        await world.request()
        world.clock.forward(seconds=31)
    assert set(await states(world, orders)) == {"waiting"}
    world.line.says.clear()
    await world.request()
    assert set(await states(world, orders)) == {"accepted"}


async def test_a_firewall_before_this_action_alone_may_have_come_after_it_was_done(
    world: World,
) -> None:
    (order,) = await completed(world)
    world.line.says["refill"] = lambda: httpx.Response(
        403, content=b"<html>Checking your browser</html>"
    )
    await ask(world, order)
    await world.request()
    assert await states(world, [order]) == ["unknown"]


async def test_ids_that_were_left_out_are_unknown(world: World) -> None:
    orders = await completed(world, 3)
    world.provider.fault("omit_ids", "refill", ids=[orders[1].provider_order_id])
    await ask_many(world, orders)
    await world.request()
    assert await states(world, orders) == ["accepted", "unknown", "accepted"]


async def test_what_was_not_tried_after_a_lost_answer_waits_and_goes(database) -> None:
    """One by one, the second answer is lost: the first counts, the third was never sent."""
    async with open_world(database, dialect="numeric", ids_per_call=100) as world:
        orders = await completed(world, 3)

        async def lose_the_second(fields: dict[str, str]) -> None:
            if fields.get("order") == orders[1].provider_order_id:
                raise httpx.ReadTimeout("slow")

        world.line.after = lose_the_second
        await ask_many(world, orders)
        await world.requester.step()
        assert await states(world, orders) == ["accepted", "unknown", "waiting"]
        await world.request()
        assert await states(world, orders) == ["accepted", "unknown", "accepted"]
        singly = [fields["order"] for fields in world.line.sent if "order" in fields]
        assert singly == [order.provider_order_id for order in orders]


@pytest.mark.parametrize(("fault", "seconds"), [("rate_limit_200", 10), ("rate_limit_429", 40)])
async def test_a_limit_is_waited_for(world: World, fault: str, seconds: int) -> None:
    orders = await completed(world, 3)
    world.provider.fault(fault, "refill", seconds=seconds)
    await ask_many(world, orders)
    await world.request()
    assert set(await states(world, orders)) == {"waiting"}
    assert await world.requester.next_turn() is not None
    world.pass_time(seconds - 1)
    await world.request()
    assert world.line.count("refill") == 1
    world.pass_time(1)
    await world.request()
    assert set(await states(world, orders)) == {"accepted"}
    assert await world.told_admins() == []


async def test_what_never_left_is_sent_later(world: World) -> None:
    (order,) = await completed(world)
    await ask(world, order)
    world.line.cut = True
    for _ in range(3):
        await world.request()
        world.pass_time(15)
    assert await states(world, [order]) == ["waiting"]
    world.line.cut = False
    await world.request()
    assert await states(world, [order]) == ["accepted"]
    assert world.line.count("refill") == 1


async def test_a_bad_key_is_told_once_and_waited_for(world: World) -> None:
    orders = await completed(world, 2)
    world.provider.fault("bad_key", "refill", times=0)
    for order in orders:
        await ask(world, order)
    for _ in range(3):
        await world.request()
        world.pass_time(61)
    assert set(await states(world, orders)) == {"waiting"}
    assert await world.told_admins() == ["bad_key"]
    world.provider.clear_faults()
    await world.request()
    assert set(await states(world, orders)) == {"accepted"}
    # the next time it is news
    assert not [row for row in await world.rows(facts) if row.name.startswith("alert:")]


async def test_a_passing_trouble_is_waited_for_but_not_for_ever(world: World) -> None:
    (order,) = await completed(world)
    world.provider.fault("refuse", "refill", times=0)
    await ask(world, order)
    await world.request()
    assert await states(world, [order]) == ["waiting"]
    for _ in range(62):
        world.pass_time(60)
        await world.request()
    (request,) = await asked(world, order)
    assert (request.state, request.meaning) == ("refused", "temporary")


@pytest.mark.parametrize("kind", [REFILL, CANCEL])
async def test_a_crash_while_sending_leaves_an_unknown(world: World, kind: RequestKind) -> None:
    (order,) = await completed(world) if kind is REFILL else [await world.accepted()]

    async def die(_: dict[str, str]) -> None:
        raise SystemExit

    world.line.after = die
    await ask(world, order, kind)
    with pytest.raises(SystemExit):
        await world.requester.step()
    assert await states(world, [order]) == ["sending"]
    world.line.after = None
    again = world.another_requester()
    assert await again.recover(everything=False) == 0  # its lease has not ended
    assert await again.recover(everything=True) == 1
    assert await states(world, [order]) == ["unknown"]
    await world.request()
    assert world.line.count(str(kind)) == 1


async def test_a_lapsed_lease_leaves_an_unknown(world: World) -> None:
    (order,) = await completed(world)
    await ask(world, order)

    async def never(_: dict[str, str]) -> None:
        await asyncio.Event().wait()

    world.line.after = never
    sending = asyncio.create_task(world.requester.step())
    while not world.line.sent:
        await asyncio.sleep(0.01)
    assert await states(world, [order]) == ["sending"]
    world.pass_time(3600)
    await world.another_requester().recover_lapsed()
    assert await states(world, [order]) == ["unknown"]
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await states(world, [order]) == ["unknown"]
    assert len([kind for kind in await world.told() if kind == "refill"]) == 1


async def test_a_stop_while_sending_leaves_an_unknown(world: World) -> None:
    (order,) = await completed(world)

    async def never(_: dict[str, str]) -> None:
        await asyncio.Event().wait()

    world.line.after = never
    await ask(world, order)
    sending = asyncio.create_task(world.requester.step())
    while not world.line.sent:
        await asyncio.sleep(0.01)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await states(world, [order]) == ["unknown"]


async def test_a_stop_in_the_middle_of_the_claim_leaves_requests_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (order,) = await completed(world)
    await ask(world, order)
    claim, pause = statements.claim, Pause()

    def slowly(tx, *given, **named) -> list[Claimed]:
        claimed = claim(tx, *given, **named)
        pause(tx)
        return claimed

    monkeypatch.setattr(statements, "claim", slowly)
    step = asyncio.create_task(world.requester.step())
    await pause.reached.wait()
    step.cancel()
    await asyncio.sleep(0)
    pause.end()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert await states(world, [order]) == ["waiting"]
    assert world.line.count("refill") == 0
    monkeypatch.undo()
    await world.request()
    assert await states(world, [order]) == ["accepted"]


async def test_a_stop_while_looking_has_the_look_taken_again(world: World) -> None:
    order = await world.accepted()

    async def never(_: dict[str, str]) -> None:
        await asyncio.Event().wait()

    world.line.sent.clear()
    world.line.before = never
    await ask_many(world, [order], RequestKind.STATUS)
    looking = asyncio.create_task(world.requester.step())
    while not world.line.sent:
        await asyncio.sleep(0.01)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert await states(world, [order]) == ["waiting"]
    world.line.before = None
    await world.request()
    assert await states(world, [order]) == ["completed"]


async def test_a_look_out_of_turn(world: World) -> None:
    orders = [
        await world.accepted(VISITS, link=f"https://example.com/{number}") for number in range(3)
    ]
    world.provider.force_order(orders[1].provider_order_id, "In progress", remains=40)
    world.line.sent.clear()
    list_id = await ask_many(world, orders, RequestKind.STATUS)
    await world.request()
    assert [fields["action"] for fields in world.line.sent] == ["status"]
    assert (await world.look(orders[1])).state is OrderState.IN_PROGRESS
    listing = await world.lists.listing(CUSTOMER, list_id)
    assert [str(item.request.state) for item in listing.items if item.request] == ["completed"] * 3
    world.line.says["status"] = "<html>"
    await ask_many(world, orders, RequestKind.STATUS)
    await world.request()
    assert set(await states(world, orders)) == {"failed"}


async def test_a_look_that_a_crash_has_ended_is_taken_again(world: World) -> None:
    order = await world.accepted()

    async def die(_: dict[str, str]) -> None:
        raise SystemExit

    world.line.before = die
    await ask_many(world, [order], RequestKind.STATUS)
    with pytest.raises(SystemExit):
        await world.requester.step()
    world.line.before = None
    await world.another_requester().recover(everything=True)
    await world.request()
    assert await states(world, [order]) == ["completed"]
