"""Margin rules in the database: one about each thing, known to every process, and bound by what a
summary showed.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from playground.provider.orders import Fixed
from shop.access import Access, Billing
from shop.catalogue.margins import Margins, Numbers
from shop.catalogue.pricing import HOUSE, Prices, Scope
from shop.errors import BadAnswerError, NotFoundError, QuoteChangedError
from storage.schema.catalogue import margins as table
from storage.schema.messages import facts
from tests.harness.world import ADMINS, PLAYS, VISITS, World

OLGA = ADMINS[0]
QUARTER = Numbers(Decimal(25))


def shop_of(world: World, prices: Prices | None = None) -> Margins:
    """Make a process's margins; they price the world's orders unless `prices` are given."""
    return Margins(
        world.database, world.access, world.assortment, prices or world.prices, world.clock
    )


async def test_a_rule_counts_at_once_and_elsewhere_after_a_look(world: World) -> None:
    here, elsewhere = shop_of(world), shop_of(world, Prices(Decimal(50)))
    plays = await world.service()
    assert here.prices.listed(plays) == 3_000_000
    await here.save(OLGA, Scope.GLOBAL, "", QUARTER)
    assert here.prices.listed(plays) == 2_500_000
    assert elsewhere.prices.listed(plays) == 3_000_000
    await elsewhere.load()
    assert elsewhere.prices.listed(plays) == 2_500_000


async def test_there_is_one_rule_about_each_thing(world: World) -> None:
    margins = shop_of(world)
    for percent in ("1", "0.5", "30"):
        await margins.save(
            OLGA, Scope.CATEGORY, "Pod*", Numbers(Decimal(percent), 100_000, 200_000)
        )
    (row,) = await world.rows(table)
    assert (row.percent, row.fixed, row.minimum, row.set_by) == (
        Decimal(30),
        100_000,
        200_000,
        OLGA,
    )
    assert await margins.remove(row.id) == (True, [])
    assert await margins.remove(row.id) == (False, [])
    assert margins.prices.listed(await world.service()) == 3_000_000
    with pytest.raises(NotFoundError):
        await margins.rule(row.id)


async def test_rules_are_listed_in_the_order_in_which_they_are_asked(world: World) -> None:
    margins = shop_of(world)
    plays = await world.service()
    for scope, about in (
        (Scope.GLOBAL, ""),
        (Scope.CATEGORY, "Pod*"),
        (Scope.CATEGORY, "Podcas*"),
        (Scope.SERVICE, str(plays.id)),
    ):
        await margins.save(OLGA, scope, about, QUARTER)
    listed = await margins.everything()
    assert [one.rule.about for one in listed] == [str(plays.id), "Podcas*", "Pod*", ""]
    assert [one.service for one in listed] == [plays, None, None, None]


async def test_a_summary_binds_confirm_when_a_rule_changes_in_between(world: World) -> None:
    draft = await world.draft()
    await world.ordering.form(501, draft)
    await shop_of(world).save(OLGA, Scope.GLOBAL, "", QUARTER)
    with pytest.raises(QuoteChangedError):
        await world.ordering.submit(501, draft)
    form = await world.ordering.form(501, draft)
    assert (form.changed.price, form.price) == (300_000, 250_000)
    assert (await world.ordering.submit(501, draft)).order.price == 250_000


async def test_a_preview_touches_what_the_rule_would_price(world: World) -> None:
    margins = shop_of(world)
    plays = await world.service()
    await margins.save(OLGA, Scope.SERVICE, str(plays.id), QUARTER)
    found = await margins.preview(margins.draft(OLGA, Scope.GLOBAL, "", Numbers(Decimal(100))))
    assert found.touched == 3
    # the cheapest first
    assert [service.provider_id for service in found.examples] == [VISITS, "13", "14"]
    visits = found.examples[0]
    assert (found.now.listed(visits), found.then.listed(visits)) == (750_000, 1_000_000)
    assert margins.prices.listed(visits) == 750_000  # nothing is saved
    found = await margins.preview(margins.draft(OLGA, Scope.CATEGORY, "pod*", QUARTER))
    assert (found.touched, list(found.categories)) == (1, ["Podcasts"])
    kept = (await margins.everything())[0].rule
    found = await margins.preview(kept)
    assert (found.now.listed(plays), found.then.listed(plays)) == (3_000_000, 2_500_000)


async def test_a_service_is_found_by_the_providers_id_and_by_a_link(world: World) -> None:
    margins = shop_of(world)
    plays = await world.service()
    links = (f"https://t.me/shop_bot?start=s_{plays.id}", f"s_{plays.id}")
    for text in (PLAYS, f" #{PLAYS} ", "١١", *links):
        assert await margins.service(text) == plays
    for text in ("", "nonsense", "s_999", "\x00", "9" * 5_000):
        with pytest.raises(BadAnswerError):
            await margins.service(text)
    with pytest.raises(NotFoundError):
        await margins.preview(margins.draft(OLGA, Scope.SERVICE, "999", Numbers()))


async def test_a_pattern_has_to_fit_something(world: World) -> None:
    margins = shop_of(world)
    assert await margins.pattern("  Pod*  ") == "Pod*"
    for text in ("", "Pod", "x" * 101, "*" * 200, "Nothing*"):
        with pytest.raises(BadAnswerError):
            await margins.pattern(text)


async def test_a_change_ends_every_alert_of_a_leak(world: World) -> None:
    order = await world.accepted()
    held = world.provider.book.orders[int(order.provider_order_id)]
    held.net, held.fixed = Decimal(9), Fixed("In progress", 50)
    await world.later(100)
    assert (await world.told_admins()).count("margin_leak") == 1
    assert any(row.name.startswith("alert:margin_leak:") for row in await world.rows(facts))
    await shop_of(world).save(OLGA, Scope.GLOBAL, "", QUARTER)
    assert not any(row.name.startswith("alert:margin_leak") for row in await world.rows(facts))


async def test_a_house_has_no_margins(world: World) -> None:
    await shop_of(world).save(OLGA, Scope.GLOBAL, "", QUARTER)
    house = replace(shop_of(world, HOUSE), access=Access(billing=Billing.HOUSE))
    await house.load()
    assert HOUSE.rules.in_order() == []
    for refused in (house.everything(), house.rule(1), house.remove(1), house.service(PLAYS)):
        with pytest.raises(NotFoundError):
            await refused
    assert len(await world.rows(table)) == 1
