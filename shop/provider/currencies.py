"""The two currencies of the shop: its own, in which wallets and prices are, and the provider's.

Both are fixed as soon as there are books. Where the provider names another currency then, nothing
is sold until an admin has said whether that is a mistake, or until the settings say what the new
one is worth: what was 996 rupees must never be 996 dollars.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop import outbox
from shop.clock import Clock
from shop.currencies import code_of, fits
from shop.errors import NotFoundError
from shop.outbox import Kind
from shop.outbox.payloads import AlertOverNotice, CurrencyDiffersNotice
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries import books, facts
from storage.queries.facts import Fact

log = logging.getLogger(__name__)

_LONGEST = 24  # characters of a name that is no code
_LONGEST_KEPT = 8  # of what a row of money can name


class CurrencyChangedError(Exception):
    """The settings name another currency than the one that wallets are in; the text is a sentence
    for the operator.
    """


@dataclass(frozen=True, slots=True)
class CurrencyTerms:
    """What the settings say: the shop's `own` currency or "", and what one unit of the provider's
    is in it.

    `house`: there are no wallets, and the shop counts in the provider's.
    """

    own: str = ""
    exchange: Decimal = Decimal(1)
    house: bool = False

    def as_json(self) -> dict[str, str]:
        return {"own": self.own, "exchange": format(self.exchange, "f")}


@dataclass(frozen=True, slots=True)
class Currencies:
    shop: str
    provider: str


def is_stopped(tx: Transaction) -> bool:
    """Return whether nothing is sold because the provider names another currency."""
    return facts.get(tx, Fact.CURRENCY_DIFFERS) is not None


def settle(
    tx: Transaction, terms: CurrencyTerms, guess: str, admins: Collection[int], now: datetime
) -> Currencies:
    """Return the currencies at a start, by the books and the settings; `guess` is the provider's
    where no book knows.

    Raises CurrencyChangedError where the settings would turn what is in wallets into another
    currency.
    """
    found = facts.get(tx, Fact.CURRENCIES)
    if found is None:
        guess = code_of(guess) or guess
        last = books.last_currency(tx) if books.have_wallets(tx) else None
        known = Currencies((code_of(last) or last) if last else terms.own or guess, guess)
    else:
        known = Currencies(found[0]["shop"], found[0]["provider"])
    known = _adopt(tx, known, terms, admins, now)
    if not terms.house:
        known = _own(tx, known, terms)
    facts.put(tx, Fact.CURRENCIES, {"shop": known.shop, "provider": known.provider}, now)
    return known


def _adopt(
    tx: Transaction, known: Currencies, terms: CurrencyTerms, admins: Collection[int], now: datetime
) -> Currencies:
    """Take the provider's new currency where the settings say, since it was named, what that is
    worth.
    """
    found = facts.get(tx, Fact.CURRENCY_DIFFERS)
    if found is None or terms.house or terms.own != known.shop:
        return known
    stopped = found[0]
    if terms.as_json() == {"own": stopped["own"], "exchange": stopped["exchange"]}:
        return known
    log.warning("the provider counts in %s from now on, at %s", stopped["named"], terms.exchange)
    _go_on(tx, admins, now, how="settings", named=stopped["named"])
    return replace(known, provider=stopped["named"])


def _own(tx: Transaction, known: Currencies, terms: CurrencyTerms) -> Currencies:
    wanted = terms.own or known.provider
    if wanted == known.shop:
        return known
    if not books.have_wallets(tx):
        return replace(known, shop=wanted)
    now = f"SHOP_CURRENCY is {terms.own}" if terms.own else "SHOP_CURRENCY is empty"
    raise CurrencyChangedError(
        f"{now}, but the wallets and payments of this shop are in {known.shop}: set "
        f"SHOP_CURRENCY={known.shop}, and "
        f"EXCHANGE_RATE to what one {known.provider} is in {known.shop}.",
    )


def known_currencies(tx: Transaction, otherwise: Currencies) -> Currencies:
    """Return the currencies that are settled; `otherwise` where none are yet."""
    found = facts.get(tx, Fact.CURRENCIES)
    return otherwise if found is None else Currencies(found[0]["shop"], found[0]["provider"])


def named(
    tx: Transaction,
    code: str,
    known: Currencies,
    terms: CurrencyTerms,
    admins: Collection[int],
    now: datetime,
) -> Currencies:
    """The provider has named its currency, by a code or as `name_of` says: give those that count
    from now on.
    """
    if code == known.provider:
        _go_on(tx, admins, now, how="named", named=code)
        return known
    if meant(tx, code, known.provider) == known.provider:
        return known
    if code_of(code) == code and not books.are_begun(tx):
        found = Currencies(known.shop if terms.own and not terms.house else code, code)
        facts.put(tx, Fact.CURRENCIES, {"shop": found.shop, "provider": found.provider}, now)
        return found
    differs = CurrencyDiffersNotice(
        named=code,
        provider=known.provider,
        shop=known.shop,
        asked=outbox.stamp(now),
        house=terms.house,
    )
    stopped = {name: value for name, value in differs.to_json().items() if name != "house"}
    facts.setdefault(tx, Fact.CURRENCY_DIFFERS, stopped | terms.as_json(), now)
    outbox.alert_once(tx, admins, differs, now)
    return known


def name_of(written: str, provider: str) -> str:
    """Return what the provider calls its currency: the code from before where it may mean that,
    else its code.

    What has none is left as it is written. Nothing is nothing.
    """
    name = " ".join(written.split())[:_LONGEST]
    return provider if name and fits(name, provider) else code_of(name) or name


def meant(tx: Transaction, code: str, provider: str) -> str:
    """Return the currency that a name of the provider's stands for: an admin may have called it a
    mistake.
    """
    return provider if code in mistakes(tx) else code


def mistakes(tx: Transaction) -> frozenset[str]:
    """Return the names that an admin has called mistakes of the provider for its currency."""
    same = facts.get(tx, Fact.CURRENCY_SAME)
    return frozenset() if same is None else frozenset(same[0]["names"])


def _go_on(
    tx: Transaction, admins: Collection[int], now: datetime, *, how: str, named: str
) -> bool:
    if not facts.remove(tx, Fact.CURRENCY_DIFFERS):
        return False
    over = AlertOverNotice(of=Kind.CURRENCY_DIFFERS, how=how, named=named)
    outbox.alert_end(tx, admins, over, now)
    return True


def _asked(tx: Transaction, asked: int) -> dict[str, Any] | None:
    """Return what the admins are asked since then (notices.stamp); None where that is over, or
    something else is.
    """
    found = facts.get(tx, Fact.CURRENCY_DIFFERS)
    return None if found is None or found[0].get("asked", 0) != asked else found[0]


@dataclass(frozen=True, slots=True)
class CurrencyChoice:
    """An admin says what it means that the provider names another currency.

    NotFoundError for who is no admin.
    """

    database: Database
    admins: Collection[int]
    terms: CurrencyTerms
    bells: Wakeups
    clock: Clock

    async def stopped(self, actor: int) -> dict[str, Any] | None:
        """Return what is asked: named, provider, shop, and the question's stamp as `asked`; None
        where nothing is.
        """
        self._admit(actor)
        found = await self.database.read(facts.get, Fact.CURRENCY_DIFFERS)
        return None if found is None else found[0]

    async def it_is_a_mistake(self, actor: int, asked: int) -> bool:
        """Count on in the currency from before, whatever this name; False where that is not asked
        any more.
        """
        self._admit(actor)
        now = self.clock()

        def transaction(tx: Transaction) -> str | None:
            found = _asked(tx, asked)
            if found is None or not _go_on(
                tx, self.admins, now, how="mistake", named=found["named"]
            ):
                return None
            names = mistakes(tx) | {found["named"]}
            facts.put(tx, Fact.CURRENCY_SAME, {"names": sorted(names)}, now)
            return str(found["named"])

        named = await self.database.write(transaction)
        if named is None:
            return False
        log.warning("admin %s: %s is the provider's mistake for its currency", actor, named)
        self._ring()
        return True

    async def it_is_real(self, actor: int, asked: int) -> bool:
        """Let the house count in the new currency.

        Where there are wallets, only new settings can: False.
        """
        self._admit(actor)
        now = self.clock()

        def transaction(tx: Transaction) -> str | None:
            found = _asked(tx, asked)
            if found is None or not self.terms.house or len(found["named"]) > _LONGEST_KEPT:
                return None
            if not _go_on(tx, self.admins, now, how="real", named=found["named"]):
                return None
            known = facts.get(tx, Fact.CURRENCIES)
            shop = found["named"] if known is None else known[0]["shop"]
            facts.put(tx, Fact.CURRENCIES, {"shop": shop, "provider": found["named"]}, now)
            facts.remove(tx, Fact.FUNDS_REFUSED)
            return str(found["named"])

        named = await self.database.write(transaction)
        if named is None:
            return False
        log.warning("admin %s: the provider counts in %s from now on", actor, named)
        self._ring()
        return True

    def _admit(self, actor: int) -> None:
        if actor not in self.admins:
            raise NotFoundError("error-button-old")

    def _ring(self) -> None:
        for bell in (self.bells.notify, self.bells.submit, self.bells.balance):
            bell.set()
