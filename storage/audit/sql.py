"""The words in which the audit's checks are written: what a check is, and what entries say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
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

from storage.queries.ledger_keys import LedgerSubject
from storage.queries.wallet import Account
from storage.schema.customers import users
from storage.schema.wallets import ledger

Number = ColumnElement[Any]

# Of an order there is one entry of these, and their keys end with its number; of those there are
# several, and something tells them apart.
_ONCE = (LedgerSubject.HOLD, LedgerSubject.RELEASE)
_AGAIN = (LedgerSubject.REFUND, LedgerSubject.TAKEBACK, LedgerSubject.COST)


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


def touches(accounts: Iterable[Account]) -> ColumnElement[bool]:
    return or_(ledger.c.source.in_(accounts), ledger.c.target.in_(accounts))


def moves(source: Account, target: Account) -> ColumnElement[bool]:
    return and_(ledger.c.source == source, ledger.c.target == target)


def about(subject: LedgerSubject, number: Number | None = None) -> ColumnElement[bool]:
    """Return which entries are about this: of this `number`, where one is named."""
    of = ledger.c.subject == subject
    return of if number is None else and_(of, ledger.c.subject_id == number)


def is_rightly_keyed() -> ColumnElement[bool]:
    """Return which entries' keys say what their columns say: the key is what keeps the same
    movement from being written twice, and the columns are what it is found by.
    """
    subject, number, key = ledger.c.subject, ledger.c.subject_id, ledger.c.key
    start = func.coalesce(subject + literal(":") + cast(number, String), subject)
    begun = start + literal(":")  # to the letter, while SQLite's LIKE takes HOLD for hold
    may_end = and_(number.is_not(None), subject.not_in(_AGAIN))
    return or_(
        and_(may_end, key == start),
        and_(subject.not_in(_ONCE), func.substr(key, 1, func.length(begun)) == begun),
    )


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
