"""Due orders are read a page at a time, and each of them is asked for once."""

from collections import Counter
from datetime import timedelta

import pytest

from shop.fulfilment import due_orders
from shop.fulfilment.due_orders import DueOrders
from storage import Database
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.queries import orders
from storage.schema.orders import order_parts
from storage.schema.orders import orders as table
from tests.factories.stock import NOW, add_order, stock
from tests.harness.world import World
from tests.integration.test_sweeps_and_looks import asked, many

AGES = [
    timedelta(),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=5),
    timedelta(hours=30),
    timedelta(days=40),
]


async def placed(
    database: Database, state: OrderState, age: timedelta, *, parts: str | None = None
) -> int:
    """Write an order that changed so long ago; with `parts`, one of its parts in this state."""
    order_id = await add_order(database, state=state, now=NOW - age)

    def transaction(tx) -> None:
        tx.execute(
            table.update().where(table.c.id == order_id).values(provider_order_id=f"p{order_id}")
        )
        if parts is not None:
            tx.execute(
                order_parts.insert().values(
                    order_id=order_id,
                    provider_order_id=f"r{order_id}",
                    number=1,
                    state=parts,
                    status_text="",
                    first_seen_at=NOW,
                    changed_at=NOW,
                )
            )

    await database.write(transaction)
    return order_id


async def taken(due: DueOrders, count: int) -> list[list[int]]:
    found = []
    while batch := await due.take(count):
        found.append([row.id for row in batch])
    return found


@pytest.mark.parametrize("page", [1, 2, 3, 1_000])
async def test_every_order_is_given_once_whatever_the_page(
    database: Database, monkeypatch, page: int
) -> None:
    monkeypatch.setattr(due_orders, "_PAGE", page)
    await stock(database)
    in_work = [
        await placed(database, state, age)
        for state in sorted(AT_PROVIDER)
        for age in AGES
        for _ in range(2)
    ]
    ended = [
        await placed(database, state, age) for state in sorted(ENDED_AT_PROVIDER) for age in AGES
    ]
    parent = await placed(database, OrderState.COMPLETED, timedelta(days=40), parts="in_progress")
    both = await placed(database, OrderState.PARTIAL, timedelta(hours=5), parts="pending")
    await placed(database, OrderState.QUEUED, timedelta())
    await placed(database, OrderState.PENDING, timedelta(days=366))
    due = DueOrders(database, "", range(240), NOW)
    batches = await taken(due, 7)
    recent = [
        number
        for number, age in zip(ended, AGES * len(ENDED_AT_PROVIDER), strict=True)
        if age <= timedelta(days=3)
    ]
    assert Counter(number for batch in batches for number in batch) == Counter(
        [*in_work, *recent, parent, both]
    )
    assert {len(batch) for batch in batches[:-1]} == {7}
    assert due.taken == len(in_work) + len(recent) + 2


async def test_what_changes_while_a_sweep_goes_on_is_left_to_the_next(
    database: Database, monkeypatch
) -> None:
    monkeypatch.setattr(due_orders, "_PAGE", 2)
    await stock(database)
    numbers = [
        await placed(database, OrderState.PENDING, timedelta(minutes=age))
        for age in range(10, 4, -1)
    ]
    due = DueOrders(database, "", range(1), NOW)
    first = [row.id for row in await due.take(2)]
    later = NOW + timedelta(seconds=1)
    await database.write(orders.move, numbers[-1], OrderState.IN_PROGRESS, now=later)
    rest = [number for batch in await taken(due, 2) for number in batch]
    assert first + rest == numbers[:-1]


async def test_a_batch_that_fails_does_not_keep_the_others_from_being_asked(
    world: World, monkeypatch
) -> None:
    monkeypatch.setattr(due_orders, "_PAGE", 150)
    ids = await many(world, 950)
    batch, failed = world.tracker._batch, []

    async def fail_once(*given) -> set[int]:
        if not failed:
            failed.append(given)
            raise RuntimeError("a row that nobody can read")
        return await batch(*given)

    monkeypatch.setattr(type(world.tracker), "_batch", lambda _, *given: fail_once(*given))
    with pytest.raises(RuntimeError, match="a row that nobody can read"):
        await world.tracker.sweep()
    assert len(asked(world)) == 850
    await world.tracker.sweep()
    assert asked(world).keys() == set(ids)
