"""Workers of which one process at a time does a step."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.supervisor import Worker
from shop.leases import Leases

_AGAIN = 3.0  # seconds; what rang the bell here is not to wait for an interval because somebody else was at it

# True: as long as a process is there it stays the one that does it, so that nothing is written at every step.
# The others are done by whoever's turn comes: each process hears the bells of its own handlers only.
ALONE = {
    "balance": False, "catalogue": False, "stars": False, "refunds": False, "crypto": False, "audit": False,
    "backup": False, "commands": False, "stuck": False, "clock": False, "invitations": True, "refills": True,
}  # fmt: skip


def one_process_each(workers: Iterable[Worker], leases: Leases) -> list[Worker]:
    """Let those that need it run in one process at a time; the others are given as they are."""
    return [_alone(worker, leases) if worker.name in ALONE else worker for worker in workers]


def _alone(worker: Worker, leases: Leases) -> Worker:
    guard = _Guard(worker, leases, stays=ALONE[worker.name])
    return replace(worker, step=guard.step, pause=guard.pause)


@dataclass(slots=True)
class _Guard:
    worker: Worker
    leases: Leases
    stays: bool
    _missed: bool = False

    async def step(self) -> object:
        name = f"only:{self.worker.name}"
        if self.stays:
            there = self.leases.sure(name) or await self.leases.take([name])
            return await self.worker.step() if there else False
        async with self.leases.alone(name) as mine:
            self._missed = not mine
            return await self.worker.step() if mine else False

    async def pause(self) -> float:
        seconds = await self.worker.pause()
        return min(seconds, _AGAIN) if self._missed else seconds
