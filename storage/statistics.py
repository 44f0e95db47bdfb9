"""Statements about what has become of orders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ColumnElement, Select, or_, select, type_coerce

from storage.engine import Transaction, built_once
from storage.rows import rows_as
from storage.states import DONE, OrderState
from storage.tables import orders


@dataclass(frozen=True, slots=True)
class Ended:
    """How an order ended. `untimed`: when it did was decided by its plan or by an admin, not by the provider."""

    WORDS: ClassVar = {"state": OrderState}
    state: OrderState
    refunded: int
    submitted_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    untimed: bool


def _latest_ended(service_id: Any, most: Any) -> Select[Any]:
    taken_back = (orders.c.state == OrderState.CANCELED) & orders.c.provider_order_id.is_(None)
    names = ("state", "refunded", "submitted_at", "started_at", "finished_at")
    untimed = comes_in_parts() | orders.c.settled_by.is_not(None)
    columns: list[Any] = [*(orders.c[name] for name in names), untimed.label("untimed")]
    ended = (orders.c.service_id == service_id) & orders.c.finished_at.is_not(None) & orders.c.state.in_(sorted(DONE))
    return select(*columns).where(ended, ~taken_back).order_by(orders.c.finished_at.desc()).limit(most)


_LATEST_ENDED = built_once(_latest_ended)


def latest_ended(tx: Transaction, service_id: int, *, limit: int) -> list[Ended]:
    """List a service's latest ended orders. One that was taken back before it was sent says nothing of the service."""
    return rows_as(Ended, tx.execute(*_LATEST_ENDED(service_id, limit)))


def comes_in_parts() -> ColumnElement[bool]:
    """Say which orders are parents: drip-feeds and subscriptions."""
    runs = type_coerce(orders.c.fields, JSON)["runs"].as_string()
    # The other types have no runs, and some have long lists that would be read for nothing.
    return or_(orders.c.service_type == "subscriptions", (orders.c.service_type == "default") & runs.is_not(None))
