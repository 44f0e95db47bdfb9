"""The bot under systemd: it says when it is ready and that it lives; the unit restarts what can be
helped by it.
"""

import asyncio
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.observability import systemd
from bot.observability.systemd import notify, watchdog_workers
from bot.workers.supervisor import Supervisor
from tests.runtime.process import ROOT, Operator, until


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def heard(manager: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(manager.recv(1000).decode())
        except BlockingIOError:
            return found


def test_nothing_is_said_where_nobody_listens(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    notify(systemd.READY)
    assert watchdog_workers() == []
    for address in ("", "nonsense", f"{tmp_path}/nobody", "@nobody", "/" + "x" * 300):
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        notify(systemd.READY)


def test_a_manager_that_does_not_read_keeps_nobody(manager: socket.socket, monkeypatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
    began = time.monotonic()
    for _ in range(2000):
        notify(systemd.ALIVE)
    assert time.monotonic() - began < 5
    assert set(heard(manager)) == {"WATCHDOG=1"}


def test_an_abstract_socket_will_do(monkeypatch) -> None:
    name = f"shop-bot-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify(systemd.READY)
        assert listening.recv(100) == b"READY=1"


@pytest.mark.parametrize(
    ("given", "process", "workers"),
    [
        ("3000000", None, 1),
        ("3000000", "mine", 1),
        ("3000000", "1", 0),
        ("", None, 0),
        ("0", None, 0),
        ("-1", None, 0),
    ],
)
async def test_who_is_asked_for_signs_of_life(
    monkeypatch, given: str, process: str | None, workers: int
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", given)
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    if process is not None:
        monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if process == "mine" else process)
    found = watchdog_workers()
    assert len(found) == workers
    assert [await worker.pause() for worker in found] == [1.0] * workers


async def test_a_loop_that_is_stuck_gives_none(manager: socket.socket, monkeypatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
    monkeypatch.setenv("WATCHDOG_USEC", "150000")
    supervisor = Supervisor(watchdog_workers())
    supervisor.start()
    await asyncio.sleep(0.3)
    assert len(heard(manager)) >= 2
    time.sleep(0.3)  # stuck
    assert heard(manager) == []
    await asyncio.sleep(0.1)
    assert heard(manager)
    await supervisor.stop(1)


async def test_the_process_says_that_it_is_ready_lives_and_stops(
    shop: Operator, manager: socket.socket
) -> None:
    bot = await shop.start(NOTIFY_SOCKET=manager.getsockname(), WATCHDOG_USEC="300000")
    said: list[str] = []

    def alive() -> bool:
        said.extend(heard(manager))
        return said.count("WATCHDOG=1") > 5

    await until(alive, "signs of life")
    assert said.count("READY=1") == 1
    assert "STOPPING=1" not in said
    os.kill(bot.pid, signal.SIGSTOP)
    await asyncio.sleep(0.2)
    heard(manager)
    await asyncio.sleep(0.5)
    assert heard(manager) == []
    os.kill(bot.pid, signal.SIGCONT)
    assert await bot.stop() == 0
    assert "STOPPING=1" in heard(manager)


async def test_it_is_ready_before_telegram_is_reached(
    shop: Operator, manager: socket.socket
) -> None:
    """Otherwise systemd would end the start of a bot whose shop works."""
    shop.pg.api.fail_next("getMe", 502, times=1000)
    bot = shop.run(NOTIFY_SOCKET=manager.getsockname())
    await bot.says("Telegram can't be reached")
    assert "READY=1" in heard(manager)
    assert await bot.stop() == 0


UNIT = (ROOT / "deploy" / "shop-bot.service").read_text(encoding="utf-8")


def test_the_unit_goes_with_it() -> None:
    found = dict(re.findall(r"^(\w+)=(.*)$", UNIT, re.MULTILINE))
    assert found["Type"] == "notify"
    assert int(found["WatchdogSec"]) > int(found["TimeoutStopSec"])
    assert (found["Restart"], found["RestartPreventExitStatus"]) == ("always", "2")
    assert found["MemoryMax"] == "1G"
    assert "AF_UNIX" in found["RestrictAddressFamilies"]
    assert found["TimeoutStartSec"] == "30min"  # a migration must not be cut off


async def test_what_a_setting_is_to_blame_for_is_not_tried_again(shop: Operator) -> None:
    """Exit code 2, and only then; test_command_line.py has the other settings."""
    away = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    bots = {
        2: [shop.run(BOT_TOKEN=""), shop.run(PANEL_URL="x"), shop.run("no-such-command")],
        75: [
            shop.run(DATABASE_URL=away),
            shop.run(DATABASE_URL="sqlite+aiosqlite:////dev/null/shop.db"),
        ],
    }
    for code, several in bots.items():
        for bot in several:
            assert await bot.ended() == code, bot.said
