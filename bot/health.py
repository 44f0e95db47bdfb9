"""Answers for whoever watches the process, on HEALTH_PORT."""

import asyncio

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.metrics import CONTENT_TYPE, Page
from bot.supervisor import Supervisor
from storage import Database

_DATABASE_SECONDS = 3.0


class Health:
    """`/livez`: the process answers. `/readyz`: it does its work, too; 503 with the reason where it doesn't.

    `reached`: Telegram has answered, and knows the webhook if there is one. `stopping`: nothing new is begun.
    """

    def __init__(self, database: Database, supervisor: Supervisor, page: Page) -> None:
        self._database, self._supervisor, self._page = database, supervisor, page
        self._runner: web.AppRunner | None = None
        self.reached = self.stopping = False

    async def start(self, port: int, host: str = "0.0.0.0") -> None:  # noqa: S104 - asked from outside the container
        app = web.Application()
        app.router.add_get("/livez", self._live)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _live(self, request: web.Request) -> web.Response:
        del request
        return web.Response(text="ok")

    async def _ready(self, request: web.Request) -> web.Response:
        del request
        why = await self._objection()
        return web.Response(status=503, text=why) if why else web.Response(text="ok")

    async def _objection(self) -> str:
        if self.stopping:
            return "the bot is stopping"
        try:
            async with asyncio.timeout(_DATABASE_SECONDS), self._database.read() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):  # a TimeoutError is one of the latter
            return "the database does not answer"
        if not self._supervisor.healthy:
            return "a worker has ended"
        return "" if self.reached else "Telegram was not reached yet"

    async def _metrics(self, request: web.Request) -> web.Response:
        del request
        return web.Response(body=await self._page.text(), headers={"Content-Type": CONTENT_TYPE})
