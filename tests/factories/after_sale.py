"""Orders that have been delivered, for tests of what comes after."""

import json

from storage.enums import OrderState
from storage.queries import requests as statements
from storage.rows import Order, Request
from tests.factories.stock import write_order
from tests.harness.world import CUSTOMER, PLAYS, World

DAY = 86_400


async def completed(world: World, count: int = 1, *, wait: float = DAY) -> list[Order]:
    """Give orders of plays that the provider completed `wait` seconds ago; they cost nothing.

    They are written as rows, and into the provider's book: placing hundreds of them would take most
    of a test's time.
    """
    service, ids = await world.service(PLAYS), []

    def transaction(tx):
        for number in range(count):
            link = f"https://example.com/{len(world.provider.book.orders)}-{number}"
            add = {
                "key": "demo-key",
                "action": "add",
                "service": PLAYS,
                "link": link,
                "quantity": "10",
            }
            there = str(json.loads(world.provider.answer(add).body)["order"])
            world.provider.force_order(there, "Completed")
            order_id = write_order(
                tx,
                state=OrderState.COMPLETED,
                link=link,
                now=world.clock(),
                user_id=CUSTOMER,
                service_id=service.id,
                provider_order_id=there,
                finished_at=world.clock(),
                status_text="Completed",
            )
            ids.append(order_id)

    await world.database.write(transaction)
    world.pass_time(wait)
    return [await look(world, order_id) for order_id in ids]


async def look(world: World, order_id: int) -> Order:
    return (await world.database.read(statements.hold_orders, CUSTOMER, [order_id]))[order_id]


async def asked(world: World, order: Order) -> list[Request]:
    """List what was asked for an order, the newest first."""
    return await world.database.read(statements.of_order, order.id)


async def states(world: World, orders: list[Order]) -> list[str]:
    """Give the state of the newest request of each order; "" for none."""
    found = await world.database.read(statements.of_orders, [order.id for order in orders])
    newest = {request.order_id: str(request.state) for request in reversed(found)}
    return [newest.get(order.id, "") for order in orders]
