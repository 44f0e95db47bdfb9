"""The shop follows the provider's catalogue, and no short or empty answer ever empties it."""

from dataclasses import replace

import pytest

from storage.schema.catalogue import service_changes, services
from storage.schema.messages import notices
from tests.harness.world import (
    ADMINS,
    CATALOGUE,
    CUSTOMER,
    PLAYS,
    REVIEWS,
    VISITS,
    World,
    open_world,
)


async def seen(world: World) -> dict[str, list[str]]:
    """Give what a customer can browse: the services' names by category."""
    found = {}
    for category in await world.browser.categories(CUSTOMER):
        listed = await world.browser.services(CUSTOMER, category.id, page=0, size=50)
        assert len(listed) == category.services
        found[category.name] = [service.name for service in listed]
    return found


EVERYTHING = {
    "Podcasts": ["Podcast plays", "Video reviews"],
    "Websites": ["Website visits", "Launch package"],
}


async def test_a_first_look_brings_everything(world: World) -> None:
    assert await seen(world) == EVERYTHING
    assert await world.rows(service_changes) == []


async def test_a_second_look_at_the_same_changes_nothing(world: World) -> None:
    before = await world.rows(services)
    world.clock.forward(hours=1)
    found = await world.synchroniser.sync()
    assert found is not None
    assert (found.listed, found.added, found.changed, found.hidden, found.short) == (
        4,
        0,
        0,
        0,
        False,
    )
    assert await world.rows(services) == before


async def test_what_changed_is_kept_field_by_field(world: World) -> None:
    world.clock.forward(hours=1)
    world.provider.change_service(PLAYS, rate="2.50", max="20000", refill=False)
    found = await world.synchroniser.sync()
    assert found is not None
    assert found.changed == 1
    there = await world.service(PLAYS)
    assert (str(there.rate.normalize()), there.max, there.refill) == ("2.5", 20_000, False)
    changes = {row.field: (row.old, row.new) for row in await world.rows(service_changes)}
    assert set(changes) == {"rate", "max", "refill"}
    assert changes["max"] == ("10000", "20000")
    assert changes["refill"] == ("True", "False")
    assert {row.at for row in await world.rows(service_changes)} == {world.clock()}


async def test_a_new_service_is_added_to_its_category(world: World) -> None:
    new = {
        "service": "ord-15",
        "name": "Podcast saves",
        "type": "Default",
        "category": "Podcasts",
        "rate": 1.1,
        "min": 1,
        "max": 10,
    }
    world.provider.catalogue._raw["ord-15"] = new
    found = await world.synchroniser.sync()
    assert found is not None
    assert (found.listed, found.added) == (5, 1)
    assert (await seen(world))["Podcasts"][-1] == "Podcast saves"


async def test_a_service_that_is_gone_is_hidden_and_comes_back_as_the_same(world: World) -> None:
    before = await world.service(VISITS)
    raw = world.provider.catalogue._raw[VISITS]
    world.provider.change_service(VISITS, removed=True)
    found = await world.synchroniser.sync()
    assert found is not None
    assert found.hidden == 1
    assert (await seen(world))["Websites"] == ["Launch package"]
    again = await world.synchroniser.sync()
    assert again is not None
    assert (again.hidden, again.changed) == (0, 0)

    world.provider.catalogue._raw[VISITS] = raw
    found = await world.synchroniser.sync()
    assert found is not None
    assert (found.added, found.changed) == (0, 1)
    back = await world.service(VISITS)
    assert replace(back, position=before.position) == before  # the provider now lists it last


async def test_a_renamed_category_takes_its_services_along(world: World) -> None:
    before = await world.service(PLAYS)
    for service in (PLAYS, REVIEWS):
        world.provider.change_service(service, category="Podcasts &amp; video")
    await world.synchroniser.sync()
    assert set(await seen(world)) == {"Podcasts & video", "Websites"}
    after = await world.service(PLAYS)
    assert (after.id, after.category) == (before.id, "Podcasts & video")


async def test_a_category_order_follows_the_provider(world: World) -> None:
    for service in reversed(CATALOGUE):
        raw = world.provider.catalogue._raw.pop(str(service["service"]))
        world.provider.catalogue._raw[str(service["service"])] = raw
    await world.synchroniser.sync()
    assert list(await seen(world)) == ["Websites", "Podcasts"]


def only(world: World, *wanted: str) -> None:
    """Have the provider list only these services."""
    for service in list(world.provider.catalogue._raw):
        if service not in wanted:
            world.provider.change_service(service, removed=True)


async def test_an_empty_answer_never_empties_the_shop(world: World) -> None:
    world.provider.fault("catalogue_empty", times=0)
    for _ in range(5):
        found = await world.synchroniser.sync()
        assert found is None or (found.hidden == 0 and found.short)
    assert await seen(world) == EVERYTHING
    assert "short_catalogue" in await world.told_admins()


NONE_AT_ALL = ["html_502", "empty", "null", "garbage", "bad_key", "hang_before", "status_error"]
USELESS = [
    "[1, 2]",
    '[{"service": 1}]',
    '[{"name": "x"}]',
    '{"status": "success", "data": "Empty Data"}',
    "[{}]",
]


async def test_no_catalogue_is_no_empty_catalogue(world: World) -> None:
    for fault in NONE_AT_ALL:
        world.provider.fault(fault, "services", times=2)
        assert await world.synchroniser.sync() is None, fault
        assert await world.synchroniser.sync() is None, fault
    assert await seen(world) == EVERYTHING
    assert await world.told_admins() == []


async def test_a_catalogue_of_useless_entries_hides_nothing(world: World) -> None:
    for body in USELESS:
        world.line.says["services"] = body
        await world.synchroniser.sync()
        await world.synchroniser.sync()
    assert await seen(world) == EVERYTHING


async def test_a_short_answer_hides_nothing_at_first_and_is_believed_the_second_time(
    world: World,
) -> None:
    only(world, PLAYS)
    first = await world.synchroniser.sync()
    assert first is not None
    assert (first.short, first.hidden) == (True, 0)
    assert await seen(world) == EVERYTHING
    assert await world.told_admins() == ["short_catalogue"]
    second = await world.synchroniser.sync()
    assert second is not None
    assert (second.short, second.hidden) == (False, 3)
    assert await seen(world) == {"Podcasts": ["Podcast plays"]}
    assert await world.told_admins() == ["short_catalogue"]


async def test_short_answers_with_a_whole_one_between_are_each_the_first(world: World) -> None:
    whole = dict(world.provider.catalogue._raw)
    for _ in range(3):
        only(world, PLAYS)
        found = await world.synchroniser.sync()
        assert found is not None
        assert found.short
        world.provider.catalogue._raw = dict(whole)
        await world.synchroniser.sync()
    assert await seen(world) == EVERYTHING


async def test_an_empty_answer_after_a_short_one_is_not_the_second_short_one(world: World) -> None:
    only(world, PLAYS)
    await world.synchroniser.sync()
    world.provider.fault("catalogue_empty")
    await world.synchroniser.sync()
    assert await seen(world) == EVERYTHING


async def test_what_is_short_still_brings_its_news(world: World) -> None:
    only(world, PLAYS)
    world.provider.change_service(PLAYS, rate="4")
    await world.synchroniser.sync()
    assert (await world.service(PLAYS)).rate == 4
    assert await seen(world) == EVERYTHING


async def test_what_nobody_can_buy_is_not_shown(world: World) -> None:
    world.provider.change_service(PLAYS, rate="99999999")
    world.provider.change_service(REVIEWS, name="=====[ REVIEWS ]=====")
    world.provider.change_service(VISITS, type="Special")
    await world.synchroniser.sync()
    assert await seen(world) == {"Websites": ["Launch package"]}
    admins = [
        service.name for service in await world.browser.services(ADMINS[0], 2, page=0, size=9)
    ]
    assert admins == ["Website visits", "Launch package"]


@pytest.mark.parametrize("dialect", ["documented", "snake", "numeric", "strict"])
async def test_every_dialects_catalogue_is_the_same_shop(database, dialect: str) -> None:
    async with open_world(database, dialect=dialect) as world:
        assert await seen(world) == EVERYTHING
        plays, reviews = await world.service(PLAYS), await world.service(REVIEWS)
        assert (plays.type, plays.rate, plays.min, plays.max, plays.dripfeed) == (
            "default",
            2,
            10,
            10_000,
            True,
        )
        assert (reviews.type, reviews.dripfeed) == ("custom_comments", False)
        found = await world.synchroniser.sync()
        assert found is not None
        assert (found.added, found.changed, found.hidden) == (0, 0, 0)


async def test_the_admin_who_asked_is_told_and_nobody_else(world: World) -> None:
    await world.synchroniser.request(ADMINS[1])
    assert world.bells.sync.is_set()
    await world.synchroniser.sync()
    await world.synchroniser.sync()
    assert (await world.told(ADMINS[0]), await world.told(ADMINS[1])) == ([], ["synced"])
    await world.synchroniser.request(ADMINS[1])
    world.provider.fault("html_502", "services")
    await world.synchroniser.sync()
    assert await world.told(ADMINS[1]) == ["synced", "sync_failed"]
    (synced, _) = await world.rows(notices)
    assert synced.payload == {"listed": 4, "added": 0, "changed": 0, "hidden": 0}
