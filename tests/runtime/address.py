"""A public address before several processes: what Telegram sends there goes to them in turn."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

_AWAY = 502


@dataclass
class Address:
    """`took`: the number of each update that was sent to a process, which one, and what it said.

    `twice`: every update is sent to the next process as well, at the same moment.
    """

    url: str = ""
    ports: list[int] = field(default_factory=list)
    twice: bool = False
    took: list[tuple[int, int, int]] = field(default_factory=list)
    _turns: "itertools.count[int]" = field(default_factory=itertools.count)

    async def receive(self, request: web.Request) -> web.Response:
        body, path = await request.json(), request.path
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower().startswith("x-telegram")
        }
        if not self.ports:
            return web.Response(status=_AWAY)
        turn = next(self._turns)
        chosen = [
            self.ports[(turn + more) % len(self.ports)] for more in range(2 if self.twice else 1)
        ]
        statuses = await asyncio.gather(*(self._send(port, path, body, headers) for port in chosen))
        return web.Response(status=statuses[0])

    async def _send(
        self, port: int, path: str, body: dict[str, Any], headers: dict[str, str]
    ) -> int:
        try:
            url = f"http://127.0.0.1:{port}{path}"
            async with (
                aiohttp.ClientSession() as session,
                session.post(url, json=body, headers=headers) as answer,
            ):
                status = answer.status
        except aiohttp.ClientError:
            status = _AWAY
        self.took.append((body["update_id"], port, status))
        return status


@asynccontextmanager
async def open_address() -> AsyncIterator[Address]:
    address = Address()
    app = web.Application()
    app.router.add_post("/telegram", address.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    address.url = f"http://127.0.0.1:{port}/telegram"
    try:
        yield address
    finally:
        await runner.cleanup()
