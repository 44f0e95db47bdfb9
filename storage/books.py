"""Statements about whether there are books yet, and what they are in."""

from sqlalchemy import exists, select

from storage.engine import Connection
from storage.money_tables import invoices, payments, top_ups
from storage.tables import ledger, orders


async def have_wallets(connection: Connection) -> bool:
    """Say whether money is in somebody's wallet, or was, or is on its way there."""
    begun = [exists(select(table.c.id)) for table in (ledger, payments, invoices, top_ups)]
    return any([bool(await connection.scalar(select(one))) for one in begun])


async def are_begun(connection: Connection) -> bool:
    """Say whether anything was ordered or paid."""
    return await have_wallets(connection) or bool(await connection.scalar(select(exists(select(orders.c.id)))))


async def last_currency(connection: Connection) -> str | None:
    """Give the currency of what was paid, asked or ordered last from a wallet; None where nothing names one."""
    for table in (payments, invoices, top_ups):
        found: str | None = await connection.scalar(select(table.c.currency).order_by(table.c.id.desc()).limit(1))
        if found is not None:
            return found
    paid = select(orders.c.currency).where(orders.c.billing == "wallet").order_by(orders.c.id.desc()).limit(1)
    return await connection.scalar(paid)
