"""Statements about money: each movement is one conditional statement and one ledger entry,
together.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import case, func, or_, select, update

from storage.engine import Transaction, Upsert, built_once
from storage.enums import WAITING
from storage.queries.ledger_keys import EntryKey
from storage.rows import Entry, from_rows
from storage.schema.orders import orders
from storage.schema.wallets import ledger, wallets


class Account(StrEnum):
    """Where money can be. A wallet's balance is the sum of its entries, always.

    What comes from outside, or goes there, is what the other account's entries sum up to.
    """

    WALLET = "wallet"  # a customer's to spend
    HOLD = "hold"  # paid for an order that the provider has not accepted yet
    SALES = "sales"  # earned by the shop
    PROVIDER = "provider"  # what orders cost: the provider's charges
    STARS = "stars"  # paid in by Telegram Stars
    CRYPTO = "crypto"  # paid in by Crypto Pay
    MANUAL = "manual"  # given or taken by an admin
    BONUS = "bonus"  # given by the shop: welcome, coupons, invitations
    CORRECTION = "correction"  # a mistake of the books put right


class InsufficientFundsError(Exception):
    """The wallet holds less than the movement needs; nothing was written."""


_BALANCE = built_once(lambda user_id: select(wallets.c.balance).where(wallets.c.user_id == user_id))
_ENTRY = Upsert(ledger, lambda insert: insert.on_conflict_do_nothing(index_elements=["key"]))
_OPEN = Upsert(wallets, lambda insert: insert.on_conflict_do_nothing())
_DEBIT = built_once(
    lambda owner, amount: (
        update(wallets)
        .where(wallets.c.user_id == owner, wallets.c.balance >= amount)
        .values(balance=wallets.c.balance - amount)
    )
)
_CREDIT = built_once(
    lambda owner, amount: (
        update(wallets).where(wallets.c.user_id == owner).values(balance=wallets.c.balance + amount)
    )
)


def balance(tx: Transaction, user_id: int) -> int:
    """Return the wallet's balance in millionths; 0 for somebody without one."""
    return tx.scalar(*_BALANCE(user_id)) or 0


def lock(tx: Transaction, user_id: int) -> int:
    """Return the balance, and have whoever else moves it wait for the end of the transaction.

    SQLite has one writer.
    """
    statement = select(wallets.c.balance).where(wallets.c.user_id == user_id).with_for_update()
    return tx.scalar(statement) or 0


def held(tx: Transaction, user_id: int) -> int:
    """Return what is held for orders that are not accepted yet, in millionths."""
    signed = case((ledger.c.target == Account.HOLD, ledger.c.amount), else_=-ledger.c.amount)
    open_orders = select(orders.c.id).where(
        orders.c.user_id == user_id, orders.c.state.in_(sorted(WAITING))
    )
    total = tx.scalar(
        select(func.sum(signed)).where(
            ledger.c.order_id.in_(open_orders),
            or_(ledger.c.source == Account.HOLD, ledger.c.target == Account.HOLD),
        ),
    )
    return int(total or 0)


def move(
    tx: Transaction,
    *,
    user_id: int,
    source: Account,
    target: Account,
    amount: int,
    key: EntryKey,
    reason: str,
    now: datetime,
    order_id: int | None = None,
    actor_id: int | None = None,
    into_debt: bool = False,
) -> bool:
    """Move `amount` millionths between two accounts of a user; False if this `key` was moved
    before.

    Must run in a write transaction. Raises InsufficientFundsError when the wallet has too little;
    only a payment that was taken back may lead `into_debt`.
    """
    entry = {
        "user_id": user_id,
        "source": source,
        "target": target,
        "amount": amount,
        "order_id": order_id,
        "reason": reason,
        "actor_id": actor_id,
        "at": now,
    } | key.columns()
    if tx.execute(_ENTRY.on(tx), entry).rowcount != 1:
        return False
    if source is Account.WALLET:
        (_charge_back if into_debt else _debit)(tx, user_id, amount)
    elif target is Account.WALLET:
        _credit(tx, user_id, amount)
    return True


def _debit(tx: Transaction, user_id: int, amount: int) -> None:
    result = tx.execute(*_DEBIT(user_id, amount))
    if result.rowcount != 1:
        raise InsufficientFundsError


def _charge_back(tx: Transaction, user_id: int, amount: int) -> None:
    result = tx.execute(
        update(wallets)
        .where(wallets.c.user_id == user_id)
        .values(balance=wallets.c.balance - amount, chargebacks=wallets.c.chargebacks + amount),
    )
    if result.rowcount != 1:
        raise InsufficientFundsError


def _credit(tx: Transaction, user_id: int, amount: int) -> None:
    if tx.execute(*_CREDIT(user_id, amount)).rowcount == 1:
        return
    tx.execute(_OPEN.on(tx), {"user_id": user_id, "balance": 0})
    tx.execute(*_CREDIT(user_id, amount))


def history(tx: Transaction, user_id: int, *, limit: int, offset: int = 0) -> list[Entry]:
    """List the movements of the wallet itself, newest first."""
    # Found in the index: of those that are passed over no row is read.
    found = (
        select(ledger.c.id)
        .where(
            ledger.c.user_id == user_id,
            or_(ledger.c.source == Account.WALLET, ledger.c.target == Account.WALLET),
        )
        .order_by(ledger.c.id.desc())
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    result = tx.execute(
        select(ledger).where(ledger.c.id.in_(select(found.c.id))).order_by(ledger.c.id.desc())
    )
    return from_rows(Entry, result)


def balance_after(tx: Transaction, user_id: int, entry_id: int) -> int:
    """Return the balance as it was after an entry: today's, without the entries that came later."""
    signed = case((ledger.c.target == Account.WALLET, ledger.c.amount), else_=-ledger.c.amount)
    later = select(func.sum(signed)).where(
        ledger.c.user_id == user_id,
        ledger.c.id > entry_id,
        or_(ledger.c.source == Account.WALLET, ledger.c.target == Account.WALLET),
    )
    return balance(tx, user_id) - int(tx.scalar(later) or 0)
