"""Statements about whether there are books yet, and what they are in."""

from sqlalchemy import exists, select

from storage.engine import Transaction
from storage.schema.orders import orders
from storage.schema.payments import invoices, payments, top_ups
from storage.schema.wallets import ledger


def have_wallets(tx: Transaction) -> bool:
    """Return whether money is in somebody's wallet, or was, or is on its way there."""
    begun = [exists(select(table.c.id)) for table in (ledger, payments, invoices, top_ups)]
    return any(bool(tx.scalar(select(one))) for one in begun)


def are_begun(tx: Transaction) -> bool:
    """Return whether anything was ordered or paid."""
    return have_wallets(tx) or bool(tx.scalar(select(exists(select(orders.c.id)))))


def last_currency(tx: Transaction) -> str | None:
    """Return the currency of what was paid, asked or ordered last from a wallet; None where nothing
    names one.
    """
    for table in (payments, invoices, top_ups):
        found: str | None = tx.scalar(select(table.c.currency).order_by(table.c.id.desc()).limit(1))
        if found is not None:
            return found
    paid = (
        select(orders.c.currency)
        .where(orders.c.billing == "wallet")
        .order_by(orders.c.id.desc())
        .limit(1)
    )
    return tx.scalar(paid)
