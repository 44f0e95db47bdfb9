"""Statements about how the shop stands, for whoever watches it: cheap, for they are asked all the
time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.engine import Transaction
from storage.enums import IN_WORK, OrderState
from storage.queries.notices import HELD
from storage.schema.messages import notices
from storage.schema.orders import orders
from storage.schema.wallets import wallets


@dataclass(frozen=True, slots=True)
class Group:
    """How many there are of something, and when the oldest of them came."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """`owed` is what customers have in their wallets, in millionths."""

    orders: dict[OrderState, Group]
    notices: Group
    owed: int


def look(tx: Transaction) -> Figures:
    """Count what is under way; ended orders are too many to be counted each time."""
    in_work = tx.execute(
        select(orders.c.state, func.count(), func.min(orders.c.created_at))
        .where(orders.c.state.in_(sorted(IN_WORK)))
        .group_by(orders.c.state),
    )
    unsaid = tx.execute(
        select(func.count(), func.min(notices.c.created_at)).where(
            notices.c.done_at.is_(None), notices.c.outcome != HELD
        ),
    )
    owed = tx.scalar(select(func.sum(wallets.c.balance)).where(wallets.c.balance > 0))
    return Figures(
        orders={OrderState(state): Group(count, oldest) for state, count, oldest in in_work},
        notices=Group(*unsaid.one()),
        owed=int(owed or 0),
    )
