"""Telegram Stars by Telegram's own books: what they say is credited, and what is to be given back
is asked for.

An update about a payment can get lost; the statement of transactions has every one of them.
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from shop import outbox
from shop.clock import Clock
from shop.outbox import Kind
from shop.outbox.payloads import StarsDifferNotice
from shop.payments.service import Payments, Receipt
from storage import Database
from storage.engine import Transaction
from storage.enums import Method, PaymentState
from storage.queries import facts
from storage.queries import payments as statements
from storage.queries.facts import Fact, FactName
from storage.rows import Payment

log = logging.getLogger(__name__)

NANO = 1_000_000_000  # of a Star; what affiliates get is counted in them
PAGE = 100  # Telegram's most
OVERLAP = 100  # transactions that are looked at again
LOOK, RETRY = 300.0, 15.0  # seconds
_SETTLED = timedelta(hours=1)
_SKEW = timedelta(minutes=5)  # between Telegram's clock and ours
_GIVEN_BACK = frozenset({PaymentState.REFUNDED, PaymentState.CHARGED_BACK})
_LOOKS = 2  # that find a difference until everything is read again


class StarsUnreachableError(Exception):
    """Telegram has not answered, or not in a way that says what has happened."""


class RefundRefusedError(Exception):
    """Telegram definitely does not give a payment back; its words are the error's."""


@dataclass(frozen=True, slots=True)
class StarTransaction:
    """A line of the statement.

    `nano` is what it adds to the bot's balance, below zero for what it takes.

    `user_id` and what follows are of a payment or of its refund only; `stars` is what the payer has
    paid.
    """

    id: str
    at: datetime
    nano: int
    user_id: int | None = None
    first_name: str = ""
    stars: int = 0
    payload: str = ""

    @property
    def is_payment(self) -> bool:
        return self.user_id is not None and self.nano > 0

    @property
    def is_refund(self) -> bool:
        return self.user_id is not None and self.nano < 0


class StarsApi(Protocol):
    """What is asked of Telegram. Everything raises StarsUnreachableError."""

    async def transactions(self, *, offset: int, limit: int) -> Sequence[StarTransaction]:
        """List transactions, oldest first, from a place (from 0) on."""

    async def balance(self) -> int:
        """Return the bot's balance in billionths of a Star."""

    async def refund(self, user_id: int, charge_id: str) -> None:
        """Have a payment given back, if it is not yet.

        Raises RefundRefusedError when that won't be.
        """


def invoice_of(payload: str) -> int | None:
    """Read an invoice's id from what Telegram calls its payload; None for what is none of ours."""
    return int(payload) if payload.isascii() and payload.isdigit() and len(payload) <= 18 else None  # noqa: PLR2004 - BIGINT


@dataclass(frozen=True, slots=True)
class _Books:
    """How far the statement was read.

    `total`: what the lines before `position` add up to, in billionths.

    `opened`: who paid before that paid another program. `looks` in a row have found a `difference`
    to the balance.
    """

    opened: datetime
    position: int = 0
    total: int = 0
    looks: int = 0
    difference: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "opened": self.opened.isoformat(),
            "position": self.position,
            "total": self.total,
            "looks": self.looks,
            "difference": self.difference,
        }


@dataclass(slots=True)
class Reconciler:
    """Reads the statement, credits what nobody has told us of, and compares its sum with the
    balance.
    """

    database: Database
    api: StarsApi
    payments: Payments
    admins: Collection[int]
    clock: Clock
    _reached: bool = False

    @property
    def _fact(self) -> FactName:
        """Each bot has a statement of its own."""
        return Fact.STARS.of(self.payments.bot_id)

    async def step(self) -> None:
        try:
            await self._look()
        except StarsUnreachableError as error:
            self._reached = False
            log.warning("the Stars' transactions could not be read: %s", error)
        else:
            self._reached = True

    async def pause(self) -> float:
        """Return the seconds until the next look: soon while Telegram has not been reached."""
        return LOOK if self._reached else RETRY

    async def _look(self) -> None:
        known = await self._known()
        if await self._is_unnoted():
            known = replace(known, position=0, total=0)
        books = await self._read(known)
        difference = await self.api.balance() - books.total
        looks = _looks(known, difference)
        if looks == _LOOKS and known.looks < _LOOKS:
            books = await self._read(replace(known, position=0, total=0))
            difference = await self.api.balance() - books.total
            looks = looks if difference else 0
        await self._conclude(replace(books, looks=looks, difference=difference))

    async def _known(self) -> _Books:
        now = self.clock()
        found = await self.database.read(facts.get, self._fact)
        if found is not None:
            # Opened by a clock that was ahead, they would take everybody's payments for another
            # program's.
            return _Books(
                **found[0] | {"opened": min(datetime.fromisoformat(found[0]["opened"]), now)}
            )
        books = _Books(opened=now)
        await self.database.write(facts.put, self._fact, books.as_json(), now)
        return books

    async def _is_unnoted(self) -> bool:
        """Return whether nobody has noted on the payments yet what the statement has: then all of
        it is read.
        """
        return (await self.database.read(facts.get, Fact.STARS_STATED)) is None

    async def _read(self, known: _Books) -> _Books:
        """Read on from where the last look ended, and a little before; credits first, then what
        went back.
        """
        place, total, returned = max(known.position - OVERLAP, 0), known.total, list[str]()
        while True:
            lines = await self.api.transactions(offset=place, limit=PAGE)
            await self._credit(lines, known.opened - _SKEW)
            total += sum(line.nano for line in lines[max(known.position - place, 0) :])
            returned += [line.id for line in lines if line.is_refund]
            place += len(lines)
            if len(lines) < PAGE:
                break
        if place < known.position:  # it has become shorter: it is another bot's
            return await self._read(replace(known, position=0, total=0))
        for ids in _pages(returned):
            await self._take_back(ids)
        return replace(known, position=place, total=total)

    async def _credit(self, lines: Sequence[StarTransaction], since: datetime) -> None:
        paid = [line for line in lines if line.is_payment and line.at >= since]
        known = await self._states([line.id for line in paid])
        for line in paid:
            if line.id in known or line.user_id is None:
                continue
            receipt = Receipt(
                line.user_id,
                Method.STARS,
                line.id,
                line.at,
                invoice_of(line.payload),
                line.stars,
                first_name=line.first_name or "—",
            )
            if await self.payments.credit(receipt):
                log.info("a payment of %s Stars was found in the statement", line.stars)
        await self._note_stated({line.id: line.stars for line in lines if line.is_payment})

    async def _note_stated(self, paid: Mapping[str, int]) -> None:
        """Note what the statement has: the audit asks for it, and can't ask Telegram."""
        new = await self.database.read(statements.unstated, paid.keys(), self.payments.bot_id)
        if new:

            def transaction(tx: Transaction) -> None:
                told = {charge: paid[charge] for charge in sorted(new)}
                statements.note_stated(tx, told, self.payments.bot_id)

            await self.database.write(transaction)

    async def _take_back(self, ids: Sequence[str]) -> None:
        for charge_id, state in (await self._states(ids)).items():
            if state not in _GIVEN_BACK:
                await self.payments.taken_back(charge_id)

    async def _states(self, ids: Sequence[str]) -> dict[str, PaymentState]:
        return await self.database.read(statements.known_charges, ids, self.payments.bot_id)

    async def _conclude(self, books: _Books) -> None:
        """Remember how far the statement was read; tell the admins when it doesn't add up."""
        now = self.clock()

        def transaction(tx: Transaction) -> None:
            facts.put(tx, self._fact, books.as_json(), now)
            # What was paid a moment ago may not have been in it yet.
            facts.put(tx, Fact.STARS_STATED, {"bot": self.payments.bot_id}, now - _SETTLED)
            if not books.difference:
                outbox.clear_alert(tx, Kind.STARS_DIFFER)
            elif books.looks >= _LOOKS:
                total = books.total
                outbox.alert_once(
                    tx,
                    self.admins,
                    StarsDifferNotice(total=total, balance=total + books.difference),
                    now,
                )

        await self.database.write(transaction)
        self.payments.bells.notify.set()


def _looks(known: _Books, difference: int) -> int:
    """Count the looks in a row that found a difference; another one, after all was read again, is a
    new one.
    """
    if not difference:
        return 0
    if known.looks < _LOOKS:
        return known.looks + 1
    return known.looks if difference == known.difference else 1


def _pages(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))


@dataclass(frozen=True, slots=True)
class Refunder:
    """Asks Telegram to give payments back, as often as it takes to know what has become of each."""

    database: Database
    api: StarsApi
    payments: Payments
    _unreached: set[int] = field(default_factory=set)

    async def asked(self) -> bool:
        """Return whether there is a payment to give back that was not tried at the last step."""
        return any(payment.id not in self._unreached for payment in await self._wanted())

    async def _wanted(self) -> list[Payment]:
        return await self.database.read(
            statements.in_state, PaymentState.REFUNDING, bot_id=self.payments.bot_id
        )

    async def step(self) -> None:
        self._unreached.clear()
        for payment in await self._wanted():
            try:
                await self.api.refund(payment.user_id, payment.charge_id)
            except RefundRefusedError as refusal:
                await self.payments.refund_refused(payment, str(refusal))
            except StarsUnreachableError as error:
                log.warning("payment %s could not be given back yet: %s", payment.id, error)
                self._unreached.add(payment.id)
            else:
                await self.payments.taken_back(payment.charge_id)
