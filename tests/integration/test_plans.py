"""No press and no step of a worker reads the past through: the plans of all their statements, with
50,000 orders.
"""

from collections.abc import AsyncIterator

import pytest

from handlers.callbacks import OrderCard, Orders, WalletPage
from playground.telegram.people import Person
from tests.factories.large_shop import RESELLER, Past, grow
from tests.harness.plans import Statements
from tests.harness.shop import Shop, open_shop
from tests.harness.walks import place
from tests.runtime.databases import ENGINES, fresh_url

PAST = Past(people=2_000, ended=49_500, active=500)


@pytest.fixture(params=ENGINES)
async def shop(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[Shop]:
    """A shop with a long past and one order that has just been made."""
    async with (
        fresh_url(request.param, tmp_path) as url,
        open_shop(tmp_path, database_url=url) as opened,
    ):
        ann = opened.person()
        await place(ann)
        await opened.work()
        for _ in range(12):
            await opened.work(6)
        await place(ann, link="https://example.com/another")
        await opened.work()
        await grow(opened.app.database, PAST, opened.clock(), ended=1, active=2)
        yield opened


async def test_no_statement_reads_the_past_through(shop: Shop) -> None:
    statements = Statements()
    with statements.listening(shop.app.database):
        await _presses(shop.person(RESELLER, "Ria"))
        await _admin(shop.admin)
        await _steps(shop)
        await _end_of_somebody(shop.person(RESELLER + 1, "Zoe"))
        await _prune(shop)
    assert len(statements.seen) > 100
    scans = await statements.scans(shop.app.database)
    assert not scans, "\n\n".join(scans)


async def _presses(person: Person) -> None:
    await person.say("/start")
    await place(person, link="https://example.com/third")
    await person.press("Refresh")
    for command in ("/orders", "/wallet", "/favourites", "/settings", "/help", "/mydata", "/mass"):
        await person.say(command)
    await person.say("/orders")
    await person.press("Done")
    for page in (
        Orders(done=1, page=50),
        Orders(done=0, page=5),
        WalletPage(page=50),
        OrderCard(order=1_000_010),
    ):
        await person.forge(page.pack(), person.last)


async def _admin(admin: Person) -> None:
    for command in (
        "/triage",
        "/balance",
        "/topups",
        "/payments",
        "/coupons",
        "/stats",
        "/users",
        "/costs",
    ):
        await admin.say(command)


async def _steps(shop: Shop) -> None:
    app = shop.app
    for _ in range(2):
        await shop.work(30)
    for worker in app.supervisor.workers:
        if worker.name != "backup":
            await worker.step()


async def _end_of_somebody(person: Person) -> None:
    await person.say("/delete_me")
    await person.press("Delete everything")
    assert "Everything about you is deleted" in person.last.text


async def _prune(shop: Shop) -> None:
    shop.clock.forward(days=400)
    (pruner,) = (worker for worker in shop.app.supervisor.workers if worker.name == "pruner")
    assert await pruner.step()
