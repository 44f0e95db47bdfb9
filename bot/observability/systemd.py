"""What systemd is told: that the bot is ready, that it stops, and that its event loop still turns.

The protocol is a datagram to the socket that NOTIFY_SOCKET names. Without one, as anywhere but
under systemd, nothing is sent.
"""

import logging
import os
import socket

from bot.workers.supervisor import Worker, every

log = logging.getLogger(__name__)

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"
_PINGS = 3  # within the time after which systemd would restart us
_MICROSECONDS = 1_000_000


def notify(message: str) -> None:
    """Send a message to the service manager, if there is one; never waits, and never raises."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):  # an abstract socket
        address = "\0" + address[1:]
    try:
        with socket.socket(
            socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
        ) as door:
            door.sendto(message.encode(), address)
    except OSError as error:
        log.debug("systemd can't be told %s: %s", message, error)


def watchdog_workers() -> list[Worker]:
    """Return the worker that says we are alive, where systemd has asked this process for it.

    It runs in the event loop like every other: a loop that is stuck says nothing, and is restarted.
    """
    seconds = _watchdog_seconds()
    if seconds is None:
        return []

    async def ping() -> None:
        notify(ALIVE)

    return [Worker("watchdog", ping, every(seconds / _PINGS), everywhere=True)]


def _watchdog_seconds() -> float | None:
    given, process = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not (given.isascii() and given.isdigit()) or process not in ("", str(os.getpid())):
        return None
    return int(given) / _MICROSECONDS or None
