"""The bot's own face: its commands and descriptions, per scope and language."""

from dataclasses import dataclass, field
from typing import Any

Command = dict[str, str]


@dataclass
class Profile:
    """What the client shows beside the chat."""

    commands: dict[tuple[str, str], list[Command]] = field(default_factory=dict)
    """by scope (`default`, `all_private_chats`, `chat 1001`) and language (empty: every other)"""
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    """by kind (name, description, short_description) and language"""
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "commands"})

    def commands_for(self, chat_id: int, language: str) -> list[Command]:
        """What a client shows in a private chat: the narrowest scope that is set, its language
        first.
        """
        for scope in (f"chat {chat_id}", "all_private_chats", "default"):
            for code in (language, ""):
                if self.commands.get((scope, code)):
                    return self.commands[scope, code]
        return []

    def text_for(self, kind: str, language: str) -> str:
        return self.texts.get((kind, language)) or self.texts.get((kind, ""), "")
