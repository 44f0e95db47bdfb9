"""Going over the books: where a row and its entries do not say the same.

What has to agree is in audit_checks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, func, or_, select

from storage.audit.checks import subjects
from storage.audit.sql import Check, Subject
from storage.engine import Transaction
from storage.schema.orders import orders
from storage.schema.wallets import ledger, wallets


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that does not say what it must."""

    check: Check
    subject: str
    id: int
    user_id: int | None
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Size:
    """How much was looked at."""

    entries: int
    wallets: int
    orders: int


def size(tx: Transaction) -> Size:
    counts = [tx.scalar(select(func.count()).select_from(one)) for one in (ledger, wallets, orders)]
    return Size(*(int(count or 0) for count in counts))


def differences(tx: Transaction) -> Iterator[Difference]:
    """Return all that does not agree; the connection is a snapshot's, or people's work in between
    looks like mistakes.
    """
    for subject, statement in _statements():
        for row in tx.execute(statement).mappings():
            for number, check in enumerate(subject.checks):
                must, does = int(row[f"expected_{number}"]), int(row[f"found_{number}"])
                if must != does:
                    yield Difference(check, subject.name, row["id"], row["user_id"], must, does)


@cache
def _statements() -> tuple[tuple[Subject, Select[Any]], ...]:
    return tuple((subject, _statement(subject)) for subject in subjects())


def _statement(subject: Subject) -> Select[Any]:
    """Ask for the rows of which any check fails, with both sides of each check."""
    pairs = [
        column.label(f"{side}_{number}")
        for number, check in enumerate(subject.checks)
        for side, column in (("expected", check.expected), ("found", check.found))
    ]
    differs = or_(*(check.expected != check.found for check in subject.checks))
    rows = select(subject.id.label("id"), subject.user.label("user_id"), *pairs).select_from(
        subject.source
    )
    return rows.where(differs).order_by(subject.id)
