"""Rows as the database gives them, for tests without one."""

from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from storage.enums import OrderState
from storage.rows import Order, ServiceRow

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def service(**columns: Any) -> ServiceRow:
    """A Default service at $0.90 for 1,000, 10 to 1,000 units."""
    values: dict[str, Any] = {
        "id": 1,
        "provider_id": "11",
        "category_id": 1,
        "category": "Podcasts",
        "position": 0,
        "name": "Podcast plays",
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
        "hidden_at": None,
    }
    return ServiceRow(**values | columns)


def order(**columns: Any) -> Order:
    """A completed order of 100 units for $0.30, expected to cost $0.20."""
    values: dict[str, Any] = dict.fromkeys(field.name for field in fields(Order)) | {
        "id": 1,
        "draft_id": 1,
        "user_id": 501,
        "service_id": 1,
        "service_name": "Podcast plays",
        "service_type": "default",
        "fields": {},
        "link": "https://example.com",
        "quantity": 100,
        "price": 300_000,
        "refunded": 0,
        "currency": "USD",
        "cost": Decimal("0.20"),
        "billing": "wallet",
        "state": OrderState.COMPLETED,
        "status_text": "",
        "created_at": NOW,
        "changed_at": NOW,
        "waiting": "",
        "failure": "",
        "account": "",
        "service_category": "Podcasts",
    }
    return Order(**values | columns)
