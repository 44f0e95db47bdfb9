"""Statements for finding out about lost orders: whose turn it is, which ids are known, what else
moved the balance.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, union, update

from storage.engine import Transaction
from storage.enums import AT_PROVIDER, OrderState
from storage.queries.facts import Fact
from storage.rows import Order, from_row, from_rows
from storage.schema.catalogue import services
from storage.schema.messages import facts
from storage.schema.orders import order_events, order_parts, orders

_NEIGHBOURS = 100  # of the orders before and after; ids are nearly in order
# a refund of the provider's is seen by us some time after it moved the balance
_LATE_NEWS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An id that the provider gave, when its order was sent and when we knew of it; a part is not
    sent by us.
    """

    provider_order_id: str
    sent_at: datetime | None
    known_at: datetime


def _event(state: OrderState) -> ColumnElement[datetime]:
    """Return when an order first came into this state."""
    first = select(func.min(order_events.c.at)).where(
        order_events.c.order_id == orders.c.id,
        order_events.c.state == state,
    )
    return first.scalar_subquery()


_accepted = _event(OrderState.PENDING)
_WAS_UNKNOWN = exists().where(
    order_events.c.order_id == orders.c.id, order_events.c.state == OrderState.UNKNOWN
)


# Here and below: `account` is the provider account that is asked; the orders of others are not
# there.
def due(tx: Transaction, now: datetime, account: str = "") -> Order | None:
    """Return the unknown order whose look is due for the longest time."""
    found = tx.execute(
        select(orders)
        .where(
            orders.c.state == OrderState.UNKNOWN,
            orders.c.look_at <= now,
            orders.c.account == account,
        )
        .order_by(orders.c.look_at, orders.c.id)
        .limit(1),
    )
    row = found.first()
    return None if row is None else from_row(Order, row)


def next_look(tx: Transaction, account: str = "") -> datetime | None:
    turn: datetime | None = tx.scalar(
        select(func.min(orders.c.look_at)).where(
            orders.c.state == OrderState.UNKNOWN, orders.c.account == account
        ),
    )
    return turn


def look_again(tx: Transaction, order_id: int, look_at: datetime | None) -> None:
    """Say when to look next, while the order is unknown; None: never by itself."""
    tx.execute(
        update(orders)
        .where(orders.c.id == order_id, orders.c.state == OrderState.UNKNOWN)
        .values(look_at=look_at),
    )


def unknown_since(tx: Transaction, order_id: int) -> datetime | None:
    since: datetime | None = tx.scalar(
        select(func.max(order_events.c.at)).where(
            order_events.c.order_id == order_id,
            order_events.c.state == OrderState.UNKNOWN,
        ),
    )
    return since


def known_by(tx: Transaction, moment: datetime, account: str) -> list[Neighbour]:
    """List the ids that we knew at a moment, those of the last orders that were sent and parts that
    were seen.
    """
    sent = tx.execute(
        select(orders.c.provider_order_id, orders.c.submitted_at, _accepted.label("known_at"))
        .where(
            orders.c.provider_order_id.is_not(None),
            orders.c.submitted_at <= moment,
            _accepted <= moment,
        )
        .where(orders.c.account == account)
        .order_by(orders.c.submitted_at.desc())
        .limit(_NEIGHBOURS),
    )
    seen = tx.execute(
        select(order_parts.c.provider_order_id, order_parts.c.first_seen_at)
        .join(orders, orders.c.id == order_parts.c.order_id)
        .where(order_parts.c.first_seen_at <= moment, orders.c.account == account)
        .order_by(order_parts.c.first_seen_at.desc())
        .limit(_NEIGHBOURS),
    )
    return [Neighbour(*row) for row in sent] + [Neighbour(key, None, at) for key, at in seen]


def sent_after(tx: Transaction, moment: datetime, account: str) -> list[Neighbour]:
    """List the ids of the first orders that were sent after a moment."""
    found = tx.execute(
        select(orders.c.provider_order_id, orders.c.submitted_at, _accepted)
        .where(
            orders.c.provider_order_id.is_not(None),
            orders.c.submitted_at > moment,
            orders.c.account == account,
        )
        .order_by(orders.c.submitted_at)
        .limit(_NEIGHBOURS),
    )
    return [Neighbour(key, sent, accepted or sent) for key, sent, accepted in found]


def known_among(tx: Transaction, ids: Sequence[str], account: str) -> set[str]:
    """Return those of these ids that an order or a part of ours has."""
    known: set[str] = set()
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        theirs = select(orders.c.provider_order_id).where(orders.c.provider_order_id.in_(some))
        parts = select(order_parts.c.provider_order_id).join(
            orders, orders.c.id == order_parts.c.order_id
        )
        for found in (theirs, parts.where(order_parts.c.provider_order_id.in_(some))):
            known.update(tx.scalars(found.where(orders.c.account == account)))
    return known


def in_flight(tx: Transaction, until: datetime, account: str) -> bool:
    """Return whether an order that was sent by then has no answer yet: any id that nobody knows may
    be its.
    """
    statement = select(orders.c.id).where(
        orders.c.state == OrderState.SUBMITTING, orders.c.submitted_at <= until
    )
    return tx.scalar(statement.where(orders.c.account == account).limit(1)) is not None


def lost(tx: Transaction, but: Order) -> list[Order]:
    """List the other orders that may be at the same account under an id that we don't know.

    Those that an admin has taken for not existing are among them: they may have been wrong.
    """
    doubtful = or_(
        orders.c.state == OrderState.UNKNOWN,
        and_(orders.c.state == OrderState.REJECTED, _WAS_UNKNOWN),
    )
    return from_rows(
        Order,
        tx.execute(
            select(orders)
            .where(doubtful, orders.c.id != but.id, orders.c.account == but.account)
            .order_by(orders.c.id)
        ),
    )


def possible_parents(
    tx: Transaction, since: datetime, types: Collection[str], account: str
) -> list[Order]:
    """List the orders at the provider, or ended since, that may have parts: of these types, or of
    drip-feeds.
    """
    found = tx.execute(
        select(orders)
        .join(services, services.c.id == orders.c.service_id)
        .where(
            orders.c.provider_order_id.is_not(None),
            orders.c.account == account,
            or_(orders.c.state.in_(sorted(AT_PROVIDER)), orders.c.finished_at >= since),
            or_(
                orders.c.service_type.in_(sorted(types)),
                services.c.dripfeed,
                orders.c.runs.is_not(None),
            ),
        )
        .order_by(orders.c.id),
    )
    return from_rows(Order, found)


def movers(
    tx: Transaction, but: Order, start: datetime, end: datetime, types: Collection[str]
) -> int:
    """Count what else may have moved the provider's balance between two readings: orders, refunds,
    parts.

    `types` are those of orders that are paid by the part.
    """
    late = end + _LATE_NEWS
    taken = ~orders.c.state.in_((OrderState.QUEUED, OrderState.REJECTED)) | _WAS_UNKNOWN
    happened = select(order_events.c.order_id)
    ended = happened.where(
        order_events.c.at >= start,
        order_events.c.at <= late,
        order_events.c.state.in_((OrderState.PARTIAL, OrderState.CANCELED, OrderState.FAILED)),
    )
    answered = happened.where(
        order_events.c.at >= start,
        order_events.c.state.in_((OrderState.PENDING, OrderState.UNKNOWN)),
    )
    of = select(orders.c.id)
    # so that the index of states and changes is used
    in_any_state = orders.c.state.in_(sorted(OrderState))
    # Each way by its own index: asked for any of them at once, a database reads all orders through.
    moving = union(
        of.where(orders.c.submitted_at >= start, orders.c.submitted_at <= end, taken),
        of.where(orders.c.id.in_(answered), orders.c.submitted_at <= end, taken),
        of.where(orders.c.state == OrderState.SUBMITTING, orders.c.submitted_at <= end),
        of.where(
            in_any_state,
            orders.c.changed_at >= start,
            orders.c.changed_at <= late,
            orders.c.bookings > 1,
        ),
        of.where(orders.c.state.in_(sorted(AT_PROVIDER)), orders.c.service_type.in_(sorted(types))),
        ended,
    )
    parts = (
        select(func.count())
        .join(orders, orders.c.id == order_parts.c.order_id)
        .where(order_parts.c.first_seen_at >= start, order_parts.c.first_seen_at <= late)
        .where(orders.c.account == but.account)
    )
    others = (orders.c.id != but.id) & (orders.c.account == but.account)
    count = select(func.count()).select_from(orders).where(others, orders.c.id.in_(moving))
    return int(tx.scalar(count) or 0) + int(tx.scalar(parts) or 0)


def forget_settled(tx: Transaction) -> None:
    """Remove what was kept about looking for orders that are not looked for any more."""
    names = select(orders.c.id).where(orders.c.state == OrderState.UNKNOWN)
    wanted = [Fact.FINDING.of(order_id) for order_id in tx.scalars(names)]
    kept = facts.c.name.startswith(Fact.FINDING.prefix(), autoescape=True)
    tx.execute(delete(facts).where(kept, facts.c.name.not_in(wanted)))
