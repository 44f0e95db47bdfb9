"""Statements about updates that came by webhook: who handles which, until when, and which are
done.
"""

from collections.abc import Collection
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import ColumnElement, delete, exists, select, update

from storage.engine import Transaction, insert_into
from storage.schema.operations import updates


class Claim(Enum):
    """What became of an attempt to claim an update."""

    MINE = auto()
    BUSY = auto()  # somebody is at it
    DONE = auto()


def claim(
    tx: Transaction,
    update_id: int,
    user_id: int | None,
    owner: str,
    *,
    now: datetime,
    until: datetime,
) -> Claim:
    """Claim an update that nobody has, or whose claim has lapsed."""
    values = {"user_id": user_id, "owner": owner, "until": until}
    statement = insert_into(tx, updates).values(id=update_id, **values)
    taken = tx.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_=values,
            where=updates.c.done_at.is_(None) & (updates.c.until < now),
        ).returning(updates.c.id),
    )
    if taken.first() is not None:
        return Claim.MINE
    done_at = tx.scalar(select(updates.c.done_at).where(updates.c.id == update_id))
    return Claim.BUSY if done_at is None else Claim.DONE


def waits(tx: Transaction, update_id: int, user_id: int, owner: str, now: datetime) -> bool:
    """Return whether another process is at an older update of this person; `owner` keeps its own in
    order itself.
    """
    older = (updates.c.user_id == user_id) & (updates.c.id < update_id) & (updates.c.owner != owner)
    at_work = updates.c.done_at.is_(None) & (updates.c.until >= now)
    return bool(tx.scalar(select(exists().where(older, at_work))))


def keep(tx: Transaction, update_ids: Collection[int], owner: str, until: datetime) -> None:
    """Hold these for longer."""
    tx.execute(update(updates).where(_held(update_ids, owner)).values(until=until))


def done(tx: Transaction, update_ids: Collection[int], owner: str, now: datetime) -> None:
    """Note that these are done; those that somebody has taken over meanwhile are theirs to note."""
    tx.execute(update(updates).where(_held(update_ids, owner)).values(done_at=now))


def give_back(tx: Transaction, update_id: int, owner: str) -> None:
    tx.execute(delete(updates).where(_held([update_id], owner)))


def free_all(tx: Transaction) -> None:
    """Give back whatever is not done: nobody is at it."""
    tx.execute(delete(updates).where(updates.c.done_at.is_(None)))


def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Remove a batch of what was done, or abandoned, before that; return how many."""
    done = (
        select(updates.c.id)
        .where(updates.c.done_at < before)
        .order_by(updates.c.done_at)
        .limit(limit)
    )
    abandoned = (
        select(updates.c.id)
        .where(updates.c.done_at.is_(None), updates.c.until < before)
        .limit(limit)
    )
    return sum(
        tx.execute(delete(updates).where(updates.c.id.in_(some))).rowcount
        for some in (done, abandoned)
    )


def _held(update_ids: Collection[int], owner: str) -> ColumnElement[bool]:
    return updates.c.id.in_(update_ids) & (updates.c.owner == owner) & updates.c.done_at.is_(None)
