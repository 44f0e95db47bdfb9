"""The audit, as tests use it."""

from shop.audit import sentence
from storage import Database, audit


async def differences(database: Database) -> list[str]:
    """List what does not agree in the books, a line each."""
    async with database.snapshot() as connection:
        return [sentence(one) async for one in audit.differences(connection)]


async def check_money(database: Database) -> None:
    """Every wallet is the sum of its entries, and everything that money was moved for says the same as its entries."""
    assert await differences(database) == []
