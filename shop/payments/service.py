"""Money that comes in and goes back: credited exactly once, whoever brings the news, and however
often.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop import outbox
from shop.access import Billing
from shop.aftercare.service import ask_to_cancel_all
from shop.clock import Clock
from shop.errors import NotFoundError, ShopError, TooLittleMoneyError
from shop.money import LARGEST_UNITS, Money
from shop.ordering.placement import Ordering
from shop.orders.cancelling import take_back
from shop.orders.eligibility import Rules
from shop.outbox.payloads import (
    ChargebackNotice,
    ChargedBackNotice,
    PaidBackNotice,
    RefundFailedNotice,
    StrayPaymentNotice,
    ToppedUpNotice,
)
from shop.payments.top_ups import TopUps
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import InvoiceState, Method, PaymentState
from storage.queries import drafts, ledger_keys, orders, users, wallet
from storage.queries import payments as statements
from storage.queries.ledger_keys import EntryKey
from storage.queries.wallet import Account, InsufficientFundsError
from storage.rows import Invoice, Payment

log = logging.getLogger(__name__)

_UNPAID = frozenset(InvoiceState) - {InvoiceState.PAID}  # an old one may be paid, too


@dataclass(frozen=True, slots=True)
class Receipt:
    """Says that somebody has paid.

    `charge_id` is the payment's own; `invoice_id` is what its payload says.

    `amount` (millionths) is credited where no invoice of ours says how much.
    """

    user_id: int
    method: Method
    charge_id: str
    at: datetime
    invoice_id: int | None = None
    stars: int | None = None
    amount: int = 0
    paid: Decimal | None = None
    asset: str | None = None
    first_name: str = "—"


@dataclass(frozen=True, slots=True)
class Payments:
    """Credits, refunds and chargebacks.

    An order that waits for a payment starts in the same transaction.

    `bot_id`: Telegram's id of the bot that is paid, by which it counts charges.
    """

    database: Database
    ordering: Ordering
    top_ups: TopUps
    admins: Collection[int]
    bells: Wakeups
    clock: Clock
    default_language: str = "en"
    rules: Rules = field(default_factory=Rules)
    bot_id: int = 0

    async def credit(self, receipt: Receipt) -> bool:
        """Credit a payment and start the order that waits for it; False when this charge is known
        already.
        """
        credited = await self.database.write(self._credit, receipt)
        self.bells.notify.set()
        self.bells.submit.set()
        return credited

    def _credit(self, tx: Transaction, receipt: Receipt) -> bool:
        now = self.clock()
        invoice = None
        if receipt.invoice_id is not None:
            invoice = statements.invoice(tx, receipt.invoice_id)
        if invoice is not None and invoice.draft_id is not None:
            # Before the wallet, as a Confirm does: two that don't would wait for each other for
            # ever.
            drafts.lock(tx, invoice.draft_id, invoice.user_id)
        amount = self._worth(receipt, invoice)
        if not amount:
            self._stray(tx, receipt)
            return False
        users.create(
            tx,
            receipt.user_id,
            first_name=receipt.first_name,
            username=None,
            language=self.default_language,
            now=now,
        )
        payment = statements.add(
            tx,
            user_id=receipt.user_id,
            invoice_id=None if invoice is None else invoice.id,
            method=receipt.method,
            charge_id=receipt.charge_id,
            amount=amount,
            currency=self.top_ups.currency() if invoice is None else invoice.currency,
            stars=receipt.stars,
            paid=receipt.paid,
            asset=receipt.asset,
            state=PaymentState.CREDITED,
            at=receipt.at,
            bot_id=self.bot_id if receipt.method is Method.STARS else 0,
        )
        if payment is None:
            return False
        _move(
            tx,
            payment,
            now,
            source=Account(receipt.method),
            target=Account.WALLET,
            key=ledger_keys.payment(payment.id),
            reason=str(receipt.method),
        )
        started: int | None = None
        asks_again: int | None = None
        if invoice is not None:
            statements.move_invoice(
                tx,
                invoice.id,
                InvoiceState.PAID,
                only_from=_UNPAID,
                paid_at=now,
            )
            starts = invoice.draft_id is not None and self.top_ups.access.billing is Billing.WALLET
            if starts and invoice.draft_id is not None and invoice.user_id == receipt.user_id:
                started, asks_again = self._start(tx, invoice.user_id, invoice.draft_id)
        balance = wallet.balance(tx, receipt.user_id)
        told = ToppedUpNotice(
            amount=amount,
            method=str(receipt.method),
            payment=payment.id,
            balance=balance,
            draft=asks_again,
            order=started,
        )
        outbox.notify(tx, receipt.user_id, told, now, order_id=started)
        return True

    def _worth(self, receipt: Receipt, invoice: Invoice | None) -> int:
        """Return what is credited: what the invoice promised for this, otherwise what it is worth
        today.
        """
        if (
            invoice is not None
            and invoice.method is receipt.method
            and invoice.stars == receipt.stars
        ):
            return invoice.amount
        worth = receipt.amount or (receipt.stars or 0) * self.top_ups.star_value()
        return worth if worth <= LARGEST_UNITS else 0

    def _stray(self, tx: Transaction, receipt: Receipt) -> None:
        """Nobody knows what it is worth: an admin has to credit it by hand."""
        stray = StrayPaymentNotice(
            user=str(receipt.user_id), charge=receipt.charge_id, stars=receipt.stars or 0
        )
        outbox.alert_once(tx, self.admins, stray, self.clock(), about=receipt.charge_id)

    def _start(self, tx: Transaction, user_id: int, draft_id: int) -> tuple[int | None, int | None]:
        """Place the order that was paid for, and return its id; where that no longer holds, the id
        of the draft that is to be asked again.

        A form that was thrown away asks nothing: the money is in the wallet.
        """
        try:
            with tx.begin_nested():
                order = self.ordering.place_draft(tx, user_id, draft_id)
        except NotFoundError as error:
            return None, None if error.key == "error-draft-gone" else draft_id
        except ShopError:
            return None, draft_id
        except Exception:  # the money has come all the same
            log.exception("draft %s can't be placed although it is paid for", draft_id)
            return None, draft_id
        return order.id, None

    async def taken_back(self, charge_id: str) -> bool:
        """Note that Telegram has given a payment back: because we asked, or on its own.

        False if nothing is new.

        What it took on its own comes out of the wallet, below zero if need be, stops orders that
        wait, and has the provider asked to cancel those that it has.
        """

        def transaction(tx: Transaction) -> bool:
            payment = statements.by_charge(tx, charge_id, self.bot_id)
            if payment is None:
                return False
            return self._refunded(tx, payment) or self._charged_back(tx, payment)

        new = await self.database.write(transaction)
        self.bells.notify.set()
        self.bells.requests.set()
        return new

    def _refunded(self, tx: Transaction, payment: Payment) -> bool:
        moved = statements.move(
            tx,
            payment.id,
            PaymentState.REFUNDED,
            only_from=PaymentState.REFUNDING,
            refunded_at=self.clock(),
        )
        if moved:
            told = PaidBackNotice(
                amount=payment.amount,
                stars=payment.stars or 0,
                payment=payment.id,
                balance=wallet.balance(tx, payment.user_id),
            )
            outbox.notify(tx, payment.user_id, told, self.clock())
        return moved

    def _charged_back(self, tx: Transaction, payment: Payment) -> bool:
        now = self.clock()
        moved = statements.move(
            tx,
            payment.id,
            PaymentState.CHARGED_BACK,
            only_from=PaymentState.CREDITED,
            refunded_at=now,
        )
        if not moved:
            return False
        asked = ask_to_cancel_all(tx, self.rules, payment.user_id, now)
        # Whoever confirms at this moment has the wallet first, and their order is seen here; or
        # finds it empty.
        stopped = 0
        if wallet.lock(tx, payment.user_id) < payment.amount:
            queued = orders.waiting(tx, payment.user_id)
            stopped = sum([take_back(tx, order, now) for order in queued])
        _move(
            tx,
            payment,
            now,
            source=Account.WALLET,
            target=Account(payment.method),
            key=ledger_keys.chargeback(payment.id),
            reason="chargeback",
            into_debt=True,
        )
        balance = wallet.balance(tx, payment.user_id)
        to_payer = ChargedBackNotice(
            amount=payment.amount,
            stars=payment.stars or 0,
            payment=payment.id,
            balance=balance,
            asked=asked,
        )
        outbox.notify(tx, payment.user_id, to_payer, now)
        to_admins = ChargebackNotice(
            user=payment.user_id,
            amount=payment.amount,
            stopped=stopped,
            asked=asked,
            balance=balance,
        )
        outbox.notify_admins(tx, self.admins, to_admins, now)
        return True

    async def latest(
        self, limit: int, *, user_id: int | None = None, offset: int = 0
    ) -> list[Payment]:
        """List payments, newest first; with `user_id`, theirs."""
        return await self.database.read(
            statements.page, user_id=user_id, limit=limit, offset=offset
        )

    async def refundable(self, payment_id: int) -> Payment:
        """Return a payment that may be given back. Raises ShopError for any other."""
        payment = await self.database.read(statements.payment, payment_id)
        if payment is None or payment.method is not Method.STARS:
            raise NotFoundError("error-no-such-payment")
        if payment.bot_id != self.bot_id:  # only the bot that was paid can give it back
            raise ShopError("error-refund-other-bot")
        if payment.state is not PaymentState.CREDITED:
            raise ShopError("error-refund-not-open")
        return payment

    async def ask_refund(self, payment_id: int, admin_id: int) -> Payment:
        """Take a Stars payment out of the wallet, to be given back by Telegram; a worker does that.

        Raises ShopError where it is not in the wallet any more, or not to be given back.
        """
        now = self.clock()

        def transaction(tx: Transaction) -> Payment:
            payment = statements.payment(tx, payment_id)
            # erased: nobody to pay
            if payment is None or payment.method is not Method.STARS or payment.user_id < 0:
                raise NotFoundError("error-no-such-payment")
            if payment.bot_id != self.bot_id:
                raise ShopError("error-refund-other-bot")
            moved = statements.move(
                tx,
                payment_id,
                PaymentState.REFUNDING,
                only_from=PaymentState.CREDITED,
                refund_by=admin_id,
                refund_asked_at=now,
                refunds=payment.refunds + 1,
            )
            payment = statements.payment(tx, payment_id)
            if not moved or payment is None:
                raise ShopError("error-refund-not-open")
            try:
                _move(
                    tx,
                    payment,
                    now,
                    source=Account.WALLET,
                    target=Account.STARS,
                    key=ledger_keys.payback(payment_id, payment.refunds),
                    reason="refund",
                    actor_id=admin_id,
                )
            except InsufficientFundsError:
                has = Money(wallet.balance(tx, payment.user_id), payment.currency)
                raise TooLittleMoneyError("error-refund-spent", has=has) from None
            return payment

        payment = await self.database.write(transaction)
        self.bells.refunds.set()
        return payment

    async def refund_refused(self, payment: Payment, why: str) -> None:
        """Put a payment back into the wallet that Telegram definitely does not give back."""
        now = self.clock()

        def transaction(tx: Transaction) -> None:
            moved = statements.move(
                tx,
                payment.id,
                PaymentState.CREDITED,
                only_from=PaymentState.REFUNDING,
            )
            if not moved:
                return
            _move(
                tx,
                payment,
                now,
                source=Account.STARS,
                target=Account.WALLET,
                key=ledger_keys.payback_failed(payment.id, payment.refunds),
                reason="refund failed",
            )
            asked_by = [payment.refund_by] if payment.refund_by is not None else self.admins
            failed = RefundFailedNotice(user=str(payment.user_id), payment=payment.id, text=why)
            outbox.notify_admins(tx, asked_by, failed, now)

        await self.database.write(transaction)
        self.bells.notify.set()


def _move(
    tx: Transaction, /, payment: Payment, now: datetime, *, key: EntryKey, **how: Any
) -> None:
    """Move a payment's amount; that it was not moved before follows from the payment's own
    state.
    """
    if not wallet.move(tx, user_id=payment.user_id, amount=payment.amount, now=now, key=key, **how):
        raise RuntimeError(f"payment {payment.id} was moved before: {key.text}")
