"""Which bot has written into these books. Messages, updates and charges are counted by Telegram for each bot anew.

A new bot on old books edits no message of the old one's, and takes none of its own updates for one that was handled.
"""

import logging
from datetime import datetime

from shop.stars import FACT as STARS
from storage import Database, facts, own_bot

log = logging.getLogger(__name__)

_FACT = "bot"


async def settle(database: Database, bot_id: int, now: datetime) -> bool:
    """Compare with the bot before, at a start; True where this is another one. What is from before is this one's."""
    async with database.write() as connection:
        known = await facts.get(connection, _FACT)
        if known is not None and known[0]["id"] == bot_id:
            return False
        if known is None:
            await own_bot.adopt_charges(connection, bot_id)
            statement = await facts.get(connection, STARS)
            if statement is not None:
                await facts.put(connection, f"{STARS}:{bot_id}", statement[0], statement[1])
                await facts.forget(connection, STARS)
        else:
            log.warning("bot %s writes into the books of bot %s", bot_id, known[0]["id"])
            await own_bot.forget_messages(connection)
        await facts.put(connection, _FACT, {"id": bot_id}, now)
    return known is not None
