"""Statements about orders that an admin has to look at: without an answer, or stuck at the
provider.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, delete, exists, false, func, insert, or_, select, text, update

from storage.engine import Transaction
from storage.enums import AT_PROVIDER, OrderState
from storage.queries.facts import FactName
from storage.rows import Order, from_row, from_rows
from storage.schema.base import OPEN_AT_PROVIDER
from storage.schema.messages import facts
from storage.schema.operations import evidence
from storage.schema.orders import order_events, order_parts, orders

_VERDICT = "verdict"  # shop.fulfilment.evidence.Sign


@dataclass(frozen=True, slots=True)
class Suspect:
    """An order that may be one of them.

    `faulty`: the provider reports a failure that nobody has answered yet. `elsewhere`: it is at a
    provider account that is not asked any more.
    """

    ENUMS: ClassVar = {"state": OrderState}
    id: int
    service_id: int
    service_type: str
    fields: dict[str, Any]
    state: OrderState
    submitted_at: datetime | None
    changed_at: datetime
    missing_since: datetime | None
    faulty: bool
    elsewhere: bool


def possible(
    tx: Transaction,
    *,
    quiet_since: datetime,
    missing_since: datetime,
    account: str | None,
    limit: int | None = None,
) -> dict[int, int]:
    """Return the numbers of orders that may be suspects, the oldest first, each with its service's.

    `limit`: no more than so many for each reason. Every reason is read off an index: the one that
    has its order, or that of the open orders of an account.
    """
    left_alone = orders.c.settled_by.is_(None)
    quiet = [
        (orders.c.state == state) & (orders.c.changed_at <= quiet_since)
        for state in sorted(AT_PROVIDER)
    ]
    reasons = [
        (orders.c.changed_at, orders.c.state == OrderState.UNKNOWN),
        *((orders.c.changed_at, one) for one in quiet),
        (orders.c.changed_at, (orders.c.state == OrderState.FAILED) & ~_answered()),
        (orders.c.missing_since, orders.c.missing_since <= missing_since),
    ]
    if account is not None:
        others = (other for other in _accounts(tx) if other != account)
        reasons += [
            (orders.c.changed_at, text(OPEN_AT_PROVIDER) & (orders.c.account == other))
            for other in others
        ]
    found: dict[int, tuple[datetime, int, int]] = {}
    for since, reason in reasons:
        columns = (since.label("since"), orders.c.id, orders.c.service_id)
        for row in tx.execute(
            select(*columns).where(reason, left_alone).order_by(since).limit(limit)
        ):
            found.setdefault(row.id, (row.since, row.id, row.service_id))
    return {order_id: service_id for _, order_id, service_id in sorted(found.values())}


def _accounts(tx: Transaction) -> list[str]:
    """List the provider accounts that have ever had orders, by one step in an index for each: there
    are few.
    """
    found: list[str] = []
    first = select(func.min(orders.c.account))
    account = tx.scalar(first)
    while account is not None:
        found.append(account)
        account = tx.scalar(first.where(orders.c.account > account))
    return found


def suspects(
    tx: Transaction,
    *,
    quiet_since: datetime,
    missing_since: datetime,
    account: str | None,
    order_ids: Collection[int],
) -> list[Suspect]:
    """List which of these orders are unknown, faulty, unchanged since, left, or have an id not
    known since.

    `account` is the one that is asked; None where accounts are not known yet.
    """
    faulty = (orders.c.state == OrderState.FAILED) & ~_answered()
    elsewhere = false() if account is None else orders.c.account != account
    told = {"faulty": faulty, "elsewhere": elsewhere}
    names = [field.name for field in fields(Suspect) if field.name not in told]
    columns: list[Any] = [
        *(orders.c[name] for name in names),
        *(what.label(name) for name, what in told.items()),
    ]
    statement = select(*columns).where(
        orders.c.id.in_(order_ids),
        orders.c.state.in_(sorted(AT_PROVIDER | {OrderState.UNKNOWN})),
        orders.c.settled_by.is_(None),
        or_(
            orders.c.state == OrderState.UNKNOWN,
            orders.c.changed_at <= quiet_since,
            orders.c.missing_since <= missing_since,
            faulty,
            elsewhere,
        ),
    )
    return from_rows(Suspect, tx.execute(statement.order_by(orders.c.id)))


def _answered() -> ColumnElement[bool]:
    """Say of an order that an admin has given a verdict since it last changed."""
    return exists().where(
        evidence.c.order_id == orders.c.id,
        evidence.c.kind == _VERDICT,
        evidence.c.at >= orders.c.changed_at,
    )


def hold(tx: Transaction, order_id: int) -> Order | None:
    """Return an order that nobody else changes until this transaction ends."""
    row = tx.execute(select(orders).where(orders.c.id == order_id).with_for_update()).first()
    return None if row is None else from_row(Order, row)


def holder_of(tx: Transaction, provider_order_id: str, account: str) -> int | None:
    """Return our order that has this id at a provider account, or has it among its parts."""
    found: int | None = tx.scalar(
        select(orders.c.id).where(
            orders.c.account == account, orders.c.provider_order_id == provider_order_id
        ),
    )
    if found is None:
        found = tx.scalar(
            select(order_parts.c.order_id)
            .join(orders, orders.c.id == order_parts.c.order_id)
            .where(
                orders.c.account == account, order_parts.c.provider_order_id == provider_order_id
            )
            .order_by(order_parts.c.order_id)
            .limit(1),
        )
    return found


def go_on(
    tx: Transaction, order: Order, provider_order_id: str, *, now: datetime, note: str
) -> None:
    """Let an order at the provider go on under an id that is known there; its time runs anew."""
    tx.execute(
        update(orders)
        .where(orders.c.id == order.id, orders.c.state == order.state)
        .values(provider_order_id=provider_order_id, missing_since=None, changed_at=now),
    )
    tx.execute(insert(order_events).values(order_id=order.id, state=order.state, note=note, at=now))


def take_request(tx: Transaction, name: FactName) -> dict[str, Any] | None:
    """Remove what was asked for, and give it; None when somebody else has answered it."""
    found = tx.execute(delete(facts).where(facts.c.name == name).returning(facts.c.value))
    row = found.first()
    return None if row is None else row.value
