"""The only place that starts background work.

A worker does one step after another; when there is nothing to do it waits for its bell, for the stop or for its
interval, whichever is first. A step that raises is logged and tried again, ever more slowly.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

log = logging.getLogger(__name__)

_LONGEST_BACKOFF = 60.0


@dataclass(frozen=True, slots=True)
class Worker:
    """`step` gives True when there may be more to do at once; `pause` the seconds to wait otherwise."""

    name: str
    step: Callable[[], Awaitable[object]]
    pause: Callable[[], Awaitable[float]]
    bell: asyncio.Event | None = None


class Observer(Protocol):
    """Is told how steps end."""

    def worked(self, worker: str) -> None: ...
    def failed(self, worker: str) -> None: ...


def every(seconds: float) -> Callable[[], Awaitable[float]]:
    async def pause() -> float:
        return seconds

    return pause


async def run_until(
    stop: asyncio.Event,
    work: Coroutine[Any, Any, None],
    *,
    end: Callable[[], Awaitable[bool]],
) -> None:
    """Run `work` to its end, or until `stop`; then `end` asks it to finish, and where that can't it is cancelled."""
    task, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not task.done() and not await end():
            task.cancel()
        await asyncio.wait((task,))
    finally:
        stopping.cancel()
    if not task.cancelled():
        task.result()


class Supervisor:
    def __init__(self, workers: Sequence[Worker], observer: Observer | None = None) -> None:
        self.workers, self._observer = workers, observer
        self._tasks: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(worker), name=worker.name) for worker in self.workers]

    @property
    def healthy(self) -> bool:
        """Whether every worker that was started still runs."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def stop(self, grace: float) -> None:
        """Let running steps end for `grace` seconds, then cancel them; their last writes are shielded."""
        self._stop.set()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=grace)
        for task in late:
            log.warning("%s does not end by itself", task.get_name())
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, worker: Worker) -> None:
        failures = 0
        while not self._stop.is_set():
            if worker.bell is not None:
                worker.bell.clear()
            try:
                again = await worker.step() is True
                seconds = 0.0 if again else await worker.pause()
                failures = 0
                if self._observer is not None:
                    self._observer.worked(worker.name)
            except Exception:
                if self._observer is not None:
                    self._observer.failed(worker.name)
                failures += 1
                seconds = min(2.0**failures, _LONGEST_BACKOFF)
                log.exception("%s failed; again in %.0f s", worker.name, seconds)
            if seconds > 0:
                await self._wait(worker.bell if not failures else None, seconds)

    async def _wait(self, bell: asyncio.Event | None, seconds: float) -> None:
        waits = [asyncio.create_task(event.wait()) for event in (self._stop, bell) if event is not None]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
