"""Drip-feeds and subscriptions for tests of the workers: who sells both, and what the provider
makes of them.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from storage import Database
from storage.enums import OrderState
from storage.queries import suborders
from storage.rows import Order, Part
from tests.harness.world import CATALOGUE, PLAYS, World, open_world

POSTS = "15"
SUBSCRIPTIONS: dict[str, Any] = {
    "service": 15,
    "name": "Likes for new posts",
    "type": "Subscriptions",
    "category": "Podcasts",
    "rate": "2.00",
    "min": "10",
    "max": "1000",
    "dripfeed": False,
    "refill": False,
    "cancel": True,
}


@asynccontextmanager
async def open_parents(database: Database, dialect: str = "documented") -> AsyncIterator[World]:
    """Open a world whose provider sells subscriptions too, and delivers everything."""
    async with open_world(
        database, catalogue=[*CATALOGUE, SUBSCRIPTIONS], dialect=dialect
    ) as world:
        for service in (*CATALOGUE, SUBSCRIPTIONS):
            world.provider.change_service(service["service"], nature="steady")
        yield world


async def drip_feed(world: World, runs: int = 3, interval: int = 10, quantity: int = 100) -> Order:
    """Give an accepted drip-feed, $0.30 for 100; a run begins every `interval` seconds."""
    return await world.accepted(PLAYS, quantity=quantity, runs=runs, interval=interval)


async def subscription(world: World, **answers: Any) -> Order:
    """Give an accepted subscription that holds $0.30: five posts of at most 20 units."""
    asked = {
        "username": "ann",
        "min": 10,
        "max": 20,
        "delay": 0,
        "posts": 4,
        "old_posts": 1,
        "expiry": None,
    }
    return await world.accepted(POSTS, **asked | answers)


async def parts_of(world: World, order: Order) -> list[Part]:
    return await world.database.read(suborders.of_order, order.id)


async def to_the_end(world: World, order: Order, state: OrderState = OrderState.COMPLETED) -> Order:
    for _ in range(30):
        await world.later(10)
    there = await world.look(order)
    assert there.state is state
    return there


def say(world: World, **statuses: Any) -> None:
    """Have the provider say these and only these: a text or an answer for each id."""
    answers = {
        key: {"status": said} if isinstance(said, str) else said for key, said in statuses.items()
    }
    world.line.says["status"] = json.dumps(answers)
