"""What admins say of types that nobody knows, as rows."""

import pytest

from shop.catalogue.service_types import TypeMappings, label_key
from shop.errors import NotFoundError
from storage.queries import type_mappings
from storage.schema.catalogue import service_changes, services
from storage.schema.catalogue import type_mappings as table
from storage.schema.messages import notices
from tests.harness.world import ADMINS, PLAYS, REVIEWS, VISITS, World


async def rename(world: World, **labels: str) -> None:
    """Give services of the provider another type's label, and look at the catalogue again."""
    for provider_id, label in labels.items():
        world.provider.change_service(provider_id.lstrip("s"), type=label)
    assert await world.synchroniser.sync()


async def types(world: World) -> dict[str, str | None]:
    return {row.provider_id: row.type for row in await world.rows(services)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FB_viplike", "fb viplike"),
        ("Special", "specials"),
        ("", " _ "),
        ("x" * 300, "x" * 200),
        ("a\x00b", "ab"),
    ],
)
def test_labels_that_families_write_differently_are_one(one: str, other: str) -> None:
    assert label_key(one) == label_key(other)
    assert len(label_key(one)) <= 128


def test_other_labels_are_others() -> None:
    assert len({label_key(label) for label in ("special", "fb_viplike", "fb_eyeslive", "")}) == 4


async def test_a_mapping_counts_for_every_spelling_now_and_later(world: World) -> None:
    await rename(world, s11="Fb_Viplike", s12="fb viplikes", s13="other")
    assert await types(world) == {"11": None, "12": None, "13": None, "14": "package"}
    mappings = TypeMappings(world.database, world.assortment, world.clock)
    world.clock.forward(hours=1)
    found = await mappings.map(ADMINS[0], (await world.service(PLAYS)).id, "seo")
    assert (found.for_sale, found.service.type) == (2, "seo")
    assert await types(world) == {"11": "seo", "12": "seo", "13": None, "14": "package"}
    changes = [row for row in await world.rows(service_changes) if row.at == world.clock()]
    assert {(row.field, row.old, row.new) for row in changes} == {("type", "None", "seo")}
    await rename(world, s14="FB VIPLIKE")
    assert (await types(world))["14"] == "seo"
    found = await mappings.map(ADMINS[1], (await world.service(VISITS)).id, "default")
    assert found.for_sale == 3
    (row,) = await world.rows(table)
    assert (row.label, row.type, row.mapped_by, row.at) == (
        "fb viplike",
        "default",
        ADMINS[1],
        world.clock(),
    )
    assert (await world.synchroniser.sync()).changed == 0


async def test_a_label_that_is_known_after_all_needs_no_mapping(world: World) -> None:
    await rename(world, s13="special")
    mappings = TypeMappings(world.database, world.assortment, world.clock)
    service = await world.service(REVIEWS)
    await mappings.map(ADMINS[0], service.id, "poll")
    await rename(world, s13="custom_comments")
    assert (await types(world))["13"] == "custom_comments"
    with pytest.raises(NotFoundError):
        await mappings.map(ADMINS[0], service.id, "poll")
    assert (await types(world))["13"] == "custom_comments"


async def test_hidden_services_are_mapped_and_not_counted(world: World) -> None:
    await rename(world, s11="special", s12="special")
    service = await world.service(PLAYS)
    world.provider.change_service(VISITS, removed=True)
    await world.synchroniser.sync()
    found = await TypeMappings(world.database, world.assortment, world.clock).map(
        ADMINS[0], service.id, "default"
    )
    assert found.for_sale == 1
    assert (await types(world))["12"] == "default"


async def test_admins_are_told_of_a_label_once_however_often_it_is_seen(world: World) -> None:
    await rename(world, s11="special", s12="SPECIAL")
    await rename(world, s13="Specials")
    told = [row for row in await world.rows(notices) if row.kind == "unknown_type"]
    assert [row.user_id for row in told] == list(ADMINS)
    service = await world.service(PLAYS)
    assert told[0].payload == {"label": "special", "services": 2, "service": service.id}
    await rename(world, s14="fb_viplike")
    assert len([row for row in await world.rows(notices) if row.kind == "unknown_type"]) == 2 * len(
        ADMINS
    )


async def test_a_mapped_label_is_not_told_of(world: World) -> None:
    await world.database.write(
        type_mappings.put, "special", "poll", admin_id=ADMINS[0], now=world.clock()
    )
    await rename(world, s11="special")
    assert (await types(world))["11"] == "poll"
    assert [row for row in await world.rows(notices) if row.kind == "unknown_type"] == []


async def test_an_order_is_not_sent_as_another_type_than_it_was_sold_as(world: World) -> None:
    await rename(world, s11="special")
    mappings = TypeMappings(world.database, world.assortment, world.clock)
    service = await world.service(PLAYS)
    await mappings.map(ADMINS[0], service.id, "default")
    order = await world.order(PLAYS)
    draft = await world.draft(PLAYS)
    await mappings.map(ADMINS[0], service.id, "poll")
    await world.submit()
    there = await world.look(order)
    assert (there.state, there.waiting, there.service_type) == ("queued", "changed", "default")
    form = await world.ordering.form(501, draft)
    assert form.step == "answer_number"
    await mappings.map(ADMINS[0], service.id, "default")
    await world.later(301)
    assert (await world.look(order)).provider_order_id
