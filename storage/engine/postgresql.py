"""PostgreSQL through asyncpg: the function runs in a greenlet, and what lost a race is run
again.
"""

import asyncio
import random
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine.address import for_asyncpg
from storage.engine.cancellation import shield_to_completion
from storage.engine.error_text import hide_values
from storage.engine.transaction import Work

T = TypeVar("T")

# A process that is stopped in the middle of a transaction must not keep others waiting until it is
# found dead.
_IDLE_MILLISECONDS = 10_000
_ATTEMPTS = 5
_MOST_SECONDS = 0.05
# Another transaction stood in the way, and the server took this one back: serialization_failure,
# deadlock_detected.
_LOST_A_RACE = frozenset({"40001", "40P01"})


class PostgresqlEngine:
    """A pool of at most `connections` of asyncpg's.

    Who finds none free waits for one, however long that takes: nothing is awaited in a transaction,
    so each comes back soon.
    """

    def __init__(self, url: str, connections: int) -> None:
        self.pool = make_pool(url, connections)
        self.sync_engine = self.pool.sync_engine

    async def read(self, work: Work[T]) -> T:
        async with self.pool.connect() as connection:
            return await connection.run_sync(work)

    async def snapshot(self, work: Work[T]) -> T:
        async with self.pool.connect() as connection:
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            return await connection.run_sync(work)

    async def write(self, work: Work[T]) -> T:
        for attempt in count(1):
            try:
                return await self._once(work)
            except DBAPIError as error:
                if (
                    attempt == _ATTEMPTS
                    or getattr(error.orig, "sqlstate", None) not in _LOST_A_RACE
                ):
                    raise
            await asyncio.sleep(random.uniform(0, _MOST_SECONDS))  # noqa: S311 - so that the two don't meet again
        raise AssertionError  # the last attempt returns or raises

    async def _once(self, work: Work[T]) -> T:
        async with self.pool.connect() as connection:
            try:
                result = await connection.run_sync(work)
            except BaseException:
                await shield_to_completion(connection.rollback())
                raise
            await shield_to_completion(connection.commit())
        return result

    async def rebuild(self, work: Work[T]) -> T:
        return await self.write(work)

    async def close(self) -> None:
        await self.pool.dispose()


def make_pool(url: str, connections: int) -> AsyncEngine:
    address, arguments = for_asyncpg(url)
    pool = create_async_engine(
        address,
        pool_pre_ping=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=None,
        connect_args=arguments,
        hide_parameters=True,
    )
    hide_values(pool.sync_engine)

    @event.listens_for(pool.sync_engine, "connect")
    def _limit(dbapi_connection: Any, _record: Any) -> None:
        # Outside of SQLAlchemy's transaction, with which it would be forgotten.
        statement = f"SET idle_in_transaction_session_timeout = {_IDLE_MILLISECONDS}"
        dbapi_connection.run_async(lambda connection: connection.execute(statement))

    return pool
