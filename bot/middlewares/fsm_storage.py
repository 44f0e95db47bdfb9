"""aiogram's conversation state, kept in the shop's own database: a half-written order survives a
restart.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder, StateType, StorageKey

from storage import Database
from storage.engine import Addition, Transaction, companion
from storage.queries import fsm
from storage.queries.fsm import Conversation

_KEYS = DefaultKeyBuilder(with_destiny=True)


def row_of(bot_id: int, chat_id: int, user_id: int) -> str:
    """Return the key of a person's row in a chat."""
    return _KEYS.build(StorageKey(bot_id=bot_id, chat_id=chat_id, user_id=user_id))


class Conversations:
    """The rows that one update has read, and what it has changed.

    A change is written with the next transaction, or when the handler has ended: a press is one
    commit.
    """

    def __init__(self) -> None:
        self._known: dict[str, Conversation] = {}
        self._changed: dict[str, Conversation] = {}

    @contextmanager
    def of_this_update(self) -> Iterator[None]:
        token = companion.set(self)
        try:
            yield
        finally:
            companion.reset(token)

    def get(self, row: str) -> Conversation | None:
        """Return a row as it is to be; None for one that was not read."""
        return self._changed.get(row) or self._known.get(row)

    def know(self, row: str, conversation: Conversation) -> None:
        """Note a row as the database has it."""
        self._known[row] = conversation
        self._changed.pop(row, None)

    def change(self, row: str, conversation: Conversation) -> None:
        self._changed[row] = conversation
        if self._known.get(row) == conversation:
            del self._changed[row]

    def addition(self) -> Addition | None:
        changed = dict(self._changed)
        if not changed:
            return None

        def write(tx: Transaction) -> None:
            for row, conversation in changed.items():
                fsm.save(tx, row, conversation)

        def written() -> None:
            for row, conversation in changed.items():
                self._known[row] = conversation
                if self._changed.get(row) == conversation:
                    del self._changed[row]

        return Addition(write, written)

    async def write(self, database: Database) -> None:
        """Write what no transaction has taken along."""
        if self._changed:
            await database.write(_nothing)


@dataclass(frozen=True, slots=True)
class OneConversation:
    """A person's row in the hands of who writes it in a transaction of their own."""

    row: str
    conversations: Conversations

    def write(self, tx: Transaction, state: State | None, data: dict[str, Any]) -> None:
        fsm.save(tx, self.row, (None if state is None else state.state, data))

    def is_written(self, state: State | None, data: dict[str, Any]) -> None:
        self.conversations.know(self.row, (None if state is None else state.state, data))


def _nothing(tx: Transaction) -> None:
    """Write nothing but what is written along."""


class DatabaseStorage(BaseStorage):
    """A row per conversation.

    Within an update a change waits for the next transaction (`Conversations`).
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Set the state; without one nothing is awaited, so its data goes too."""
        value = state.state if isinstance(state, State) else state
        _, data = await self._read(key)
        await self._change(key, (value, {} if value is None else data))

    async def get_state(self, key: StorageKey) -> str | None:
        return (await self._read(key))[0]

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        state, _ = await self._read(key)
        await self._change(key, (state, dict(data)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return dict((await self._read(key))[1])

    async def close(self) -> None:
        """Nothing to do: the database is closed by whoever opened it."""

    async def _read(self, key: StorageKey) -> Conversation:
        row, conversations = _KEYS.build(key), _conversations()
        found = conversations.get(row) if conversations is not None else None
        if found is None:
            found = await self._database.read(fsm.load, row)
            if conversations is not None:
                conversations.know(row, found)
        return found

    async def _change(self, key: StorageKey, conversation: Conversation) -> None:
        row, conversations = _KEYS.build(key), _conversations()
        if conversations is not None:
            conversations.change(row, conversation)
        else:
            await self._database.write(fsm.save, row, conversation)


def _conversations() -> Conversations | None:
    found = companion.get()
    return found if isinstance(found, Conversations) else None
