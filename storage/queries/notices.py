"""Statements about the outbox: what is to be said, to whom, and whether Telegram has said so."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, update

from storage.engine import Transaction
from storage.queries.facts import named_user
from storage.rows import Notice, from_rows
from storage.schema.messages import notices

# What stands in the place of an outcome:
HELD = "held"  # it waits for its reader's hour
# the first part of what it takes is done: an order's change is told, and its card is still to be
# drawn
BEGUN = "begun"


def add(
    tx: Transaction,
    *,
    user_id: int,
    kind: str,
    now: datetime,
    order_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
    alert: str | None = None,
) -> None:
    """Write a notice; it belongs into the transaction of the change it tells of.

    `alert`: the name of the alert that it begins or ends, of which both are shown in one message.

    Here and below: who was erased has a negative id, and is told nothing.
    """
    if user_id < 0:
        return
    tx.execute(
        insert(notices).values(
            user_id=user_id,
            kind=kind,
            order_id=order_id,
            payload=dict(payload or {}),
            created_at=now,
            not_before=now,
            alert=alert,
            about_user_id=named_user(payload),
        ),
    )


def told_in(tx: Transaction, notice_id: int, message_id: int) -> None:
    """Remember the message in which an alert was told."""
    tx.execute(update(notices).where(notices.c.id == notice_id).values(message_id=message_id))


def message_of(tx: Transaction, alert: str, user_id: int) -> int | None:
    """Return the message in which somebody was last told of an alert."""
    message_id: int | None = tx.scalar(
        select(notices.c.message_id)
        .where(
            notices.c.alert == alert,
            notices.c.user_id == user_id,
            notices.c.message_id.is_not(None),
        )
        .order_by(notices.c.id.desc())
        .limit(1),
    )
    return message_id


def add_many(
    tx: Transaction, chats: Sequence[tuple[int, int]], *, kind: str, now: datetime
) -> None:
    """Write one notice for each (user, order)."""
    rows = [
        {
            "user_id": user,
            "kind": kind,
            "order_id": order,
            "payload": {},
            "created_at": now,
            "not_before": now,
        }
        for user, order in chats
        if user > 0
    ]
    if rows:
        tx.execute(insert(notices), rows)


def add_live(tx: Transaction, *, user_id: int, kind: str, live_id: int, now: datetime) -> None:
    """Have a live message drawn again, unless that is to be done anyway.

    A drawing that has begun may have looked before this change: `begin` takes it out of the way.
    """
    if user_id < 0:
        return
    waiting = select(notices.c.id).where(
        notices.c.live_id == live_id,
        notices.c.kind == kind,
        notices.c.done_at.is_(None),
        notices.c.outcome == "",
    )
    # Held until this change is committed, so that who draws next sees it.
    if tx.scalar(waiting.limit(1).with_for_update(read=True)) is None:
        tx.execute(
            insert(notices).values(
                user_id=user_id,
                kind=kind,
                live_id=live_id,
                payload={},
                created_at=now,
                not_before=now,
            ),
        )


def begin(tx: Transaction, ids: Sequence[int]) -> None:
    """Note that these are being said: what changes from now on needs a notice of its own."""
    tx.execute(
        update(notices)
        .where(notices.c.id.in_(ids), notices.c.done_at.is_(None))
        .values(outcome=BEGUN),
    )


def chats_due(
    tx: Transaction, now: datetime, *, limit: int, but: Collection[int], last: str
) -> list[tuple[int, bool]]:
    """List the chats in which something can be said now, but not these: whose oldest is older comes
    first.

    Those with nothing but notices of the kind `last`, for which True is returned, come after all
    others.
    """
    is_last = func.min(case((notices.c.kind == last, 1), else_=0))
    found = (
        select(notices.c.user_id, is_last)
        .where(
            notices.c.done_at.is_(None), notices.c.not_before <= now, notices.c.user_id.not_in(but)
        )
        .group_by(notices.c.user_id)
        .order_by(is_last, func.min(notices.c.id))
        .limit(limit)
    )
    return [(chat, bool(only)) for chat, only in tx.execute(found)]


def due_of(tx: Transaction, user_id: int, now: datetime) -> list[Notice]:
    """List all that can be said to one chat now, oldest first: a digest is of everything."""
    result = tx.execute(
        select(notices)
        .where(
            notices.c.user_id == user_id, notices.c.done_at.is_(None), notices.c.not_before <= now
        )
        .order_by(notices.c.id),
    )
    return from_rows(Notice, result)


def next_due(tx: Transaction) -> datetime | None:
    """Return when there is something to say next."""
    turn: datetime | None = tx.scalar(
        select(func.min(notices.c.not_before)).where(notices.c.done_at.is_(None))
    )
    return turn


def finish(tx: Transaction, ids: Sequence[int], now: datetime, outcome: str) -> None:
    tx.execute(
        update(notices)
        .where(notices.c.id.in_(ids), notices.c.done_at.is_(None))
        .values(done_at=now, outcome=outcome),
    )


def postpone(tx: Transaction, ids: Sequence[int], until: datetime) -> None:
    """Try these again at `until`."""
    tx.execute(
        update(notices)
        .where(notices.c.id.in_(ids))
        .values(not_before=until, attempts=notices.c.attempts + 1),
    )


def hold(tx: Transaction, ids: Sequence[int], until: datetime) -> None:
    """Keep these for their reader's hour. That is no attempt, and `release` ends it early."""
    tx.execute(
        update(notices)
        .where(notices.c.id.in_(ids), notices.c.done_at.is_(None))
        .values(not_before=until, outcome=HELD),
    )


def release(tx: Transaction, user_id: int, now: datetime) -> None:
    """Look at once again at what was held for somebody: they want to be told at other hours."""
    tx.execute(
        update(notices)
        .where(
            notices.c.user_id == user_id,
            notices.c.done_at.is_(None),
            notices.c.outcome == HELD,
            notices.c.not_before > now,
        )
        .values(not_before=now),
    )


def postpone_chat(tx: Transaction, user_id: int, until: datetime) -> None:
    """Hold back everything for a chat that Telegram told us to wait for."""
    tx.execute(
        update(notices)
        .where(
            notices.c.user_id == user_id, notices.c.done_at.is_(None), notices.c.not_before < until
        )
        .values(not_before=until),
    )


def drop_chat(
    tx: Transaction,
    user_id: int,
    now: datetime,
    outcome: str,
    *,
    written_before: datetime | None = None,
) -> None:
    """Give up on what somebody can't be told, or on what was written before a time."""
    statement = update(notices).where(notices.c.user_id == user_id, notices.c.done_at.is_(None))
    if written_before is not None:
        statement = statement.where(notices.c.created_at < written_before)
    tx.execute(statement.values(done_at=now, outcome=outcome))
