"""Statements about invoices and about the payments that came for them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.engine import Connection, insert_into
from storage.money_tables import invoices, payments
from storage.rows import Invoice, Payment, row_as, rows_as
from storage.states import InvoiceState, Method, PaymentState


async def ask(connection: Connection, **values: Any) -> Invoice:
    """Write an invoice; `values` are its columns."""
    row = (await connection.execute(insert(invoices).values(**values).returning(invoices))).one()
    return row_as(Invoice, row)


async def invoice(connection: Connection, invoice_id: int, user_id: int | None = None) -> Invoice | None:
    """Give the invoice; with `user_id`, only if it is theirs."""
    statement = select(invoices).where(invoices.c.id == invoice_id)
    if user_id is not None:
        statement = statement.where(invoices.c.user_id == user_id)
    row = (await connection.execute(statement)).first()
    return None if row is None else row_as(Invoice, row)


async def invoices_in(
    connection: Connection,
    method: Method,
    states: Collection[InvoiceState],
    *,
    limit: int = 1_000,
    expires_after: datetime | None = None,
) -> list[Invoice]:
    """List a method's invoices in these states, oldest first."""
    found = select(invoices).where(invoices.c.method == method, invoices.c.state.in_(sorted(states)))
    if expires_after is not None:
        found = found.where(invoices.c.expires_at > expires_after)
    return rows_as(Invoice, await connection.execute(found.order_by(invoices.c.id).limit(limit)))


async def count_invoices(connection: Connection, user_id: int, method: Method, states: Collection[InvoiceState]) -> int:
    """Count somebody's invoices in these states."""
    theirs = (invoices.c.user_id == user_id) & (invoices.c.method == method) & invoices.c.state.in_(sorted(states))
    return int(await connection.scalar(select(func.count()).select_from(invoices).where(theirs)) or 0)


async def move_invoice(
    connection: Connection,
    invoice_id: int,
    target: InvoiceState,
    *,
    only_from: Collection[InvoiceState],
    **values: Any,
) -> bool:
    """Make one move of an invoice; False when it is not where it could be moved from."""
    result = await connection.execute(
        update(invoices)
        .where(invoices.c.id == invoice_id, invoices.c.state.in_(sorted(only_from)))
        .values(state=target, **values),
    )
    return result.rowcount == 1


async def paid_since(connection: Connection, user_id: int, method: Method, since: datetime) -> tuple[int, int]:
    """Sum up what somebody has paid in by a method since then: millionths, and Stars."""
    sums = [func.coalesce(func.sum(column), 0) for column in (payments.c.amount, payments.c.stars)]
    theirs = (payments.c.user_id == user_id) & (payments.c.method == method) & (payments.c.at > since)
    amount, stars = (await connection.execute(select(*sums).where(theirs))).one()
    return int(amount), int(stars)


async def add(connection: Connection, **values: Any) -> Payment | None:
    """Write a payment; None when this charge is known already."""
    statement = (
        insert_into(connection, payments)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["bot_id", "charge_id"])
        .returning(payments)
    )
    row = (await connection.execute(statement)).first()
    return None if row is None else row_as(Payment, row)


async def payment(connection: Connection, payment_id: int) -> Payment | None:
    row = (await connection.execute(select(payments).where(payments.c.id == payment_id))).first()
    return None if row is None else row_as(Payment, row)


async def by_charge(connection: Connection, charge_id: str, bot_id: int) -> Payment | None:
    """Give the payment of this charge; Telegram counts charges by bot, Crypto Pay's are bot 0's."""
    charged = (payments.c.bot_id == bot_id) & (payments.c.charge_id == charge_id)
    row = (await connection.execute(select(payments).where(charged))).first()
    return None if row is None else row_as(Payment, row)


async def known_charges(connection: Connection, charge_ids: Sequence[str], bot_id: int) -> dict[str, PaymentState]:
    """Tell which of a bot's charges are known, and where their payments are, the oldest first."""
    found = await connection.execute(
        select(payments.c.charge_id, payments.c.state)
        .where(payments.c.bot_id == bot_id, payments.c.charge_id.in_(charge_ids))
        .order_by(payments.c.id),
    )
    return {row.charge_id: PaymentState(row.state) for row in found}


async def move(
    connection: Connection,
    payment_id: int,
    target: PaymentState,
    *,
    only_from: PaymentState,
    **values: Any,
) -> bool:
    """Make one move of a payment; False when it is not where it could be moved from."""
    result = await connection.execute(
        update(payments)
        .where(payments.c.id == payment_id, payments.c.state == only_from)
        .values(state=target, **values),
    )
    return result.rowcount == 1


async def in_state(connection: Connection, state: PaymentState, *, bot_id: int, limit: int = 100) -> list[Payment]:
    """List a bot's payments in a state, oldest first."""
    found = (
        select(payments)
        .where(payments.c.state == state, payments.c.bot_id == bot_id)
        .order_by(payments.c.id)
        .limit(limit)
    )
    return rows_as(Payment, await connection.execute(found))


async def page(
    connection: Connection, *, user_id: int | None = None, limit: int, offset: int = 0
) -> list[Payment]:  # fmt: skip
    """List payments, newest first; with `user_id`, theirs."""
    found = select(payments).order_by(payments.c.id.desc()).limit(limit).offset(offset)
    if user_id is not None:
        found = found.where(payments.c.user_id == user_id)
    return rows_as(Payment, await connection.execute(found))
