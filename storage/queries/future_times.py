"""Rows whose times are further in the future than they can be: a clock was ahead when they were
written.

What waits for such a time waits for too long, and what has "not happened yet" is passed over. Each
kind of time has its longest wait; what is beyond that is written as what it can be now.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, func, or_, select, update

from storage.engine import Transaction
from storage.enums import IN_WORK, InvoiceState, Method, OrderState, RequestState
from storage.schema.messages import facts, notices
from storage.schema.operations import evidence, leases, limited, updates
from storage.schema.orders import orders, requests
from storage.schema.payments import invoices, payments, top_ups

# What two machines' clocks may differ by, and more.
MARGIN = timedelta(minutes=2)
_NONE = timedelta(0)
# of tables that are only added to: what a clock has just written is among them
_LATEST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Longest:
    """How far a time of each kind can be ahead.

    `lease`: for one `add`, or one call about a refill.
    """

    lease: timedelta
    turn: timedelta = timedelta(hours=2)  # of an order or a request that waits for its turn
    look: timedelta = timedelta(hours=1)
    postponed: timedelta = timedelta(days=1)  # a notice, by Telegram's word
    held: timedelta = timedelta(days=2)  # a notice, for its reader's hour
    process: timedelta = timedelta(minutes=5)  # what a process holds
    offer: timedelta = timedelta(hours=24)  # an invoice


@dataclass(frozen=True, slots=True)
class _Time:
    """A column, how far ahead it can be, and whether what is beyond is over (now), or has its
    longest wait left.
    """

    column: Column[Any]
    longest: timedelta = _NONE
    keeps: bool = False


def is_any(tx: Transaction, longest: Longest, now: datetime) -> bool:
    """Return whether any row has a time that can't be: one look at each table, and nothing is
    written.
    """
    return any(_first(tx, *kind, now) for kind in _kinds(longest, now))


def put_right(tx: Transaction, longest: Longest, now: datetime) -> int:
    """Write times that can't be as what they can be now; return how many rows had one.

    In a write transaction.
    """
    return sum([_put_right(tx, *kind, now) for kind in _kinds(longest, now)])


def _kinds(
    longest: Longest, now: datetime
) -> Iterator[tuple[Table, ColumnElement[bool], Collection[_Time]]]:
    """Name each table with the rows that are looked at, of which no index has to be missed, and
    their times.
    """
    ahead = now + MARGIN
    of, asked, said = orders.c, requests.c, notices.c
    # Whatever was written in such a moment to be done at once, or soon.
    queued = and_(of.state == OrderState.QUEUED, or_(of.changed_at > ahead, of.waiting == ""))
    yield orders, queued, [_Time(of.not_before)]
    yield (
        requests,
        and_(asked.state == RequestState.WAITING, asked.changed_at > ahead),
        [_Time(asked.not_before)],
    )
    unsaid = said.done_at.is_(None)
    written = or_(said.created_at > ahead, and_(said.attempts == 0, said.outcome == ""))
    yield notices, and_(unsaid, written), [_Time(said.not_before)]
    touched = and_(of.state.in_(sorted(OrderState)), of.changed_at > ahead)
    yield (
        orders,
        or_(touched, of.state.in_(sorted(IN_WORK))),
        [
            _Time(of.not_before, longest.turn),
            _Time(of.lease_until, longest.lease, keeps=True),
            _Time(of.look_at, longest.look),
            *map(
                _Time,
                (
                    of.created_at,
                    of.submitted_at,
                    of.started_at,
                    of.finished_at,
                    of.missing_since,
                    of.changed_at,
                ),
            ),
            _Time(of.waits_since),
        ],
    )
    for rows in (asked.ended_at.is_(None), asked.id > _last(requests)):
        yield (
            requests,
            rows,
            [
                _Time(asked.not_before, longest.turn),
                _Time(asked.lease_until, longest.lease, keeps=True),
                *map(_Time, (asked.created_at, asked.sent_at, asked.changed_at, asked.ended_at)),
            ],
        )
    yield (
        notices,
        unsaid,
        [
            _Time(said.not_before, max(longest.postponed, longest.held)),
            _Time(said.created_at),
        ],
    )
    yield leases, leases.c.name.is_not(None), [_Time(leases.c.until, longest.process)]
    yield updates, updates.c.done_at.is_(None), [_Time(updates.c.until, longest.process)]
    yield facts, facts.c.name.is_not(None), [_Time(facts.c.at)]
    opened = and_(
        invoices.c.method.in_(sorted(Method)),
        invoices.c.state.in_([InvoiceState.NEW, InvoiceState.OPEN]),
    )
    yield (
        invoices,
        opened,
        [
            _Time(invoices.c.expires_at, longest.offer, keeps=True),
            _Time(invoices.c.created_at),
            _Time(invoices.c.checked_out_at),
        ],
    )
    for column in (payments.c.at, top_ups.c.created_at, limited.c.at, evidence.c.at):
        yield column.table, column.table.c.id > _last(column.table), [_Time(column)]


def _last(table: Table) -> ColumnElement[int]:
    """Return the number after which a table's latest rows begin."""
    return select(func.max(table.c.id)).scalar_subquery() - _LATEST_ROWS


def _first(
    tx: Transaction,
    table: Table,
    looked_at: ColumnElement[bool],
    times: Collection[_Time],
    now: datetime,
) -> bool:
    wrong = or_(*(time.column > now + time.longest + MARGIN for time in times))
    return tx.execute(select(table).where(looked_at, wrong).limit(1)).first() is not None


def _put_right(
    tx: Transaction,
    table: Table,
    looked_at: ColumnElement[bool],
    times: Collection[_Time],
    now: datetime,
) -> int:
    rows = 0
    for time in times:
        then = now + time.longest if time.keeps else now
        statement = update(table).where(looked_at, time.column > now + time.longest + MARGIN)
        rows += tx.execute(statement.values({time.column: then})).rowcount
    return rows
