"""Invoices that Crypto Pay calls paid and does not describe as we have written them: an admin says
what they are worth.

Another app's token, another program behind the same address or a changed answer may all say *paid*.
What is credited is money, so nothing is concluded from it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop import outbox
from shop.cryptopay.invoices import CryptoInvoice, plain
from shop.errors import NotFoundError, ShopError
from shop.money import to_decimal
from shop.outbox import Kind
from shop.outbox.payloads import CryptoDiffersNotice
from shop.payments.service import Payments, Receipt
from storage.engine import Transaction
from storage.enums import InvoiceState, Method
from storage.queries import payments as statements
from storage.rows import Invoice

_LONGEST = 64
_UNDECIDED = frozenset({InvoiceState.OPEN, InvoiceState.EXPIRED})


def is_ours(invoice: Invoice, told: CryptoInvoice) -> bool:
    """Return whether what was paid is what we had asked for."""
    asked = (to_decimal(invoice.amount), invoice.currency.upper(), str(invoice.id))
    return (told.amount, told.fiat.upper(), told.payload) == asked


def receipt_of(invoice: Invoice, told: CryptoInvoice, now: datetime) -> Receipt:
    return Receipt(
        user_id=invoice.user_id,
        method=Method.CRYPTO,
        charge_id=f"crypto:{told.invoice_id}",
        at=min(told.paid_at or now, now),
        invoice_id=invoice.id,
        paid=told.paid_amount,
        asset=told.paid_asset,
    )


def ask(
    tx: Transaction, admins: Collection[int], invoice: Invoice, told: CryptoInvoice, now: datetime
) -> bool:
    """Tell the admins once what differs; True for the one call that did."""
    paid = None if told.paid_amount is None else plain(told.paid_amount)
    differs = CryptoDiffersNotice(
        invoice=invoice.id,
        user=str(invoice.user_id),
        ours=f"{plain(to_decimal(invoice.amount))} {invoice.currency}",
        theirs=f"{plain(told.amount)} {told.fiat}"[:_LONGEST],
        payload=told.payload[:_LONGEST],
        paid=paid,
        asset=told.paid_asset,
        charge=f"crypto:{told.invoice_id}",
    )
    return outbox.alert_once(tx, admins, differs, now, about=str(invoice.id))


@dataclass(frozen=True, slots=True)
class CryptoDoubts:
    """The admins' side. Each invoice is decided once, by whoever is first."""

    payments: Payments

    async def decide(self, admin_id: int, invoice_id: int, *, credit: bool) -> Invoice:
        """Credit what the invoice froze, or leave it for good; return it as it is then.

        Raises NotFoundError for people who are no admins and for what was never asked, ShopError
        where it is decided.
        """
        if not self.payments.top_ups.access.is_admin(admin_id):
            raise NotFoundError("error-button-old")
        database, now = self.payments.database, self.payments.clock()

        def transaction(tx: Transaction) -> tuple[dict[str, dict[str, Any]], Invoice | None]:
            known = outbox.alerts_about(tx, Kind.CRYPTO_DIFFERS, [str(invoice_id)])
            invoice = statements.invoice(tx, invoice_id)
            return known, invoice

        known, invoice = await database.read(transaction)
        if invoice is None or not known:
            raise NotFoundError("error-button-old")
        if invoice.state not in _UNDECIDED:
            raise ShopError("error-crypto-decided")
        if credit:
            asked = CryptoDiffersNotice.from_json(known[str(invoice_id)])
            done = await self.payments.credit(_receipt(invoice, asked, now))
        else:
            done = await database.write(
                statements.move_invoice,
                invoice_id,
                InvoiceState.FAILED,
                only_from=_UNDECIDED,
            )
        if not done:
            raise ShopError("error-crypto-decided")
        return (await database.read(statements.invoice, invoice_id)) or invoice


def _receipt(invoice: Invoice, told: CryptoDiffersNotice, now: datetime) -> Receipt:
    return Receipt(
        user_id=invoice.user_id,
        method=Method.CRYPTO,
        charge_id=told.charge,
        at=now,
        invoice_id=invoice.id,
        paid=None if told.paid is None else Decimal(told.paid),
        asset=told.asset,
    )
