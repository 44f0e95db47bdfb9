"""Which bot has written into these books.

Messages, updates and charges are counted by Telegram for each bot anew.

A new bot on old books edits no message of the old one's, and takes none of its own updates for one
that was handled.
"""

import logging
from datetime import datetime

from storage import Database
from storage.engine import Transaction
from storage.queries import facts, own_bot
from storage.queries.facts import Fact

log = logging.getLogger(__name__)


async def settle(database: Database, bot_id: int, now: datetime) -> bool:
    """Compare with the bot before, at a start; True where this is another one.

    What is from before is this one's.
    """

    def transaction(tx: Transaction) -> bool:
        known = facts.get(tx, Fact.OWN_BOT)
        if known is not None and known[0]["id"] == bot_id:
            return False
        if known is None:
            own_bot.adopt_charges(tx, bot_id)
            statement = facts.get(tx, Fact.STARS)
            if statement is not None:
                facts.put(tx, Fact.STARS.of(bot_id), statement[0], statement[1])
                facts.remove(tx, Fact.STARS)
        else:
            log.warning("bot %s writes into the books of bot %s", bot_id, known[0]["id"])
            own_bot.forget_messages(tx)
        facts.put(tx, Fact.OWN_BOT, {"id": bot_id}, now)
        return known is not None

    return await database.write(transaction)
