"""Statements that remove what is over: a batch at a time, so that nobody waits for long."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from storage.engine import Transaction
from storage.enums import DONE, OrderState
from storage.queries import facts
from storage.queries.facts import Fact
from storage.schema.catalogue import service_changes
from storage.schema.messages import fsm, notices
from storage.schema.operations import evidence
from storage.schema.orders import drafts, mass_lines, order_events, orders

# An order's own times tell of these as well. What ended it, and what gave it its number at the
# provider, stays: the audit holds the order against it.
_PASSED = (OrderState.QUEUED, OrderState.SUBMITTING, OrderState.PROCESSING, OrderState.IN_PROGRESS)
# shop.fulfilment.evidence.Sign: what admins have said
_DECIDED = ("verdict", "refund", "taken_back")
_AGREED = ("price", "min", "max")  # of a shop.catalogue.pricing.Quote
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def notices_said(tx: Transaction, before: datetime, limit: int) -> int:
    """Remove what was said, or given up, before a time, the oldest first; return how many rows that
    were.
    """
    # Asked for the time, too, a database would read all that are too young through.
    oldest = (
        select(notices.c.id)
        .where(notices.c.done_at.is_not(None))
        .order_by(notices.c.id)
        .limit(limit)
    )
    return tx.execute(
        delete(notices).where(notices.c.id.in_(oldest), notices.c.done_at < before)
    ).rowcount


def changes_of_services(tx: Transaction, before: datetime, limit: int) -> int:
    """Remove what the catalogue changed before a time, the oldest first; return how many rows that
    were.
    """
    oldest = select(service_changes.c.id).order_by(service_changes.c.id).limit(limit)
    old = service_changes.c.id.in_(oldest) & (service_changes.c.at < before)
    return tx.execute(delete(service_changes).where(old)).rowcount


def drafts_left(tx: Transaction, before: datetime, limit: int, now: datetime) -> int:
    """Remove drafts begun before a time that became no order; return how many were looked at.

    Those that did stay with their orders. Where this has been is remembered: nothing is looked at
    twice.
    """
    known = facts.get(tx, Fact.PRUNED_DRAFTS)
    begun = 0 if known is None else int(known[0]["id"])
    looked_at = (
        select(drafts.c.id)
        .where(drafts.c.id > begun, drafts.c.created_at < before)
        .order_by(drafts.c.id)
        .limit(limit)
        .subquery()
    )
    last, count = tx.execute(
        select(func.max(looked_at.c.id), func.count()).select_from(looked_at)
    ).one()
    if not count:
        return 0
    ordered = exists().where(orders.c.draft_id == drafts.c.id)
    rows = (drafts.c.id > begun) & (drafts.c.id <= last) & (drafts.c.created_at < before)
    tx.execute(delete(drafts).where(rows, ~ordered))
    facts.put(tx, Fact.PRUNED_DRAFTS, {"id": last}, now)
    return int(count)


def conversations_quiet(tx: Transaction, before: datetime, limit: int) -> int:
    """Remove conversations in which nothing was said since a time; return how many."""
    quiet = (
        select(fsm.c.key).where(fsm.c.changed_at < before).order_by(fsm.c.changed_at).limit(limit)
    )
    return tx.execute(delete(fsm).where(fsm.c.key.in_(quiet))).rowcount


def orders_ended(tx: Transaction, before: datetime, limit: int, now: datetime) -> int:
    """Remove how orders came about that have ended, and not changed since a time; return how many
    were looked at.

    Where this has been is remembered by when they changed: one that reopens is looked at once more
    after its end.
    """
    known = facts.get(tx, Fact.PRUNED_ORDERS)
    been: dict[str, Any] = {} if known is None else dict(known[0])
    for state in sorted(DONE):
        at, number = been.get(state, (_BEGINNING.isoformat(), 0))
        since = datetime.fromisoformat(at)
        later = or_(orders.c.changed_at > since, orders.c.id > number)
        found = tx.execute(
            select(orders.c.id, orders.c.draft_id, orders.c.changed_at, orders.c.unclear_since)
            .where(
                orders.c.state == state,
                orders.c.changed_at >= since,
                orders.c.changed_at < before,
                later,
            )
            .order_by(orders.c.changed_at, orders.c.id)
            .limit(limit),
        ).all()
        if not found:
            continue
        _remove_history(tx, [row.id for row in found if row.unclear_since is None])
        _remove_forms(tx, [row.draft_id for row in found])
        facts.put(
            tx,
            Fact.PRUNED_ORDERS,
            been | {state: (found[-1].changed_at.isoformat(), found[-1].id)},
            now,
        )
        return len(found)
    return 0


def _remove_history(tx: Transaction, order_ids: Sequence[int]) -> None:
    """Remove the states that were passed through, and what was found out; nobody asks about these
    orders any more.
    """
    of = order_events.c
    last = select(func.max(of.id)).where(of.order_id.in_(order_ids)).group_by(of.order_id)
    passed = of.state.in_(_PASSED) & ~of.note.contains(" as ") & of.id.not_in(last)
    tx.execute(delete(order_events).where(of.order_id.in_(order_ids), passed))
    found = evidence.c.order_id.in_(order_ids) & evidence.c.kind.not_in(_DECIDED)
    tx.execute(delete(evidence).where(found))


def _remove_forms(tx: Transaction, draft_ids: Sequence[int]) -> None:
    """Leave of a form what was agreed; the order has the answers, and the line of a mass order its
    text.
    """
    forms = tx.execute(select(drafts.c.id, drafts.c.quote).where(drafts.c.id.in_(draft_ids))).all()
    emptied = [
        {
            "form": row.id,
            "fields": {},
            "quote": row.quote and {name: row.quote[name] for name in _AGREED if name in row.quote},
        }
        for row in forms
    ]
    tx.execute(update(drafts).where(drafts.c.id == bindparam("form")), emptied)
    made = select(orders.c.id).where(orders.c.draft_id.in_(draft_ids))
    tx.execute(
        update(mass_lines).where(mass_lines.c.order_id.in_(made)).values(fields={}, agreed=None)
    )
