"""What is known of the people who have a chat with the bot."""

from typing import Any

from playground.telegram.chats import Chat
from playground.telegram.queries import Answer


class User:
    """One user: their chat with the bot, and what the bot has answered them besides messages."""

    def __init__(self, chat: Chat, language_code: str) -> None:
        self.chat = chat
        self.language_code = language_code
        self.answers: list[Answer] = []
        """answers to pressed buttons, oldest first"""
        self.inline_results: list[dict[str, Any]] = []
        self.inline_next = ""

    @property
    def id(self) -> int:
        return self.chat.id

    def as_user(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            **self.chat.names,
            "language_code": self.language_code,
        }
