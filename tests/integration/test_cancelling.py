"""Cancellations: an order that nobody has sent is taken back for sure, everything else is a
request.
"""

import asyncio

import pytest

from shop.access import Billing
from shop.orders.cancelling import take_back
from shop.orders.eligibility import IneligibilityReason, NotNowError
from storage import Transaction
from storage.enums import OrderState, RequestKind, RequestState
from storage.schema.messages import notices
from storage.schema.orders import requests
from storage.schema.wallets import ledger
from tests.factories.after_sale import asked, completed, states
from tests.harness.pause import Pause
from tests.harness.world import (
    CUSTOMER,
    DOLLAR,
    PACKAGE,
    World,
    check_money,
    force,
    open_world,
    somebody_waits,
)

CANCEL = RequestKind.CANCEL


async def cancel(world: World, order_id: int) -> bool:
    return (await world.aftercare.ask(CUSTOMER, order_id, CANCEL)).taken_back


async def test_a_queued_order_is_taken_back_with_its_money(world: World) -> None:
    order = await world.order()
    assert await cancel(world, order.id)
    taken = await world.look(order)
    assert (taken.state, taken.refunded, taken.finished_at) == (
        OrderState.CANCELED,
        order.price,
        world.clock(),
    )
    assert await world.balance() == 100 * DOLLAR
    assert await world.held() == 0
    assert [row.reason for row in await world.rows(ledger)][-1] == "taken back"
    assert await world.told() == ["order:canceled"]
    (push,) = await world.rows(notices)
    assert push.payload["refund"] == order.price
    await world.later(100)
    assert world.line.count("add") == 0
    with pytest.raises(NotNowError) as caught:
        await cancel(world, order.id)
    assert caught.value.obstacle.why is IneligibilityReason.ENDED


async def test_a_queued_order_of_a_service_without_cancel_is_taken_back_too(world: World) -> None:
    order = await world.order(PACKAGE)
    assert await cancel(world, order.id)
    assert await world.balance() == 100 * DOLLAR


async def test_where_the_house_pays_nothing_moves(database) -> None:
    async with open_world(database, billing=Billing.HOUSE) as world:
        await world.customer(9001, dollars=0)
        order = (await world.ordering.submit(9001, await world.draft(user_id=9001))).order
        await world.aftercare.ask(9001, order.id, CANCEL)
        taken = await world.look(order)
        assert (taken.state, taken.refunded) == (OrderState.CANCELED, order.price)
        assert {row.user_id for row in await world.rows(ledger)} == {CUSTOMER}


async def test_a_younger_order_of_the_link_goes_when_the_older_is_taken_back(world: World) -> None:
    world.provider.fault("no_funds", "add")
    first, second = [await world.order() for _ in range(2)]
    await world.submit()
    assert (await world.look(first)).waiting == "funds"
    assert await cancel(world, first.id)
    await world.later(61)
    assert (await world.look(second)).state is OrderState.PENDING


@pytest.mark.parametrize("round_", range(5))
async def test_the_claim_and_the_press_race(world: World, round_: int) -> None:
    """Whoever comes first: sent and paid, or taken back and not paid; never both."""
    del round_
    placed = [await world.order(link=f"https://example.com/{number}") for number in range(8)]
    submitters = [world.another_submitter() for _ in range(4)]
    presses = [cancel(world, order.id) for order in placed]
    steps = [submitter.step() for submitter in submitters for _ in range(2)]
    found = await asyncio.gather(*presses, *steps, return_exceptions=True)
    assert not [
        error
        for error in found
        if isinstance(error, Exception) and not isinstance(error, NotNowError)
    ]
    await world.submit()
    rows = [await world.look(order) for order in placed]
    sent = [row for row in rows if row.provider_order_id]
    assert world.line.count("add") == len(sent) == len(world.provider.book.orders)
    assert {row.state for row in rows if not row.provider_order_id} <= {OrderState.CANCELED}
    assert {row.state for row in sent} <= {OrderState.PENDING}
    assert await world.balance() == 100 * DOLLAR - sum(row.price for row in sent)
    await check_money(world.database)


async def test_a_press_waits_for_the_claim_and_then_asks_politely(world: World) -> None:
    """On PostgreSQL the two meet in the row."""
    if world.database.is_sqlite:  # one writes after the other anyway
        return
    order = await world.order()
    pause = Pause()

    def claim(tx: Transaction) -> None:
        force(tx, order.id, state="submitting", lease_until=world.clock())
        pause(tx)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(world.database.write(claim))
        await pause.reached.wait()
        presses = [asyncio.create_task(cancel(world, order.id)) for _ in range(2)]
        await asyncio.wait_for(somebody_waits(world.database), 10)
        pause.end()
    found = await asyncio.gather(*presses, return_exceptions=True)
    assert [error.obstacle.why for error in found if isinstance(error, NotNowError)] == [
        IneligibilityReason.BEING_SENT
    ] * 2
    assert await world.held() == order.price


async def test_only_a_queued_order_is_ever_taken_back(world: World) -> None:
    """Even by somebody who read `queued` before the provider accepted it."""
    read_before = await world.order()
    await world.submit()
    assert not (await world.database.write(take_back, read_before, world.clock()))
    assert (await world.look(read_before)).state is OrderState.PENDING
    assert await world.balance() == 100 * DOLLAR - read_before.price


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (OrderState.SUBMITTING, IneligibilityReason.BEING_SENT),
        (OrderState.UNKNOWN, IneligibilityReason.BEING_CHECKED),
    ],
)
async def test_what_may_be_on_its_way_is_not_canceled(
    world: World, state: OrderState, why: IneligibilityReason
) -> None:
    order = await world.order()
    await world.database.write(force, state=state)
    with pytest.raises(NotNowError) as caught:
        await cancel(world, order.id)
    assert caught.value.obstacle.why is why
    assert (await world.look(order)).refunded == 0
    assert await world.rows(requests) == []


async def test_a_request_lasts_until_the_status_ends_the_order(world: World) -> None:
    order = await world.accepted()
    assert not await cancel(world, order.id)
    await world.request()
    assert await states(world, [order]) == ["accepted"]
    assert (await world.look(order)).state is OrderState.PENDING
    assert await world.balance() == 100 * DOLLAR - order.price
    with pytest.raises(NotNowError) as caught:
        await cancel(world, order.id)
    assert caught.value.obstacle.why is IneligibilityReason.OPEN
    await world.later(30)
    (request,) = await asked(world, order)
    ended = await world.look(order)
    assert (ended.state, request.state, request.ended_at) == (
        OrderState.CANCELED,
        "completed",
        world.clock(),
    )
    assert await world.balance() == 100 * DOLLAR
    assert await world.told() == ["order:pending", "order:canceled"]
    assert world.line.count("cancel") == 1


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Canceled", RequestState.COMPLETED),
        ("Partial", RequestState.COMPLETED),
        ("Completed", RequestState.REJECTED),
    ],
)
@pytest.mark.parametrize("sent", [True, False])
async def test_the_end_of_the_order_ends_its_cancellation(
    world: World, status: str, state: RequestState, sent: bool
) -> None:
    order = await world.accepted()
    listing = await world.lists.ask(CUSTOMER, CANCEL, [str(order.id)])
    if sent:
        await world.request()
    world.provider.force_order(
        order.provider_order_id, status, remains=40 if status == "Partial" else None
    )
    world.pass_time(31)
    await world.tracker.sweep()
    (request,) = await asked(world, order)
    assert (request.state, request.ended_at) == (state, world.clock())
    await world.request()
    assert world.line.count("cancel") == int(sent)  # what waited is not sent any more
    (item,) = (await world.lists.listing(CUSTOMER, listing.id)).items
    assert item.request is not None
    assert item.request.state is state
    assert "requests" in await world.told()


async def test_an_end_that_comes_while_the_request_is_sent(world: World) -> None:
    order = await world.accepted()

    async def end(_: dict[str, str]) -> None:
        world.line.after = None
        world.provider.force_order(order.provider_order_id, "Canceled")
        world.pass_time(31)
        await world.tracker.sweep()

    await cancel(world, order.id)
    world.line.after = end
    await world.request()
    (request,) = await asked(world, order)
    assert request.state is RequestState.COMPLETED
    assert (await world.look(order)).refunded == order.price


async def test_null_means_asked_but_not_confirmed(database) -> None:
    """The numeric family answers null whatever it does; it is not asked again."""
    async with open_world(database, dialect="numeric", ids_per_call=100) as world:
        placed = [await world.accepted(link=f"https://example.com/{number}") for number in range(3)]
        world.line.sent.clear()
        await world.lists.ask(CUSTOMER, CANCEL, [str(order.id) for order in placed])
        await world.request()
        assert await states(world, placed) == ["unknown"] * 3
        assert world.line.count("cancel") == 1
        await world.later(100)
        assert {(await world.look(order)).state for order in placed} == {OrderState.CANCELED}
        await world.request()
        assert world.line.count("cancel") == 1


async def test_a_refused_cancellation_may_be_asked_for_again(world: World) -> None:
    order = await world.accepted()
    world.provider.fault("refuse", "cancel", text="Order cannot be canceled")
    await cancel(world, order.id)
    await world.request()
    (request,) = await asked(world, order)
    assert (request.state, request.failure) == ("refused", "Order cannot be canceled")
    assert [kind for kind in await world.told() if kind == "cancel_request"] == ["cancel_request"]
    assert not await cancel(world, order.id)
    await world.request()
    assert await states(world, [order]) == ["accepted"]


async def test_a_list_takes_back_asks_and_explains(world: World) -> None:
    (done,) = await completed(world)
    running, queued = (
        await world.accepted(link="https://example.com/a"),
        await world.order(link="https://example.com/b"),
    )
    foreign = await world.order(user_id=await world.customer(777))
    numbers = [str(order.id) for order in (done, running, queued, foreign)] + ["99999", "9" * 40]
    listing = await world.lists.ask(CUSTOMER, CANCEL, numbers)
    assert [item.text for item in listing.items] == numbers
    whys = [item.obstacle.why if item.obstacle else None for item in listing.items]
    assert whys == [
        IneligibilityReason.ENDED,
        None,
        None,
        IneligibilityReason.NO_ORDER,
        IneligibilityReason.NO_ORDER,
        IneligibilityReason.NO_ORDER,
    ]
    assert [item.taken_back for item in listing.items] == [False, False, True, False, False, False]
    assert [item.order is None for item in listing.items] == [False, False, False, True, True, True]
    assert (await world.look(foreign)).state is OrderState.QUEUED
    await world.request()
    asked_for = (await world.lists.listing(CUSTOMER, listing.id)).items[1].request
    assert asked_for is not None
    assert asked_for.state is RequestState.ACCEPTED
