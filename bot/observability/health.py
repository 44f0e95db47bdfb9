"""Answers for whoever watches the process, on HEALTH_HOST and HEALTH_PORT."""

from aiohttp import web

from bot.observability.metrics import CONTENT_TYPE, MetricsPage
from bot.observability.readiness import DatabaseProbe
from bot.workers.supervisor import Supervisor


class Health:
    """`/livez`: the process answers.

    `/readyz`: it does its work, too; 503 with the reason where it doesn't.

    `reached`: Telegram has answered, and knows the webhook if there is one. `stopping`: nothing new
    is begun.
    """

    def __init__(self, probe: DatabaseProbe, supervisor: Supervisor, page: MetricsPage) -> None:
        self._probe, self._supervisor, self._page = probe, supervisor, page
        self._runner: web.AppRunner | None = None
        self.reached = self.stopping = False

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises OSError where that is not possible."""
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
        await self._probe.close()

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
        if why := await self._probe.objection():
            return why
        if not self._supervisor.healthy:
            return "a worker has ended"
        return "" if self.reached else "Telegram was not reached yet"

    async def _metrics(self, request: web.Request) -> web.Response:
        del request
        return web.Response(body=await self._page.text(), headers={"Content-Type": CONTENT_TYPE})
