"""The operator's balance at the provider: remembered, so that no screen waits for it."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from panel import Meaning, NotAsked, PanelClient, PanelError, Priority, Rejected, Unavailable
from shop import outbox
from shop.clock import Clock
from shop.currencies import code_of
from shop.outbox import Kind
from shop.outbox.payloads import (
    BadKeyNotice,
    BalanceFailedNotice,
    BalanceNotice,
    BalanceUnreadableNotice,
    CurrencyOddNotice,
    Payload,
    UnreachableNotice,
)
from shop.provider import brake, currencies, funds
from shop.provider.currencies import Currencies, CurrencyTerms
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import IN_WORK
from storage.queries import facts, orders
from storage.queries.facts import Fact

log = logging.getLogger(__name__)

_REMEMBERED = 200
_AWAY = 3  # looks in a row without an answer


@dataclass(frozen=True, slots=True)
class ProviderBalance:
    amount: Decimal
    currency: str
    at: datetime


@dataclass(slots=True)
class BalanceWatch:
    """Keeps the last known balance.

    `currency` is the provider's, guessed until it has named it; the shop's own is in
    shop.provider.currencies.
    """

    database: Database
    panel: PanelClient
    admins: Collection[int]
    bells: Wakeups
    clock: Clock
    currency: str = "USD"
    terms: CurrencyTerms = field(default_factory=CurrencyTerms)
    _failures: int = 0
    _shop: str = ""
    _mistakes: frozenset[str] = frozenset()
    _heard: bool = False

    def names(self) -> frozenset[str]:
        """Return the names under which amounts of the provider are in its currency: an admin may
        have said of others that they are mistakes.
        """
        return self._mistakes | {self.currency}

    def heard_names(self) -> frozenset[str]:
        """Return the same, once the provider has told its balance: before that the currency is a
        guess.
        """
        return self.names() if self._heard else frozenset()

    def shop_currency(self) -> str:
        """Return the currency of prices and wallets; the house counts in the provider's."""
        return self.currency if self.terms.house else self._shop or self.terms.own or self.currency

    async def last(self) -> ProviderBalance | None:
        found = await self.database.read(facts.get, Fact.BALANCE)
        if found is None:
            return None
        value, at = found
        return ProviderBalance(Decimal(value["amount"]), value["currency"], at)

    async def before(self, moment: datetime) -> ProviderBalance | None:
        """Return the last balance that was known at a moment, and when it was asked for; only the
        last 200 are kept.
        """
        found = await self.database.read(facts.get, Fact.BALANCES)
        for amount, currency, asked, known in reversed(found[0]["readings"] if found else []):
            if datetime.fromisoformat(known) <= moment:
                return ProviderBalance(Decimal(amount), currency, datetime.fromisoformat(asked))
        return None

    async def load(self) -> None:
        """Take the currencies from the books.

        Raises CurrencyChangedError where the settings contradict them.
        """
        last = await self.last()
        guess, self._heard = (self.currency, False) if last is None else (last.currency, True)

        def transaction(tx: Transaction) -> None:
            self._know(currencies.settle(tx, self.terms, guess, self.admins, self.clock()))
            self._mistakes = currencies.mistakes(tx)

        await self.database.write(transaction)
        self.bells.notify.set()

    def _know(self, known: Currencies) -> None:
        self.currency, self._shop = known.provider, known.shop

    async def follow(self) -> None:
        """Take the currencies from the books: a process that runs the workers may have heard the
        provider name them.
        """

        def transaction(tx: Transaction) -> tuple[Currencies, frozenset[str], bool]:
            mine = Currencies(self._shop or self.terms.own or self.currency, self.currency)
            known = currencies.known_currencies(tx, mine)
            return known, currencies.mistakes(tx), facts.get(tx, Fact.BALANCE) is not None

        known, self._mistakes, self._heard = await self.database.read(transaction)
        self._know(known)

    async def request(self, admin_id: int) -> None:
        """Ask the provider now, on behalf of an admin who is told of the answer."""
        await self.database.write(facts.put, Fact.BALANCE_REQUEST.of(admin_id), {}, self.clock())
        self.bells.balance.set()

    async def asked(self) -> bool:
        """Return whether an admin waits for an answer."""
        return bool(await self.database.read(facts.starting_with, Fact.BALANCE_REQUEST))

    async def refresh(self) -> None:
        """Ask the provider and remember the answer; tell the admin who asked."""
        asked = self.clock()
        try:
            balance = await self.panel.balance(
                priority=Priority.PERSON if await self.asked() else Priority.SWEEP
            )
        except PanelError as error:
            log.warning("no balance this time: %s", error)
            if isinstance(error, Unavailable) and error.unreadable:
                await self._unreadable(error.unreadable)
                return
            said = str(error)
            await self._answer(lambda count: BalanceFailedNotice(text=said, in_work=count))
            if not isinstance(error, NotAsked):
                await self._alert(error)
            return
        self._failures = 0
        now = self.clock()

        def transaction(tx: Transaction) -> dict[str, str]:
            name = self._named(tx, balance.currency)
            self._mistakes = currencies.mistakes(tx)
            meant = currencies.meant(tx, name, self.currency)
            value = {"amount": format(balance.amount, "f"), "currency": meant}
            self._remember(tx, value, asked)
            if value["currency"] == self.currency:
                funds.seen(tx, float(balance.amount), asked, now)
            brake.answered(tx, now, self.admins, asked_at=asked)
            self._heard = True
            for kind in (Kind.BAD_KEY, Kind.UNREACHABLE, Kind.BALANCE_UNREADABLE):
                outbox.clear_alert(tx, kind)
            return value

        value = await self.database.write(transaction)
        self.bells.submit.set()
        await self._answer(
            lambda count: BalanceNotice(
                amount=value["amount"], currency=value["currency"], in_work=count
            )
        )

    def _named(self, tx: Transaction, written: str) -> str:
        """Hold the currency that the provider has named against the one that the books are in; give
        which one it is.

        A name without a code that was there from the start is told, and changes nothing.
        """
        now = self.clock()
        mine = Currencies(self._shop or self.terms.own or self.currency, self.currency)
        known = currencies.known_currencies(tx, mine)
        name = currencies.name_of(written, known.provider)
        if not name:
            return self.currency
        if code_of(name) is None and name != known.provider and not self._is_news(tx, written):
            odd = CurrencyOddNotice(text=written[:64], currency=self.currency)
            outbox.alert_once(tx, self.admins, odd, now, about=written)
            return self.currency
        self._know(currencies.named(tx, name, known, self.terms, self.admins, now))
        return name

    def _is_news(self, tx: Transaction, written: str) -> bool:
        """Return whether the provider has called its currency something else before, or nothing."""
        if outbox.alerts_about(tx, Kind.CURRENCY_ODD, {written}):
            return False
        return facts.get(tx, Fact.BALANCE) is not None

    async def _unreadable(self, said: str) -> None:
        """Somebody is there and takes the key, but what is said is no figure: the last known
        balance stays.

        It opens no brake: the sender asks for something else that it can read.
        """
        self._failures = 0

        def transaction(tx: Transaction) -> None:
            for kind in (Kind.BAD_KEY, Kind.UNREACHABLE):
                outbox.clear_alert(tx, kind)
            asked = facts.starting_with(tx, Fact.BALANCE_REQUEST)
            others = [admin for admin in self.admins if str(admin) not in asked]
            count = orders.count(tx, IN_WORK)
            outbox.alert_once(
                tx,
                others,
                BalanceUnreadableNotice(text=said, in_work=count),
                self.clock(),
            )

        await self.database.write(transaction)
        await self._answer(lambda count: BalanceUnreadableNotice(text=said, in_work=count))

    def _remember(self, tx: Transaction, value: Mapping[str, str], asked: datetime) -> None:
        now = self.clock()
        facts.put(tx, Fact.BALANCE, value, now)
        found = facts.get(tx, Fact.BALANCES)
        known = found[0]["readings"] if found else []
        reading = [value["amount"], value["currency"], asked.isoformat(), now.isoformat()]
        facts.put(tx, Fact.BALANCES, {"readings": [*known, reading][-_REMEMBERED:]}, now)

    async def _alert(self, error: PanelError) -> None:
        """Tell the admins once of a key that is refused, or of a provider that is away for several
        looks.
        """
        self._failures += 1
        if isinstance(error, Rejected) and error.meaning is Meaning.BAD_KEY:
            told: Payload = BadKeyNotice(text=str(error))
        elif self._failures >= _AWAY:
            told = UnreachableNotice(text=str(error))
        else:
            return
        await self.database.write(outbox.alert_once, self.admins, told, self.clock())
        self.bells.notify.set()

    async def _answer(self, told: Callable[[int], Payload]) -> None:
        """Tell who has asked; `told` is given how many orders are in work."""

        def transaction(tx: Transaction) -> None:
            asked = [int(admin) for admin in facts.pop_prefix(tx, Fact.BALANCE_REQUEST)]
            if asked:
                count = orders.count(tx, IN_WORK)
                outbox.notify_admins(tx, asked, told(count), self.clock())

        await self.database.write(transaction)
        self.bells.notify.set()
