"""What of the provider's catalogue and balance can't be read is counted and told, once, and hides
nothing by itself.
"""

import json
from typing import Any

import pytest

from shop.provider.balance import BalanceWatch
from storage.schema.messages import notices
from tests.harness.world import ADMINS, CATALOGUE, CUSTOMER, PLAYS, REVIEWS, VISITS, World


def listed(world: World, *changed: dict[str, Any], every: dict[str, Any] | None = None) -> None:
    """Have the provider list its services with some fields as they are written here; others come at
    the end.
    """
    by_id = {str(one["service"]): dict(one) | (every or {}) for one in CATALOGUE}
    more = [one for one in changed if str(one.get("service")) not in by_id]
    for one in changed:
        by_id.get(str(one.get("service")), {}).update(one)
    world.line.says["services"] = json.dumps([*by_id.values(), *more])


async def sold(world: World) -> set[str]:
    found = set()
    for category in await world.browser.categories(CUSTOMER):
        found |= {
            one.provider_id
            for one in await world.browser.services(CUSTOMER, category.id, page=0, size=50)
        }
    return found


EVERYTHING = {str(one["service"]) for one in CATALOGUE}


async def test_what_is_left_out_is_told_when_it_changes_and_not_again(world: World) -> None:
    listed(world, {"service": 15, "rate": "free", "name": "A <b>gift</b>"})
    found = await world.synchroniser.sync()
    assert found is not None
    assert (found.listed, found.flaws.left_out, found.hidden) == (4, 1, 0)
    assert await world.told_admins() == ["left_out"]
    payload = (await world.rows(notices))[0].payload
    assert payload == {
        "left_out": 1,
        "limits": 0,
        "lines": [{"flaw": "rate", "id": "15", "name": "A gift", "said": "free"}],
    }
    for rate in ("free", "gratis", "1,000"):  # the same entry: no news, whatever stands there
        listed(world, {"service": 15, "rate": rate})
        await world.synchroniser.sync()
    assert await world.told_admins() == ["left_out"]
    listed(world, {"service": 15, "rate": "free"}, {"service": 16, "rate": ""})
    await world.synchroniser.sync()
    assert await world.told_admins() == ["left_out"] * 2
    listed(world)
    await world.synchroniser.sync()
    assert await world.told_admins() == ["left_out"] * 2
    listed(world, {"service": 15, "rate": "free"})
    await world.synchroniser.sync()
    assert await world.told_admins() == ["left_out"] * 3
    assert await sold(world) == EVERYTHING


async def test_who_asks_reads_it_in_the_answer_and_not_twice(world: World) -> None:
    listed(world, {"service": 15, "rate": "free"}, {"service": VISITS, "max": "10.000"})
    await world.synchroniser.request(ADMINS[1])
    await world.synchroniser.sync()
    assert (await world.told(ADMINS[0]), await world.told(ADMINS[1])) == (["left_out"], ["synced"])
    await world.synchroniser.request(ADMINS[0])
    await world.synchroniser.sync()
    assert await world.told(ADMINS[0]) == ["left_out", "synced"]
    payload = (await world.rows(notices))[-1].payload
    assert (payload["left_out"], payload["limits"], len(payload["lines"])) == (1, 1, 2)


async def test_a_service_without_a_readable_rate_is_not_sold(world: World) -> None:
    """Nobody knows what it costs now."""
    listed(world, {"service": PLAYS, "rate": "1,000"})
    found = await world.synchroniser.sync()
    assert found is not None
    assert (found.hidden, found.flaws.first[0].id) == (1, PLAYS)
    assert await sold(world) == EVERYTHING - {PLAYS}


async def test_a_limit_that_cannot_be_read_is_none(world: World) -> None:
    listed(
        world,
        {"service": VISITS, "min": "1.000", "max": "100.000"},
        {"service": PLAYS, "min": "1,000", "max": "1M"},
    )
    await world.synchroniser.sync()
    visits, plays = await world.service(VISITS), await world.service(PLAYS)
    assert (visits.min, visits.max, visits.sold) == (0, 0, True)
    assert (plays.min, plays.max) == (1000, 1_000_000)
    assert await sold(world) == EVERYTHING


@pytest.mark.parametrize("readable", [0, 1, 2])
async def test_a_catalogue_that_can_mostly_not_be_read_hides_nothing_however_often(
    world: World, readable: int
) -> None:
    """As when a provider begins to write its rates in another way."""
    kept = [{"service": key, "rate": "2"} for key in (PLAYS, VISITS)[:readable]]
    listed(world, *kept, every={"rate": "1,000 per K"})
    for _ in range(4):
        found = await world.synchroniser.sync()
        assert found is not None
        assert (found.hidden, found.short) == (0, True)
    assert await sold(world) == EVERYTHING
    assert await world.told_admins() == ["short_catalogue", "left_out"]
    listed(world)
    await world.synchroniser.sync()
    assert await sold(world) == EVERYTHING


async def test_a_mostly_unreadable_answer_is_no_first_short_one(world: World) -> None:
    listed(world, {"service": PLAYS, "rate": "2"}, every={"rate": "free"})
    await world.synchroniser.sync()
    world.line.says["services"] = json.dumps(
        [one for one in CATALOGUE if str(one["service"]) == PLAYS]
    )
    found = await world.synchroniser.sync()
    assert found is not None
    assert (found.hidden, found.short) == (0, True)


async def test_entries_that_stand_there_twice_have_been_read(world: World) -> None:
    twice = [one for one in CATALOGUE if str(one["service"]) != REVIEWS] * 2
    world.line.says["services"] = json.dumps(twice)
    found = await world.synchroniser.sync()
    assert found is not None
    assert (found.listed, found.hidden, found.flaws.left_out) == (3, 1, 3)


async def watching(world: World) -> BalanceWatch:
    return BalanceWatch(world.database, world.panel, ADMINS, bells=world.bells, clock=world.clock)


async def test_an_unreadable_balance_is_told_once_and_is_no_absence(world: World) -> None:
    watch = await watching(world)
    await watch.refresh()
    before = await watch.last()
    world.line.says["balance"] = '{"balance": "unlimited", "currency": "USD"}'
    for _ in range(5):
        await watch.refresh()
    assert await world.told_admins() == ["balance_unreadable"]
    assert await watch.last() == before
    await watch.request(ADMINS[0])
    await watch.refresh()
    assert await world.told(ADMINS[0]) == ["balance_unreadable"] * 2
    assert await world.told(ADMINS[1]) == ["balance_unreadable"]
    del world.line.says["balance"]
    await watch.refresh()
    world.line.says["balance"] = '{"balance": "1,000"}'
    await watch.refresh()
    assert await world.told(ADMINS[1]) == ["balance_unreadable"] * 2


async def test_a_provider_that_answers_with_words_is_back(world: World) -> None:
    watch = await watching(world)
    world.line.cut = True
    for _ in range(3):
        await watch.refresh()
    assert await world.told_admins() == ["unreachable"]
    world.line.cut = False
    world.line.says["balance"] = '{"balance": "unlimited"}'
    await watch.refresh()
    world.line.cut = True
    for _ in range(2):
        await watch.refresh()
    assert await world.told_admins() == ["unreachable", "balance_unreadable"]
    await watch.refresh()
    assert await world.told_admins() == ["unreachable", "balance_unreadable", "unreachable"]


async def test_who_has_asked_for_an_unreadable_balance_is_told_once(world: World) -> None:
    watch = await watching(world)
    world.line.says["balance"] = '{"balance": "unlimited"}'
    await watch.request(ADMINS[0])
    await watch.refresh()
    assert await world.told_admins() == ["balance_unreadable"]
    (asked, other) = await world.rows(notices)
    assert asked.payload == other.payload == {"text": "unlimited", "in_work": 0}


@pytest.mark.parametrize(
    ("written", "amount"),
    [("$12.5", "12.5"), ("1,234,567.80", "1234567.80"), ("1.234,50 €", "1234.50")],
)
async def test_a_balance_as_people_write_it(world: World, written: str, amount: str) -> None:
    watch = await watching(world)
    world.line.says["balance"] = json.dumps({"balance": written, "currency": "USD"})
    await watch.refresh()
    last = await watch.last()
    assert last is not None
    assert str(last.amount) == amount
