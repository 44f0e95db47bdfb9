"""Statements about what people ask the admins to credit by hand."""

from datetime import datetime

from sqlalchemy import select, text, update

from storage.engine import Transaction, insert_into
from storage.enums import TopUpState
from storage.rows import TopUp, from_row, from_rows
from storage.schema.payments import top_ups


def ask(
    tx: Transaction, *, user_id: int, amount: int, currency: str, now: datetime
) -> TopUp | None:
    """Write a request; None while an earlier one of theirs is open."""
    statement = (
        insert_into(tx, top_ups)
        .values(
            user_id=user_id, amount=amount, currency=currency, state=TopUpState.OPEN, created_at=now
        )
        .on_conflict_do_nothing(index_elements=["user_id"], index_where=text("state = 'open'"))
        .returning(top_ups)
    )
    row = tx.execute(statement).first()
    return None if row is None else from_row(TopUp, row)


def get(tx: Transaction, top_up_id: int) -> TopUp | None:
    row = tx.execute(select(top_ups).where(top_ups.c.id == top_up_id)).first()
    return None if row is None else from_row(TopUp, row)


def open_of(tx: Transaction, user_id: int) -> TopUp | None:
    """Return somebody's open request."""
    statement = select(top_ups).where(
        top_ups.c.user_id == user_id, top_ups.c.state == TopUpState.OPEN
    )
    row = tx.execute(statement).first()
    return None if row is None else from_row(TopUp, row)


def list_open(tx: Transaction, *, limit: int) -> list[TopUp]:
    """List open requests, oldest first."""
    found = (
        select(top_ups)
        .where(top_ups.c.state == TopUpState.OPEN)
        .order_by(top_ups.c.id)
        .limit(limit)
    )
    return from_rows(TopUp, tx.execute(found))


def asked_since(tx: Transaction, user_id: int, since: datetime) -> list[datetime]:
    """Return when somebody has asked since then, whatever became of it."""
    theirs = select(top_ups.c.created_at).where(
        top_ups.c.user_id == user_id, top_ups.c.created_at > since
    )
    return list(tx.scalars(theirs.order_by(top_ups.c.id)))


def end(
    tx: Transaction,
    top_up_id: int,
    state: TopUpState,
    now: datetime,
    *,
    by: int | None = None,
    only_of: int | None = None,
) -> bool:
    """End an open request, once: True only for the caller who did.

    `by`: the admin; `only_of`: whose it must be.
    """
    statement = update(top_ups).where(top_ups.c.id == top_up_id, top_ups.c.state == TopUpState.OPEN)
    if only_of is not None:
        statement = statement.where(top_ups.c.user_id == only_of)
    result = tx.execute(statement.values(state=state, decided_by=by, decided_at=now))
    return result.rowcount == 1
