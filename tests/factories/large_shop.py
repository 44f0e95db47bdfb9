"""A shop with a long past, made by the database itself: copies of two real orders and of all that
belongs to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    MetaData,
    String,
    Table,
    case,
    cast,
    func,
    insert,
    select,
    text,
    update,
)

from storage import Database
from storage.engine import Transaction
from storage.queries.wallet import Account
from storage.schema.customers import users
from storage.schema.messages import notices
from storage.schema.orders import drafts, order_events, orders
from storage.schema.types import UtcTime
from storage.schema.wallets import ledger, wallets

RESELLER = 10_000_000  # has a tenth of all orders; the other people's numbers follow
_FIRST = 1_000_000  # the number of the first copy: real orders are below, or come after
_CHUNK = 20_000
_DEPOSIT = 10**13
_PAST = timedelta(days=180)

_copies = Table(
    "copies",
    MetaData(),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Past:
    """How much there is of it: people, and copies of an order that has ended and of one at the
    provider.
    """

    people: int
    ended: int
    active: int


async def grow(database: Database, past: Past, now: datetime, *, ended: int, active: int) -> None:
    """Copy two orders, given by their numbers, as often as `past` says; the statistics are up to
    date afterwards.
    """

    def begin(tx: Transaction) -> None:
        _copies.create(tx)
        _people(tx, past.people, now)

    await database.write(begin)
    first = _FIRST
    for template, count in ((ended, past.ended), (active, past.active)):
        for start in range(first, first + count, _CHUNK):
            await database.write(
                _copy, template, range(start, min(start + _CHUNK, first + count)), past, now
            )
        first += count

    def end(tx: Transaction) -> None:
        _copies.drop(tx)
        _pay_in(tx, now)
        if not database.is_sqlite:  # it has no statistics in the product either
            tx.execute(text("ANALYZE"))

    await database.write(end)


def _people(tx: Transaction, count: int, now: datetime) -> None:
    ids = range(RESELLER, RESELLER + count)
    people = [
        {"id": one, "first_name": f"Person {one}", "language": "en", "created_at": now}
        for one in ids
    ]
    tx.execute(insert(users), people)
    tx.execute(insert(wallets), [{"user_id": one, "balance": 0} for one in ids])


def _copy(tx: Transaction, template: int, numbers: range, past: Past, now: datetime) -> None:
    total = past.ended + past.active
    rows = [
        {
            "n": number,
            "user_id": RESELLER + (number % past.people if number % 10 else 0),
            "at": now - _PAST + _PAST * (number - _FIRST) / total,
        }
        for number in numbers
    ]
    tx.execute(_copies.delete())
    tx.execute(insert(_copies), rows)
    of = _copies.c
    theirs: dict[str, Any] = {"id": of.n, "user_id": of.user_id, "draft_id": of.n}
    draft = select(orders.c.draft_id).where(orders.c.id == template).scalar_subquery()
    _copy_rows(tx, drafts, drafts.c.id == draft, theirs)
    link = "https://example.com/" + cast(of.n, String)
    order = theirs | {
        "link": link,
        "provider_order_id": cast(of.n, String),
        "card_message_id": of.n,
        "look_at": None,
        "not_before": of.at,
    }
    _copy_rows(tx, orders, orders.c.id == template, order)
    theirs = {"user_id": of.user_id, "order_id": of.n}
    for table in (order_events, notices, ledger):
        renamed = {"key": table.c.key + "." + cast(of.n, String)} if table is ledger else {}
        _copy_rows(tx, table, table.c.order_id == template, theirs | renamed)


def _copy_rows(
    tx: Transaction, table: Table, which: ColumnElement[bool], others: Mapping[str, Any]
) -> None:
    """Copy the rows of a table once for each number.

    Every time that a row has becomes the copy's.
    """
    values = {}
    for column in table.c:
        if column.name in others:
            values[column.name] = others[column.name]
        elif isinstance(column.type, UtcTime):
            values[column.name] = case((column.is_not(None), _copies.c.at))
        elif column.name != "id":
            values[column.name] = column
    values = {name: value for name, value in values.items() if value is not None}
    rows = select(*values.values()).select_from(_copies.join(table, which))
    tx.execute(insert(table).from_select(list(values), rows))


def _pay_in(tx: Transaction, now: datetime) -> None:
    """Give everybody what they have spent, and more."""
    people = select(wallets.c.user_id).where(wallets.c.user_id >= RESELLER)
    ids = list(tx.scalars(people))
    entries = [
        {
            "user_id": one,
            "source": Account.MANUAL,
            "target": Account.WALLET,
            "amount": _DEPOSIT,
            "key": f"deposit.{one}",
            "reason": "a deposit",
            "at": now,
        }
        for one in ids
    ]
    tx.execute(insert(ledger), entries)
    signed = case((ledger.c.target == Account.WALLET, ledger.c.amount), else_=-ledger.c.amount)
    moved = (ledger.c.source == Account.WALLET) | (ledger.c.target == Account.WALLET)
    total = (
        select(func.sum(signed))
        .where(ledger.c.user_id == wallets.c.user_id, moved)
        .scalar_subquery()
    )
    tx.execute(update(wallets).where(wallets.c.user_id >= RESELLER).values(balance=total))
