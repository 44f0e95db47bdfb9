"""Statements that are built once.

Building one and finding its compiled form costs ten times what running it does: 230 µs for an order
with its 50 columns where the same statement kept at hand takes 20.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any, Generic, TypeVar

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable

from storage.engine.transaction import Transaction

S = TypeVar("S", bound=Executable)

__all__ = ["Upsert", "built_once", "insert_into"]


def built_once(build: Callable[..., S]) -> Callable[..., tuple[S, dict[str, Any]]]:
    """Return what gives the statement of `build` with its parameters, for `tx.execute(*...)`.

    `build` is called once, with placeholders in place of its arguments: it can't look at them. In
    an UPDATE none of them may be named as a column is.
    """
    names = tuple(signature(build).parameters)
    made: list[S] = []

    def bound(*values: Any) -> tuple[S, dict[str, Any]]:
        if not made:
            made.append(build(*map(bindparam, names)))
        return made[0], dict(zip(names, values, strict=True))

    return bound


class Upsert(Generic[S]):
    """An INSERT that knows `on_conflict_...`, built once for each dialect: SQLAlchemy has them in
    two modules.
    """

    def __init__(self, table: Table, build: Callable[[Any], S]) -> None:
        self._table, self._build = table, build
        self._made: dict[str, S] = {}

    def on(self, tx: Transaction) -> S:
        name = tx.dialect.name
        if name not in self._made:
            self._made[name] = self._build(insert_into(tx, self._table))
        return self._made[name]


def insert_into(tx: Transaction, table: Table) -> Any:
    """Start an INSERT that knows `on_conflict_...`: one syntax, but SQLAlchemy has it in two
    modules.
    """
    return (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(table)
