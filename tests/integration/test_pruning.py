"""What is over goes after a while, a batch at a time; orders and what hangs on them stay."""

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import insert, update

from shop.fulfilment.evidence import EvidenceKind
from shop.operations import pruning
from shop.operations.pruning import Pruner
from storage import Database, Transaction
from storage.enums import OrderState
from storage.queries import drafts, evidence, fsm, notices
from storage.schema.catalogue import service_changes
from storage.schema.messages import facts
from storage.schema.messages import fsm as fsm_rows
from storage.schema.messages import notices as notice_rows
from storage.schema.operations import evidence as evidence_rows
from storage.schema.operations import updates as update_rows
from storage.schema.orders import drafts as draft_rows
from storage.schema.orders import order_events, orders
from tests.factories.stock import ANN, NOW, add_order, stock
from tests.harness.clock import Clock
from tests.harness.world import World, check_money, rows_of

KEEP, HISTORY = timedelta(days=30), timedelta(days=180)


@pytest.fixture(autouse=True)
async def _stocked(request: pytest.FixtureRequest, database: Database) -> None:
    if "world" not in request.fixturenames:
        await stock(database)


@pytest.fixture
def pruner(database: Database, monkeypatch: pytest.MonkeyPatch) -> Pruner:
    monkeypatch.setattr(pruning, "_BATCH", 3)
    clock = Clock()
    clock.now = NOW + KEEP + timedelta(hours=1)
    return Pruner(database, KEEP, HISTORY, clock)


async def prune(pruner: Pruner) -> int:
    """Have it done, and return how many batches that took."""
    batches = 1
    while await pruner.step():
        batches += 1
    return batches


async def test_what_was_said_goes_and_what_waits_stays(database: Database, pruner: Pruner) -> None:
    def say(tx) -> None:
        for number in range(1, 9):
            notices.add(tx, user_id=ANN, kind="order", now=NOW)
            if number not in {2, 7}:
                late = timedelta(hours=2) if number == 8 else timedelta(0)
                notices.finish(tx, [number], NOW + late, "said")

    await database.write(say)
    assert await prune(pruner) == 2
    assert [row.id for row in await rows_of(database, notice_rows)] == [2, 7, 8]


async def test_drafts_that_became_no_order_go(database: Database, pruner: Pruner) -> None:
    ordered = await add_order(database)
    (kept,) = [row.draft_id for row in await rows_of(database, orders) if row.id == ordered]

    def begin(tx, count: int, later: timedelta = timedelta(0)) -> None:
        for _ in range(count):
            drafts.create(tx, user_id=ANN, service_id=1, fields={}, now=NOW + later)

    await database.write(begin, 7)
    await database.write(begin, 1, timedelta(hours=2))
    young = max(row.id for row in await rows_of(database, draft_rows))
    assert await prune(pruner) == 3
    assert [row.id for row in await rows_of(database, draft_rows)] == [kept, young]
    pruner.clock.forward(hours=3)
    await prune(pruner)
    assert [row.id for row in await rows_of(database, draft_rows)] == [kept]


async def test_where_there_is_nothing_to_do_nothing_is_written(
    database: Database, pruner: Pruner
) -> None:
    await prune(pruner)
    assert not await pruner.step()


async def test_conversations_in_which_nothing_was_said_for_long_go(
    database: Database, pruner: Pruner
) -> None:
    def talk(tx: Transaction) -> None:
        for person in range(7):
            fsm.save(tx, f"fsm:{person}:{person}:default", ("Asking:answer", {"draft": person}))
        tx.execute(update(fsm_rows).where(fsm_rows.c.user_id != 5).values(changed_at=NOW))
        tx.execute(
            update(fsm_rows).where(fsm_rows.c.user_id == 5).values(changed_at=pruner.clock())
        )

    await database.write(talk)
    assert await prune(pruner) == 3
    assert [row.key for row in await rows_of(database, fsm_rows)] == ["fsm:5:5:default"]


async def test_updates_that_telegram_sends_no_more_go(database: Database, pruner: Pruner) -> None:
    at = {1: NOW, 2: NOW, 3: pruner.clock() - timedelta(hours=47), 4: None}

    def come(tx: Transaction) -> None:
        for number, done_at in at.items():
            tx.execute(
                insert(update_rows).values(id=number, owner="a process", until=NOW, done_at=done_at)
            )

    await database.write(come)
    await prune(pruner)
    assert [row.id for row in await rows_of(database, update_rows)] == [3]


async def test_an_order_that_ended_long_ago_says_no_more_how_it_came_about(world: World) -> None:
    """What the audit holds it against stays, and the books agree as before."""
    world.line.says["add"] = httpx.ReadTimeout("the answer was lost")
    lost = await world.order(link="https://example.com/lost")
    await world.submit()
    del world.line.says["add"]
    assert (await world.look(lost)).state is OrderState.UNKNOWN
    order = await world.accepted()
    assert len(await world.rows(evidence_rows)) == 1
    for _ in range(80):
        await world.later(600)
    ended = await world.look(order)
    assert ended.state is OrderState.COMPLETED
    before = [row for row in await world.rows(order_events) if row.order_id == order.id]
    pruner = Pruner(world.database, KEEP, HISTORY, world.clock)
    world.clock.forward(days=179)
    await prune(pruner)
    assert [row for row in await world.rows(order_events) if row.order_id == order.id] == before
    world.clock.forward(days=2)
    await prune(pruner)
    events = [row for row in await world.rows(order_events) if row.order_id == order.id]
    assert len(events) < len(before)
    assert [row.state for row in events] == ["pending", "completed"]
    assert f" as {ended.provider_order_id}" in events[0].note
    (form,) = [row for row in await world.rows(draft_rows) if row.id == ended.draft_id]
    assert form.fields == {}
    assert form.quote == {"price": ended.price, "min": 10, "max": 10_000}
    assert await world.look(order) == ended
    # of that one nobody is sure yet
    assert [row.order_id for row in await world.rows(evidence_rows)] == [lost.id]
    await check_money(world.database)


async def test_an_order_that_reopens_is_looked_at_once_more(
    database: Database, pruner: Pruner
) -> None:
    pruner.clock.forward(days=180)

    def end(tx: Transaction, order_id: int, at: datetime) -> None:
        for state in (OrderState.IN_PROGRESS, OrderState.COMPLETED):
            tx.execute(insert(order_events).values(order_id=order_id, state=state, note="", at=at))
        tx.execute(
            update(orders).where(orders.c.id == order_id).values(state="completed", changed_at=at)
        )

    made = [await add_order(database, state=OrderState.QUEUED) for _ in range(4)]
    for order_id in made:
        await database.write(end, order_id, NOW)
    await prune(pruner)
    assert [row.state for row in await rows_of(database, order_events)] == ["completed"] * 4
    await database.write(end, made[0], NOW + timedelta(hours=1))
    await prune(pruner)
    assert [row.state for row in await rows_of(database, order_events)] == ["completed"] * 5
    pruner.clock.forward(days=1)
    before = await rows_of(database, facts)
    assert not await pruner.step()
    assert await rows_of(database, facts) == before


async def test_what_an_admin_has_decided_stays(database: Database, pruner: Pruner) -> None:
    pruner.clock.forward(days=180)
    order_id = await add_order(database, state=OrderState.COMPLETED)
    asked = await add_order(database, state=OrderState.COMPLETED, unclear_since=NOW)

    def find(tx: Transaction) -> None:
        for kind in EvidenceKind:
            evidence.add(tx, order_id, kind, {"said": "the provider's words"}, NOW)
        evidence.add(tx, asked, EvidenceKind.UNCLEAR, {}, NOW)

    await database.write(find)
    await prune(pruner)
    found = [(row.order_id, row.kind) for row in await rows_of(database, evidence_rows)]
    assert set(found) == {
        *((order_id, kind) for kind in ("verdict", "refund", "taken_back")),
        (asked, "unclear"),
    }


async def test_what_the_catalogue_changed_long_ago_goes(database: Database, pruner: Pruner) -> None:
    pruner.clock.forward(days=180)
    at = [NOW] * 7 + [pruner.clock() - timedelta(days=179)] * 2

    def change(tx: Transaction) -> None:
        rows = [
            {"service_id": 1, "field": "rate", "old": "1", "new": "2", "at": when} for when in at
        ]
        tx.execute(insert(service_changes), rows)

    await database.write(change)
    assert await prune(pruner) == 3
    assert [row.id for row in await rows_of(database, service_changes)] == [8, 9]
