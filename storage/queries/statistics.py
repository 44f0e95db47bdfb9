"""Statements about what has become of orders."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, Float, Select, or_, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.engine import Transaction, built_once
from storage.enums import DONE, OrderState
from storage.schema.orders import orders


class Seconds(FunctionElement[float]):
    """The seconds from one time until another, to the millisecond."""

    type = Float()
    name = "seconds"
    inherit_cache = True


@compiles(Seconds)
def _seconds(element: Seconds, compiler: SQLCompiler, **given: Any) -> str:
    start, end = (compiler.process(clause, **given) for clause in element.clauses)
    return f"EXTRACT(EPOCH FROM {end} - {start})"


@compiles(Seconds, "sqlite")
def _seconds_of_sqlite(element: Seconds, compiler: SQLCompiler, **given: Any) -> str:
    start, end = (compiler.process(clause, **given) for clause in element.clauses)
    return f"ROUND((julianday({end}) - julianday({start})) * 86400, 3)"


@dataclass(frozen=True, slots=True)
class Ended:
    """How an order ended: seconds from sending until begin and end.

    `untimed`: when it did was decided by its plan or by an admin, not by the provider.
    """

    state: OrderState
    refunded: int
    began_after: float | None
    ended_after: float | None
    untimed: bool


def _latest_ended(service_id: Any, most: Any) -> Select[Any]:
    taken_back = (orders.c.state == OrderState.CANCELED) & orders.c.provider_order_id.is_(None)
    # The times are subtracted by the database: reading 600 of them took as long as the whole card.
    times = (
        Seconds(orders.c.submitted_at, orders.c.started_at),
        Seconds(orders.c.submitted_at, orders.c.finished_at),
    )
    untimed = comes_in_parts() | orders.c.settled_by.is_not(None)
    ended = (
        (orders.c.service_id == service_id)
        & orders.c.finished_at.is_not(None)
        & orders.c.state.in_(sorted(DONE))
    )
    found = select(orders.c.state, orders.c.refunded, *times, untimed).where(ended, ~taken_back)
    return found.order_by(orders.c.finished_at.desc()).limit(most)


_LATEST_ENDED = built_once(_latest_ended)


def latest_ended(tx: Transaction, service_id: int, *, limit: int) -> list[Ended]:
    """List a service's latest ended orders.

    One that was taken back before it was sent says nothing of the service.
    """
    rows = tx.execute(*_LATEST_ENDED(service_id, limit)).all()
    return [Ended(OrderState(state), *rest) for state, *rest in rows]


def comes_in_parts() -> ColumnElement[bool]:
    """Return which orders are parents: drip-feeds and subscriptions."""
    runs = type_coerce(orders.c.fields, JSON)["runs"].as_string()
    # The other types have no runs, and some have long lists that would be read for nothing.
    return or_(
        orders.c.service_type == "subscriptions",
        (orders.c.service_type == "default") & runs.is_not(None),
    )
