"""Statements about mass orders and their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, bindparam, cast, exists, func, insert, select, update

from storage.engine import Transaction
from storage.enums import DONE, MassState, OrderState
from storage.rows import from_row, from_rows
from storage.schema.orders import mass_lines, mass_orders, orders


@dataclass(frozen=True, slots=True)
class Mass:
    ENUMS: ClassVar = {"state": MassState}
    id: int
    user_id: int
    state: MassState
    message_id: int | None
    created_at: datetime
    placed_at: datetime | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class MassLine:
    """A line as it was written, and what it stands for. `price` and `was` in millionths.

    `problem` is a text's key and its values; a line without one is good. `agreed` is what was shown
    besides.
    """

    id: int
    mass_id: int
    number: int
    text: str
    service_id: int | None
    fields: dict[str, Any]
    quantity: int | None
    price: int | None
    was: int | None
    problem: dict[str, Any] | None
    order_id: int | None
    agreed: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class StateTally:
    """The orders of a mass order that are in one state; money in millionths."""

    ENUMS: ClassVar = {"state": OrderState}
    state: OrderState
    orders: int
    price: int
    refunded: int


_OPEN = mass_lines.c.order_id.is_(None) & mass_lines.c.problem.is_(None)


def create(tx: Transaction, user_id: int, rows: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Insert a draft with its lines; each row has every column but `id`, `mass_id`, `was` and
    `order_id`.
    """
    result = tx.execute(
        insert(mass_orders)
        .values(user_id=user_id, state=MassState.DRAFT, created_at=now)
        .returning(mass_orders.c.id),
    )
    mass_id = int(result.scalar_one())
    tx.execute(insert(mass_lines), [{**row, "mass_id": mass_id} for row in rows])
    return mass_id


def get(tx: Transaction, mass_id: int, user_id: int | None = None) -> Mass | None:
    """Return the mass order; with `user_id`, only if it is theirs."""
    statement = select(mass_orders).where(mass_orders.c.id == mass_id)
    if user_id is not None:
        statement = statement.where(mass_orders.c.user_id == user_id)
    row = tx.execute(statement).first()
    return None if row is None else from_row(Mass, row)


def latest(tx: Transaction, user_id: int, *, limit: int) -> list[Mass]:
    """List a user's confirmed mass orders, the newest first."""
    result = tx.execute(
        select(mass_orders)
        .where(
            mass_orders.c.user_id == user_id,
            mass_orders.c.state.in_((MassState.PLACING, MassState.PLACED)),
        )
        .order_by(mass_orders.c.id.desc())
        .limit(limit),
    )
    return from_rows(Mass, result)


def lock(tx: Transaction, mass_id: int) -> None:
    """Let nobody else touch it until this transaction ends. On SQLite `write()` has seen to it."""
    tx.execute(select(mass_orders.c.id).where(mass_orders.c.id == mass_id).with_for_update())


def move(
    tx: Transaction, /, mass_id: int, source: MassState, target: MassState, **values: Any
) -> bool:
    """Change its state, once: True only for the caller who did."""
    result = tx.execute(
        update(mass_orders)
        .where(mass_orders.c.id == mass_id, mass_orders.c.state == source)
        .values(state=target, **values),
    )
    return result.rowcount == 1


def lines(
    tx: Transaction, mass_id: int, *, limit: int | None = None, offset: int = 0
) -> list[MassLine]:
    statement = (
        select(mass_lines).where(mass_lines.c.mass_id == mass_id).order_by(mass_lines.c.number)
    )
    if limit is not None:
        statement = statement.limit(limit).offset(offset)
    return from_rows(MassLine, tx.execute(statement))


def bad_lines(tx: Transaction, mass_id: int, *, limit: int) -> list[MassLine]:
    """List the first lines that have a problem."""
    result = tx.execute(
        select(mass_lines)
        .where(mass_lines.c.mass_id == mass_id, mass_lines.c.problem.is_not(None))
        .order_by(mass_lines.c.number)
        .limit(limit),
    )
    return from_rows(MassLine, result)


def reprice(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what has changed of lines: rows of line_id, quantity, price, was, problem, agreed."""
    if rows:
        names = ("quantity", "price", "was", "problem", "agreed")
        statement = (
            update(mass_lines)
            .where(mass_lines.c.id == bindparam("line_id"))
            .values({name: bindparam(name, type_=mass_lines.c[name].type) for name in names})
        )
        tx.execute(statement, [dict(row) for row in rows])


def being_placed(tx: Transaction) -> list[int]:
    """List the mass orders that have lines to place, oldest first."""
    statement = (
        select(mass_orders.c.id)
        .where(mass_orders.c.state == MassState.PLACING)
        .order_by(mass_orders.c.id)
    )
    return list(tx.scalars(statement))


def take(tx: Transaction, mass_id: int) -> Mass | None:
    """Return a mass order that is being placed, to this transaction alone; None when another one
    has it.
    """
    result = tx.execute(
        select(mass_orders)
        .where(mass_orders.c.id == mass_id, mass_orders.c.state == MassState.PLACING)
        .with_for_update(skip_locked=True),
    )
    row = result.first()
    return None if row is None else from_row(Mass, row)


def to_place(tx: Transaction, mass_id: int, *, limit: int) -> list[MassLine]:
    """List the next good lines that are no orders yet."""
    result = tx.execute(
        select(mass_lines)
        .where(mass_lines.c.mass_id == mass_id, _OPEN)
        .order_by(mass_lines.c.number)
        .limit(limit),
    )
    return from_rows(MassLine, result)


def note_order(tx: Transaction, line_id: int, order_id: int) -> bool:
    """Remember the order that a line has become; False when it is one already."""
    result = tx.execute(
        update(mass_lines).where(mass_lines.c.id == line_id, _OPEN).values(order_id=order_id),
    )
    return result.rowcount == 1


def note_problem(tx: Transaction, line_id: int, problem: Mapping[str, Any]) -> None:
    tx.execute(
        update(mass_lines).where(mass_lines.c.id == line_id, _OPEN).values(problem=dict(problem)),
    )


def line_counts(tx: Transaction, mass_id: int) -> tuple[int, int]:
    """Count the lines that have a problem, and the good ones that are no orders yet."""
    result = tx.execute(
        select(mass_lines.c.problem.is_(None).label("good"), func.count())
        .where(mass_lines.c.mass_id == mass_id, mass_lines.c.order_id.is_(None))
        .group_by(mass_lines.c.problem.is_(None)),
    )
    counts = {bool(row[0]): int(row[1]) for row in result}
    return counts.get(False, 0), counts.get(True, 0)


def tally(tx: Transaction, mass_id: int) -> list[StateTally]:
    """Count its orders by state."""
    result = tx.execute(
        select(
            orders.c.state,
            func.count().label("orders"),
            cast(func.sum(orders.c.price), BigInteger).label("price"),
            cast(func.sum(orders.c.refunded), BigInteger).label("refunded"),
        )
        .where(orders.c.mass_id == mass_id)
        .group_by(orders.c.state)
        .order_by(orders.c.state),
    )
    return from_rows(StateTally, result)


def states_of(tx: Transaction, order_ids: Sequence[int]) -> dict[int, OrderState]:
    found = tx.execute(select(orders.c.id, orders.c.state).where(orders.c.id.in_(order_ids)))
    return {row.id: OrderState(row.state) for row in found}


def end(tx: Transaction, mass_id: int, now: datetime) -> bool:
    """Note that the last order's end is told; True once, for the caller who is to tell it."""
    at_work = exists().where(orders.c.mass_id == mass_id, orders.c.state.not_in(sorted(DONE)))
    result = tx.execute(
        update(mass_orders)
        .where(
            mass_orders.c.id == mass_id,
            mass_orders.c.state == MassState.PLACED,
            mass_orders.c.told_at.is_(None),
            ~at_work,
        )
        .values(told_at=now),
    )
    return result.rowcount == 1
