"""What customers can pay in, how, and how much: the invoices that the shop writes.

An invoice freezes what is asked and what is credited for it. Telegram's terms want Stars for
digital goods.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shop.access import Access, Billing
from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError, ShopError
from shop.limits import DAY, PAID, counted
from shop.money import LARGEST_UNITS, Money, ceil_to_step, parse_amount
from shop.parsing import parse_count, visible
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import InvoiceState, Method
from storage.queries import payments, users
from storage.rows import Invoice

MOST_STARS = 10_000  # of one invoice
CRYPTO_LIFE = timedelta(hours=1)
_STARS_LIFE = timedelta(hours=24)
_USUAL_STAR = 13_000  # millionths of a US dollar
_STAR = r"(?:stars?|xtr|зв[её]зд[а-я]*|[⭐★🌟]\ufe0f?)"
_STARS = re.compile(rf"{_STAR}\s*(?P<after>.+)|(?P<before>.+?)\s*{_STAR}", re.IGNORECASE)
_LONGEST_NUMBER = 64  # characters of a number of Stars
_CENT = 10_000
_MOST_UNPAID = 10  # each costs a call of Crypto Pay's


@dataclass(frozen=True, slots=True)
class TopUpTerms:
    """What the operator has set.

    Money in millionths of the shop's currency; `star_value` None: not said.
    """

    star_value: int | None = None
    star_presets: Sequence[int] = (100, 250, 500, 1_000, 2_500)
    stars_per_day: int = 10_000
    crypto: bool = False
    crypto_per_day: int = 500_000_000
    amounts: Sequence[int] = (5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000)
    note: str = ""


@dataclass(frozen=True, slots=True)
class TopUps:
    """Writes invoices.

    `currency` is asked at each use; `fiats`: the currencies that Crypto Pay counts in.
    """

    database: Database
    access: Access
    currency: Callable[[], str]
    bells: Wakeups
    clock: Clock
    terms: TopUpTerms = field(default_factory=TopUpTerms)
    fiats: frozenset[str] = frozenset()

    def offered(self) -> tuple[Method, ...]:
        """List the ways that are offered at all; where nobody has a wallet, none."""
        return self.methods() if self.access.billing is Billing.WALLET else ()

    def methods(self) -> tuple[Method, ...]:
        """List the ways in which people can pay by themselves now; the admins' hands are always one
        more.
        """
        crypto = self.terms.crypto and self.currency().upper() in self.fiats
        return ((Method.STARS,) if self.star_value() else ()) + ((Method.CRYPTO,) if crypto else ())

    def star_value(self) -> int:
        """Return what a Star is worth in millionths; 0 where there are none."""
        if self.terms.star_value is not None:
            return self.terms.star_value
        return _USUAL_STAR if self.currency().upper() == "USD" else 0

    def stars_for(self, amount: int) -> int:
        """Count the Stars that an amount in millionths takes; 0 where there are none."""
        value = self.star_value()
        return -(-amount // value) if value else 0

    def read_stars(self, text: str) -> int:
        """Read how many Stars somebody wants to pay: `300 stars`, `⭐ 300`, or the money that they
        come to, `12.50`.

        Raises BadAnswerError for anything else.
        """
        found = _STARS.fullmatch(said) if len(said := visible(text)) <= _LONGEST_NUMBER else None
        if found:
            stars = parse_count(found["after"] or found["before"])
        else:
            stars = self.stars_for(parse_amount(text, self.currency()) or 0)
        if not stars:
            raise BadAnswerError("error-stars-unclear")
        return stars

    def admit(self, user_id: int) -> None:
        """Raise NotFoundError for strangers, and where nobody has a wallet."""
        self.access.admit(user_id)
        if self.access.billing is not Billing.WALLET:
            raise NotFoundError("error-no-wallet")

    async def ask_stars(self, user_id: int, stars: int, *, draft_id: int | None = None) -> Invoice:
        """Write an invoice over so many Stars, to be sent at once.

        `draft_id`: the order that waits for it.

        Raises ShopError when that is too many.
        """
        return await self.database.write(self.write_stars, user_id, stars, draft_id)

    def write_stars(
        self, tx: Transaction, user_id: int, stars: int, draft_id: int | None
    ) -> Invoice:
        """Do the same in the caller's transaction."""
        self.admit(user_id)
        value, now = self.star_value(), self.clock()
        if not value or stars < 1:
            raise NotFoundError("error-button-old")
        if stars > MOST_STARS:
            raise ShopError("error-too-many-stars", most=MOST_STARS)
        self._within_a_day(tx, user_id, Method.STARS, stars, now)
        return payments.ask(
            tx,
            user_id=user_id,
            method=Method.STARS,
            amount=stars * value,
            currency=self.currency(),
            stars=stars,
            draft_id=draft_id,
            state=InvoiceState.OPEN,
            created_at=now,
            expires_at=now + _STARS_LIFE,
        )

    async def ask_crypto(
        self, user_id: int, amount: int, *, draft_id: int | None = None
    ) -> Invoice:
        """Write down that somebody wants to pay an amount by Crypto Pay; a worker has its invoice
        made.

        Raises ShopError when that is too much.
        """
        invoice = await self.database.write(self.write_crypto, user_id, amount, draft_id)
        self.bells.invoices.set()
        return invoice

    def write_crypto(
        self, tx: Transaction, user_id: int, amount: int, draft_id: int | None
    ) -> Invoice:
        """Do the same in the caller's transaction, who rings the bell."""
        self.admit(user_id)
        if Method.CRYPTO not in self.methods():
            raise NotFoundError("error-button-old")
        amount, now = payable(amount), self.clock()
        if not 0 < amount <= LARGEST_UNITS:
            raise ShopError("error-amount-too-large")
        self._within_a_day(tx, user_id, Method.CRYPTO, amount, now)
        if payments.count_payable(tx, user_id, Method.CRYPTO, now) >= _MOST_UNPAID:
            raise ShopError("error-invoices-open", most=_MOST_UNPAID)
        return payments.ask(
            tx,
            user_id=user_id,
            method=Method.CRYPTO,
            amount=amount,
            currency=self.currency(),
            draft_id=draft_id,
            state=InvoiceState.NEW,
            created_at=now,
            expires_at=now + CRYPTO_LIFE,
        )

    async def check_out(self, user_id: int, invoice_id: int | None, stars: int) -> None:
        """Say yes to a payment that is about to be made.

        Raises ShopError with the reason where it is no.

        What was let through counts at once: two that are paid in the same moment are not two within
        the limit.
        """
        self.admit(user_id)
        now = self.clock()

        def transaction(tx: Transaction) -> None:
            invoice = None if invoice_id is None else payments.invoice(tx, invoice_id, user_id)
            if invoice is None or invoice.method is not Method.STARS or invoice.stars != stars:
                raise NotFoundError("error-invoice-unknown")
            if invoice.state is InvoiceState.PAID:
                raise ShopError("error-invoice-paid")
            if invoice.state is not InvoiceState.OPEN or invoice.expires_at <= now:
                raise ShopError("error-invoice-old")
            self._within_a_day(tx, user_id, Method.STARS, stars, now, offered=False)
            if not payments.let_through(tx, invoice.id, now):  # paid in this very moment
                raise ShopError("error-invoice-paid")

        await self.database.write(transaction)

    def _within_a_day(
        self,
        tx: Transaction,
        user_id: int,
        method: Method,
        more: int,
        now: datetime,
        *,
        offered: bool = True,
    ) -> None:
        """Raise ShopError for more than somebody can pay in within a day; whoever else asks for
        them waits.

        `offered`: what they could still pay counts as if it were paid.
        """
        users.lock(tx, user_id)
        rows = payments.counting(tx, user_id, method, since=now - DAY, now=now, offered=offered)
        used = sum(amount for amount, _ in rows) + counted(tx, PAID[method], user_id, now)
        if method is Method.STARS and used + more > self.terms.stars_per_day:
            left = max(self.terms.stars_per_day - used, 0)
            raise ShopError("error-stars-per-day", most=self.terms.stars_per_day, left=left)
        if method is Method.CRYPTO and used + more > self.terms.crypto_per_day:
            most = Money(self.terms.crypto_per_day, self.currency())
            raise ShopError("error-crypto-per-day", most=most)


def payable(amount: int) -> int:
    """Round millionths up to what can be asked for in an ordinary currency."""
    return ceil_to_step(amount, _CENT)


def read_amount(text: str, currency: str = "") -> int:
    """Read an amount to be paid in `currency`, in millionths.

    Raises BadAnswerError where it is none.
    """
    amount = parse_amount(text, currency)
    if amount is None:
        raise BadAnswerError("error-amount")
    return amount
