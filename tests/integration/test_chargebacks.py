"""A payment that is taken back: what it paid for is stopped where it can be, whoever confirms in
the same moment.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import pytest

from shop.errors import ShopError
from storage import Transaction
from storage.enums import OrderState, RequestKind, RequestState
from storage.schema.messages import notices
from storage.schema.orders import orders, requests
from storage.schema.wallets import wallets
from tests.harness.pause import Pause
from tests.harness.paying import POOR, Desk, open_desk
from tests.harness.world import ADMINS, DOLLAR, PACKAGE, PLAYS, VISITS, World, somebody_waits


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    async with open_desk(world) as opened:
        yield opened


async def paid(desk: Desk, stars: int = 100, charge: str = "charge-1") -> None:
    await desk.pay(await desk.top_ups.ask_stars(POOR, stars), charge)


async def owes_with_an_order(desk: Desk) -> list[str]:
    """Name the orders that wait although the wallet is below zero."""
    (wallet,) = [row for row in await desk.world.rows(wallets) if row.user_id == POOR]
    waiting = [row for row in await desk.world.rows(orders) if row.state == "queued"]
    return [f"order {row.id}" for row in waiting if wallet.balance < 0]


async def test_a_confirm_that_is_under_way_is_seen(desk: Desk) -> None:
    """The confirm has spent the money and is not written yet: who takes the payment back has to
    wait for it.
    """
    world = desk.world
    await paid(desk)
    draft = await world.draft(PLAYS, POOR)
    if world.database.is_sqlite:  # it has one writer
        await world.ordering.submit(POOR, draft)
        assert await desk.payments.taken_back("charge-1")
    else:
        pause = Pause()

        def confirm(tx: Transaction) -> None:
            world.ordering.place_draft(tx, POOR, draft)
            pause(tx)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(world.database.write(confirm))
            await pause.reached.wait()
            taking = tasks.create_task(desk.payments.taken_back("charge-1"))
            await somebody_waits(world.database)
            pause.end()
        assert taking.result()
    assert [row.state for row in await world.rows(orders)] == ["canceled"]
    assert await world.balance(POOR) == 0
    assert await owes_with_an_order(desk) == []


async def test_a_confirm_that_comes_later_finds_the_wallet_empty(desk: Desk) -> None:
    world = desk.world
    await paid(desk)
    draft = await world.draft(PLAYS, POOR)
    if not world.database.is_sqlite:
        (payment,) = await desk.payments.latest(1)
        pause = Pause()

        def take_back(tx: Transaction) -> None:
            desk.payments._charged_back(tx, payment)  # as taken_back does, and not written yet
            pause(tx)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(world.database.write(take_back))
            await pause.reached.wait()
            confirm = tasks.create_task(_refused(world.ordering.submit(POOR, draft)))
            await somebody_waits(world.database)
            pause.end()
        assert confirm.result() == "error-too-little-money"
    else:
        await desk.payments.taken_back("charge-1")
        assert await _refused(world.ordering.submit(POOR, draft)) == "error-too-little-money"
    assert await world.rows(orders) == []


async def _refused(work: Awaitable[object]) -> str:
    try:
        await work
    except ShopError as error:
        return error.key
    return ""


async def test_confirms_and_a_chargeback_at_once_never_leave_an_order_paid_by_money_that_is_gone(
    desk: Desk,
) -> None:
    world = desk.world
    for number in range(12):
        await paid(desk, 60, f"charge-{number}")
        drafts = [
            await world.draft(
                PLAYS, POOR, link=f"https://example.com/{number}-{each}", quantity=100
            )
            for each in range(3)
        ]
        works = [_refused(world.ordering.submit(POOR, draft)) for draft in drafts]
        works.insert(number % 4, desk.payments.taken_back(f"charge-{number}"))  # type: ignore[arg-type]
        await asyncio.gather(*works)
        assert await owes_with_an_order(desk) == [], number


async def test_what_the_provider_has_is_asked_to_be_cancelled(desk: Desk) -> None:
    world = desk.world
    await paid(desk, 2_500)
    running = await world.accepted(PLAYS, POOR)
    visits = await world.accepted(VISITS, POOR, link="https://example.com/visits", quantity=1_000)
    # it can't be cancelled
    package = await world.accepted(PACKAGE, POOR, link="https://example.com/package")
    asked_before = await world.accepted(PLAYS, POOR, link="https://example.com/asked")
    await world.aftercare.ask(POOR, asked_before.id, RequestKind.CANCEL)
    ended = await world.accepted(PLAYS, POOR, link="https://example.com/ended")
    world.provider.force_order(ended.provider_order_id, "Completed")
    await world.tracker.look([ended.id])
    other = await world.accepted(PLAYS, link="https://example.com/of-another")
    assert await desk.payments.taken_back("charge-1")
    assert await desk.payments.taken_back("charge-1") is False  # once
    rows = await world.rows(requests)
    asked = {(row.order_id, row.kind, row.user_id) for row in rows}
    assert asked == {(order.id, "cancel", POOR) for order in (asked_before, running, visits)}
    assert len(rows) == 3
    told = {
        row.kind: row.payload
        for row in await world.rows(notices)
        if row.user_id in (POOR, ADMINS[0])
    }
    assert told["charged_back"]["asked"] == told["chargeback"]["asked"] == 2
    before = await world.balance(POOR)
    while await world.requester.step():
        pass
    for _ in range(6):
        await world.later(600)
    states = {row.id: row.state for row in await world.rows(orders)}
    assert states[running.id] == states[visits.id] == OrderState.CANCELED
    assert states[package.id] != OrderState.CANCELED
    assert states[other.id] != OrderState.CANCELED
    assert await world.balance(POOR) > before
    ends = {row.order_id: row.state for row in await world.rows(requests)}
    assert ends[running.id] == ends[visits.id] == RequestState.COMPLETED


async def test_a_refund_that_an_admin_asked_for_cancels_nothing(desk: Desk) -> None:
    world = desk.world
    await paid(desk, 2_500)
    await paid(desk, 100, "charge-2")
    await world.accepted(PLAYS, POOR)
    await desk.payments.ask_refund(2, ADMINS[0])
    assert await desk.payments.taken_back("charge-2")
    assert await world.rows(requests) == []
    assert await world.balance(POOR) < 2_500 * 13_000 < 33 * DOLLAR
