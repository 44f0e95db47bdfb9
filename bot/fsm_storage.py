"""aiogram's conversation state, kept in the shop's own database: a half-written order survives a restart."""

from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder, StateType, StorageKey

from storage import Database, fsm


class DatabaseStorage(BaseStorage):
    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = DefaultKeyBuilder(with_destiny=True)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        value = state.state if isinstance(state, State) else state
        async with self._database.write() as connection:
            await fsm.save(connection, self._keys.build(key), state=value)

    async def get_state(self, key: StorageKey) -> str | None:
        async with self._database.read() as connection:
            return (await fsm.load(connection, self._keys.build(key)))[0]

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        async with self._database.write() as connection:
            await fsm.save(connection, self._keys.build(key), data=dict(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        async with self._database.read() as connection:
            return (await fsm.load(connection, self._keys.build(key)))[1]

    async def close(self) -> None:
        """Nothing to do: the database is closed by whoever opened it."""
