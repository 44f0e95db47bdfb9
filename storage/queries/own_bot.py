"""Statements about what Telegram counts for one bot only."""

from sqlalchemy import delete, update

from storage.engine import Transaction
from storage.enums import Method
from storage.schema.messages import notices
from storage.schema.operations import updates
from storage.schema.orders import mass_orders, orders, request_lists
from storage.schema.payments import payments


def adopt_charges(tx: Transaction, bot_id: int) -> None:
    """Let the Stars payments from before there were bots' ids be this bot's."""
    stars = (payments.c.bot_id == 0) & (payments.c.method == Method.STARS)
    tx.execute(update(payments).where(stars).values(bot_id=bot_id))


def forget_messages(tx: Transaction) -> None:
    """Forget which messages show what, and which updates were handled: another bot has other
    ones.
    """
    shown = [
        (orders, "card_message_id"),
        (mass_orders, "message_id"),
        (request_lists, "message_id"),
    ]
    for table, column in [*shown, (notices, "message_id")]:
        tx.execute(update(table).where(table.c[column].is_not(None)).values({column: None}))
    tx.execute(delete(updates))
