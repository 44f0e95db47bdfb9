"""A provider that does little else than answer: `status` for any ids, each call after as many
seconds as its argument says, and `add` slowly. Runs as a process of its own.
"""

import asyncio
import sys
from urllib.parse import parse_qs

from aiohttp import web

ADD_SECONDS = 0.3
PARTS = 10  # `/move` lets one in ten orders progress


class Statuses:
    """Every order is in progress; its remains tell how often its part has moved."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._moved = [0] * PARTS
        self._turn = 0

    async def status(self, request: web.Request) -> web.Response:
        if self._seconds:
            await asyncio.sleep(self._seconds)
        given = parse_qs((await request.read()).decode())
        orders = ",".join(
            f'"{order}":{{"charge":"0.90","start_count":"100","status":"In progress",'
            f'"remains":"{900 - self._moved[int(order) % PARTS]}","currency":"USD"}}'
            for order in given["orders"][0].split(",")
        )
        return web.Response(text=f"{{{orders}}}", content_type="application/json")

    async def move(self, request: web.Request) -> web.Response:
        del request
        self._moved[self._turn % PARTS] += 1
        self._turn += 1
        return web.Response(text="ok")


class Adds:
    """Every `add` is taken, after a while."""

    def __init__(self) -> None:
        self._last = 1_000_000

    async def add(self, request: web.Request) -> web.Response:
        await request.read()
        self._last += 1
        order = self._last
        await asyncio.sleep(ADD_SECONDS)
        return web.json_response({"order": order})


async def main(seconds: float) -> None:
    """Serve until standard input is closed, which also happens when the parent dies."""
    app, statuses = web.Application(), Statuses(seconds)
    app.router.add_post("/api/v2", statuses.status)
    app.router.add_post("/move", statuses.move)
    app.router.add_post("/add", Adds().add)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
