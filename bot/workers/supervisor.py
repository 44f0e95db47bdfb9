"""The only place that starts background work.

A worker does one step after another; when there is nothing to do it waits for its bell, for the
stop or for its interval, whichever is first. A step that raises is logged and tried again, ever
more slowly.

Of several processes one leads and does the steps; in the others the workers stand by.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from bot.workers.leadership import NotLeadingError
from shop.leases import BEAT_SECONDS, Leadership

log = logging.getLogger(__name__)

_LONGEST_BACKOFF = 60.0
_LOOK_SECONDS = 1.0  # for what handlers of other processes have written


async def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Worker:
    """`step` gives True when there may be more to do at once; `pause` the seconds to wait
    otherwise.

    A `bell` is rung by handlers of the same process. What those of others want is found by looking
    each second: `asked` says whether they want a step, which for a step that is no more than a look
    need not be asked. `everywhere`: it belongs to each process, not only to the one that leads.
    """

    name: str
    step: Callable[[], Awaitable[object]]
    pause: Callable[[], Awaitable[float]]
    bell: asyncio.Event | None = None
    asked: Callable[[], Awaitable[bool]] = _always
    everywhere: bool = False


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
    """Run `work` to its end, or until `stop`; then `end` asks it to finish, and where that can't it
    is cancelled.
    """
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
    """Without `leadership` this process is the only one."""

    def __init__(
        self,
        workers: Sequence[Worker],
        observer: Observer | None = None,
        leadership: Leadership | None = None,
    ) -> None:
        self.workers, self._observer, self._leadership = workers, observer, leadership
        self._tasks: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._run(worker), name=worker.name) for worker in self.workers
        ]

    @property
    def healthy(self) -> bool:
        """Whether every worker that was started still runs."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def stop(self, grace: float) -> None:
        """Let running steps end for `grace` seconds, then cancel them; their last writes are
        shielded.
        """
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
            try:
                await self._turn(worker)
                failures = 0
            except NotLeadingError:
                log.warning("%s stops: this process does not lead any more", worker.name)
            except Exception:
                if self._observer is not None:
                    self._observer.failed(worker.name)
                failures += 1
                seconds = min(2.0**failures, _LONGEST_BACKOFF)
                log.exception("%s failed; again in %.0f s", worker.name, seconds)
                await self._wait(None, seconds)

    async def _turn(self, worker: Worker) -> None:
        """Do a step and wait until the next one is due; or wait for the lead, where another process
        has it.
        """
        if (
            not worker.everywhere
            and self._leadership is not None
            and not self._leadership.is_held()
        ):
            self._leadership.taken.clear()
            await self._wait(self._leadership.taken, BEAT_SECONDS)
            return
        if worker.bell is not None:
            worker.bell.clear()
        with self._counted(worker):
            again = await worker.step() is True
        seconds = 0.0 if again else await worker.pause()
        if self._observer is not None:
            self._observer.worked(worker.name)
        await self._rest(worker, seconds)

    def _counted(self, worker: Worker) -> AbstractContextManager[None]:
        return (
            nullcontext()
            if worker.everywhere or self._leadership is None
            else self._leadership.step()
        )

    async def _rest(self, worker: Worker, seconds: float) -> None:
        """Wait until the time is over, the bell rings, or a handler of another process wants a
        step.
        """
        if worker.bell is None or worker.everywhere or self._leadership is None:
            await self._wait(worker.bell, seconds)
            return
        while seconds > 0:
            part = min(seconds, _LOOK_SECONDS if self._leadership.has_peers else BEAT_SECONDS)
            if await self._wait(worker.bell, part):
                return
            seconds -= part
            if self._leadership.has_peers and (
                not self._leadership.is_held() or await worker.asked()
            ):
                return

    async def _wait(self, event: asyncio.Event | None, seconds: float) -> bool:
        """Wait for an event or the stop; False where neither came in time."""
        if seconds <= 0:
            return False
        waits = [asyncio.create_task(one.wait()) for one in (self._stop, event) if one is not None]
        try:
            done, _ = await asyncio.wait(
                waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for wait in waits:
                wait.cancel()
        return bool(done)
