"""aiogram's conversation state, kept in the shop's own database: a half-written order survives a restart."""

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder, StateType, StorageKey
from aiogram.types import TelegramObject

from storage import Database, fsm

_Row = tuple[str | None, dict[str, Any]]
_seen: ContextVar[dict[str, _Row] | None] = ContextVar("conversations seen in this update", default=None)


class OneLook(BaseMiddleware):
    """Lets an update read its conversation's row once; aiogram asks for it several times."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        token = _seen.set({})
        try:
            return await handler(event, data)
        finally:
            _seen.reset(token)


class DatabaseStorage(BaseStorage):
    """A row per conversation. Written only when it changes: a write is synced to the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = DefaultKeyBuilder(with_destiny=True)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Set the state; without one nothing is awaited, so its data goes too, in the same write."""
        value = state.state if isinstance(state, State) else state
        known, data = await self._row(key)
        if value is None and (known, data) != (None, {}):
            await self._save(key, (None, {}), state=None, data={})
        elif value != known:
            await self._save(key, (value, data), state=value)

    async def get_state(self, key: StorageKey) -> str | None:
        return (await self._row(key))[0]

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        state, known = await self._row(key)
        if dict(data) != known:
            await self._save(key, (state, dict(data)), data=dict(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return dict((await self._row(key))[1])

    async def close(self) -> None:
        """Nothing to do: the database is closed by whoever opened it."""

    async def _row(self, key: StorageKey) -> _Row:
        name, seen = self._keys.build(key), _seen.get()
        if seen is not None and name in seen:
            return seen[name]
        row = await self._database.read(fsm.load, name)
        if seen is not None:
            seen[name] = row
        return row

    async def _save(self, key: StorageKey, row: _Row, **changed: Any) -> None:
        name, seen = self._keys.build(key), _seen.get()
        await self._database.write(fsm.save, name, **changed)
        if seen is not None:
            seen[name] = row
