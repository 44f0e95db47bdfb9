"""Crypto Pay's side of top-ups: invoices are made there, and looked at until they are paid or old.

Nothing here is asked for in a transaction. An invoice whose answer got lost is made again: nobody has the first
one's address. What is credited is what our own row froze, where what was paid is what it had asked for. Only Crypto
Pay's word ends an invoice: one that an answer leaves out is asked for again, and after a day the admins are told.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shop import notices
from shop.bells import Bells
from shop.clock import Clock, has_passed, utc_now
from shop.crypto_doubts import ask, is_ours, receipt_of
from shop.crypto_pay import CryptoInvoice, CryptoPay, CryptoPayError
from shop.money import to_decimal
from shop.notices import Kind
from shop.payments import Payments
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
_LATE = timedelta(hours=24)  # how long after its end an invoice is still looked at, or waited for
_GIVE_UP = timedelta(days=30)  # one that Crypto Pay never speaks of
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
        if Method.CRYPTO in self.payments.top_ups.offered():
            await self._make_wanted()
        else:
            self._warn()
            await self._end_wanted()
        if self._looked is None or has_passed(self._looked, timedelta(seconds=LOOK_SECONDS), self.clock()):
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
        if currency not in self.payments.top_ups.fiats and currency != self._warned:
            log.warning("Crypto Pay has no invoices in %s: it is not offered", currency)
            self._warned = currency

    # Making

    def _turn(self, invoice: Invoice, now: datetime) -> datetime:
        turn = self._tries[invoice.id][1] if invoice.id in self._tries else now
        return turn if turn <= now + _LONGEST else now

    async def _make_wanted(self) -> None:
        now = self.clock()
        async with self.database.read() as connection:
            wanted = await statements.invoices_in(connection, Method.CRYPTO, {InvoiceState.NEW})
        for invoice in wanted:
            if self._turn(invoice, now) > now:
                continue
            if not await self._make(invoice):
                return  # the others have their turn in the next step, should it be this one's fault

    async def _end_wanted(self) -> None:
        """Say that there will be none: what is on its way is finished, nothing new is begun."""
        async with self.database.write() as connection:
            if await end_unmade(connection, self.clock()):
                self.bells.notify.set()

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
            opened = await statements.invoices_in(connection, Method.CRYPTO, {InvoiceState.OPEN}, limit=_MOST)
            late = self._looked_at_late is None or has_passed(self._looked_at_late, _LATE_LOOK, now)
            # Those whose time is over may still be open because nobody could be asked, or nothing was said of them.
            wanted = [invoice for invoice in opened if late or invoice.expires_at + _LATE_LOOK > now]
            if late:
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
        async with self.database.write() as connection:
            await notices.alert_over(connection, Kind.CRYPTO_UNWATCHED)
        for external_id, invoice in ours.items():
            await self._follow(invoice, found.get(external_id))

    async def _follow(self, invoice: Invoice, told: CryptoInvoice | None) -> None:
        now = self.clock()
        if told is not None and told.status == "paid" and is_ours(invoice, told):
            await self.payments.credit(receipt_of(invoice, told, now))
            return
        async with self.database.write() as connection:
            if told is not None and told.status == "paid":
                news = await ask(connection, self.admins, invoice, told, now)
            elif told is not None and told.status == "expired":
                news = await self._expired(connection, invoice)
            else:
                news = await self._waited_for(connection, invoice, now)
        if news:
            self.bells.notify.set()

    async def _expired(self, connection: Connection, invoice: Invoice) -> bool:
        return await statements.move_invoice(
            connection, invoice.id, InvoiceState.EXPIRED, only_from={InvoiceState.OPEN},
        )  # fmt: skip

    async def _waited_for(self, connection: Connection, invoice: Invoice, now: datetime) -> bool:
        """Leave an invoice open whose end nobody has said; after a day the admins are told, after a month it ends."""
        if invoice.state is not InvoiceState.OPEN or invoice.expires_at + _LATE > now:
            return False
        if invoice.expires_at + _GIVE_UP <= now:
            return await self._expired(connection, invoice)
        return await notices.alert_once(
            connection, self.admins, Kind.CRYPTO_MISSING, now, about=str(invoice.id), invoice=invoice.id,
            user=str(invoice.user_id), external=invoice.external_id or "",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnwatchedCrypto:
    """What is left of Crypto Pay where there is no token: invoices stay open, and the admins are told of them once."""

    database: Database
    admins: Collection[int]
    bells: Bells
    clock: Clock

    async def step(self) -> None:
        now = self.clock()
        async with self.database.write() as connection:
            news = await end_unmade(connection, now) > 0
            opened = await statements.invoices_in(connection, Method.CRYPTO, {InvoiceState.OPEN}, limit=_MOST)
            if opened:
                count = len(opened)
                news |= await notices.alert_once(connection, self.admins, Kind.CRYPTO_UNWATCHED, now, invoices=count)
        if news:
            self.bells.notify.set()


async def end_unmade(connection: Connection, now: datetime) -> int:
    """End the invoices that were still to be made, and tell who wanted them; say how many."""
    wanted = await statements.invoices_in(connection, Method.CRYPTO, {InvoiceState.NEW})
    for invoice in wanted:
        await statements.move_invoice(connection, invoice.id, InvoiceState.FAILED, only_from={InvoiceState.NEW})
        await _tell(connection, invoice, now)
    return len(wanted)


async def _tell(connection: Connection, invoice: Invoice, now: datetime, *, url: str = "") -> None:
    """Tell who wants to pay where they can, or that they can't."""
    payload = {"amount": invoice.amount, "currency": invoice.currency, "url": url, "draft": invoice.draft_id}
    await add_notice(connection, user_id=invoice.user_id, kind=Kind.INVOICE, payload=payload, now=now)
