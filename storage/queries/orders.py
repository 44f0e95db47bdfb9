"""Statements about orders. `move` is the only way in which a state changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Float,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    desc,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.types import NullType

from storage.engine import Transaction, built_once
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, IN_WORK, OrderState, sources_of
from storage.rows import Order, ServiceRow, from_row, from_rows
from storage.schema.catalogue import services
from storage.schema.orders import order_events, order_parts, orders
from storage.schema.types import Id, UtcTime, time_of
from storage.schema.wallets import wallets

# Whoever came into one of these has seen delivery begin.
_BEGUN = frozenset({OrderState.IN_PROGRESS, OrderState.COMPLETED, OrderState.PARTIAL})

# A provider was seen to answer the same service, link and quantity for this long with the first
# order's id.
_REPEATS = timedelta(seconds=120)

# Why orders wait for something that is none of the others' concern: they go behind them.
FUNDS = "funds"
BEHIND = frozenset({FUNDS, "temporary", "refused", "changed", "gone", "held", "debt"})
_LONG_ENOUGH = timedelta(minutes=5)  # after that it is their turn, however many others there are


@dataclass(frozen=True, slots=True)
class Tracked:
    """What a look compares with the provider's answer."""

    id: int
    user_id: int
    service_type: str
    currency: str
    exchange: Decimal
    provider_order_id: str
    state: OrderState
    status_text: str
    charge: Decimal | None
    full_charge: Decimal | None
    start_count: int | None
    remains: int | None
    runs: int | None
    posts: int | None
    submitted_at: datetime | None
    changed_at: datetime
    missing_since: datetime | None


class Due(NamedTuple):
    """A row of `Tracked`, its values as the driver gives them.

    Of most orders that a sweep asks for nothing has changed, and reading their times and amounts
    would cost more than the comparison.
    """

    id: int
    user_id: int
    service_type: str
    currency: str
    exchange: str
    provider_order_id: str
    state: str
    status_text: str
    charge: str | None
    full_charge: str | None
    start_count: int | None
    remains: int | None
    runs: int | None
    posts: int | None
    submitted_at: datetime | str | None
    changed_at: datetime | str
    missing_since: datetime | str | None

    def tracked(self) -> Tracked:
        return Tracked(
            id=self.id,
            user_id=self.user_id,
            service_type=self.service_type,
            currency=self.currency,
            exchange=Decimal(self.exchange),
            provider_order_id=self.provider_order_id,
            state=OrderState(self.state),
            status_text=self.status_text,
            charge=None if self.charge is None else Decimal(self.charge),
            full_charge=None if self.full_charge is None else Decimal(self.full_charge),
            start_count=self.start_count,
            remains=self.remains,
            runs=self.runs,
            posts=self.posts,
            submitted_at=None if self.submitted_at is None else time_of(self.submitted_at),
            changed_at=time_of(self.changed_at),
            missing_since=None if self.missing_since is None else time_of(self.missing_since),
        )


_DUE = [type_coerce(orders.c[name], NullType()).label(name) for name in Due._fields]


@dataclass(frozen=True, slots=True)
class Means:
    """What the operator's account at the provider is thought to pay for, in the provider's
    currency.

    What costs less than `sure` is sent at any time. `tries`: one is tried of which that is not
    sure, because it costs less than `limit`, or has waited for long; `retries`: or because it was
    refused before.
    """

    sure: float
    limit: float
    tries: bool
    retries: bool


# What an admin's verdict has ended, the provider's word moves no more.
_MOVABLE = orders.c.provider_order_id.is_not(None) & (
    orders.c.settled_by.is_(None) | orders.c.state.in_(sorted(AT_PROVIDER))
)


_CREATE = insert(orders).returning(orders)
_NOTE = insert(order_events)
_BY_ID = built_once(lambda order_id: select(orders).where(orders.c.id == order_id))
_OF_USER = built_once(
    lambda order_id, user_id: select(orders).where(
        orders.c.id == order_id, orders.c.user_id == user_id
    )
)
_SEVERAL = built_once(lambda ids: select(orders).where(orders.c.id.in_(ids)).order_by(orders.c.id))
_OF_DRAFT = built_once(
    lambda draft_id, user_id: select(orders).where(
        orders.c.draft_id == draft_id, orders.c.user_id == user_id
    )
)
_COUNT = built_once(
    lambda states: select(func.count()).select_from(orders).where(orders.c.state.in_(states))
)
_COUNT_OF_USER = built_once(
    lambda user_id, states: (
        select(func.count())
        .select_from(orders)
        .where(orders.c.user_id == user_id, orders.c.state.in_(states))
    )
)
_IS_HELD_BACK = built_once(
    lambda order_id, now, repeats_since: select(orders.c.id).where(
        orders.c.id == order_id, orders.c.state == OrderState.QUEUED, _held_back(now, repeats_since)
    )
)
_ON_LINK = built_once(
    lambda links, but: (
        select(orders.c.id)
        .where(orders.c.link.in_(links), orders.c.state.in_(sorted(IN_WORK)), orders.c.id != but)
        .limit(1)
    )
)
_OWN_ON_LINK = built_once(
    lambda links, but, user_id: select(func.max(orders.c.id)).where(
        orders.c.link.in_(links),
        orders.c.state.in_(sorted(IN_WORK)),
        orders.c.id != but,
        orders.c.user_id == user_id,
    )
)
_LINKS_IN_WORK = built_once(
    lambda links: (
        select(orders.c.link)
        .distinct()
        .where(orders.c.link.in_(links), orders.c.state.in_(sorted(IN_WORK)))
    )
)
_LEAVE_CARD = built_once(
    lambda owner, shown_on: (
        update(orders)
        .where(orders.c.user_id == owner, orders.c.card_message_id == shown_on)
        .values(card_message_id=None)
    )
)
_SHOW_CARD = built_once(
    lambda order, owner, shown_on: (
        update(orders)
        .where(orders.c.id == order, orders.c.user_id == owner)
        .values(card_message_id=shown_on)
    )
)


def create(tx: Transaction, values: Mapping[str, Any], now: datetime) -> Order:
    """Insert a queued order; `values` are the columns the customer and the quote decide."""
    queued = {"state": OrderState.QUEUED, "created_at": now, "changed_at": now, "not_before": now}
    order = from_row(Order, tx.execute(_CREATE, {**values, **queued}).one())
    _note(tx, order.id, OrderState.QUEUED, "confirmed", now)
    return order


def move(
    tx: Transaction,
    /,
    order_id: int,
    target: OrderState,
    *,
    now: datetime,
    note: str = "",
    only_from: OrderState | None = None,
    owner: str | None = None,
    only_if: ColumnElement[bool] | None = None,
    **values: Any,
) -> bool:
    """Make one allowed move and write its event; False when the order is not where it could be
    moved from.

    `only_from` is the one state that it may be moved from, of those allowed; `owner` the process
    that has claimed it; `only_if` what has to be true besides.

    The first move into delivery, or past it, is when it was started.
    """
    if target in _BEGUN:
        values["started_at"] = func.coalesce(
            orders.c.started_at, literal(now, orders.c.started_at.type)
        )
    sources = sources_of(target) if only_from is None else sources_of(target) & {only_from}
    statement = update(orders).where(orders.c.id == order_id, orders.c.state.in_(sorted(sources)))
    if owner is not None:
        statement = statement.where(orders.c.lease_owner == owner)
    if only_if is not None:
        statement = statement.where(only_if)
    result = tx.execute(statement.values(state=target, changed_at=now, **values))
    if result.rowcount != 1:
        return False
    _note(tx, order_id, target, note, now)
    return True


def _note(tx: Transaction, order_id: int, state: OrderState, note: str, now: datetime) -> None:
    tx.execute(_NOTE, {"order_id": order_id, "state": state, "note": note, "at": now})


def get(tx: Transaction, order_id: int, user_id: int | None = None) -> Order | None:
    """Return the order; with `user_id`, only if it is theirs."""
    row = tx.execute(
        *(_BY_ID(order_id) if user_id is None else _OF_USER(order_id, user_id))
    ).first()
    return None if row is None else from_row(Order, row)


def get_many(tx: Transaction, order_ids: Sequence[int]) -> dict[int, Order]:
    found = tx.execute(*_SEVERAL(order_ids))
    return {order.id: order for order in from_rows(Order, found)}


_IDS: BindParameter[int] = bindparam("ids", expanding=True)


def get_by_draft(tx: Transaction, draft_id: int, user_id: int) -> Order | None:
    row = tx.execute(*_OF_DRAFT(draft_id, user_id)).first()
    return None if row is None else from_row(Order, row)


def page(
    tx: Transaction,
    user_id: int,
    states: Iterable[OrderState],
    *,
    limit: int,
    offset: int,
) -> list[Order]:
    """List a user's orders, newest first."""
    # Each state's are in the order of the index; sorted together, all that somebody ever had would
    # be read.
    each = [
        select(orders.c.id).where(orders.c.user_id == user_id, orders.c.state == state)
        for state in sorted(states)
    ]
    found = union_all(*each).order_by(desc("id")).limit(limit).offset(offset).subquery()
    result = tx.execute(
        select(orders).where(orders.c.id.in_(select(found.c.id))).order_by(orders.c.id.desc())
    )
    return from_rows(Order, result)


def count_up_to(tx: Transaction, user_id: int, states: Iterable[OrderState], most: int) -> int:
    """Count a user's orders in these states; `most` where there are as many or more."""
    theirs = (
        select(orders.c.id)
        .where(orders.c.user_id == user_id, orders.c.state.in_(sorted(states)))
        .limit(most)
    )
    return int(tx.scalar(select(func.count()).select_from(theirs.subquery())) or 0)


def ids_in(tx: Transaction, user_id: int, states: Collection[OrderState]) -> list[int]:
    """List the numbers of somebody's orders in these states, oldest first."""
    theirs = (orders.c.user_id == user_id) & orders.c.state.in_(sorted(states))
    return list(tx.scalars(select(orders.c.id).where(theirs).order_by(orders.c.id)))


def waiting(tx: Transaction, user_id: int) -> list[Order]:
    """List somebody's queued orders, the newest first, and keep them in place; not those that
    somebody is at.

    Everybody else locks an order before its wallet: who has the wallet already can only take what
    is free.
    """
    statement = select(orders).where(
        orders.c.user_id == user_id, orders.c.state == OrderState.QUEUED
    )
    statement = statement.order_by(orders.c.id.desc()).with_for_update(skip_locked=True)
    return from_rows(Order, tx.execute(statement))


def count(tx: Transaction, states: Iterable[OrderState], user_id: int | None = None) -> int:
    wanted = _COUNT(sorted(states)) if user_id is None else _COUNT_OF_USER(user_id, sorted(states))
    return int(tx.scalar(*wanted) or 0)


def count_waited_since(tx: Transaction, since: datetime) -> int:
    """Count the orders that are queued, or were tried after that time."""
    waited = or_(orders.c.state == OrderState.QUEUED, orders.c.submitted_at > since)
    return int(tx.scalar(select(func.count()).select_from(orders).where(waited)) or 0)


def next_in_line(tx: Transaction, *, now: datetime, means: Means | None = None) -> Order | None:
    """Return the queued order whose turn it is, and keep others from it until this transaction
    ends.

    Single orders go before those of mass orders: 500 lines of one person must not hold everybody
    else up. One link's orders go one after another, in order of arrival: an older order of the same
    link that waits, or any that is being submitted, keeps the younger ones back. What waits for
    something of its own (money, its customer) goes behind the others, unless its turn came long
    ago.

    `means`: what can be paid for. Where that is not sure, who has an order that waits for money
    comes after the others.
    """
    behind = orders.c.waiting.in_(BEHIND) & (orders.c.not_before > now - _LONG_ENOUGH)
    waiting = select(orders).where(
        orders.c.state == OrderState.QUEUED,
        orders.c.not_before <= now,
        ~_held_back(now, now - _REPEATS),
    )
    rank = case((behind, 2), else_=0)
    if means is not None:
        is_owed = orders.c.waiting == FUNDS
        sure = (cast(orders.c.cost, Float) < means.sure) & ~is_owed
        waiting = waiting.where(or_(sure, *_tries(means, now)))
        other = orders.alias("other")
        waits_too = exists().where(
            other.c.user_id == orders.c.user_id,
            other.c.state == OrderState.QUEUED,
            other.c.waiting == FUNDS,
        )
        rank = case((behind, 2), (~sure & ~is_owed & waits_too, 1), else_=0)
    ordered = waiting.order_by(rank, orders.c.mass_id.is_not(None), orders.c.id)
    row = tx.execute(ordered.limit(1).with_for_update(skip_locked=True)).first()
    return None if row is None else from_row(Order, row)


def _tries(means: Means, now: datetime) -> list[ColumnElement[bool]]:
    """Return which orders may be tried although nobody knows whether they can be paid for."""
    is_owed = orders.c.waiting == FUNDS
    likely = cast(orders.c.cost, Float) < means.limit
    has_waited = orders.c.not_before <= now - _LONG_ENOUGH
    tried: list[ColumnElement[bool]] = [~is_owed & or_(likely, has_waited)] if means.tries else []
    return [*tried, is_owed] if means.retries else tried


def claim(
    tx: Transaction,
    order: Order,
    service: ServiceRow,
    *,
    now: datetime,
    owner: str,
    lease_until: datetime,
) -> Order | None:
    """Make a queued order `submitting`, if all is as it was when this was looked at; None where it
    is not.

    The service is still sold, under the same name, as the same type and at the same rate, and the
    customer's wallet is not below zero.
    """
    as_seen = exists().where(
        services.c.id == service.id,
        services.c.sold,
        services.c.hidden_at.is_(None),
        services.c.held_at.is_(None),
        services.c.name == order.service_name,
        services.c.type == order.service_type,
        services.c.rate == service.rate,
        services.c.category_id == service.category_id,
    )
    in_debt = exists().where(wallets.c.user_id == order.user_id, wallets.c.balance < 0)
    moved = move(
        tx,
        order.id,
        OrderState.SUBMITTING,
        now=now,
        only_if=(as_seen & (orders.c.account == order.account))
        & (~in_debt | (orders.c.billing != "wallet")),
        submitted_at=now,
        lease_owner=owner,
        lease_until=lease_until,
    )
    return get(tx, order.id) if moved else None


def let_wait(
    tx: Transaction, order_id: int, *, waiting: str, now: datetime, not_before: datetime, note: str
) -> bool:
    """Let a queued order wait for something of its own; True where that is new.

    `note` is for its history.
    """
    queued = (orders.c.id == order_id) & (orders.c.state == OrderState.QUEUED)
    begun = tx.execute(
        update(orders)
        .where(queued, orders.c.waiting != waiting)
        .values(waiting=waiting, waits_since=now, changed_at=now, not_before=not_before),
    )
    if begun.rowcount == 1:
        _note(tx, order_id, OrderState.QUEUED, note, now)
        return True
    tx.execute(update(orders).where(queued).values(not_before=not_before))
    return False


def count_waiting(tx: Transaction, mass_id: int, waiting: str) -> int:
    """Count the queued orders of a mass order that wait for this."""
    of_mass = (
        (orders.c.mass_id == mass_id)
        & (orders.c.waiting == waiting)
        & (orders.c.state == OrderState.QUEUED)
    )
    return int(tx.scalar(select(func.count()).select_from(orders).where(of_mass)) or 0)


def end_wait(tx: Transaction, waiting: str, now: datetime, ids: Collection[int]) -> None:
    """Put those of these orders that are queued and wait for this back where they were in line."""
    tx.execute(
        update(orders)
        .where(
            orders.c.id.in_(ids), orders.c.state == OrderState.QUEUED, orders.c.waiting == waiting
        )
        .values(waiting="", waits_since=None, not_before=now),
    )


def _held_back(now: Any, repeats_since: Any) -> ColumnElement[bool]:
    """Say of an order that another one of its link goes first, or that a provider might take it for
    a repeat.

    One that waits for something of its own keeps nobody back.
    """
    ahead = orders.alias("ahead")
    alike = (ahead.c.service_id == orders.c.service_id) & (ahead.c.quantity == orders.c.quantity)
    by_itself = ahead.c.waiting.in_(BEHIND) & (ahead.c.not_before > now)
    return exists().where(
        ahead.c.link == orders.c.link,
        or_(
            ahead.c.state == OrderState.SUBMITTING,
            (ahead.c.state == OrderState.QUEUED) & (ahead.c.id < orders.c.id) & ~by_itself,
            (ahead.c.state == OrderState.UNKNOWN) & alike & (ahead.c.changed_at > repeats_since),
        ),
    )


def is_held_back(tx: Transaction, order_id: int, now: datetime) -> bool:
    """Return whether a queued order waits for another one of its link."""
    return tx.scalar(*_IS_HELD_BACK(order_id, now, now - _REPEATS)) is not None


def is_in_work_on(tx: Transaction, links: Collection[str], *, but: int | None = None) -> bool:
    """Return whether any order but this one is in work on one of these links."""
    return tx.scalar(*_ON_LINK(sorted(links), but or 0)) is not None


def own_in_work_on(
    tx: Transaction, user_id: int, links: Collection[str], *, but: int | None = None
) -> int | None:
    """Return the newest of somebody's orders in work on these links, other than `but`."""
    newest: int | None = tx.scalar(*_OWN_ON_LINK(sorted(links), but or 0, user_id))
    return newest


def links_in_work(tx: Transaction, links: Collection[str]) -> set[str]:
    """Return those of these links that an order is in work on, as they are written there."""
    return set(tx.scalars(*_LINKS_IN_WORK(sorted(links))))


def has_waiting(tx: Transaction, why: str) -> bool:
    """Return whether an order was put back into the queue for this reason and has not gone out
    since.
    """
    states = (OrderState.QUEUED, OrderState.SUBMITTING)
    found = tx.scalar(
        select(orders.c.id).where(orders.c.state.in_(states), orders.c.waiting == why).limit(1),
    )
    return found is not None


def costs_of_waiting(tx: Transaction, why: str) -> dict[int, float]:
    """Return what each order costs at the provider that was put back into the queue for this
    reason.
    """
    states = (OrderState.QUEUED, OrderState.SUBMITTING)
    found = tx.execute(
        select(orders.c.id, cast(orders.c.cost, Float).label("cost")).where(
            orders.c.state.in_(states), orders.c.waiting == why
        ),
    )
    return {row.id: row.cost for row in found}


def is_being_sent(tx: Transaction, *, cost: float) -> bool:
    """Return whether an order that costs as much, or more, is being sent."""
    as_dear = cast(orders.c.cost, Float) >= cost
    statement = select(orders.c.id).where(orders.c.state == OrderState.SUBMITTING, as_dear).limit(1)
    return tx.scalar(statement) is not None


def next_turn(tx: Transaction) -> datetime | None:
    """Return when the earliest queued order may be tried."""
    turn: datetime | None = tx.scalar(
        select(func.min(orders.c.not_before)).where(orders.c.state == OrderState.QUEUED),
    )
    return turn


def abandoned(tx: Transaction, *, now: datetime | None) -> list[Order]:
    """List orders whose submission lost its worker: leases that ended before `now`, or all
    (None).
    """
    statement = select(orders).where(orders.c.state == OrderState.SUBMITTING)
    if now is not None:
        statement = statement.where(orders.c.lease_until < now)
    # Kept until the transaction's end: nobody puts one back and claims it anew in between.
    return from_rows(
        Order, tx.execute(statement.order_by(orders.c.id).with_for_update(skip_locked=True))
    )


def due_for_poll(
    tx: Transaction,
    states: Iterable[OrderState],
    *,
    after: datetime | None,
    until: datetime,
    every: int,
    ticks: range,
    account: str = "",
    behind: Due | None = None,
    limit: int | None = None,
) -> list[Due]:
    """List orders last changed in (after, until] whose turn came in `ticks`: each has one in
    `every`, evenly spread.

    `account`: the provider account that is asked. With a `limit` they come in the order of their
    change, and the next ones are those `behind` the last; that is for one state, in which the index
    has them in this order.
    """
    turns = [tick % every for tick in ticks] if len(ticks) < every else [0]
    given: dict[str, Any] = {
        "states": sorted(states),
        "account": account,
        "until": until,
        "every": every if len(ticks) < every else 1,
        "turns": turns,
    }
    if behind is not None:
        given |= {"behind_at": time_of(behind.changed_at), "behind_id": behind.id}
    elif after is not None:
        given["after"] = after
    if limit is not None:
        given["limit"] = limit
    statement = _quiet(frozenset(given))
    return [Due._make(row) for row in tx.execute(statement, given).all()]


@cache
def _quiet(bounds: Collection[str]) -> Select[*tuple[Any, ...]]:
    """Build the statement of `quiet`; `bounds` are the names of its parameters.

    A sweep runs dozens of them.
    """
    statement = select(*_DUE).where(
        orders.c.state.in_(bindparam("states", expanding=True)),
        _MOVABLE,
        orders.c.account == bindparam("account"),
        orders.c.changed_at <= bindparam("until"),
        (orders.c.id % bindparam("every", type_=Integer)).in_(bindparam("turns", expanding=True)),
    )
    if "after" in bounds:
        statement = statement.where(orders.c.changed_at > bindparam("after"))
    if "behind_at" in bounds:
        last = tuple_(bindparam("behind_at", type_=UtcTime), bindparam("behind_id", type_=Id))
        statement = statement.where(tuple_(orders.c.changed_at, orders.c.id) > last)
    if "limit" not in bounds:
        return statement.order_by(orders.c.id)
    return statement.order_by(orders.c.changed_at, orders.c.id).limit(
        bindparam("limit", type_=Integer)
    )


def unfinished(tx: Transaction, account: str) -> list[Due]:
    """List the orders that have ended, and have parts that have not.

    In two statements: in one, SQLite goes through all orders of the account instead of the few open
    parts.
    """
    is_open = or_(order_parts.c.state.is_(None), order_parts.c.state.in_(sorted(AT_PROVIDER)))
    ids = list(tx.scalars(select(order_parts.c.order_id).where(is_open).distinct()))
    found: list[Due] = []
    for at in range(0, len(ids), _CHUNK):
        found += [
            Due._make(row)
            for row in tx.execute(_ENDED, {"ids": ids[at : at + _CHUNK], "account": account})
        ]
    return found


_CHUNK = 1_000
_ENDED = select(*_DUE).where(
    orders.c.id.in_(_IDS),
    orders.c.state.in_(sorted(ENDED_AT_PROVIDER)),
    orders.c.account == bindparam("account"),
    _MOVABLE,
)


def latest_id(tx: Transaction, account: str) -> str | None:
    """Return the id that a provider account gave last."""
    return tx.scalar(
        select(orders.c.provider_order_id)
        .where(orders.c.account == account, orders.c.provider_order_id.is_not(None))
        .order_by(orders.c.id.desc())
        .limit(1),
    )


def tracked(tx: Transaction, order_ids: Sequence[int], account: str = "") -> list[Due]:
    """Return those of these orders that the provider account knows and may move."""
    known = select(*_DUE).where(orders.c.id.in_(order_ids), orders.c.account == account, _MOVABLE)
    return [Due._make(row) for row in tx.execute(known.order_by(orders.c.id))]


def not_overtaken(tx: Transaction, seen: Collection[Tracked]) -> set[int]:
    """Return those that nobody has changed since they were seen, and keep it so until this
    transaction ends.
    """
    found = tx.execute(_CHANGED_AT, {"ids": [order.id for order in seen]})
    now = {row.id: row.changed_at for row in found}
    return {order.id for order in seen if now.get(order.id) == order.changed_at}


_CHANGED_AT = (
    select(orders.c.id, orders.c.changed_at)
    .where(orders.c.id.in_(_IDS))
    # in which everybody else locks several people's orders
    .order_by(orders.c.user_id, orders.c.id)
    .with_for_update(key_share=True)
)


def note_missing(tx: Transaction, order_ids: Collection[int], now: datetime) -> set[int]:
    """Note since when the provider does not know these any more; return those of which that is
    new.
    """
    found = tx.execute(
        update(orders)
        .where(orders.c.id.in_(order_ids), orders.c.missing_since.is_(None))
        .values(missing_since=now)
        .returning(orders.c.id),
    )
    return {row.id for row in found}


def note_found(tx: Transaction, order_ids: Collection[int]) -> None:
    """Note that the provider knows these again."""
    tx.execute(update(orders).where(orders.c.id.in_(order_ids)).values(missing_since=None))


def note_progress(tx: Transaction, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Write changed counts: rows of order_id, status_text, charge, full_charge, start_count,
    remains, runs, posts.
    """
    if not rows:
        return
    tx.execute(_PROGRESS, [{**row, "now": now} for row in rows])


_PROGRESS = (
    update(orders)
    .where(orders.c.id == bindparam("order_id"))
    .values(
        {
            name: bindparam(name, type_=orders.c[name].type)
            for name in (
                "status_text",
                "charge",
                "full_charge",
                "start_count",
                "remains",
                "runs",
                "posts",
            )
        }
        | {"changed_at": bindparam("now", type_=orders.c.changed_at.type)}
    )
)


def make_due(tx: Transaction, link: str, now: datetime) -> None:
    """Let the orders that wait for a busy link try at once: an order on that link has ended."""
    tx.execute(
        update(orders)
        .where(
            orders.c.link == link,
            orders.c.state == OrderState.QUEUED,
            orders.c.waiting == "busy_link",
        )
        .values(not_before=now),
    )


def add_refund(tx: Transaction, order_id: int, *, before: int, amount: int) -> bool:
    """Count `amount` millionths as refunded on top of `before`; False when somebody was first."""
    result = tx.execute(
        update(orders)
        .where(
            orders.c.id == order_id, orders.c.refunded == before, orders.c.price >= before + amount
        )
        .values(refunded=before + amount),
    )
    return result.rowcount == 1


def holder_of(tx: Transaction, provider_order_id: str, account: str) -> Order | None:
    """Return our order that has this id at a provider account."""
    held = (orders.c.account == account) & (orders.c.provider_order_id == provider_order_id)
    row = tx.execute(select(orders).where(held)).first()
    return None if row is None else from_row(Order, row)


def show_on(tx: Transaction, user_id: int, message_id: int, order_id: int | None) -> None:
    """Remember that a chat's message now shows this order's card, or no card at all."""
    tx.execute(*_LEAVE_CARD(user_id, message_id))
    if order_id is not None:
        tx.execute(*_SHOW_CARD(order_id, user_id, message_id))
