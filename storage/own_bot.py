"""Statements about what Telegram counts for one bot only."""

from sqlalchemy import delete, update

from storage.engine import Connection
from storage.money_tables import payments
from storage.states import Method
from storage.tables import mass_orders, notices, orders, request_lists
from storage.work_tables import updates


async def adopt_charges(connection: Connection, bot_id: int) -> None:
    """Let the Stars payments from before there were bots' ids be this bot's."""
    stars = (payments.c.bot_id == 0) & (payments.c.method == Method.STARS)
    await connection.execute(update(payments).where(stars).values(bot_id=bot_id))


async def forget_messages(connection: Connection) -> None:
    """Forget which messages show what, and which updates were handled: another bot has other ones."""
    shown = [(orders, "card_message_id"), (mass_orders, "message_id"), (request_lists, "message_id")]
    for table, column in [*shown, (notices, "message_id")]:
        await connection.execute(update(table).where(table.c[column].is_not(None)).values({column: None}))
    await connection.execute(delete(updates))
