"""After an answer that says nothing definite, the money is held and nothing is ever sent again."""

import asyncio

import httpx
import pytest

from storage import Transaction
from storage.enums import OrderState
from storage.schema.messages import notices
from storage.schema.orders import order_events, orders
from tests.harness.pause import Pause
from tests.harness.world import CUSTOMER, VISITS, World

DOUBTS = [
    "hang_before",
    "hang_after",
    "drop_before",
    "drop_after",
    "html_502",
    "html_after",
    "null",
    "empty",
    "error_500_empty",
    "garbage",
]
NO_ID = [
    '{"order":0}',
    '{"order":""}',
    '{"order":null}',
    '{"status":"success"}',
    "{}",
    "[]",
    "true",
    '{"order":',
    "5",
]


async def nothing_more_happens_to(world: World, order) -> None:
    """Let a long time pass and see that the order is left alone."""
    for _ in range(6):
        await world.later(301)
    there = await world.look(order)
    assert there.state is OrderState.UNKNOWN
    assert there.provider_order_id is None
    assert world.line.count("add") == 1
    assert await world.held() == order.price
    assert await world.told() == ["order:unknown"]
    # Nothing else is sent until the provider speaks again, which it does at once.
    assert await world.told_admins() == ["sending_held", "unknown_order", "alert_over"]


@pytest.mark.parametrize("fault", ["hang_before", "hang_after"])
async def test_an_order_without_an_answer_is_left_alone_and_everybody_is_told(
    world: World, fault: str
) -> None:
    world.provider.fault(fault, "add")
    order = await world.accepted()
    assert order.state is OrderState.UNKNOWN
    await nothing_more_happens_to(world, order)
    (told, *_) = [row for row in await world.rows(notices) if row.kind == "unknown_order"]
    assert told.order_id == order.id
    assert told.payload["reason"]


async def test_no_trouble_of_the_provider_is_taken_for_a_definite_answer(world: World) -> None:
    for number, fault in enumerate(DOUBTS):
        world.pass_time(3_600)  # the brake's longest pause
        world.provider.fault(fault, "add", seconds=0)
        order = await world.accepted(link=f"https://example.com/{number}")
        assert (order.state, order.provider_order_id) == (OrderState.UNKNOWN, None), fault
        assert order.failure
    for _ in range(6):
        await world.later(301)
    assert {row.state for row in await world.rows(orders)} == {"unknown"}
    assert world.line.count("add") == len(DOUBTS)


async def test_no_answer_without_an_id_is_taken_for_an_order_or_for_a_refusal(world: World) -> None:
    broken = [
        httpx.ReadTimeout("x"),
        httpx.WriteTimeout("x"),
        httpx.ReadError("x"),
        httpx.RemoteProtocolError("x"),
    ]
    placed = []
    for number, said in enumerate([*NO_ID, *broken]):
        world.pass_time(3_600)  # the brake's longest pause
        world.line.says["add"] = said
        placed.append(await world.accepted(link=f"https://example.com/{number}"))
        assert placed[-1].state is OrderState.UNKNOWN, said
    del world.line.says["add"]
    for _ in range(6):
        await world.later(301)
    assert {(await world.look(order)).state for order in placed} == {OrderState.UNKNOWN}
    assert world.line.count("add") == len(placed)
    assert await world.held() == sum(order.price for order in placed)
    assert await world.told() == ["order:unknown"] * len(placed)
    # which stands: none was taken in between
    told = ["sending_held", "unknown_order", "alert_over", "sending_held"]
    assert await world.told_admins() == told + ["unknown_order"] * (len(placed) - 1)


async def test_an_unknown_order_does_not_hold_up_the_others(world: World) -> None:
    world.provider.fault("hang_after", "add")
    doubtful = await world.order()
    other = await world.order(VISITS)
    await world.submit()
    assert (await world.look(doubtful)).state is OrderState.UNKNOWN
    assert (await world.look(other)).state is OrderState.PENDING


async def test_an_id_that_another_order_has_is_a_conflict_and_no_second_order(world: World) -> None:
    first = await world.accepted()
    world.provider.fault("repeat_id", "add")
    second = await world.accepted(link="https://example.com/2")
    assert (second.state, second.provider_order_id) == (OrderState.UNKNOWN, None)
    assert (await world.look(first)).provider_order_id == "23501"
    assert await world.told_admins() == ["sending_held", "unknown_order", "conflict", "alert_over"]
    conflict = next(row for row in await world.rows(notices) if row.kind == "conflict")
    assert conflict.payload == {"provider_order_id": "23501", "other": first.id}
    assert await world.held() == second.price
    for _ in range(5):
        await world.later(301)
    assert world.line.count("add") == 2


async def test_an_order_cancelled_while_it_is_sent_is_unknown(world: World) -> None:
    order = await world.order()
    sent = asyncio.Event()

    async def never_answered(_: dict[str, str]) -> None:
        sent.set()
        await asyncio.Event().wait()

    world.line.after = never_answered
    step = asyncio.create_task(world.submitter.step())
    await sent.wait()
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    world.line.after = None
    assert (await world.look(order)).state is OrderState.UNKNOWN
    await nothing_more_happens_to(world, order)


@pytest.mark.parametrize("insisting", [False, True])
async def test_an_answer_that_came_is_kept_although_the_worker_is_cancelled(
    world: World, insisting: bool
) -> None:
    """The worker has the answer and waits for its turn to write when it is stopped."""
    order = await world.order()
    answered, go_on = asyncio.Event(), asyncio.Event()
    blocker = asyncio.create_task(hold_the_orders(world, answered, go_on))

    async def answer_on_its_way(_: dict[str, str]) -> None:
        answered.set()
        await blocked.wait()

    blocked = asyncio.Event()
    world.line.after = answer_on_its_way
    step = asyncio.create_task(world.submitter.step())
    await answered.wait()
    await let_others_run()
    blocked.set()
    await let_others_run()
    step.cancel()
    if insisting:
        await let_others_run()
        step.cancel()
    await let_others_run()
    go_on.set()
    await blocker
    with pytest.raises(asyncio.CancelledError):
        await step
    there = await world.look(order)
    assert (there.state, there.provider_order_id) == (OrderState.PENDING, "23501")
    assert await world.held() == 0


async def hold_the_orders(world: World, begin: asyncio.Event, end: asyncio.Event) -> None:
    """Keep everybody else from writing orders, from `begin` to `end`."""
    await begin.wait()
    pause = Pause()

    def hold(tx: Transaction) -> None:
        tx.execute(orders.update().values(card_message_id=1))
        pause(tx)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(world.database.write(hold))
        await end.wait()
        pause.end()


async def let_others_run() -> None:
    """Give a connection's thread and every task the time to come to where they wait."""
    for _ in range(20):
        await asyncio.sleep(0.005)


async def test_what_a_crash_left_half_way_is_unknown_after_the_restart(world: World) -> None:
    order = await world.order()
    waiting = await world.order(VISITS)
    world.line.before = crash
    with pytest.raises(SystemExit):
        await world.submitter.step()
    world.line.before = None
    assert (await world.look(order)).state is OrderState.SUBMITTING

    restarted = world.another_submitter()
    assert await restarted.recover(everything=True) == 1
    assert (await world.look(order)).state is OrderState.UNKNOWN
    assert (await world.look(waiting)).state is OrderState.QUEUED
    assert await world.told_admins() == ["sending_held", "unknown_order"]
    assert await restarted.recover(everything=True) == 0
    assert await world.told_admins() == ["sending_held", "unknown_order"]
    notes = [row.note for row in await world.rows(order_events) if row.order_id == order.id]
    assert notes[-1].startswith("the bot stopped while")
    assert await world.held() == order.price + waiting.price


async def crash(_: dict[str, str]) -> None:
    raise SystemExit


async def test_beside_other_processes_only_what_lost_its_lease_is_recovered(world: World) -> None:
    order = await world.order()
    world.line.before = crash
    with pytest.raises(SystemExit):
        await world.submitter.step()
    world.line.before = None
    other = world.another_submitter()
    assert await other.recover(everything=False) == 0
    world.pass_time(121)
    assert await other.recover(everything=False) == 1
    assert (await world.look(order)).state is OrderState.UNKNOWN
    assert (await world.look(order)).user_id == CUSTOMER
