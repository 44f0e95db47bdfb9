"""Statements that put right what a copy from the past can't know: what happened after it was made."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Table, delete, func, insert, select, text, update

from storage.engine import Connection
from storage.money_tables import coupons, invoices, margins, payments, top_ups
from storage.rows import Order, rows_as
from storage.states import InvoiceState, MassState, Method, OrderState, RequestKind, RequestState, TopUpState
from storage.tables import drafts, mass_orders, orders, presets, requests, services, users
from storage.work_tables import evidence, leases

# Buttons and payments in chats name these by number: a number that was given since the copy is not to be given again.
_COUNTED: tuple[Table, ...] = (payments, coupons, presets, margins)  # SQLite counts for these by itself
_NUMBERED: tuple[Table, ...] = (drafts, orders, mass_orders, invoices, top_ups, evidence, *_COUNTED)
NUMBERED = tuple(table.name for table in _NUMBERED)
_NOBODY = "—"


async def unsettled(connection: Connection) -> list[Order]:
    """List the orders that waited for their turn, or were being sent, oldest first."""
    states = (OrderState.QUEUED, OrderState.SUBMITTING)
    found = await connection.execute(select(orders).where(orders.c.state.in_(states)).order_by(orders.c.id))
    return rows_as(Order, found)


async def look_for_all(connection: Connection, now: datetime) -> None:
    """Have evidence looked for anew for every unknown order."""
    await connection.execute(update(orders).where(orders.c.state == OrderState.UNKNOWN).values(look_at=now))


async def unsent_requests(connection: Connection) -> list[int]:
    """List the refills and cancellations that waited, or were being sent; to look at a status twice harms nobody."""
    states = (RequestState.WAITING, RequestState.SENDING)
    found = await connection.scalars(
        select(requests.c.id)
        .where(requests.c.state.in_(states), requests.c.kind != RequestKind.STATUS)
        .order_by(requests.c.id),
    )
    return list(found)


async def close_drafts(connection: Connection, now: datetime) -> int:
    """Close all open drafts; give how many had a summary that could be confirmed."""
    closed = await connection.execute(
        update(drafts).where(drafts.c.closed_at.is_(None)).values(closed_at=now).returning(drafts.c.quote),
    )
    return sum(row.quote is not None for row in closed)


async def throw_away_mass_drafts(connection: Connection) -> int:
    found = await connection.execute(
        update(mass_orders).where(mass_orders.c.state == MassState.DRAFT).values(state=MassState.CANCELED),
    )
    return int(found.rowcount)


async def drop_unmade_invoices(connection: Connection) -> None:
    """Offer no more what was still to be made at Crypto Pay: it may have been made, and paid."""
    await connection.execute(
        update(invoices).where(invoices.c.state == InvoiceState.NEW).values(state=InvoiceState.EXPIRED),
    )


async def drop_leases(connection: Connection) -> None:
    """Forget who was at work: they are dead."""
    await connection.execute(delete(leases))


async def highest_numbers(connection: Connection) -> dict[str, int]:
    """Give the highest number that was given in each table, though its row may be gone."""
    found = {table.name: await connection.scalar(select(func.max(table.c.id))) or 0 for table in _NUMBERED}
    if connection.dialect.name == "sqlite":
        for row in await connection.execute(text("SELECT name, seq FROM sqlite_sequence")):
            if row.name in found:
                found[row.name] = max(found[row.name], row.seq)
    return {name: int(highest) for name, highest in found.items()}


async def service_numbers(connection: Connection) -> Collection[int]:
    """Give one service's id, where there is any."""
    return list(await connection.scalars(select(services.c.id).order_by(services.c.id).limit(1)))


async def skip_numbers(connection: Connection, numbers: Mapping[str, int], service_id: int, now: datetime) -> None:
    """Use up a number of each table, so that the next ones are above it.

    SQLite counts for some, and goes on after the highest row for the others. What is put there is over, is worth
    nothing and belongs to nobody: a person with a number below zero.
    """
    if connection.dialect.name != "sqlite":
        for name, number in numbers.items():
            await connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), number)))
        return
    for name in (table.name for table in _COUNTED):
        seen = {"name": name, "number": numbers[name]}
        await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), seen)
        await connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), seen)
    lowest = await connection.scalar(select(func.min(users.c.id)))
    nobody = min(int(lowest or 0), 0) - 1
    await connection.execute(
        insert(users).values(id=nobody, first_name=_NOBODY, language="en", created_at=now, gone_at=now),
    )
    draft, order = numbers[drafts.name], numbers[orders.name]
    await connection.execute(
        insert(drafts).values(
            id=draft, user_id=nobody, service_id=service_id, fields={}, created_at=now, closed_at=now,
        ),
    )  # fmt: skip
    await connection.execute(
        insert(orders).values(
            id=order, draft_id=draft, user_id=nobody, service_id=service_id, service_name=_NOBODY,
            service_type="default", fields={}, link="", quantity=1, price=0, currency="", cost=Decimal(0),
            billing="house", state=OrderState.REJECTED, created_at=now, changed_at=now, not_before=now,
            finished_at=now, failure="numbers that were given after a copy was made end here",
        ),
    )  # fmt: skip
    await connection.execute(
        insert(mass_orders).values(
            id=numbers[mass_orders.name], user_id=nobody, state=MassState.CANCELED, created_at=now,
        ),
    )  # fmt: skip
    await connection.execute(
        insert(invoices).values(
            id=numbers[invoices.name], user_id=nobody, method=Method.STARS, amount=1, currency="",
            state=InvoiceState.EXPIRED, created_at=now, expires_at=now,
        ),
    )  # fmt: skip
    await connection.execute(
        insert(top_ups).values(
            id=numbers[top_ups.name], user_id=nobody, amount=1, currency="", state=TopUpState.CANCELED, created_at=now,
        ),
    )  # fmt: skip
    await connection.execute(
        insert(evidence).values(id=numbers[evidence.name], order_id=order, kind="lost", payload={}, at=now),
    )
