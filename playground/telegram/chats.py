"""Chats and the messages in them, kept in the shape in which the Bot API tells them."""

from dataclasses import dataclass, field
from typing import Any

from playground.telegram.errors import bad_request, forbidden
from playground.telegram.params import Params

Message = dict[str, Any]

TYPING_SECONDS = 5


@dataclass
class Chat:
    """A private chat or a group, as the server knows it and as the person sees it."""

    id: int
    type: str = "private"
    names: dict[str, str] = field(default_factory=dict)
    """first_name, last_name, username, title: those there are"""
    messages: dict[int, Message] = field(default_factory=dict)
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    read_to: int = 0
    """the newest message id the page has shown"""
    action: str = ""
    action_until: float = 0.0
    """clock time"""
    keyboard: dict[str, Any] | None = None
    """the reply keyboard under the composer"""
    pinned: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, **self.names}

    @property
    def unread(self) -> int:
        return sum(
            1
            for number, m in self.messages.items()
            if number > self.read_to and m["from"]["is_bot"]
        )


class Chats:
    """Every chat there is, and the count of message ids."""

    def __init__(self) -> None:
        self._by_id: dict[int, Chat] = {}
        self._last_message = 0

    def add(self, chat: Chat) -> Chat:
        return self._by_id.setdefault(chat.id, chat)

    def next_message_id(self) -> int:
        """Private chats of one account share one count, so ids have gaps within a chat."""
        self._last_message += 1
        return self._last_message

    def known(self, chat_id: int | str) -> Chat:
        """Raises `chat not found`."""
        chat = next((c for c in self._by_id.values() if _is(c, str(chat_id))), None)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def of(self, params: Params) -> Chat:
        chat_id = params.text("chat_id")
        if not chat_id:
            raise bad_request("chat_id is empty")
        return self.known(chat_id)

    def reachable(self, params: Params) -> Chat:
        """The chat a message may be sent to. Raises 400 and the three kinds of 403."""
        chat = self.of(params)
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat


def _is(chat: Chat, wanted: str) -> bool:
    if wanted.startswith("@"):
        return (
            chat.type != "private" and chat.names.get("username", "").lower() == wanted[1:].lower()
        )
    return str(chat.id) == wanted
