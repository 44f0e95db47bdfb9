"""Crypto Pay's side of top-ups: invoices are made there, and looked at until they are paid or old.

Nothing here is asked for in a transaction. An invoice whose answer got lost is made again: nobody
has the first one's address. What is credited is what our own row froze, where what was paid is what
it had asked for. Only Crypto Pay's word ends an invoice: one that an answer leaves out is asked for
again, and after a day the admins are told.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shop import outbox
from shop.clock import Clock, has_passed
from shop.cryptopay.client import CryptoInvoice, CryptoPay, CryptoPayError
from shop.money import to_decimal
from shop.outbox import Kind
from shop.outbox.payloads import (
    CryptoFailedNotice,
    CryptoMissingNotice,
    CryptoUnwatchedNotice,
    InvoiceNotice,
)
from shop.payments.crypto_doubts import ask, is_ours, receipt_of
from shop.payments.service import Payments
from shop.payments.top_ups import CRYPTO_LIFE
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import InvoiceState, Method
from storage.queries import payments as statements
from storage.rows import Invoice

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
    """`describe` gives what a payer reads on an invoice, in their language.

    One `step` at a time.
    """

    database: Database
    client: CryptoPay
    payments: Payments
    describe: Callable[[Invoice], Awaitable[str]]
    admins: Collection[int]
    bells: Wakeups
    clock: Clock
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
        if self._looked is None or has_passed(
            self._looked, timedelta(seconds=LOOK_SECONDS), self.clock()
        ):
            await self._look()

    async def pause(self) -> float:
        """Return the seconds until there is something to do again; new invoices ring the bell."""
        now = self.clock()

        def transaction(tx: Transaction) -> tuple[list[Invoice], list[Invoice]]:
            wanted = statements.invoices_in(tx, Method.CRYPTO, {InvoiceState.NEW})
            opened = statements.invoices_in(tx, Method.CRYPTO, {InvoiceState.OPEN}, limit=1)
            return wanted, opened

        wanted, opened = await self.database.read(transaction)
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
        wanted = await self.database.read(statements.invoices_in, Method.CRYPTO, {InvoiceState.NEW})
        for invoice in wanted:
            if self._turn(invoice, now) > now:
                continue
            if not await self._make(invoice):
                return  # the others have their turn in the next step, should it be this one's fault

    async def _end_wanted(self) -> None:
        """Say that there will be none: what is on its way is finished, nothing new is begun."""

        def transaction(tx: Transaction) -> None:
            if end_unmade(tx, self.clock()):
                self.bells.notify.set()

        await self.database.write(transaction)

    async def _make(self, invoice: Invoice) -> bool:
        """Have an invoice made; False when it is to be tried again later."""
        try:
            made = await self.client.create_invoice(
                amount=to_decimal(invoice.amount),
                fiat=invoice.currency.upper(),
                payload=str(invoice.id),
                description=await self.describe(invoice),
                expires_in=int(CRYPTO_LIFE.total_seconds()),
            )
        except CryptoPayError as error:
            now = self.clock()
            if error.retryable and invoice.expires_at > now:
                tries = self._tries.get(invoice.id, (0, now))[0] + 1
                pause = min(_SHORTEST * 2 ** (tries - 1), _LONGEST)
                self._tries[invoice.id] = (tries, now + pause)
                log.warning(
                    "invoice %s is not made yet, again in %.0f s: %s",
                    invoice.id,
                    pause.total_seconds(),
                    error,
                )
                return False
            await self._failed(invoice, error)
        else:
            await self._made(invoice, made)
        self._tries.pop(invoice.id, None)
        self.bells.notify.set()
        return True

    async def _made(self, invoice: Invoice, made: CryptoInvoice) -> None:
        now = self.clock()

        def transaction(tx: Transaction) -> None:
            opened = statements.move_invoice(
                tx,
                invoice.id,
                InvoiceState.OPEN,
                only_from={InvoiceState.NEW},
                external_id=str(made.invoice_id),
                pay_url=made.pay_url,
                expires_at=now + CRYPTO_LIFE,
            )
            if opened:
                _tell(tx, invoice, now, url=made.pay_url)
            outbox.clear_alert(tx, Kind.CRYPTO_FAILED)

        await self.database.write(transaction)

    async def _failed(self, invoice: Invoice, error: CryptoPayError) -> None:
        log.error("invoice %s can't be made: %s", invoice.id, error)
        now = self.clock()

        def transaction(tx: Transaction) -> None:
            failed = statements.move_invoice(
                tx,
                invoice.id,
                InvoiceState.FAILED,
                only_from={InvoiceState.NEW},
            )
            if failed:
                _tell(tx, invoice, now)
            self._alert(tx, error)

        await self.database.write(transaction)

    def _alert(self, tx: Transaction, error: CryptoPayError) -> None:
        outbox.alert_once(tx, self.admins, CryptoFailedNotice(text=str(error)), self.clock())

    # Looking

    async def _look(self) -> None:
        """Credit what was paid.

        What has ended is looked at more seldom, for a day: its payment may come late.
        """
        now = self.clock()
        self._looked = now

        def transaction(tx: Transaction) -> list[Invoice]:
            opened = statements.invoices_in(tx, Method.CRYPTO, {InvoiceState.OPEN}, limit=_MOST)
            late = self._looked_at_late is None or has_passed(self._looked_at_late, _LATE_LOOK, now)
            # Those whose time is over may still be open because nobody could be asked, or nothing
            # was said of them.
            wanted = [
                invoice for invoice in opened if late or invoice.expires_at + _LATE_LOOK > now
            ]
            if late:
                wanted += statements.invoices_in(
                    tx,
                    Method.CRYPTO,
                    {InvoiceState.EXPIRED},
                    limit=_MOST,
                    expires_after=now - _LATE,
                )
                self._looked_at_late = now
            return wanted

        wanted = await self.database.read(transaction)
        ours = {
            int(invoice.external_id): invoice
            for invoice in wanted
            if invoice.external_id is not None
        }
        if not ours:
            return
        try:
            found = {each.invoice_id: each for each in await self.client.invoices(sorted(ours))}
        except CryptoPayError as error:
            log.warning("Crypto Pay does not tell which invoices are paid: %s", error)
            if not error.retryable:
                await self.database.write(self._alert, error)
                self.bells.notify.set()
            return
        await self.database.write(outbox.clear_alert, Kind.CRYPTO_UNWATCHED)
        for external_id, invoice in ours.items():
            await self._follow(invoice, found.get(external_id))

    async def _follow(self, invoice: Invoice, told: CryptoInvoice | None) -> None:
        now = self.clock()
        if told is not None and told.status == "paid" and is_ours(invoice, told):
            await self.payments.credit(receipt_of(invoice, told, now))
            return

        def transaction(tx: Transaction) -> bool:
            if told is not None and told.status == "paid":
                return ask(tx, self.admins, invoice, told, now)
            if told is not None and told.status == "expired":
                return self._expired(tx, invoice)
            return self._waited_for(tx, invoice, now)

        if await self.database.write(transaction):
            self.bells.notify.set()

    def _expired(self, tx: Transaction, invoice: Invoice) -> bool:
        return statements.move_invoice(
            tx,
            invoice.id,
            InvoiceState.EXPIRED,
            only_from={InvoiceState.OPEN},
        )

    def _waited_for(self, tx: Transaction, invoice: Invoice, now: datetime) -> bool:
        """Leave an invoice open whose end nobody has said; after a day the admins are told, after a
        month it ends.
        """
        if invoice.state is not InvoiceState.OPEN or invoice.expires_at + _LATE > now:
            return False
        if invoice.expires_at + _GIVE_UP <= now:
            return self._expired(tx, invoice)
        missing = CryptoMissingNotice(
            invoice=invoice.id, user=str(invoice.user_id), external=invoice.external_id or ""
        )
        return outbox.alert_once(tx, self.admins, missing, now, about=str(invoice.id))


@dataclass(frozen=True, slots=True)
class UnwatchedCrypto:
    """What is left of Crypto Pay where there is no token: invoices stay open, and the admins are
    told of them once.
    """

    database: Database
    admins: Collection[int]
    bells: Wakeups
    clock: Clock

    async def step(self) -> None:
        now = self.clock()

        def transaction(tx: Transaction) -> bool:
            news = end_unmade(tx, now) > 0
            opened = statements.invoices_in(tx, Method.CRYPTO, {InvoiceState.OPEN}, limit=_MOST)
            if opened:
                unwatched = CryptoUnwatchedNotice(invoices=len(opened))
                news |= outbox.alert_once(tx, self.admins, unwatched, now)
            return news

        news = await self.database.write(transaction)
        if news:
            self.bells.notify.set()


def end_unmade(tx: Transaction, now: datetime) -> int:
    """End the invoices that were still to be made, and tell who wanted them; say how many."""
    wanted = statements.invoices_in(tx, Method.CRYPTO, {InvoiceState.NEW})
    for invoice in wanted:
        statements.move_invoice(tx, invoice.id, InvoiceState.FAILED, only_from={InvoiceState.NEW})
        _tell(tx, invoice, now)
    return len(wanted)


def _tell(tx: Transaction, invoice: Invoice, now: datetime, *, url: str = "") -> None:
    """Tell who wants to pay where they can, or that they can't."""
    told = InvoiceNotice(
        amount=invoice.amount, currency=invoice.currency, url=url, draft=invoice.draft_id
    )
    outbox.notify(tx, invoice.user_id, told, now)
