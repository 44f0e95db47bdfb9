"""What customers pay in with, around a world without Telegram; Crypto Pay is at the end of a
line.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playground.crypto import CryptoBot
from shop.cryptopay.client import FIATS, CryptoPay
from shop.payments.crypto import CryptoTopUps
from shop.payments.manual import ManualTopUps
from shop.payments.service import Payments, Receipt
from shop.payments.shortfall import Shortfall
from shop.payments.top_ups import TopUps, TopUpTerms
from storage.enums import Method
from storage.rows import Invoice
from storage.schema.payments import invoices, payments
from storage.schema.wallets import ledger
from tests.fakes.crypto import crypto_transport
from tests.harness.world import ADMINS, World

POOR = 502


@dataclass
class Desk:
    """Everything of the till that these tests move. Nothing runs by itself."""

    world: World
    crypto_bot: CryptoBot
    top_ups: TopUps
    payments: Payments
    difference: Shortfall
    manual: ManualTopUps
    crypto: CryptoTopUps

    async def pay(self, invoice: Invoice, charge: str = "charge-1") -> bool:
        """Let Telegram say that a Stars invoice was paid."""
        paid = Receipt(
            user_id=invoice.user_id,
            method=Method.STARS,
            charge_id=charge,
            at=self.world.clock(),
            invoice_id=invoice.id,
            stars=invoice.stars,
        )
        return await self.payments.credit(paid)

    async def later(self, seconds: float) -> None:
        self.world.pass_time(seconds)
        await self.crypto.step()

    async def invoices(self) -> list[Any]:
        return await self.world.rows(invoices)

    async def charges(self) -> list[str]:
        return [row.charge_id for row in await self.world.rows(payments)]

    async def moved(self, reason: str) -> list[int]:
        """List what was moved for a reason, in millionths."""
        return [row.amount for row in await self.world.rows(ledger) if row.reason == reason]


@asynccontextmanager
async def open_desk(world: World, **terms: Any) -> AsyncIterator[Desk]:
    """Open a till beside the world's shop, and admit a customer who has nothing."""
    await world.customer(POOR, 0)
    bot = CryptoBot(clock=lambda: world.clock().timestamp())
    shared: dict[str, Any] = {
        "database": world.database,
        "bells": world.bells,
        "clock": world.clock,
    }
    top_ups = TopUps(
        **shared,
        access=world.access,
        currency=world.ordering.currency,
        terms=TopUpTerms(**{"crypto": True} | terms),
        fiats=FIATS,
    )
    payments = Payments(**shared, ordering=world.ordering, top_ups=top_ups, admins=ADMINS)
    client = CryptoPay(bot.token, transport=crypto_transport(bot))

    async def describe(invoice: Invoice) -> str:
        return f"Top-up {invoice.id}"

    crypto = CryptoTopUps(
        **shared, client=client, payments=payments, describe=describe, admins=ADMINS
    )
    manual = ManualTopUps(world.database, top_ups, world.bells, world.clock)
    try:
        yield Desk(
            world, bot, top_ups, payments, Shortfall(world.ordering, top_ups), manual, crypto
        )
    finally:
        await client.aclose()
