"""Messages between the bot and its users, and the updates that they cause."""

import copy
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playground.telegram.change import Change
from playground.telegram.chats import Chat, Chats, Message
from playground.telegram.updates import Update, Updates
from playground.telegram.users import User


class Messenger:
    """`clock` gives Unix time. With `on_update`, a pump, updates go there and wait for nothing."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.chats = Chats()
        self.people: Mapping[int, User] = {}
        self.updates = Updates()
        self.change = Change()
        self.on_update: Callable[[Update], Awaitable[None]] | None = None
        self._backlog: list[Update] = []

    def new_message(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> Message:
        message_id = self.chats.next_message_id()
        message: Message = {
            "message_id": message_id,
            "from": sender,
            "chat": chat.as_dict(),
            "date": int(self.clock()),
            **content,
        }
        chat.messages[message_id] = message
        self.change.notify()
        return message

    def note(self, kind: str, payload: dict[str, Any]) -> None:
        """Queues an update without waiting; a pump gets it before the next one."""
        update = self.updates.new(kind, copy.deepcopy(payload))
        if update is not None:
            (self._backlog if self.on_update else self.updates.pending).append(update)
        self.change.notify()

    async def deliver(self, kind: str, payload: dict[str, Any]) -> None:
        """Hands an update to the pump, or leaves it for getUpdates and the webhook."""
        self.note(kind, payload)
        await self.pump()

    async def pump(self) -> None:
        """Hands over what was noted meanwhile (a block, a payment); nothing to do without a
        pump.
        """
        while self.on_update is not None and self._backlog:
            await self.on_update(self._backlog.pop(0))
        self.change.notify()
