"""The provider behind HTTP: `POST /api/v2`, with the faults that happen on the wire."""

import asyncio
import contextlib
import json
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
        if provider.blocked_agent and provider.blocked_agent in request.headers.get(
            "User-Agent", ""
        ):
            return response(page("Attention required", 403))
        fields = await _fields(provider, request)
        fault = provider.received(fields)
        try:
            answer = await met(fault, request, fields)
            await _write(request, answer)
        finally:
            provider.ended[fields.get("action", "")] += 1
        return answer

    async def met(
        fault: Fault | None, request: web.Request, fields: dict[str, str]
    ) -> web.Response:
        if fault is None:
            return response(provider.answer(fields, method=request.method))
        way = KINDS[fault.kind].way
        shaped = fault if way in {Way.REFUSAL, Way.SHAPE} else None
        reply = (
            provider.answer(fields, shaped, method=request.method) if shaped or fault.done else None
        )
        await _delay(request, fault.delay, provider, closing)
        if way is Way.ANSWER:
            return response(replacement(fault))
        return (
            response(reply)
            if shaped and reply
            else await on_the_wire(request, fault, reply, closing)
        )

    async def close(_: web.Application) -> None:
        closing.set()

    app = web.Application()
    app.router.add_route("*", "/api/v2", api)
    add_control(app, provider)
    app.on_shutdown.append(close)
    return app


async def _fields(provider: Provider, request: web.Request) -> dict[str, str]:
    """Form and query string together; the form wins.

    Or a JSON body, where the provider takes nothing else.
    """
    if provider.json_only:
        return _texts(await request.text())
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    query = dict(request.query)
    both = query | form
    if both.get("action") in provider.query_only:
        return query | {name: both[name] for name in ("key", "action") if name in both}
    return both


def _texts(body: str) -> dict[str, str]:
    """A JSON object's values as a form would have them; nothing where there is no object."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    plain = read.items() if isinstance(read, dict) else ()
    return {name: str(value) for name, value in plain if isinstance(value, str | int | float)}


async def on_the_wire(
    request: web.Request, fault: Fault, reply: Reply | None, closing: asyncio.Event
) -> web.Response:
    """Does what a fault does between request and answer.

    `reply` is there when the action was done.
    """
    if fault.kind == "slow" and reply:
        await _hold(request, SLOW_SECONDS if fault.seconds is None else fault.seconds, closing)
        return response(reply)
    if fault.kind == "garbage_after" and reply:
        return response(Reply(reply.body + TRAILING, reply.status, "text/html"))
    if fault.kind.startswith("hang"):
        await _hold(request, fault.seconds, closing)
    return _hang_up(request)


async def _delay(
    request: web.Request, seconds: float, provider: Provider, closing: asyncio.Event
) -> None:
    """As `_hold`, and until the provider's faults are released."""
    releases, until = provider.faults.releases, monotonic() + seconds
    while monotonic() < until and releases == provider.faults.releases:
        if closing.is_set() or _has_left(request):
            return
        await asyncio.sleep(LOOK_EVERY)


async def _write(request: web.Request, answer: web.Response) -> None:
    """Has the answer out before it counts as given."""
    if not _has_left(request):
        with contextlib.suppress(ConnectionError):
            await answer.prepare(request)
            await answer.write_eof()


def _has_left(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def _hold(request: web.Request, seconds: float | None, closing: asyncio.Event) -> None:
    """Until the time is up, the client has left, or the server closes."""
    until = None if seconds is None else monotonic() + seconds
    while not closing.is_set() and not _has_left(request):
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
