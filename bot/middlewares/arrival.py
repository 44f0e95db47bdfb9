"""What every update needs to know, read in one transaction: who writes, and what is awaited of
them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, TelegramObject, Update, User

from bot.middlewares.fsm_storage import Conversations, OneConversation, row_of
from storage import Database, rows
from storage.engine import Transaction
from storage.queries import fsm, long_texts, users
from storage.queries.long_texts import LongText

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of who wrote or pressed.

    `long_text` is what they are in the middle of sending.
    """

    user: rows.User | None
    long_text: LongText | None
    conversations: Conversations
    conversation: OneConversation


class Arrive(BaseMiddleware):
    """Gives `arrival` to a message and a press; other updates are no conversation."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Update):
            return await handler(event, data)
        conversations = Conversations()
        with conversations.of_this_update():
            user, chat = data.get("event_from_user"), data.get("event_chat")
            if (event.message or event.callback_query) and user is not None and chat is not None:
                data["arrival"] = await self._read(event, user, chat, conversations, data)
            return await handler(event, data)

    @staticmethod
    async def _read(
        update: Update, user: User, chat: Chat, conversations: Conversations, data: dict[str, Any]
    ) -> Arrival:
        database: Database = data["database"]
        bot: Bot = data["bot"]
        row = row_of(bot.id, chat.id, user.id)
        is_text = update.message is not None and update.message.text is not None

        def arrive(tx: Transaction) -> tuple[rows.User | None, LongText | None, fsm.Conversation]:
            return (
                users.get(tx, user.id),
                long_texts.get(tx, user.id) if is_text else None,
                fsm.load(tx, row),
            )

        known, long_text, conversation = await database.read(arrive)
        conversations.know(row, conversation)
        return Arrival(known, long_text, conversations, OneConversation(row, conversations))
