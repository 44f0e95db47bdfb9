"""The HTTP face: `/bot<token>/<method>` and `/file/bot<token>/<path>`, as the real server has
them.
"""

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import BodyPartReader, web

from playground.telegram.bot_api import BotApi
from playground.telegram.errors import ApiError, Dropped
from playground.telegram.params import Upload
from playground.telegram.webhook import webhook_courier

MAX_BODY = 64 * 1024 * 1024
API = web.AppKey("bot_api", BotApi)


def bot_api_app(api: BotApi) -> web.Application:
    """An application with nothing but the Bot API."""
    app = web.Application(client_max_size=MAX_BODY)
    add_bot_api(app, api)
    return app


def add_bot_api(app: web.Application, api: BotApi) -> None:
    """Adds the Bot API's addresses, and webhook delivery, to an application."""
    app[API] = api
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", _call)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", _download)
    app.cleanup_ctx.append(_webhooks)


async def _webhooks(app: web.Application) -> AsyncIterator[None]:
    async with webhook_courier(app[API]):
        yield


async def _call(request: web.Request) -> web.Response:
    api = request.app[API]
    try:
        params, files = await _read(request)
        status, body = await api.serve(
            request.match_info["token"], request.match_info["method"], params, files
        )
    except ApiError as error:
        status, body = error.code, error.body()
    except Dropped:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=502)
    headers = {}
    if retry_after := body.get("parameters", {}).get("retry_after"):
        headers["Retry-After"] = str(retry_after)
    return web.json_response(body, status=status, headers=headers)


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise ApiError(400, "Bad Request: can't parse JSON object")
        return {**params, **body}, {}
    if request.content_type == "multipart/form-data":
        fields, files = await read_multipart(request)
        return {**params, **fields}, files
    return {**params, **await request.post()}, {}


async def read_multipart(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Text parts, and parts with a file's name."""
    fields: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        content = bytes(await part.read(decode=True))
        if part.filename:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, content, kind)
        else:
            fields[part.name] = content.decode(errors="replace")
    return fields, files


async def _download(request: web.Request) -> web.Response:
    api = request.app[API]
    if request.match_info["token"] != api.token:
        return web.json_response(ApiError(401, "Unauthorized").body(), status=401)
    kept = api.files.at(request.match_info["path"])
    if kept is None:
        return web.json_response(ApiError(404, "Not Found").body(), status=404)
    return web.Response(body=kept.content, content_type="application/octet-stream")
