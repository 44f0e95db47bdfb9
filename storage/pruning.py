"""Statements that remove what is over: a batch at a time, so that nobody waits for long."""

from datetime import datetime

from sqlalchemy import delete, exists, func, select

from storage import facts
from storage.engine import Transaction
from storage.tables import drafts, notices, orders

_DRAFTS = "pruned-drafts"  # {"id": up to which drafts were looked at}


def notices_said(tx: Transaction, before: datetime, limit: int) -> int:
    """Remove what was said, or given up, before a time, the oldest first; return how many rows that were."""
    # Asked for the time, too, a database would read all that are too young through.
    oldest = select(notices.c.id).where(notices.c.done_at.is_not(None)).order_by(notices.c.id).limit(limit)
    return tx.execute(delete(notices).where(notices.c.id.in_(oldest), notices.c.done_at < before)).rowcount


def drafts_left(tx: Transaction, before: datetime, limit: int, now: datetime) -> int:
    """Remove drafts begun before a time that became no order; return how many were looked at.

    Those that did stay with their orders. Where this has been is remembered: nothing is looked at twice.
    """
    known = facts.get(tx, _DRAFTS)
    begun = 0 if known is None else int(known[0]["id"])
    looked_at = (
        select(drafts.c.id)
        .where(drafts.c.id > begun, drafts.c.created_at < before)
        .order_by(drafts.c.id)
        .limit(limit)
        .subquery()
    )
    last, count = tx.execute(select(func.max(looked_at.c.id), func.count()).select_from(looked_at)).one()
    if not count:
        return 0
    ordered = exists().where(orders.c.draft_id == drafts.c.id)
    rows = (drafts.c.id > begun) & (drafts.c.id <= last) & (drafts.c.created_at < before)
    tx.execute(delete(drafts).where(rows, ~ordered))
    facts.put(tx, _DRAFTS, {"id": last}, now)
    return int(count)
