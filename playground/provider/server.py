"""The provider on a real socket, which can be out of reach."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from playground.provider.provider import Provider
from playground.provider.web import provider_app


@dataclass(slots=True)
class Server:
    """`url` is the API's address, `control_url` the control's, without a slash at the end."""

    provider: Provider
    url: str
    control_url: str
    port: int
    _host: str
    _runner: web.AppRunner
    _site: web.BaseSite | None = None
    _kept: list[socket.socket] = field(default_factory=list)
    """what holds the port while the provider is out of reach, so that nobody else gets it
    meanwhile
    """

    async def accept(self) -> None:
        """Be reachable, on the same port as ever."""
        if self._site is None:
            bound = self._kept.pop(0)
            self.let_go()
            self._site = web.SockSite(self._runner, bound)
            await self._site.start()

    async def refuse(self) -> None:
        """Refuse every connection, and end those that there are: nobody listens on the port."""
        bound = _socket()
        bound.bind((self._host, self.port))
        self.let_go()
        self._kept.append(bound)
        if self._site is not None:
            await self._site.stop()
            self._site = None
        for handler in list(self._runner.server.connections if self._runner.server else ()):
            if handler.transport is not None:
                handler.transport.abort()

    async def jam(self) -> None:
        """Let connecting hang: the queue of connections is full, and nobody empties it."""
        await self.refuse()
        self._kept[0].listen(0)
        for _ in range(3):  # one of them gets into the queue, the next ones find it full
            connecting = _socket()
            self._kept.append(connecting)
            connecting.connect_ex((self._host, self.port))

    def let_go(self) -> None:
        while self._kept:
            self._kept.pop().close()


def _socket() -> socket.socket:
    """Make one that may share its port with others of ours."""
    made = socket.socket()
    made.setblocking(False)  # noqa: FBT003 - the standard library's
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return made


@asynccontextmanager
async def serve_provider(
    provider: Provider, port: int = 0, host: str = "127.0.0.1"
) -> AsyncIterator[Server]:
    """Listens on a free port unless one is named. Leaving ends open connections at once."""
    runner = web.AppRunner(provider_app(provider), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, port, reuse_port=True)
    try:
        await site.start()
        taken = runner.addresses[0][1]
        base = f"http://{host}:{taken}"
        server = Server(provider, f"{base}/api/v2", f"{base}/control", taken, host, runner, site)
        try:
            yield server
        finally:
            server.let_go()
    finally:
        await runner.cleanup()
