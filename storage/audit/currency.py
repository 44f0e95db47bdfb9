"""Of the audit: which currency wallets are in, and whether a row of money is in it."""

from sqlalchemy import ColumnElement, func, or_, select

from storage.audit.sql import Number
from storage.queries.facts import Fact
from storage.schema.messages import facts
from storage.schema.orders import orders
from storage.schema.payments import invoices, top_ups

_CODE = 3  # letters


def in_wallets_currency(column: Number) -> ColumnElement[bool]:
    """Return whether an amount is in the currency of wallets, which never changes once there are
    any.

    Books from before currencies had codes may hold a sign or another name: nothing is said of
    those.
    """
    written, wallets = func.upper(func.trim(column)), func.upper(func.trim(_of_wallets()))
    return or_(func.length(written) != _CODE, func.length(wallets) != _CODE, written == wallets)


def _of_wallets() -> Number:
    """Return what was settled; else what the first money was in, and where nothing says it, nothing
    of three letters.
    """
    known, asked, wanted, paid = facts.alias(), invoices.alias(), top_ups.alias(), orders.alias()
    found = (
        select(known.c.value["shop"].as_string()).where(known.c.name == Fact.CURRENCIES),
        select(asked.c.currency).order_by(asked.c.id).limit(1),
        select(wanted.c.currency).order_by(wanted.c.id).limit(1),
        select(paid.c.currency).where(paid.c.billing == "wallet").order_by(paid.c.id).limit(1),
    )
    return func.coalesce(*(one.scalar_subquery() for one in found), "")
