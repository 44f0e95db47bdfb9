"""What is kept about a person: a file of it for them, and the end of it.

What bookkeeping needs goes to a pseudonym, a person with a negative id who is never written to
(docs/decisions/0013).
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO

from shop.clock import Clock, has_passed
from shop.customers.accounts import gift_key
from shop.customers.erasing import finish
from shop.customers.exporting import Document, write_document
from shop.errors import NotFoundError, ShopError
from shop.limits import outlive
from shop.money import Money
from storage import Database
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, WAITING
from storage.queries import erasing, facts, ledger_keys, orders, users, wallet
from storage.queries.facts import Fact

_PAUSE = timedelta(minutes=1)  # between two files for one person
_CONSENT = timedelta(minutes=10)
_SHOWN = 5  # orders that are named in a sentence


@dataclass(frozen=True, slots=True)
class Farewell:
    """What erasing somebody would mean. `balance` in millionths of `currency`."""

    balance: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Privacy:
    """`currency` is asked at each use: it may be known only after the start."""

    database: Database
    currency: Callable[[], str]
    clock: Clock
    _given: dict[int, datetime] = field(default_factory=dict)

    async def export(self, user_id: int) -> tuple[str, BinaryIO]:
        """Return everything kept about somebody as an open JSON file, a large one packed, with its
        name.

        The caller closes it, and with that it is gone. Raises ShopError when they had one within
        the last minute.
        """
        now = self.clock()
        if not has_passed(self._given.get(user_id, now - _PAUSE), _PAUSE, now):
            raise ShopError("error-mydata-again")
        for other in [one for one, at in self._given.items() if has_passed(at, _PAUSE, now)]:
            del self._given[other]
        self._given[user_id] = now
        document = Document(f"my-data-{now:%Y-%m-%d}.json", self.currency())
        try:
            await write_document(document, self.database, user_id, now)
            return document.name, await asyncio.to_thread(document.finish)
        except BaseException:
            document.discard()
            raise

    async def farewell(self, user_id: int) -> Farewell:
        """Return what erasing somebody would mean. Raises ShopError while that can't be done."""

        def transaction(tx: Transaction) -> int:
            _admit(tx, user_id, self.currency())
            return wallet.balance(tx, user_id)

        balance = await self.database.read(transaction)
        return Farewell(balance, self.currency(), self.clock())

    async def erase(self, user_id: int, asked_at: datetime) -> None:
        """Erase somebody who was asked at `asked_at`; once more does nothing more.

        Raises NotFoundError when that is long ago, ShopError while they owe something or orders are
        on their way.
        """
        now = self.clock()
        if not timedelta(seconds=-1) <= now - asked_at <= _CONSENT:
            raise NotFoundError("error-erase-late")

        await self.database.write(self._begin, user_id, now)
        self._given.pop(user_id, None)
        if not await finish(self.database, user_id):
            raise ShopError("error-erase-busy")

    def _begin(self, tx: Transaction, user_id: int, now: datetime) -> None:
        """Look whether it may be, and write that it has begun: from here on it ends, whatever
        happens.
        """
        if not erasing.lock(tx, user_id) or erasing.heir_of(tx, user_id) is not None:
            return
        _admit(tx, user_id, self.currency())
        heir = -secrets.randbelow(2**52) - 1
        users.create(tx, heir, first_name=erasing.NOBODY, username=None, language="en", now=now)
        if erasing.has_history(tx, user_id):
            outlive(tx, user_id, now)
            erasing.rename_key(tx, ledger_keys.welcome(user_id), gift_key(tx, user_id, now))
        erasing.begin(tx, user_id, heir)
        for request in (Fact.SYNC_REQUEST, Fact.BALANCE_REQUEST):
            facts.remove(tx, request.of(user_id))


def _admit(tx: Transaction, user_id: int, currency: str) -> None:
    """Raise ShopError while they owe something, or something of theirs is on its way.

    Its link is needed to send it, or to find it; what it gives back would be nobody's.
    """
    balance = wallet.balance(tx, user_id)
    if balance < 0:
        raise ShopError("error-erase-debt", missing=Money(-balance, currency))
    for states, key in ((WAITING, "error-erase-waiting"), (AT_PROVIDER, "error-erase-in-work")):
        if open_orders := orders.ids_in(tx, user_id, states):
            named = ", ".join(f"#{order_id}" for order_id in open_orders[:_SHOWN])
            raise ShopError(key, orders=named + ("…" if len(open_orders) > _SHOWN else ""))
    if erasing.in_flight(tx, user_id):
        raise ShopError("error-erase-busy")
