"""A process that was away for longer than its lease: what it says afterwards does nothing twice,
and loses nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from shop.fulfilment.evidence import EvidenceKind
from shop.recovery.resolution import Verdicts
from shop.sending import Turn
from storage.enums import OrderState
from storage.queries import orders as statements
from storage.rows import Order
from storage.schema.operations import evidence
from storage.schema.orders import order_events
from tests.harness.books import check_money
from tests.harness.pause import Pause
from tests.harness.world import ADMINS, DOLLAR, World

FULL, PRICE = 100 * DOLLAR, 300_000
LEASE = 2 * 30 + 60

Meanwhile = Callable[[], Awaitable[object]]


async def nothing() -> None:
    """Nobody does anything meanwhile."""


async def answered_late(world: World, order: Order, meanwhile: Meanwhile = nothing) -> Order:
    """Send the order; before its answer arrives its lease ends, and another process finds it."""

    async def away(_: dict[str, str]) -> None:
        world.line.after = None
        world.pass_time(LEASE + 1)
        assert await world.another_submitter().recover(everything=False) == 1
        assert (await world.look(order)).state is OrderState.UNKNOWN
        await meanwhile()

    world.line.after = away
    await world.submitter.step()
    return await world.look(order)


def verdicts(world: World) -> Verdicts:
    return Verdicts(world.database, ADMINS, world.bells, world.clock)


async def signs(world: World, order: Order) -> list[str]:
    return [row.kind for row in await world.rows(evidence) if row.order_id == order.id]


async def test_a_late_id_is_the_finding(world: World) -> None:
    order = await answered_late(world, await world.order())
    assert (order.state, order.provider_order_id) == (OrderState.PENDING, "23501")
    assert (order.look_at, order.failure) == (None, "")
    assert await world.told() == ["order:unknown", "order:pending"]
    assert (await world.balance(), await world.held()) == (FULL - PRICE, 0)
    assert world.line.count("add") == 1
    await check_money(world.database)


async def test_a_late_refusal_gives_the_money_back(world: World) -> None:
    world.provider.fault("refuse", "add", text="Quantity less than minimum 100")
    order = await answered_late(world, await world.order())
    assert (order.state, order.refunded) == (OrderState.REJECTED, PRICE)
    assert await world.balance() == FULL
    await check_money(world.database)


@pytest.mark.parametrize("fault", ["busy_link", "no_funds", "rate_limit_429"])
async def test_what_would_have_waited_never_goes_back_into_the_queue(
    world: World, fault: str
) -> None:
    world.provider.fault(fault, "add")
    order = await answered_late(world, await world.order())
    assert (order.state, await world.balance()) == (OrderState.REJECTED, FULL)
    for _ in range(5):
        await world.later(301)
    assert world.line.count("add") == 1
    await check_money(world.database)


async def test_a_late_silence_changes_nothing(world: World) -> None:
    world.provider.fault("hang_after", "add")
    order = await world.order()

    async def away(_: dict[str, str]) -> None:
        world.pass_time(LEASE + 1)
        await world.another_submitter().recover(everything=False)

    world.line.before = away
    await world.submitter.step()
    assert (await world.look(order)).state is OrderState.UNKNOWN
    assert await world.told() == ["order:unknown"]
    assert await signs(world, order) == [EvidenceKind.LOST]


async def test_an_order_found_meanwhile_stays_as_it_was_found(world: World) -> None:
    order = await world.order()

    async def found() -> None:
        await verdicts(world).mark_existing(order.id, "23501", None)
        world.hand.pass_by(10_000)
        await world.tracker.sweep()

    there = await answered_late(world, order, found)
    assert (there.state, there.provider_order_id) == (OrderState.COMPLETED, "23501")
    assert EvidenceKind.LATE not in await signs(world, order)
    assert "late_answer" not in await world.told_admins()


async def test_another_id_than_the_one_that_an_admin_gave_is_told_and_changes_nothing(
    world: World,
) -> None:
    order = await world.order()

    async def taken_for_another() -> None:
        await verdicts(world).mark_existing(order.id, "777", ADMINS[0])
        world.line.says["status"] = (
            '{"777": {"status": "In progress", "charge": "0.2", "remains": "50"}}'
        )
        await world.tracker.sweep()
        del world.line.says["status"]
        assert (await world.look(order)).state is OrderState.IN_PROGRESS

    there = await answered_late(world, order, taken_for_another)
    assert (there.state, there.provider_order_id) == (OrderState.IN_PROGRESS, "777")
    assert (await signs(world, order))[-1] == EvidenceKind.LATE
    assert "late_answer" in await world.told_admins()
    await check_money(world.database)


async def test_an_order_that_was_given_back_is_not_taken_again(world: World) -> None:
    order = await world.order()
    there = await answered_late(
        world, order, lambda: verdicts(world).mark_missing(order.id, ADMINS[0])
    )
    assert (there.state, there.provider_order_id) == (OrderState.REJECTED, None)
    assert await world.balance() == FULL
    assert "late_answer" in await world.told_admins()
    await check_money(world.database)


async def test_who_was_away_before_sending_sends_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is nearly over: by the time the provider had it, somebody might have given the
    money back.
    """
    order = await world.order()
    claim = statements.claim

    def and_fall_asleep(*given, **named) -> Order | None:
        claimed = claim(*given, **named)
        world.pass_time(LEASE - 20)
        return claimed

    monkeypatch.setattr(statements, "claim", and_fall_asleep)
    assert await world.submitter.step()
    assert world.line.count("add") == 0
    assert (await world.look(order)).state is OrderState.QUEUED
    monkeypatch.undo()
    await world.submit()
    assert (await world.look(order)).state is OrderState.PENDING


async def test_what_may_not_be_sent_any_more_waits_and_is_nobodys_trouble(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process runs the workers by now: it sends the order, and no admin is told that the
    provider is away.
    """
    order = await world.order()
    monkeypatch.setattr(world.panel, "_allowed", lambda: False)
    assert await world.submitter.step()
    there = await world.look(order)
    assert (there.state, there.waiting) == (OrderState.QUEUED, "")
    assert world.line.count("add") == 0
    assert await world.told_admins() == []
    monkeypatch.undo()
    assert await world.another_submitter().step()  # it waits for nothing
    assert (await world.look(order)).state is OrderState.PENDING


async def test_who_was_away_for_too_long_before_sending_ends_what_others_took_for_unknown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await world.order()
    make = world.submitter._claim

    async def and_fall_asleep(*given) -> Turn:
        claim = await make(*given)
        world.pass_time(LEASE + 1)
        assert await world.another_submitter().recover(everything=False) == 1
        return claim

    monkeypatch.setattr(
        type(world.submitter), "_claim", lambda self, *given: and_fall_asleep(*given)
    )
    await world.submitter.step()
    assert world.line.count("add") == 0
    assert ((await world.look(order)).state, await world.balance()) == (OrderState.REJECTED, FULL)
    await check_money(world.database)


async def test_a_stop_in_the_middle_of_the_claim_leaves_the_order_in_the_queue(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await world.order()
    claim, pause = statements.claim, Pause()

    def slowly(tx, *given, **named) -> Order | None:
        claimed = claim(tx, *given, **named)
        pause(tx)
        return claimed

    monkeypatch.setattr(statements, "claim", slowly)
    step = asyncio.create_task(world.submitter.step())
    await pause.reached.wait()
    step.cancel()
    await asyncio.sleep(0)
    pause.end()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert (await world.look(order)).state is OrderState.QUEUED
    assert world.line.count("add") == 0
    monkeypatch.undo()
    await world.submit()
    assert (await world.look(order)).state is OrderState.PENDING


async def test_a_busy_link_speaks_for_a_lost_order(world: World) -> None:
    world.provider.fault("hang_after", "add")
    lost = await world.accepted()
    world.pass_time(200)
    world.provider.fault("busy_link", "add", times=2)
    later = await world.accepted()
    world.pass_time(100)
    await world.submit()
    assert await signs(world, lost) == [EvidenceKind.LOST, EvidenceKind.BUSY_LINK]
    assert (await world.rows(evidence))[-1].payload["order"] == later.id
    assert {row.state for row in await world.rows(order_events) if row.order_id == later.id} == {
        "queued",
        "submitting",
    }


async def test_a_link_that_a_known_order_keeps_busy_says_nothing(world: World) -> None:
    await world.accepted()
    world.provider.fault("hang_after", "add")
    lost = await world.accepted(quantity=200)
    world.pass_time(200)
    world.provider.fault("busy_link", "add")
    await world.accepted(quantity=300)
    assert await signs(world, lost) == [EvidenceKind.LOST]
