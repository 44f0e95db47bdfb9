"""Crypto Pay's side of top-ups: invoices are made there, and looked at until they are paid or old.

Nothing here is asked for in a transaction. An invoice whose answer got lost is made again: nobody has the first
one's address. What is credited is what our own row froze.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shop import notices
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.crypto_pay import FIATS, CryptoInvoice, CryptoPay, CryptoPayError
from shop.money import to_decimal
from shop.notices import Kind
from shop.payments import Payments, Receipt
from shop.topping_up import CRYPTO_LIFE
from storage import Database
from storage import payments as statements
from storage.engine import Connection
from storage.notices import add as add_notice
from storage.rows import Invoice
from storage.states import InvoiceState, Method

log = logging.getLogger(__name__)

LOOK_SECONDS = 15.0
_IDLE_SECONDS = 60.0
_SHORTEST, _LONGEST = timedelta(seconds=2), timedelta(minutes=2)  # between two tries of one invoice
_LATE = timedelta(hours=24)  # how long after its end an invoice is still looked at
_LATE_LOOK = timedelta(minutes=5)
_MOST = 10_000  # looked at in one step


@dataclass(slots=True)
class CryptoTopUps:
    """`describe` gives what a payer reads on an invoice, in their language. One `step` at a time."""

    database: Database
    client: CryptoPay
    payments: Payments
    describe: Callable[[Invoice], Awaitable[str]]
    admins: Collection[int]
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now
    _tries: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    _looked: datetime | None = None
    _looked_at_late: datetime | None = None
    _warned: str = ""

    async def step(self) -> None:
        self._warn()
        await self._make_wanted()
        if self._looked is None or self.clock() - self._looked >= timedelta(seconds=LOOK_SECONDS):
            await self._look()

    async def pause(self) -> float:
        """Give the seconds until there is something to do again; new invoices ring the bell."""
        now = self.clock()
        async with self.database.read() as connection:
            wanted = await statements.invoices_in(connection, Method.CRYPTO, {InvoiceState.NEW})
            opened = await statements.invoices_in(connection, Method.CRYPTO, {InvoiceState.OPEN}, limit=1)
        turns = [(self._turn(invoice, now) - now).total_seconds() for invoice in wanted]
        return min([LOOK_SECONDS if opened else _IDLE_SECONDS, *(max(turn, 0.1) for turn in turns)])

    def _warn(self) -> None:
        """Say once why nobody is offered it: the currency is known only after the start."""
        currency = self.payments.top_ups.currency().upper()
        if currency not in FIATS and currency != self._warned:
            log.warning("Crypto Pay has no invoices in %s: it is not offered", currency)
            self._warned = currency

    # Making

    def _turn(self, invoice: Invoice, now: datetime) -> datetime:
        return self._tries[invoice.id][1] if invoice.id in self._tries else now

    async def _make_wanted(self) -> None:
        now = self.clock()
        async with self.database.read() as connection:
            wanted = await statements.invoices_in(connection, Method.CRYPTO, {InvoiceState.NEW})
        for invoice in wanted:
            if self._turn(invoice, now) > now:
                continue
            if not await self._make(invoice):
                return  # the others have their turn in the next step, should it be this one's fault

    async def _make(self, invoice: Invoice) -> bool:
        """Have an invoice made; False when it is to be tried again later."""
        try:
            made = await self.client.create_invoice(
                amount=to_decimal(invoice.amount), fiat=invoice.currency.upper(), payload=str(invoice.id),
                description=await self.describe(invoice), expires_in=int(CRYPTO_LIFE.total_seconds()),
            )  # fmt: skip
        except CryptoPayError as error:
            now = self.clock()
            if error.retryable and invoice.expires_at > now:
                tries = self._tries.get(invoice.id, (0, now))[0] + 1
                pause = min(_SHORTEST * 2 ** (tries - 1), _LONGEST)
                self._tries[invoice.id] = (tries, now + pause)
                log.warning("invoice %s is not made yet, again in %.0f s: %s", invoice.id, pause.total_seconds(), error)
                return False
            await self._failed(invoice, error)
        else:
            await self._made(invoice, made)
        self._tries.pop(invoice.id, None)
        self.bells.notify.set()
        return True

    async def _made(self, invoice: Invoice, made: CryptoInvoice) -> None:
        now = self.clock()
        async with self.database.write() as connection:
            opened = await statements.move_invoice(
                connection, invoice.id, InvoiceState.OPEN, only_from={InvoiceState.NEW},
                external_id=str(made.invoice_id), pay_url=made.pay_url, expires_at=now + CRYPTO_LIFE,
            )  # fmt: skip
            if opened:
                await _tell(connection, invoice, now, url=made.pay_url)
            await notices.alert_over(connection, Kind.CRYPTO_FAILED)

    async def _failed(self, invoice: Invoice, error: CryptoPayError) -> None:
        log.error("invoice %s can't be made: %s", invoice.id, error)
        now = self.clock()
        async with self.database.write() as connection:
            failed = await statements.move_invoice(
                connection, invoice.id, InvoiceState.FAILED, only_from={InvoiceState.NEW},
            )  # fmt: skip
            if failed:
                await _tell(connection, invoice, now)
            await self._alert(connection, error)

    async def _alert(self, connection: Connection, error: CryptoPayError) -> None:
        await notices.alert_once(connection, self.admins, Kind.CRYPTO_FAILED, self.clock(), text=str(error))

    # Looking

    async def _look(self) -> None:
        """Credit what was paid. What has ended is looked at more seldom, for a day: its payment may come late."""
        now = self.clock()
        self._looked = now
        async with self.database.read() as connection:
            wanted = await statements.invoices_in(connection, Method.CRYPTO, {InvoiceState.OPEN}, limit=_MOST)
            if self._looked_at_late is None or now - self._looked_at_late >= _LATE_LOOK:
                wanted += await statements.invoices_in(
                    connection, Method.CRYPTO, {InvoiceState.EXPIRED}, limit=_MOST, expires_after=now - _LATE,
                )  # fmt: skip
                self._looked_at_late = now
        ours = {int(invoice.external_id): invoice for invoice in wanted if invoice.external_id is not None}
        if not ours:
            return
        try:
            found = {each.invoice_id: each for each in await self.client.invoices(sorted(ours))}
        except CryptoPayError as error:
            log.warning("Crypto Pay does not tell which invoices are paid: %s", error)
            if not error.retryable:
                async with self.database.write() as connection:
                    await self._alert(connection, error)
                self.bells.notify.set()
            return
        for external_id, invoice in ours.items():
            await self._follow(invoice, found.get(external_id))

    async def _follow(self, invoice: Invoice, told: CryptoInvoice | None) -> None:
        now = self.clock()
        if told is not None and told.status == "paid":
            await self.payments.credit(
                Receipt(
                    user_id=invoice.user_id, method=Method.CRYPTO, charge_id=f"crypto:{told.invoice_id}",
                    at=told.paid_at or now, invoice_id=invoice.id, paid=told.paid_amount, asset=told.paid_asset,
                ),
            )  # fmt: skip
        elif (told is not None and told.status == "expired") or invoice.expires_at + _LATE <= now:
            async with self.database.write() as connection:
                await statements.move_invoice(
                    connection, invoice.id, InvoiceState.EXPIRED, only_from={InvoiceState.OPEN},
                )  # fmt: skip


async def _tell(connection: Connection, invoice: Invoice, now: datetime, *, url: str = "") -> None:
    """Tell who wants to pay where they can, or that they can't."""
    payload = {"amount": invoice.amount, "currency": invoice.currency, "url": url, "draft": invoice.draft_id}
    await add_notice(connection, user_id=invoice.user_id, kind=Kind.INVOICE, payload=payload, now=now)
