"""The words in which the audit's checks are written: what a check is, and what entries and their
keys say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.queries.wallet import Account
from storage.schema.customers import users
from storage.schema.wallets import ledger

Number = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Check:
    """`sentence` names what was found and what was expected: `{found}`, `{expected}`; millionths
    where `money`.
    """

    name: str
    sentence: str
    expected: Number
    found: Number
    money: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """Rows that are looked at, each by all of its checks at once. `user` is whose they are."""

    name: str
    source: FromClause
    id: Number
    user: Number
    checks: Sequence[Check]


class number_in(FunctionElement[int]):  # noqa: N801 - it is written like a function of SQL
    """The first number in an entry's key: of the payment, the use or the top-up that it is
    about.
    """

    type = BigInteger()
    inherit_cache = True


@compiles(number_in)
def _number_in_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return (
        f"CAST(substring({compiler.process(element.clauses, **how)} FROM "
        "'^[a-z-]+:([0-9]{1,18})') AS BIGINT)"
    )


@compiles(number_in, "sqlite")
def _number_in_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    key = compiler.process(element.clauses, **how)
    return f"CAST(substr({key}, instr({key}, ':') + 1) AS INTEGER)"


def touches(accounts: Iterable[Account]) -> ColumnElement[bool]:
    return or_(ledger.c.source.in_(accounts), ledger.c.target.in_(accounts))


def moves(source: Account, target: Account) -> ColumnElement[bool]:
    return and_(ledger.c.source == source, ledger.c.target == target)


def keyed(prefix: str) -> ColumnElement[bool]:
    """Return which entries' keys begin so; to the letter, while SQLite's LIKE takes HOLD for
    hold.
    """
    start = f"{prefix}:"
    return func.substr(ledger.c.key, 1, len(start)) == start


def keyed_of(prefix: str, number: Number, *, more: bool = False) -> ColumnElement[bool]:
    """Return which entries' keys are of this kind and about this number; with `more`, how often
    comes after it.
    """
    key = key_of(prefix, number)
    if not more:
        return ledger.c.key == key
    start = key + ":"
    return func.substr(ledger.c.key, 1, func.length(start)) == start


def key_of(prefix: str, number: Number) -> Number:
    return literal(f"{prefix}:") + cast(number, String)


def owner_of(user_id: ColumnElement[int]) -> Number:
    """Return whose a row is: of who is being erased, the heir's, who has some of it already and
    will have all.
    """
    erased = users.alias()
    heir = (
        select(erased.c.heir_id)
        .where(erased.c.id == user_id)
        .correlate_except(erased)
        .scalar_subquery()
    )
    leaving = users.alias()
    all_leaving = select(leaving.c.id).where(leaving.c.heir_id.is_not(None))  # nearly always nobody
    return case((user_id.in_(all_leaving), heir), else_=user_id)


def sum_of(where: ColumnElement[bool]) -> Number:
    return func.sum(case((where, ledger.c.amount), else_=0))


def count_of(where: ColumnElement[bool]) -> Number:
    return func.sum(case((where, 1), else_=0))


def if_(condition: ColumnElement[bool], then: Any, otherwise: Any = 0) -> Number:
    return case((condition, then), else_=otherwise)


def known(column: Number) -> Number:
    """Give 0 where an outer join has found nothing."""
    return func.coalesce(column, 0)
