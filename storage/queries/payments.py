"""Statements about invoices and about the payments that came for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from storage.engine import Transaction, insert_into
from storage.enums import InvoiceState, Method, PaymentState
from storage.rows import Invoice, Payment, from_row, from_rows
from storage.schema.payments import invoices, payments

# Telegram takes the money moments after a payment was let through, and the statement is read every
# few minutes.
LET_THROUGH = timedelta(hours=1)


def ask(tx: Transaction, /, **values: Any) -> Invoice:
    """Write an invoice; `values` are its columns."""
    row = tx.execute(insert(invoices).values(**values).returning(invoices)).one()
    return from_row(Invoice, row)


def invoice(tx: Transaction, invoice_id: int, user_id: int | None = None) -> Invoice | None:
    """Return the invoice; with `user_id`, only if it is theirs."""
    statement = select(invoices).where(invoices.c.id == invoice_id)
    if user_id is not None:
        statement = statement.where(invoices.c.user_id == user_id)
    row = tx.execute(statement).first()
    return None if row is None else from_row(Invoice, row)


def invoices_in(
    tx: Transaction,
    method: Method,
    states: Collection[InvoiceState],
    *,
    limit: int = 1_000,
    expires_after: datetime | None = None,
) -> list[Invoice]:
    """List a method's invoices in these states, oldest first."""
    found = select(invoices).where(
        invoices.c.method == method, invoices.c.state.in_(sorted(states))
    )
    if expires_after is not None:
        found = found.where(invoices.c.expires_at > expires_after)
    return from_rows(Invoice, tx.execute(found.order_by(invoices.c.id).limit(limit)))


def count_payable(tx: Transaction, user_id: int, method: Method, now: datetime) -> int:
    """Count somebody's invoices that can still be paid."""
    can_be_paid = and_(
        invoices.c.state.in_([InvoiceState.NEW, InvoiceState.OPEN]), invoices.c.expires_at > now
    )
    theirs = (invoices.c.user_id == user_id) & (invoices.c.method == method) & can_be_paid
    return int(tx.scalar(select(func.count()).select_from(invoices).where(theirs)) or 0)


def move_invoice(
    tx: Transaction,
    /,
    invoice_id: int,
    target: InvoiceState,
    *,
    only_from: Collection[InvoiceState],
    **values: Any,
) -> bool:
    """Make one move of an invoice; False when it is not where it could be moved from."""
    result = tx.execute(
        update(invoices)
        .where(invoices.c.id == invoice_id, invoices.c.state.in_(sorted(only_from)))
        .values(state=target, **values),
    )
    return result.rowcount == 1


def counting(
    tx: Transaction,
    user_id: int,
    method: Method,
    *,
    since: datetime,
    now: datetime,
    offered: bool = True,
) -> list[tuple[int, datetime]]:
    """List what counts against somebody's day: amounts (Stars where they are Stars, else
    millionths) and when.

    That is what they have paid since then, what they were let through to pay a moment ago, as often
    as that was, and what is `offered`: invoices that can still be paid.
    """
    theirs = (
        (payments.c.user_id == user_id) & (payments.c.method == method) & (payments.c.at > since)
    )
    worth = func.coalesce(payments.c.stars, 0) if method is Method.STARS else payments.c.amount
    found = [
        (int(row[0]), row[1]) for row in tx.execute(select(worth, payments.c.at).where(theirs))
    ]
    of = invoices.c
    came = select(func.count()).where(payments.c.invoice_id == of.id).scalar_subquery()
    lately = and_(of.checked_out_at.is_not(None), of.checked_out_at > now - LET_THROUGH)
    can_be_paid = and_(of.state.in_([InvoiceState.NEW, InvoiceState.OPEN]), of.expires_at > now)
    rows = tx.execute(
        select(of.stars, of.amount, of.created_at, of.checkouts, came, lately, can_be_paid).where(
            of.user_id == user_id,
            of.method == method,
            or_(lately, can_be_paid),
        ),
    )
    for stars, amount, at, checkouts, paid, passed, is_open in rows:
        times = max(checkouts - paid, 0) if passed else 0
        times = max(times, int(is_open and offered))
        found += [((stars or 0) if method is Method.STARS else amount, at)] * times
    return found


def let_through(tx: Transaction, invoice_id: int, now: datetime) -> bool:
    """Note that an open invoice's payment is let through; False when it can't be paid any more."""
    result = tx.execute(
        update(invoices)
        .where(
            invoices.c.id == invoice_id,
            invoices.c.state == InvoiceState.OPEN,
            invoices.c.expires_at > now,
        )
        .values(checkouts=invoices.c.checkouts + 1, checked_out_at=now),
    )
    return result.rowcount == 1


def any_ever(tx: Transaction) -> bool:
    """Return whether anybody has ever been asked to pay, or has paid."""
    asked = [select(table.c.id).limit(1) for table in (invoices, payments)]
    return any(tx.scalar(one) is not None for one in asked)


def add(tx: Transaction, /, **values: Any) -> Payment | None:
    """Write a payment; None when this charge is known already."""
    statement = (
        insert_into(tx, payments)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["bot_id", "charge_id"])
        .returning(payments)
    )
    row = tx.execute(statement).first()
    return None if row is None else from_row(Payment, row)


def payment(tx: Transaction, payment_id: int) -> Payment | None:
    row = tx.execute(select(payments).where(payments.c.id == payment_id)).first()
    return None if row is None else from_row(Payment, row)


def by_charge(tx: Transaction, charge_id: str, bot_id: int) -> Payment | None:
    """Return the payment of this charge; Telegram counts charges by bot, Crypto Pay's are bot
    0's.
    """
    charged = (payments.c.bot_id == bot_id) & (payments.c.charge_id == charge_id)
    row = tx.execute(select(payments).where(charged)).first()
    return None if row is None else from_row(Payment, row)


def known_charges(
    tx: Transaction, charge_ids: Sequence[str], bot_id: int
) -> dict[str, PaymentState]:
    """Return which of a bot's charges are known, and where their payments are, the oldest first."""
    found = tx.execute(
        select(payments.c.charge_id, payments.c.state)
        .where(payments.c.bot_id == bot_id, payments.c.charge_id.in_(charge_ids))
        .order_by(payments.c.id),
    )
    return {row.charge_id: PaymentState(row.state) for row in found}


def note_stated(tx: Transaction, stars: Mapping[str, int], bot_id: int) -> None:
    """Note what Telegram's statement for a bot says was paid, by charge; once noted it stays."""
    if stars:
        statement = (
            update(payments)
            .where(
                payments.c.bot_id == bot_id,
                payments.c.charge_id == bindparam("charge"),
                payments.c.stated.is_(None),
            )
            .values(stated=bindparam("told"))
        )
        tx.execute(statement, [{"charge": charge, "told": told} for charge, told in stars.items()])


def unstated(tx: Transaction, charge_ids: Collection[str], bot_id: int) -> set[str]:
    """Return those of a bot's charges that are known and not noted as stated yet."""
    of = payments.c
    found = select(of.charge_id).where(
        of.bot_id == bot_id, of.charge_id.in_(charge_ids), of.stated.is_(None)
    )
    return set(tx.scalars(found))


def move(
    tx: Transaction,
    /,
    payment_id: int,
    target: PaymentState,
    *,
    only_from: PaymentState,
    **values: Any,
) -> bool:
    """Make one move of a payment; False when it is not where it could be moved from."""
    result = tx.execute(
        update(payments)
        .where(payments.c.id == payment_id, payments.c.state == only_from)
        .values(state=target, **values),
    )
    return result.rowcount == 1


def in_state(
    tx: Transaction, state: PaymentState, *, bot_id: int, limit: int = 100
) -> list[Payment]:
    """List a bot's payments in a state, oldest first."""
    found = (
        select(payments)
        .where(payments.c.state == state, payments.c.bot_id == bot_id)
        .order_by(payments.c.id)
        .limit(limit)
    )
    return from_rows(Payment, tx.execute(found))


def page(
    tx: Transaction, *, user_id: int | None = None, limit: int, offset: int = 0
) -> list[Payment]:
    """List payments, newest first; with `user_id`, theirs."""
    found = select(payments).order_by(payments.c.id.desc()).limit(limit).offset(offset)
    if user_id is not None:
        found = found.where(payments.c.user_id == user_id)
    return from_rows(Payment, tx.execute(found))
