"""What is over goes after a while, a batch at a time; orders and what hangs on them stay."""

from datetime import timedelta

import pytest

from shop import pruning
from shop.pruning import Pruner
from storage import Database, drafts, notices
from storage.tables import drafts as draft_rows
from storage.tables import notices as notice_rows
from storage.tables import orders
from tests.support.clock import Clock
from tests.support.stock import ANN, NOW, add_order, stock
from tests.support.world import rows_of

KEEP = timedelta(days=30)


@pytest.fixture(autouse=True)
async def _stocked(database: Database) -> None:
    await stock(database)


@pytest.fixture
def pruner(database: Database, monkeypatch: pytest.MonkeyPatch) -> Pruner:
    monkeypatch.setattr(pruning, "_BATCH", 3)
    clock = Clock()
    clock.now = NOW + KEEP + timedelta(hours=1)
    return Pruner(database, KEEP, clock)


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


async def test_where_there_is_nothing_to_do_nothing_is_written(database: Database, pruner: Pruner) -> None:
    await prune(pruner)
    assert not await pruner.step()
