"""Statements about what customers ask for after the sale: refills, cancellations, looks at a
status.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Select, exists, func, insert, select, update

from storage.engine import Transaction, built_once
from storage.enums import AT_PROVIDER, REQUEST_OPEN, RequestKind, RequestState
from storage.rows import Order, Request, from_row, from_rows
from storage.schema.catalogue import services
from storage.schema.orders import orders, request_lists, requests


@dataclass(frozen=True, slots=True)
class Claimed:
    """A request with what is needed to send it and to ask what became of it."""

    ENUMS: ClassVar = {"kind": RequestKind, "state": RequestState}
    id: int
    order_id: int
    kind: RequestKind
    state: RequestState
    created_at: datetime
    sent_at: datetime | None
    changed_at: datetime
    provider_order_id: str | None
    provider_refill_id: str | None
    status_text: str


@dataclass(frozen=True, slots=True)
class RequestList:
    """What somebody asked for in one message; an item is what shop.aftercare.bulk made of a
    number.
    """

    ENUMS: ClassVar = {"kind": RequestKind}
    id: int
    user_id: int
    kind: RequestKind
    items: list[dict[str, Any]]
    message_id: int | None


_CLAIMED: Select[Any] = select(
    *(requests.c[field.name] for field in fields(Claimed) if field.name != "provider_order_id"),
    orders.c.provider_order_id,
).join(orders, orders.c.id == requests.c.order_id)


_OF_ORDERS = built_once(
    lambda ids: select(requests).where(requests.c.order_id.in_(ids)).order_by(requests.c.id.desc())
)


def of_order(tx: Transaction, order_id: int) -> list[Request]:
    """List what was asked for an order, the newest first."""
    return of_orders(tx, [order_id])


def of_orders(tx: Transaction, order_ids: Sequence[int]) -> list[Request]:
    """List what was asked for these orders, the newest first."""
    return from_rows(Request, tx.execute(*_OF_ORDERS(order_ids)))


def get_many(tx: Transaction, ids: Sequence[int]) -> list[Request]:
    statement = select(requests).where(requests.c.id.in_(ids)).order_by(requests.c.id)
    return from_rows(Request, tx.execute(statement))


def hold_orders(tx: Transaction, user_id: int, order_ids: Collection[int]) -> dict[int, Order]:
    """Return those of the orders that are theirs; nobody else moves them until this transaction
    ends.
    """
    statement = (
        select(orders)
        .where(orders.c.user_id == user_id, orders.c.id.in_(order_ids))
        # two that lock in different orders would wait for each other for ever
        .order_by(orders.c.id)
        .with_for_update(key_share=True)
    )
    return {order.id: order for order in from_rows(Order, tx.execute(statement))}


def share_orders(tx: Transaction, order_ids: Iterable[int]) -> None:
    """Keep these orders in place before their requests are touched: who takes both takes them in
    this order.
    """
    statement = (
        select(orders.c.id).where(orders.c.id.in_(sorted(set(order_ids)))).order_by(orders.c.id)
    )
    tx.execute(statement.with_for_update(read=True, key_share=True))


def add(
    tx: Transaction,
    order_ids: Iterable[int],
    *,
    user_id: int,
    kind: RequestKind,
    now: datetime,
    list_id: int | None = None,
) -> None:
    """Write a waiting request for each order.

    One of a kind may be open for an order: look while holding it.
    """
    common = {
        "user_id": user_id,
        "list_id": list_id,
        "kind": kind,
        "state": RequestState.WAITING,
        "created_at": now,
        "not_before": now,
        "changed_at": now,
    }
    if rows := [common | {"order_id": order_id} for order_id in order_ids]:
        tx.execute(insert(requests), rows)


def add_list(
    tx: Transaction,
    user_id: int,
    kind: RequestKind,
    items: Sequence[Mapping[str, Any]],
    now: datetime,
) -> int:
    statement = insert(request_lists).values(
        user_id=user_id, kind=kind, items=list(items), created_at=now
    )
    return int(tx.execute(statement.returning(request_lists.c.id)).scalar_one())


def get_list(tx: Transaction, list_id: int, user_id: int) -> RequestList | None:
    """Return the list if it is this user's."""
    statement = select(request_lists).where(
        request_lists.c.id == list_id, request_lists.c.user_id == user_id
    )
    row = tx.execute(statement).first()
    return None if row is None else from_row(RequestList, row)


def of_list(tx: Transaction, list_id: int) -> list[Request]:
    statement = select(requests).where(requests.c.list_id == list_id).order_by(requests.c.id)
    return from_rows(Request, tx.execute(statement))


def claim(
    tx: Transaction,
    *,
    now: datetime,
    owner: str,
    lease_until: datetime,
    most: int,
    account: str = "",
) -> list[Claimed]:
    """Take up to `most` requests of the kind whose turn it is: `sending` from here on.

    `account`: the provider account that is asked; those for other accounts' orders are left.
    """
    waiting = (requests.c.state == RequestState.WAITING) & (requests.c.not_before <= now)
    theirs = orders.alias("theirs")
    waiting &= exists().where(theirs.c.id == requests.c.order_id, theirs.c.account == account)
    kind = tx.scalar(select(requests.c.kind).where(waiting).order_by(requests.c.id).limit(1))
    if kind is None:
        return []
    found = tx.execute(
        _CLAIMED.where(waiting, requests.c.kind == kind)
        .order_by(requests.c.id)
        .limit(most)
        .with_for_update(of=requests, skip_locked=True),
    )
    batch = from_rows(Claimed, found)
    tx.execute(
        update(requests)
        .where(requests.c.id.in_([request.id for request in batch]))
        .values(
            state=RequestState.SENDING,
            sent_at=now,
            lease_owner=owner,
            lease_until=lease_until,
            changed_at=now,
        ),
    )
    return batch


def move(
    tx: Transaction,
    /,
    request_id: int,
    target: RequestState,
    *,
    sources: Collection[RequestState],
    now: datetime,
    owner: str | None = None,
    seen: datetime | None = None,
    **values: Any,
) -> bool:
    """Make the request `target` if it is in one of `sources`; False when it is not.

    With `owner` only if that process was the last to claim it, with `seen` only if it has not
    changed since then.
    """
    ended = None if target in REQUEST_OPEN else now
    statement = update(requests).where(
        requests.c.id == request_id, requests.c.state.in_(sorted(sources))
    )
    if owner is not None:
        statement = statement.where(requests.c.lease_owner == owner)
    if seen is not None:
        statement = statement.where(requests.c.changed_at == seen)
    result = tx.execute(statement.values(state=target, changed_at=now, ended_at=ended, **values))
    return result.rowcount == 1


def may_reopen(tx: Transaction, request: Claimed) -> bool:
    """Return whether a request that was ended as unknown may be under way after all.

    Not when it was asked for again since then, nor when its order has ended: that ends its
    cancellations once.
    """
    again = requests.alias("again")
    asked_again = exists().where(
        again.c.order_id == request.order_id,
        again.c.kind == request.kind,
        again.c.id > request.id,
    )
    running = select(orders.c.id).where(
        orders.c.id == request.order_id, orders.c.state.in_(sorted(AT_PROVIDER))
    )
    allowed = (
        ~asked_again if request.kind is RequestKind.REFILL else ~asked_again & running.exists()
    )
    return bool(tx.scalar(select(allowed)))


def put_back(
    tx: Transaction,
    ids: Sequence[int],
    *,
    now: datetime,
    not_before: datetime,
    owner: str | None = None,
) -> None:
    """Let requests wait again that definitely have not been done; with `owner` only what that
    process claimed.
    """
    statement = update(requests).where(
        requests.c.id.in_(ids), requests.c.state == RequestState.SENDING
    )
    if owner is not None:
        statement = statement.where(requests.c.lease_owner == owner)
    tx.execute(statement.values(state=RequestState.WAITING, not_before=not_before, changed_at=now))


def next_turn(tx: Transaction) -> datetime | None:
    """Return when the earliest waiting request may be sent."""
    turn: datetime | None = tx.scalar(
        select(func.min(requests.c.not_before)).where(requests.c.state == RequestState.WAITING),
    )
    return turn


def abandoned(tx: Transaction, *, now: datetime | None) -> list[Claimed]:
    """List requests that lost their worker while being sent: leases that ended before `now`, or all
    (None).

    They are this transaction's alone: whoever comes back late waits for its end.
    """
    statement = _CLAIMED.where(requests.c.state == RequestState.SENDING)
    if now is not None:
        statement = statement.where(requests.c.lease_until < now)
    statement = statement.order_by(requests.c.id).with_for_update(of=requests, skip_locked=True)
    return from_rows(Claimed, tx.execute(statement))


def under_way(tx: Transaction, account: str = "") -> list[Claimed]:
    """List the refills that the provider account has taken and not ended."""
    statement = _CLAIMED.where(
        orders.c.account == account,
        requests.c.state.in_([RequestState.ACCEPTED, RequestState.IN_PROGRESS]),
        requests.c.kind == RequestKind.REFILL,
        requests.c.provider_refill_id.is_not(None),
    )
    return from_rows(Claimed, tx.execute(statement.order_by(requests.c.id)))


def end_cancellations(
    tx: Transaction, order_id: int, target: RequestState, now: datetime
) -> list[int]:
    """End what is open of an order's cancellations; return the lists that they are of."""
    found = tx.execute(
        update(requests)
        .where(
            requests.c.order_id == order_id,
            requests.c.kind == RequestKind.CANCEL,
            requests.c.state.in_(sorted(REQUEST_OPEN)),
        )
        .values(state=target, changed_at=now, ended_at=now)
        .returning(requests.c.list_id),
    )
    return sorted(row.list_id for row in found if row.list_id is not None)


def become_possible(tx: Transaction, *, after: datetime, until: datetime) -> list[Order]:
    """List orders with a card and a refill, completed in (after, until], or whose refill ended
    then.
    """
    completed = select(orders.c.id).where(
        orders.c.state == "completed",
        orders.c.changed_at > after,  # indexed, and never before the completion
        orders.c.finished_at > after,
        orders.c.finished_at <= until,
    )
    refused = select(requests.c.order_id).where(
        requests.c.kind == RequestKind.REFILL,
        requests.c.ended_at > after,
        requests.c.ended_at <= until,
    )
    found = tx.execute(
        select(orders)
        .join(services)
        .where(
            orders.c.id.in_(completed.union(refused)),
            orders.c.card_message_id.is_not(None),
            services.c.refill,
        )
        .order_by(orders.c.id),
    )
    return from_rows(Order, found)
