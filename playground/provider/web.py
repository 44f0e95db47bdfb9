"""The provider behind HTTP: `POST /api/v2`, with the faults that happen on the wire."""

import asyncio
from time import monotonic

from aiohttp import web

from playground.provider.control import add_control
from playground.provider.faults import KINDS, Fault, Way
from playground.provider.provider import Provider
from playground.provider.replacements import TRAILING, page, replacement
from playground.provider.reply import Reply

SLOW_SECONDS = 1.0
LOOK_EVERY = 0.02  # seconds between looks at whether the client has left


def provider_app(provider: Provider) -> web.Application:
    """The provider's API at /api/v2 and its control at /control."""
    closing = asyncio.Event()

    async def api(request: web.Request) -> web.Response:
        if provider.blocked_agent and provider.blocked_agent in request.headers.get("User-Agent", ""):
            return response(page("Attention required", 403))
        fields = await _fields(provider, request)
        fault = provider.received(fields)
        if fault is None or KINDS[fault.kind].way in {Way.REFUSAL, Way.SHAPE}:
            return response(provider.answer(fields, fault, method=request.method))
        reply = provider.answer(fields, method=request.method) if fault.done else None
        if KINDS[fault.kind].way is Way.ANSWER:
            return response(replacement(fault))
        return await on_the_wire(request, fault, reply, closing)

    async def close(_: web.Application) -> None:
        closing.set()

    app = web.Application()
    app.router.add_route("*", "/api/v2", api)
    add_control(app, provider)
    app.on_shutdown.append(close)
    return app


async def _fields(provider: Provider, request: web.Request) -> dict[str, str]:
    """Form and query string together; the form wins."""
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    query = dict(request.query)
    both = query | form
    if both.get("action") in provider.query_only:
        return query | {name: both[name] for name in ("key", "action") if name in both}
    return both


async def on_the_wire(request: web.Request, fault: Fault, reply: Reply | None, closing: asyncio.Event) -> web.Response:
    """Does what a fault does between request and answer. `reply` is there when the action was done."""
    if fault.kind == "slow" and reply:
        await _hold(request, SLOW_SECONDS if fault.seconds is None else fault.seconds, closing)
        return response(reply)
    if fault.kind == "garbage_after" and reply:
        return response(Reply(reply.body + TRAILING, reply.status, "text/html"))
    if fault.kind.startswith("hang"):
        await _hold(request, fault.seconds, closing)
    return _hang_up(request)


async def _hold(request: web.Request, seconds: float | None, closing: asyncio.Event) -> None:
    """Until the time is up, the client has left, or the server closes."""
    until = None if seconds is None else monotonic() + seconds
    while not closing.is_set() and request.transport and not request.transport.is_closing():
        left = LOOK_EVERY if until is None else min(LOOK_EVERY, until - monotonic())
        if left <= 0:
            return
        await asyncio.sleep(left)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.close()
    return web.Response()  # has nowhere to go


def response(reply: Reply) -> web.Response:
    return web.Response(
        body=reply.body,
        status=reply.status,
        headers=reply.headers,
        content_type=reply.content_type,
        charset="utf-8" if reply.content_type == "text/html" else None,
    )
