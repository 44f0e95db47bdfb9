"""The audit, as tests use it."""

from sqlalchemy import case, func, or_, select

from shop.payments.audit import sentence
from storage import Database, Transaction
from storage.audit import differences as audit_differences
from storage.queries.wallet import Account
from storage.schema.wallets import ledger


async def differences(database: Database) -> list[str]:
    """List what does not agree in the books, a line each."""
    return await database.snapshot(
        lambda tx: [sentence(one) for one in audit_differences.differences(tx)]
    )


async def check_money(database: Database) -> None:
    """Every wallet is the sum of its entries, and everything that money was moved for says the same
    as its entries.
    """
    assert await differences(database) == []


def sum_of_entries(tx: Transaction, user_id: int) -> int:
    """Add up the wallet's entries: what the balance must be."""
    signed = case((ledger.c.target == Account.WALLET, ledger.c.amount), else_=-ledger.c.amount)
    moved = or_(ledger.c.source == Account.WALLET, ledger.c.target == Account.WALLET)
    return int(tx.scalar(select(func.sum(signed)).where(ledger.c.user_id == user_id, moved)) or 0)
