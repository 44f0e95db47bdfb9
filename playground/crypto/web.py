"""Crypto Pay behind HTTP: the API, and the page on which an invoice is paid."""

import asyncio
import html
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from playground.crypto.core import REFUSALS, CryptoBot
from playground.crypto.invoice import Invoice, plain
from playground.provider.faults import KINDS, Way
from playground.provider.replacements import replacement
from playground.provider.web import on_the_wire, response

FOLDER = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAID = {
    "active": '<form method="post"><button data-testid="crypto-pay">Pay</button></form>',
    "paid": '<p class="paid" data-testid="crypto-paid">Paid. You may go back to the chat.</p>',
    "expired": '<p class="expired">This invoice has expired.</p>',
}


def crypto_app(bot: CryptoBot) -> web.Application:
    """The API at /api/<method>, the page of an invoice at /pay/<hash>."""
    face = _Face(bot)
    app = web.Application()
    app.router.add_get("/api/{method}", face.api)
    app.router.add_post("/api/{method}", face.api)
    app.router.add_get("/pay.css", face.style)
    app.router.add_get("/pay/{hash}", face.page)
    app.router.add_post("/pay/{hash}", face.pay)
    app.on_shutdown.append(face.close)
    return app


@asynccontextmanager
async def serve_crypto(bot: CryptoBot) -> AsyncIterator[str]:
    """The emulator alone on a free port; gives the base address, without a slash at the end."""
    runner = web.AppRunner(crypto_app(bot), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        bot.pay_page = f"{url}/pay/"
        yield url
    finally:
        await runner.cleanup()


class _Face:
    def __init__(self, bot: CryptoBot) -> None:
        self.bot = bot
        self.closing = asyncio.Event()

    async def close(self, _app: web.Application) -> None:
        self.closing.set()

    async def api(self, request: web.Request) -> web.Response:
        method, fields = request.match_info["method"], await _fields(request)
        token = request.headers.get("Crypto-Pay-API-Token", "")
        fault = self.bot.received(method)
        if fault is None or fault.kind in REFUSALS:
            return response(self.bot.answer(token, method, fields, fault))
        reply = self.bot.answer(token, method, fields) if fault.done else None
        if KINDS[fault.kind].way is Way.ANSWER:
            return response(replacement(fault))
        return await on_the_wire(request, fault, reply, self.closing)

    async def style(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FOLDER / "pay.css")

    def _invoice(self, request: web.Request) -> Invoice:
        invoice = self.bot.by_hash(request.match_info["hash"])
        if invoice is None:
            raise web.HTTPNotFound(text="no such invoice")
        return invoice

    async def page(self, request: web.Request) -> web.Response:
        invoice = self._invoice(request)
        shown = {
            "description": html.escape(invoice.description or "Invoice"),
            "amount": html.escape(f"{plain(invoice.amount)} {invoice.fiat}"),
            "said": SAID[invoice.status(self.bot.clock())],
        }
        text = (FOLDER / "pay.html").read_text("utf-8").format_map(shown)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def pay(self, request: web.Request) -> web.Response:
        invoice = self._invoice(request)
        if invoice.status(self.bot.clock()) == "active":
            self.bot.pay(invoice.invoice_id)
        raise web.HTTPSeeOther(request.path)


async def _fields(request: web.Request) -> dict[str, Any]:
    """Query string, form or JSON, as the real one takes them."""
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except json.JSONDecodeError:
            body = None
        return fields | body if isinstance(body, dict) else fields
    return fields | dict(await request.post())
