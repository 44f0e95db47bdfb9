"""Statements about the provider accounts that orders belong to."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select, update

from storage.engine import Transaction
from storage.enums import IN_WORK, REQUEST_OPEN, OrderState
from storage.queries import facts
from storage.queries.facts import Fact
from storage.schema.orders import orders, requests


def current(tx: Transaction) -> tuple[str, datetime] | None:
    """Return the account that is asked, and since when; None before the first start that knows of
    accounts.
    """
    known = facts.get(tx, Fact.PROVIDER_ACCOUNT)
    return None if known is None else (str(known[0]["account"]), known[1])


def count_open(tx: Transaction, account: str) -> int:
    """Count the orders of an account that are in work, or that something is still open for."""
    asked = select(requests.c.order_id).where(requests.c.state.in_(sorted(REQUEST_OPEN)))
    open_ones = or_(orders.c.state.in_(sorted(IN_WORK)), orders.c.id.in_(asked))
    statement = (
        select(func.count()).select_from(orders).where(orders.c.account == account, open_ones)
    )
    return int(tx.scalar(statement) or 0)


def follow(tx: Transaction, before: str, account: str) -> int:
    """Let all orders of one account be another's; return how many."""
    changed = tx.execute(update(orders).where(orders.c.account == before).values(account=account))
    return changed.rowcount


def share_ids(tx: Transaction, one: str, other: str) -> bool:
    """Return whether orders of both accounts have the same number at the provider."""
    theirs = orders.alias("theirs")
    found = tx.scalar(
        select(orders.c.id)
        .join(theirs, theirs.c.provider_order_id == orders.c.provider_order_id)
        .where(orders.c.account == one, theirs.c.account == other)
        .limit(1),
    )
    return found is not None


def open_requests(tx: Transaction, account: str) -> list[int]:
    """List what is open of what was asked for orders of an account."""
    found = tx.scalars(
        select(requests.c.id)
        .join(orders, orders.c.id == requests.c.order_id)
        .where(orders.c.account == account, requests.c.state.in_(sorted(REQUEST_OPEN)))
        .order_by(requests.c.id),
    )
    return list(found)


def set_aside(tx: Transaction, order_id: int, account: str) -> None:
    """Let an ended order have its number in an account of the past: the provider has given it to
    another order.
    """
    former = (
        select(func.count())
        .where(orders.c.account.startswith(f"{account}~", autoescape=True))
        .scalar_subquery()
    )
    ended = and_(
        orders.c.id == order_id, orders.c.account == account, orders.c.state != OrderState.UNKNOWN
    )
    number = tx.scalar(select(former)) or 0
    tx.execute(update(orders).where(ended).values(account=f"{account}~{number + 1}"))
