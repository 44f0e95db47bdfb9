"""The provider on a real socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from playground.provider.provider import Provider
from playground.provider.web import provider_app


@dataclass(frozen=True, slots=True)
class Server:
    """`url` is the API's address, `control_url` the control's, without a slash at the end."""

    provider: Provider
    url: str
    control_url: str


@asynccontextmanager
async def serve_provider(provider: Provider, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[Server]:
    """Listens on a free port unless one is named. Leaving ends open connections at once."""
    runner = web.AppRunner(provider_app(provider), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        base = f"http://{host}:{runner.addresses[0][1]}"
        yield Server(provider, f"{base}/api/v2", f"{base}/control")
    finally:
        await runner.cleanup()
