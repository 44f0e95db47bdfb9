"""Reading a long text once its last piece has come: as one message, by the handlers of any
other.
"""

from dataclasses import dataclass

from aiogram import Bot, Dispatcher
from aiogram.types import Update

from shop.customers.long_texts import LongTexts, joined
from storage.queries.long_texts import LongText

_LOOK = 5.0  # for pieces that came to another process which is gone


@dataclass(slots=True)
class Reader:
    bot: Bot
    dispatcher: Dispatcher
    texts: LongTexts

    async def step(self) -> bool:
        """Read one that is due; True when there was one."""
        found = await self.texts.take()
        if found is not None:
            await self._read(found)
        return found is not None

    async def pause(self) -> float:
        left = await self.texts.seconds_left()
        return _LOOK if left is None else min(max(left, 0.05), _LOOK)

    async def _read(self, found: LongText) -> None:
        """Hand the whole text to the handlers, in the person's turn.

        Telegram gives its own updates larger numbers.
        """
        message = {**found.message, "message_id": found.last_id, "text": joined(found.pieces)}
        update = Update.model_validate(
            {"update_id": 0, "message": message}, context={"bot": self.bot}
        )
        await self.dispatcher.feed_update(self.bot, update, long_text=found)
