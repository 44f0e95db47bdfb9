"""Stopping a transaction in its middle, to see what others do meanwhile."""

import asyncio
import threading

from sqlalchemy.util.concurrency import await_

from storage import Transaction

_LONGEST = 30


class Pause:
    """Called in a transaction, it waits there until `end()`; `reached` says that it has come so
    far.
    """

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._over_in_a_thread = threading.Event()

    def __call__(self, tx: Transaction) -> None:
        self._loop.call_soon_threadsafe(self.reached.set)
        if tx.dialect.name == "sqlite":
            assert self._over_in_a_thread.wait(_LONGEST)
        else:
            await_(asyncio.wait_for(self._over.wait(), _LONGEST))

    def end(self) -> None:
        self._over.set()
        self._over_in_a_thread.set()
