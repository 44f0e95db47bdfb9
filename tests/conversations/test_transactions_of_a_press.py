"""One press is at most two reads and one commit before its answer is on the screen, whatever it is
about.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from playground.telegram.people import Person
from storage.queries import fsm
from tests.harness.shop import Shop, open_shop
from tests.harness.transactions import Counts, counted, counting
from tests.harness.walks import open_service, place, to_quantity, to_summary
from tests.runtime.databases import ENGINES, fresh_url

Update = Callable[[Person], Awaitable[object]]


def press(label: str) -> Update:
    return lambda person: person.press(label)


def say(text: str) -> Update:
    return lambda person: person.say(text)


# In the order of one walk: each begins where the one before has ended.
WALK = [
    say("/start"),
    press("New order"),
    press("Try these first"),
    press("Podcast plays"),
    press("Favourites"),
    press("Order"),
    press("Back"),
    press("Order"),
    say("example.com/page"),
    say("100"),
    press("Skip"),
    press("Back"),
    say("200"),
    press("Skip"),
    press("Confirm"),
    press("Refresh"),
    press("Order again"),
    press("Cancel"),
    say("/orders"),
    press("#1"),
    press("Save as preset"),
    press("Podcast plays"),
    say("/favourites"),
    say("/wallet"),
    press("Top up"),
    say("/settings"),
    say("/mass"),
    say("24 | https://example.com/1 | 100\n24 | https://example.com/2 | 100"),
    press("Confirm"),
    say("/invite"),
    say("/language"),
    say("podcast"),
    say("/help"),
    say("/cancel"),
]


@pytest.fixture(params=ENGINES)
async def shop(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[Shop]:
    async with (
        fresh_url(request.param, tmp_path) as url,
        open_shop(tmp_path, database_url=url) as opened,
    ):
        await opened.person().say("/start")  # the first contact writes who has come, besides
        yield opened


async def test_every_update_is_two_reads_and_one_commit_at_most(shop: Shop) -> None:
    ann = shop.person()
    found: dict[int, Counts] = {}
    with counting(shop) as counter:
        for place_in_walk, update in enumerate(WALK):
            found[place_in_walk] = await counted(counter, update(ann))
    over = {
        number: counts for number, counts in found.items() if counts.reads > 2 or counts.commits > 1
    }
    assert not over
    assert all(counts.answered for counts in found.values())


async def test_confirm_is_twenty_statements_in_two_transactions(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    with counting(shop) as counter:
        counts = await counted(counter, ann.press("Confirm"))
    assert ann.last.text.startswith("Order #1 – 🕓 Queued")
    assert (counts.reads, counts.commits) == (1, 1)
    assert counts.statements <= 20


async def test_what_is_awaited_is_written_with_what_a_press_did_or_not_at_all(
    shop: Shop, monkeypatch
) -> None:
    """A commit that fails keeps neither; the question before it is still open."""
    ann = shop.person()
    await to_summary(ann)
    with monkeypatch.context() as patch:
        patch.setattr("storage.queries.fsm.save", _broken)
        await ann.press("Confirm")
    assert "something went wrong" in ann.toast
    assert await _rows(shop, "orders") == 0
    await ann.press("Confirm")
    assert "🕓 Queued" in ann.last.text
    assert await _rows(shop, "orders") == 1
    assert await _rows(shop, "fsm") == 0  # nothing is awaited any more
    await shop.check_money()


async def test_a_refused_confirm_leaves_the_question_open(tmp_path) -> None:
    async with open_shop(tmp_path, welcome_credit=0) as poor:
        ann = poor.person()
        await to_quantity(ann)
        await ann.say("100")
        draft = next(iter(await poor.app.database.read(_all_conversations)))
        await ann.forge("y:1")
        assert await poor.app.database.read(_all_conversations) == [draft]


async def test_a_form_that_opens_on_a_card_takes_the_card_away_in_the_same_commit(
    shop: Shop,
) -> None:
    ann = shop.person()
    await place(ann)
    with counting(shop) as counter:
        counts = await counted(counter, ann.press("Order again"))
    assert counts.commits == 1
    card = "SELECT count(*) FROM orders WHERE card_message_id IS NOT NULL"
    assert await shop.app.database.read(lambda tx: tx.exec_driver_sql(card).scalar_one()) == 0
    await open_service(ann)


def _broken(*_args: object) -> None:
    raise OSError("the disk is gone")


def _all_conversations(tx) -> list[object]:
    rows = tx.exec_driver_sql("SELECT key FROM fsm").fetchall()
    return [fsm.load(tx, row[0]) for row in rows]


async def _rows(shop: Shop, table: str) -> int:
    return await shop.app.database.read(
        lambda tx: tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
    )
