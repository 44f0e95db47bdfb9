"""Statements that put right what a copy from the past can't know: what happened after it was
made.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Table, delete, func, insert, select, text, update

from storage.engine import Transaction
from storage.enums import (
    InvoiceState,
    MassState,
    Method,
    OrderState,
    RequestKind,
    RequestState,
    TopUpState,
)
from storage.rows import Order, from_rows
from storage.schema.catalogue import margins, services
from storage.schema.customers import users
from storage.schema.operations import evidence, leases
from storage.schema.orders import drafts, mass_orders, orders, presets, requests
from storage.schema.payments import coupons, invoices, payments, top_ups

# Buttons and payments in chats name these by number: a number that was given since the copy is not
# to be given again. SQLite counts for these by itself
_COUNTED: tuple[Table, ...] = (payments, coupons, presets, margins)
_NUMBERED: tuple[Table, ...] = (drafts, orders, mass_orders, invoices, top_ups, evidence, *_COUNTED)
NUMBERED = tuple(table.name for table in _NUMBERED)
_NOBODY = "—"


def unsettled(tx: Transaction) -> list[Order]:
    """List the orders that waited for their turn, or were being sent, oldest first."""
    states = (OrderState.QUEUED, OrderState.SUBMITTING)
    found = tx.execute(select(orders).where(orders.c.state.in_(states)).order_by(orders.c.id))
    return from_rows(Order, found)


def look_for_all(tx: Transaction, now: datetime) -> None:
    """Have evidence looked for anew for every unknown order."""
    tx.execute(update(orders).where(orders.c.state == OrderState.UNKNOWN).values(look_at=now))


def unsent_requests(tx: Transaction) -> list[int]:
    """List the refills and cancellations that waited, or were being sent; to look at a status twice
    harms nobody.
    """
    states = (RequestState.WAITING, RequestState.SENDING)
    found = tx.scalars(
        select(requests.c.id)
        .where(requests.c.state.in_(states), requests.c.kind != RequestKind.STATUS)
        .order_by(requests.c.id),
    )
    return list(found)


def close_drafts(tx: Transaction, now: datetime) -> int:
    """Close all open drafts; return how many had a summary that could be confirmed."""
    closed = tx.execute(
        update(drafts)
        .where(drafts.c.closed_at.is_(None))
        .values(closed_at=now)
        .returning(drafts.c.quote),
    )
    return sum(row.quote is not None for row in closed)


def throw_away_mass_drafts(tx: Transaction) -> int:
    found = tx.execute(
        update(mass_orders)
        .where(mass_orders.c.state == MassState.DRAFT)
        .values(state=MassState.CANCELED),
    )
    return int(found.rowcount)


def drop_unmade_invoices(tx: Transaction) -> None:
    """Offer no more what was still to be made at Crypto Pay: it may have been made, and paid."""
    tx.execute(
        update(invoices)
        .where(invoices.c.state == InvoiceState.NEW)
        .values(state=InvoiceState.EXPIRED),
    )


def drop_leases(tx: Transaction) -> None:
    """Forget who was at work: they are dead."""
    tx.execute(delete(leases))


def highest_numbers(tx: Transaction) -> dict[str, int]:
    """Return the highest number that was given in each table, though its row may be gone."""
    found = {table.name: tx.scalar(select(func.max(table.c.id))) or 0 for table in _NUMBERED}
    if tx.dialect.name == "sqlite":
        for row in tx.execute(text("SELECT name, seq FROM sqlite_sequence")):
            if row.name in found:
                found[row.name] = max(found[row.name], row.seq)
    return {name: int(highest) for name, highest in found.items()}


def service_numbers(tx: Transaction) -> Collection[int]:
    """Return one service's id, where there is any."""
    return list(tx.scalars(select(services.c.id).order_by(services.c.id).limit(1)))


def skip_numbers(
    tx: Transaction, numbers: Mapping[str, int], service_id: int, now: datetime
) -> None:
    """Use up a number of each table, so that the next ones are above it.

    SQLite counts for some, and goes on after the highest row for the others. What is put there is
    over, is worth nothing and belongs to nobody: a person with a number below zero.
    """
    if tx.dialect.name != "sqlite":
        for name, number in numbers.items():
            tx.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), number)))
        return
    for name in (table.name for table in _COUNTED):
        seen = {"name": name, "number": numbers[name]}
        tx.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), seen)
        tx.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), seen)
    lowest = tx.scalar(select(func.min(users.c.id)))
    nobody = min(int(lowest or 0), 0) - 1
    tx.execute(
        insert(users).values(
            id=nobody, first_name=_NOBODY, language="en", created_at=now, gone_at=now
        ),
    )
    draft, order = numbers[drafts.name], numbers[orders.name]
    tx.execute(
        insert(drafts).values(
            id=draft,
            user_id=nobody,
            service_id=service_id,
            fields={},
            created_at=now,
            closed_at=now,
        ),
    )
    tx.execute(
        insert(orders).values(
            id=order,
            draft_id=draft,
            user_id=nobody,
            service_id=service_id,
            service_name=_NOBODY,
            service_type="default",
            fields={},
            link="",
            quantity=1,
            price=0,
            currency="",
            cost=Decimal(0),
            billing="house",
            state=OrderState.REJECTED,
            created_at=now,
            changed_at=now,
            not_before=now,
            finished_at=now,
            failure="numbers that were given after a copy was made end here",
        ),
    )
    tx.execute(
        insert(mass_orders).values(
            id=numbers[mass_orders.name],
            user_id=nobody,
            state=MassState.CANCELED,
            created_at=now,
        ),
    )
    tx.execute(
        insert(invoices).values(
            id=numbers[invoices.name],
            user_id=nobody,
            method=Method.STARS,
            amount=1,
            currency="",
            state=InvoiceState.EXPIRED,
            created_at=now,
            expires_at=now,
        ),
    )
    tx.execute(
        insert(top_ups).values(
            id=numbers[top_ups.name],
            user_id=nobody,
            amount=1,
            currency="",
            state=TopUpState.CANCELED,
            created_at=now,
        ),
    )
    tx.execute(
        insert(evidence).values(
            id=numbers[evidence.name], order_id=order, kind="lost", payload={}, at=now
        ),
    )
