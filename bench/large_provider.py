"""The provider of the large shop, which knows its services and orders: `python -m
bench.large_provider PORT SERVICES`.

The first digit of an order's id says how it stands, where it is not in progress: bench.large_shop
gives such ids.
"""

import asyncio
import itertools
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

from aiohttp import web

PARTS = 10  # `/move` lets one in ten orders progress
_LONG_ID = 10
# Status, charge and remains, by the first digit of a long id.
_STATES = {
    "9": ("Completed", "0.90", 0),
    "8": ("Partial", "0.54", 400),
    "7": ("Canceled", "0.00", 1000),
    "6": ("Pending", "0.90", 1000),
}


class Statuses:
    """Every order that has not ended is in progress; its remains tell how often its part has
    moved.
    """

    def __init__(self, services: int) -> None:
        self._moved = [0] * PARTS
        self._turn = 0
        self._added = itertools.count(2_000_000_000)
        self._services = json.dumps(
            [
                {
                    "service": number,
                    "name": f"Service {number}",
                    "category": f"Category {number % 80}",
                    "type": "Default",
                    "rate": "0.90",
                    "min": 10,
                    "max": 100_000,
                    "refill": True,
                    "description": "Starts within the hour.\nDelivers evenly.",
                }
                for number in range(1, services + 1)
            ]
        )

    async def answer(self, request: web.Request) -> web.Response:
        given = parse_qs((await request.read()).decode())
        action = given["action"][0]
        if action == "status":
            text = self._statuses(given["orders"][0] if "orders" in given else given["order"][0])
        elif action == "add":
            text = f'{{"order": {next(self._added)}}}'
        elif action == "services":
            text = self._services
        else:
            text = '{"balance": "1000000.00", "currency": "USD"}'
        return web.Response(text=text, content_type="application/json")

    def _statuses(self, orders: str) -> str:
        answers = (f'"{order}":{self._status(order)}' for order in orders.split(","))
        return f"{{{','.join(answers)}}}"

    def _status(self, order: str) -> str:
        in_work = ("In progress", "0.90", 900 - self._moved[int(order) % PARTS])
        status, charge, remains = (
            _STATES.get(order[0], in_work) if len(order) == _LONG_ID else in_work
        )
        return (
            f'{{"charge":"{charge}","start_count":"100","status":"{status}",'
            f'"remains":"{remains}","currency":"USD"}}'
        )

    async def move(self, request: web.Request) -> web.Response:
        del request
        self._moved[self._turn % PARTS] += 1
        self._turn += 1
        return web.Response(text="ok")


@asynccontextmanager
async def provider(port: int = 0, services: int = 0) -> AsyncIterator[str]:
    """Start the provider, with so many services in its catalogue; return its address.

    Port 0: any that is free.
    """
    pipe = asyncio.subprocess.PIPE
    arguments = ("-m", "bench.large_provider", str(port), str(services))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=pipe, stdout=pipe
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.stdin.close()
        await process.wait()


async def main(port: int = 0, services: int = 0) -> None:
    """Serve until standard input is closed, which also happens when the parent dies."""
    app, statuses = web.Application(), Statuses(services)
    app.router.add_post("/api/v2", statuses.answer)
    app.router.add_post("/move", statuses.move)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
