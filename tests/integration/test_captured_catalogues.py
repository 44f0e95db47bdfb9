"""Catalogues as real panels answered them: imported, browsed to the last page, ordered from."""

import json
import os
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from panel import SERVICE_TYPES
from shop.catalogue.service_types import TypeMappings
from storage.enums import OrderState
from storage.rows import ServiceRow
from storage.schema.messages import notices
from tests.harness.world import ADMINS, CUSTOMER, World, open_world

FOLDER = Path(
    os.environ.get("SHARED_CATALOGS") or Path(__file__).parents[3] / "shared" / "catalogs"
)


def captured(name: str) -> list[dict[str, Any]]:
    if not (FOLDER / name).is_file():
        pytest.skip("shared catalogues absent")
    return json.loads((FOLDER / name).read_text())


async def browse(world: World, size: int = 50) -> list[ServiceRow]:
    """Walk through every page of every category, as a customer does."""
    found: list[ServiceRow] = []
    for category in await world.browser.categories(CUSTOMER):
        of_category = []
        for page in count():
            listed = await world.browser.services(CUSTOMER, category.id, page=page, size=size)
            of_category += listed[:size]
            if len(listed) <= size:
                break
        assert len(of_category) == category.services
        assert {service.category for service in of_category} == {category.name}
        found += of_category
    return found


@pytest.mark.parametrize(
    ("name", "listed", "categories"),
    [
        ("large-6125.json", 6_125, 563),
        ("medium-1283.json", 1_283, 198),
        ("small-350-strings.json", 350, 39),
        ("small-96-zero-limits.json", 96, 24),
    ],
)
async def test_a_captured_catalogue_is_imported_browsed_and_ordered_from(
    database, name: str, listed: int, categories: int
) -> None:
    async with open_world(database, catalogue=captured(name)) as world:
        services = await browse(world)
        # dividers, unknown types and what has no price are left out
        assert listed * 0.8 <= len(services) <= listed
        assert len({service.id for service in services}) == len(services)
        assert categories * 0.8 <= len(await world.browser.categories(CUSTOMER)) <= categories
        assert all(service.sold and service.rate > 0 and service.name for service in services)
        await order_some(world, services)
        found = await world.synchroniser.sync()
        assert found is not None
        assert (found.listed, found.added, found.changed, found.hidden) == (listed, 0, 0, 0)


async def order_some(world: World, services: list[ServiceRow]) -> None:
    """Order a few services of each type that occurs; the provider has to take every one."""
    await world.customer(777, dollars=1_000_000_000)
    world.provider.set_balance("1e12")
    by_type = [[service for service in services if service.type == kind] for kind in SERVICE_TYPES]
    chosen = [service for found in by_type for service in found[:: len(found) // 6 + 1]]
    assert {service.type for service in chosen} == {service.type for service in services}
    assert {service.type for service in chosen} >= {"default", "custom_comments"}
    placed = [await world.order(service.provider_id, 777, **answers(service)) for service in chosen]
    await world.submit()
    for order, service in zip(placed, chosen, strict=True):
        there = await world.look(order)
        assert (there.state, there.failure) == (OrderState.PENDING, ""), service
        if service.type != "subscriptions":  # these are charged post by post
            net = world.provider.order(there.provider_order_id).net
            # captured rates are noisy floats
            assert abs(net - there.cost) < Decimal("1e-9"), service


def answers(service: ServiceRow) -> dict[str, Any]:
    """Answer every question that any type asks, with the least that the service takes."""
    least = max(service.min, 1)
    lines = [
        f"Line{number}"
        for number in range(least if SERVICE_TYPES[str(service.type)].counted else 3)
    ]
    return {
        "link": f"https://example.com/{service.id}",
        "quantity": least,
        "comments": lines,
        "usernames": lines,
        "hashtags": lines,
        "keywords": lines,
        "groups": lines,
        "username": f"name{service.id}",
        "hashtag": "sun",
        "media": "https://example.com/p/1",
        "answer_number": 1,
        "min": least,
        "max": least,
        "delay": 0,
        "posts": 1,
        "old_posts": None,
        "expiry": None,
        "country": "Germany",
        "device": "5",
        "type_of_traffic": "3",
    }


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("small-350-strings.json", {"special"}),
        ("small-96-zero-limits.json", {"fb_viplike", "fb_eyeslive"}),
    ],
)
async def test_types_nobody_knows_are_named_by_an_admin_and_ordered_from(
    database, name: str, labels: set
) -> None:
    async with open_world(database, catalogue=captured(name)) as world:
        before = len(await browse(world))
        told = [row.payload for row in await world.rows(notices) if row.kind == "unknown_type"]
        assert {payload["label"] for payload in told} == labels
        assert len(told) == len(labels) * len(ADMINS)
        mappings = TypeMappings(database, world.assortment, world.clock)
        for_sale = 0
        for payload in told[:: len(ADMINS)]:
            mapped = await mappings.map(ADMINS[0], payload["service"], "default")
            assert mapped.for_sale == payload["services"]
            for_sale += mapped.for_sale
            await world.customer(mapped.service.id + 1_000, dollars=1_000_000)
            world.provider.set_balance("1e12")
            order = await world.order(
                mapped.service.provider_id, mapped.service.id + 1_000, **answers(mapped.service)
            )
            await world.submit()
            assert (await world.look(order)).state is OrderState.PENDING
        assert len(await browse(world)) == before + for_sale
        found = await world.synchroniser.sync()
        assert found is not None
        assert (found.added, found.changed, found.hidden) == (0, 0, 0)
