"""The real process, `python -m bot`: how soon it polls, and what it takes while nobody writes."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from bench.contenders import TOKEN
from bench.large_provider import provider
from bench.large_shop import PORT, PROVIDER, Size, large_shop, take
from playground.demo import start_playground
from playground.telegram import BotApi

SERVICES = 1_620
_ROOT = Path(__file__).parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
SETTLE_SECONDS = 20.0
ABOUT = """\
`python -m bot`, the Bot API emulated by one process and the provider by another. *Start* is from the process's first
moment to its first `getUpdates`, the median of {starts} starts on a database that is migrated. Memory is the resident
set {settle:.0f} seconds after that, CPU the share of a core in the {seconds:.0f} seconds that follow: nobody writes,
the workers look, and on the large shop they ask for its active orders as at any time."""  # noqa: E501


@asynccontextmanager
async def running(folder: Path, telegram: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Start the bot in `folder`, and end it."""
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = {
        "PYTHONPATH": str(_ROOT),
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "ADMIN_IDS": "999",
        "PANEL_URL": f"{PROVIDER}/api/v2",
        "PANEL_KEY": "key",
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/shop.db",
    }
    with (folder / "said.log").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot"], env=system | given, cwd=folder, stdout=said, stderr=said
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def first_poll(api: BotApi, process: subprocess.Popen[bytes]) -> None:
    """Return when the bot asks for updates. Raises RuntimeError where it ends before that."""
    while not any(name == "getUpdates" for name, _ in list(api.calls)):
        if process.poll() is not None:
            raise RuntimeError("the bot did not start")
        await asyncio.sleep(0.002)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf(
        "SC_PAGE_SIZE"
    )


async def _started(folder: Path, api: BotApi, telegram: str) -> float:
    api.calls.clear()
    begun = time.perf_counter()
    async with running(folder, telegram) as process:
        await first_poll(api, process)
        return time.perf_counter() - begun


async def _idle(
    folder: Path, api: BotApi, telegram: str, seconds: float, settle: float
) -> tuple[int, float]:
    """Return the resident bytes, and the share of a core that the process takes."""
    api.calls.clear()
    async with running(folder, telegram) as process:
        await first_poll(api, process)
        await asyncio.sleep(settle)
        before = cpu_seconds(process.pid)
        await asyncio.sleep(seconds)
        share = (cpu_seconds(process.pid) - before) / seconds
        return resident_bytes(process.pid), share


async def measure(
    cache: Path,
    sizes: dict[str, Size],
    *,
    starts: int,
    seconds: float,
    settle: float = SETTLE_SECONDS,
) -> str:
    lines = [
        "| idle process | start to first getUpdates | resident | CPU |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, size in sizes.items():
        file = await large_shop(cache, size)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=cache) as made:
            folder = Path(made)
            take(file, folder)
            async with (
                provider(PORT, size.services),
                start_playground(port=0, token=TOKEN) as playground,
            ):
                api, telegram = playground.api, playground.bot_api_url
                await _started(folder, api, telegram)  # warms the disk's cache up
                begun = median([await _started(folder, api, telegram) for _ in range(starts)])
                resident, share = await _idle(folder, api, telegram, seconds, settle)
        lines.append(f"| {name} | {begun:.2f} s | {resident / 2**20:.0f} MB | {share:.1%} |")
    return "\n".join(lines)


def about(starts: int, seconds: float) -> str:
    return ABOUT.format(starts=starts, seconds=seconds, settle=SETTLE_SECONDS)
