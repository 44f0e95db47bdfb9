"""The audit, as tests use it."""

from shop.audit import sentence
from storage import Database, audit


async def differences(database: Database) -> list[str]:
    """List what does not agree in the books, a line each."""
    return await database.snapshot(lambda tx: [sentence(one) for one in audit.differences(tx)])


async def check_money(database: Database) -> None:
    """Every wallet is the sum of its entries, and everything that money was moved for says the same as its entries."""
    assert await differences(database) == []
