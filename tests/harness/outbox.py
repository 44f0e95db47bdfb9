"""What the notifier would say next, as tests look at it."""

from datetime import datetime

from storage import Transaction
from storage.queries import notices
from storage.rows import Notice


def due(tx: Transaction, now: datetime, *, limit: int = 100) -> list[Notice]:
    """List what can be said now in any chat, oldest first."""
    chats = notices.chats_due(tx, now, limit=1000, but=(), last="card")
    found = [notice for chat, _ in chats for notice in notices.due_of(tx, chat, now)]
    return sorted(found, key=lambda notice: notice.id)[:limit]
