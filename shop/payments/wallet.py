"""Customers' money as the shop's screens and commands see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop import outbox
from shop.clock import Clock
from shop.errors import NotFoundError, ShopError, TooLittleMoneyError
from shop.money import LARGEST_UNITS
from shop.outbox.payloads import CreditedNotice
from shop.promotions.available import Offered, offered
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries import users
from storage.queries import wallet as statements
from storage.queries.ledger_keys import EntryKey
from storage.queries.wallet import Account, InsufficientFundsError
from storage.rows import Entry


@dataclass(frozen=True, slots=True)
class WalletBalance:
    """Millionths that can be spent, and that are held for orders without an answer yet."""

    available: int
    held: int


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry of the wallet, and the balance `after` it in millionths."""

    entry: Entry
    after: int


@dataclass(frozen=True, slots=True)
class WalletStatement:
    """A page of the movements, newest first; `more`: another one follows."""

    balance: WalletBalance
    moves: Sequence[Movement]
    more: bool
    gifts: Offered


@dataclass(frozen=True, slots=True)
class Booked:
    """The balance (millionths) after a correction; `is_new` is False where it had been booked
    before.
    """

    balance: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Wallet:
    """Reads and the admins' two corrections; orders move money in shop.ordering.placement and
    after.
    """

    database: Database
    bells: Wakeups
    clock: Clock

    async def balance(self, user_id: int) -> WalletBalance:
        return await self.database.read(_balance, user_id)

    async def page(self, user_id: int, *, page: int, size: int) -> WalletStatement:
        """Return the balance, a page of the movements, and which gifts there are."""

        def transaction(tx: Transaction) -> WalletStatement:
            moves, more = _history(tx, user_id, page=page, size=size)
            return WalletStatement(_balance(tx, user_id), moves, more, offered(tx))

        return await self.database.read(transaction)

    async def adjust(
        self, user_id: int, amount: int, *, reason: str, actor_id: int, key: EntryKey
    ) -> Booked:
        """Return (`amount` > 0) or take millionths. The same `key` counts once.

        Raises NotFoundError for a stranger, TooLittleMoneyError when more is taken than there is,
        ShopError for more than one movement can be.
        """
        given = amount > 0
        if abs(amount) > LARGEST_UNITS:
            raise ShopError("error-amount-too-large")

        def transaction(tx: Transaction) -> Booked:
            if users.get(tx, user_id) is None:
                raise NotFoundError("error-no-such-user", user=str(user_id))
            try:
                moved = statements.move(
                    tx,
                    user_id=user_id,
                    amount=abs(amount),
                    key=key,
                    reason=reason,
                    actor_id=actor_id,
                    source=Account.MANUAL if given else Account.WALLET,
                    target=Account.WALLET if given else Account.MANUAL,
                    now=self.clock(),
                )
            except InsufficientFundsError:
                has = statements.balance(tx, user_id)
                raise TooLittleMoneyError("error-debit-too-large", has=has) from None
            if moved:
                self._tell(tx, user_id, amount, reason)
            return Booked(statements.balance(tx, user_id), moved)

        booked = await self.database.write(transaction)
        self.bells.notify.set()
        return booked

    def _tell(self, tx: Transaction, user_id: int, amount: int, reason: str) -> None:
        outbox.notify(tx, user_id, CreditedNotice(amount=amount, reason=reason), self.clock())


def _balance(tx: Transaction, user_id: int) -> WalletBalance:
    return WalletBalance(statements.balance(tx, user_id), statements.held(tx, user_id))


def _history(tx: Transaction, user_id: int, *, page: int, size: int) -> tuple[list[Movement], bool]:
    entries = statements.history(tx, user_id, limit=size + 1, offset=page * size)
    after = statements.balance_after(tx, user_id, entries[0].id) if entries else 0
    moves: list[Movement] = []
    for entry in entries[:size]:
        moves.append(Movement(entry, after))
        after -= entry.amount if entry.target == Account.WALLET else -entry.amount
    return moves, len(entries) > size
