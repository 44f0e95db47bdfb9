"""A claim gives each queued order to one worker, and a link's orders one after another."""

import asyncio
from datetime import timedelta

import pytest

from storage import Database, Transaction
from storage.enums import IN_WORK, OrderState
from storage.queries import catalogue, orders
from storage.rows import Order
from tests.factories.stock import ANN, BOB, NOW, add_order, service_row, stock
from tests.harness import claiming
from tests.harness.pause import Pause

LEASE = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    await stock(database)


async def claim(database: Database, now=NOW) -> Order | None:
    return await database.write(claiming.claim, now=now, owner="somebody", lease_until=LEASE)


async def move(database: Database, order_id: int, state: OrderState, **values) -> None:
    assert await database.write(orders.move, order_id, state, now=NOW, **values)


async def test_eight_workers_at_once_never_get_an_order_twice(database: Database) -> None:
    placed = [
        await add_order(database, link=f"https://example.com/{number}") for number in range(24)
    ]
    claimed: list[int] = []

    async def work() -> None:
        idle = 0
        while idle < 3:  # on PostgreSQL a row that somebody else holds is passed over
            order = await claim(database)
            idle = idle + 1 if order is None else 0
            claimed.extend([] if order is None else [order.id])

    await asyncio.gather(*(work() for _ in range(8)))
    assert sorted(claimed) == placed


async def test_eight_claims_at_once_of_one_links_orders_give_the_oldest_alone(
    database: Database,
) -> None:
    first, *_ = [await add_order(database) for _ in range(8)]
    claimed = await asyncio.gather(*(claim(database) for _ in range(8)))
    assert [order.id for order in claimed if order] == [first]


async def test_one_links_orders_come_in_order_of_arrival(database: Database) -> None:
    placed = [await add_order(database) for _ in range(3)]
    for expected in placed:
        order = await claim(database)
        assert order is not None
        assert (order.id, order.state) == (expected, OrderState.SUBMITTING)
        assert await claim(database) is None
        await move(database, order.id, OrderState.PENDING)
    assert await claim(database) is None


async def test_orders_of_different_links_are_under_way_together(database: Database) -> None:
    placed = [
        await add_order(database, link=f"https://example.com/{number}") for number in range(3)
    ]
    assert [order.id for order in [await claim(database) for _ in placed] if order] == placed


async def test_a_claim_passes_over_what_another_one_is_about_to_get(database: Database) -> None:
    if database.is_sqlite:  # one writer at a time
        return
    placed = [
        await add_order(database, link=f"https://example.com/{number}") for number in range(2)
    ]
    pause = Pause()

    def claim_first(tx: Transaction) -> Order | None:
        found = claiming.claim(tx, now=NOW, owner="somebody", lease_until=LEASE)
        pause(tx)
        return found

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        claiming_first = tasks.create_task(database.write(claim_first))
        await pause.reached.wait()
        second = await claim(database)
        pause.end()
    first = claiming_first.result()
    assert [order.id for order in (first, second) if order] == placed


async def test_an_order_is_not_claimed_before_its_time(database: Database) -> None:
    later = NOW + timedelta(seconds=60)
    placed = await add_order(database, not_before=later)
    assert await claim(database, later - timedelta(seconds=1)) is None
    order = await claim(database, later)
    assert order is not None
    assert order.id == placed


async def test_an_older_order_that_waits_holds_back_the_younger_ones_of_its_link(
    database: Database,
) -> None:
    later = NOW + timedelta(seconds=60)
    older = await add_order(database, not_before=later)
    younger = await add_order(database)
    other = await add_order(database, link="https://example.com/other")
    order = await claim(database)
    assert order is not None
    assert order.id == other
    assert await claim(database) is None
    order = await claim(database, later)
    assert order is not None
    assert order.id == older
    await move(database, older, OrderState.REJECTED)
    order = await claim(database, later)
    assert order is not None
    assert order.id == younger


async def test_an_order_put_back_goes_before_the_younger_ones(database: Database) -> None:
    older, _ = await add_order(database), await add_order(database)
    await claim(database)
    await move(database, older, OrderState.QUEUED, not_before=NOW + timedelta(seconds=60))
    assert await claim(database) is None
    order = await claim(database, NOW + timedelta(seconds=60))
    assert order is not None
    assert order.id == older


@pytest.mark.parametrize(
    "kinds", ["single single mass", "mass single single", "single mass single", "mass mass single"]
)
async def test_one_links_orders_keep_their_order_however_often_they_are_put_back(
    database: Database, kinds: str
) -> None:
    placed = [
        await add_order(database, mass_id=1 if kind == "mass" else None) for kind in kinds.split()
    ]
    sent: list[int] = []
    for minute in range(9):
        now = NOW + timedelta(minutes=minute)
        order = await claim(database, now)
        assert order is not None
        assert order.id == placed[len(sent)]
        assert await claim(database, now) is None, (
            "a second one of a link while the first is being sent"
        )
        if minute % 3 < 2:  # the link is busy: twice each
            later = now + timedelta(minutes=1)
            await move(database, order.id, OrderState.QUEUED, not_before=later, waiting="busy_link")
            assert await claim(database, later - timedelta(seconds=1)) is None, (
                "a younger one while the older waits"
            )
        else:
            await move(database, order.id, OrderState.PENDING)
            sent.append(order.id)
    assert sent == placed


async def test_a_single_order_of_another_link_passes_a_mass_order_that_came_first(
    database: Database,
) -> None:
    first = await add_order(database, mass_id=1)
    behind_it = await add_order(database)
    single = await add_order(database, link="https://example.com/other")
    claimed = [await claim(database) for _ in range(3)]
    assert [order and order.id for order in claimed] == [single, first, None]
    await move(database, first, OrderState.PENDING)
    order = await claim(database)
    assert order is not None
    assert order.id == behind_it


async def test_a_repeat_of_an_unknown_order_waits_for_two_minutes_by_itself(
    database: Database,
) -> None:
    """A provider may answer it with the first one's id."""
    await add_order(database, state=OrderState.UNKNOWN, changed_at=NOW)
    repeat = await add_order(database)
    for seconds in (0, 119):
        assert await claim(database, NOW + timedelta(seconds=seconds)) is None
    order = await claim(database, NOW + timedelta(seconds=120))
    assert order is not None
    assert order.id == repeat


async def test_a_repeat_goes_out_as_soon_as_the_unknown_order_is_known(database: Database) -> None:
    lost, repeat = await add_order(database, state=OrderState.UNKNOWN), await add_order(database)
    assert await claim(database) is None
    await move(database, lost, OrderState.PENDING, provider_order_id="9")
    order = await claim(database)
    assert order is not None
    assert order.id == repeat


@pytest.mark.parametrize("other", ["service", "link", "quantity"])
async def test_another_order_than_a_repeat_goes_past_an_unknown_one(
    database: Database, other: str
) -> None:
    await database.write(catalogue.add_services, [service_row("12")])
    await add_order(database, state=OrderState.UNKNOWN)
    changed = {
        "service": {"service_id": 2, "service_name": "Service 12"},
        "link": {"link": "https://example.com/2"},
        "quantity": {"quantity": 101},
    }
    placed = await add_order(database, **changed[other])
    order = await claim(database)
    assert order is not None
    assert order.id == placed


async def test_who_is_held_back_is_who_is_not_claimed(database: Database) -> None:
    async def held_back(order_id: int, now=NOW) -> bool:
        return await database.read(orders.is_held_back, order_id, now)

    lost = await add_order(database, state=OrderState.UNKNOWN)
    first, second = [await add_order(database) for _ in range(2)]
    assert await held_back(first)
    over = NOW + timedelta(seconds=120)
    assert not await held_back(first, over)
    assert await held_back(second, over)
    assert not await held_back(lost, over)
    order = await claim(database, over)
    assert order is not None
    assert order.id == first
    assert await held_back(second, over)
    await move(database, first, OrderState.PENDING)
    assert not await held_back(second, over)


async def test_what_runs_on_a_link_is_in_work_whoevers_it_is(database: Database) -> None:
    show, none, other = (f"https://example.com/{page}" for page in ("show", "none", "other"))
    running: dict[int, list[int]] = {ANN: [], BOB: []}
    for number, state in enumerate(sorted(OrderState)):
        whose = BOB if number % 2 else ANN
        link = show if state in IN_WORK else none
        placed = await add_order(database, state=state, user_id=whose, link=link)
        running[whose] += [placed] if state in IN_WORK else []
    elsewhere = await add_order(database, link=other)
    assert min(map(len, running.values())) > 1

    def transaction(tx):
        for whose, theirs in running.items():
            assert orders.own_in_work_on(tx, whose, [show, none]) == theirs[-1]
            assert orders.own_in_work_on(tx, whose, [show, none], but=theirs[-1]) == theirs[-2]
        assert orders.own_in_work_on(tx, BOB, [other]) is None
        assert orders.is_in_work_on(tx, [show, none])
        assert not orders.is_in_work_on(tx, [none])
        assert orders.is_in_work_on(tx, [other])
        assert not orders.is_in_work_on(tx, [other], but=elsewhere)
        assert orders.links_in_work(tx, [show, none, other]) == {show, other}

    await database.read(transaction)


async def test_an_older_order_in_any_other_state_holds_nobody_back(database: Database) -> None:
    for state in sorted(set(OrderState) - {OrderState.QUEUED, OrderState.SUBMITTING}):
        link = f"https://example.com/{state}"
        await add_order(database, state=state, link=link)
        younger = await add_order(database, link=link, quantity=101)
        order = await claim(database)
        assert order is not None, state
        assert order.id == younger


async def test_a_claim_keeps_its_time_and_its_lease(database: Database) -> None:
    await add_order(database)
    order = await claim(database)
    assert order is not None
    assert order.submitted_at == NOW

    def transaction(tx):
        assert orders.abandoned(tx, now=LEASE) == []
        assert orders.abandoned(tx, now=LEASE + timedelta(seconds=1)) == [order]
        assert orders.abandoned(tx, now=None) == [order]

    await database.read(transaction)


async def test_the_next_turn_is_that_of_the_earliest_queued_order(database: Database) -> None:
    assert (await database.read(orders.next_turn)) is None
    for seconds in (90, 30, 60):
        await add_order(database, not_before=NOW + timedelta(seconds=seconds))
    await add_order(database, state=OrderState.PENDING, not_before=NOW)
    assert (await database.read(orders.next_turn)) == NOW + timedelta(seconds=30)
