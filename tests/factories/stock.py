"""Rows for tests of single statements: a category, services, a person, and orders in any state."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, update

from storage import Database, Transaction
from storage.enums import OrderState
from storage.queries import catalogue, drafts
from storage.queries import orders as order_statements
from storage.schema.customers import users
from storage.schema.orders import orders
from tests.harness.clock import Clock

NOW = Clock()()
ANN, BOB = 501, 502


def service_row(provider_id: str = "11", category_id: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "provider_id": provider_id,
        "category_id": category_id,
        "position": 0,
        "name": f"Service {provider_id}",
        "description": "",
        "type_label": "Default",
        "type": "default",
        "rate": Decimal("0.90"),
        "min": 10,
        "max": 1000,
        "refill": False,
        "cancel": False,
        "dripfeed": False,
        "sold": True,
        "first_seen_at": NOW,
        "changed_at": NOW,
        "hidden_at": None,
    } | changes


async def stock(database: Database) -> None:
    """Put two people and one service into an empty database."""

    def transaction(tx):
        for user in (ANN, BOB):
            tx.execute(
                insert(users).values(id=user, first_name="Somebody", language="en", created_at=NOW)
            )
        catalogue.name_categories(tx, ["Podcasts"])
        catalogue.add_services(tx, [service_row()])

    await database.write(transaction)


async def add_order(database: Database, **columns: Any) -> int:
    """Write an order as if it had come into `state` at `now`."""
    return await database.write(write_order, **columns)


def write_order(
    tx: Transaction,
    *,
    state: OrderState = OrderState.QUEUED,
    link: str = "https://example.com/show",
    now: datetime = NOW,
    user_id: int = ANN,
    **columns: Any,
) -> int:
    draft_id = drafts.create(tx, user_id=user_id, service_id=1, fields={}, now=now)
    if "price" in columns:
        drafts.fill(
            tx, draft_id, fields={}, quote={"price": columns["price"], "min": 10, "max": 1_000}
        )
    values = {
        "draft_id": draft_id,
        "user_id": user_id,
        "service_id": 1,
        "service_name": "Service 11",
        "service_type": "default",
        "fields": {},
        "link": link,
        "quantity": 100,
        "price": 0,
        "currency": "USD",
        "cost": Decimal("0.09"),
        "billing": "wallet",
    }
    order_id = order_statements.create(tx, values, now).id
    tx.execute(update(orders).where(orders.c.id == order_id).values(state=state, **columns))
    if state is not OrderState.QUEUED:
        note = (
            f"accepted as {columns['provider_order_id']}"
            if columns.get("provider_order_id")
            else ""
        )
        order_statements._note(tx, order_id, state, note, now)
    return order_id
