"""The chat page's server side: static files, what people do, and a live stream of what they see."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from playground.telegram.bot_api import BotApi
from playground.telegram.http import MAX_BODY, read_multipart
from playground.telegram.people import Person
from playground.telegram.snapshot import snapshot
from playground.telegram.stars import Spoilt

STATIC = Path(__file__).parent.parent / "page"
FILES = (
    "page.css",
    "page.js",
    "text.js",
    "render.js",
    "provider.js",
    "composer.js",
    "stars.js",
    "words.js",
)
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
GATHER = 0.03
"""seconds in which changes are gathered into one picture"""
BEAT = 10.0
"""seconds after which a silent stream says that it lives"""

Act = Callable[[BotApi, Person, dict[str, Any]], Awaitable[Any]]


def page_app(
    api: BotApi, provider_base_url: str | None = None, *, admin_ids: frozenset[int] = frozenset()
) -> web.Application:
    """The page at `/`.

    `provider_base_url` (`/provider`): where the panel beside it finds `/control/...`.
    """
    face = _Face(api, provider_base_url, admin_ids)
    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_get("/", face.index)
    app.router.add_get("/{name:" + "|".join(FILES) + "}", face.static)
    app.router.add_get("/chat/events", face.events)
    app.router.add_get("/chat/state", face.state)
    app.router.add_get("/chat/files/{file_id}", face.download)
    app.router.add_post("/chat/upload", face.upload)
    app.router.add_post("/chat/{act}", face.act)
    app.on_shutdown.append(face.close)
    return app


class _Face:
    def __init__(self, api: BotApi, provider: str | None, admin_ids: frozenset[int]) -> None:
        self.api = api
        self.provider = provider
        self.admin_ids = admin_ids
        self.closing = False

    async def close(self, _app: web.Application) -> None:
        self.closing = True
        self.api.change.notify()

    async def index(self, _request: web.Request) -> web.StreamResponse:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return web.FileResponse(STATIC / "index.html", headers=headers)

    async def static(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(
            STATIC / request.match_info["name"], headers={"Cache-Control": "no-cache"}
        )

    def _person(self, number: str | int | None) -> Person:
        """The person asked for, or the first one there is."""
        if number:
            person = self.api.people.get(int(number)) if str(number).isdigit() else None
        else:
            person = next(iter(self.api.people.values()), None)
        if person is None:
            raise web.HTTPNotFound(text="nobody of that id")
        return person

    def _picture(self, person: Person) -> str:
        shown = {**snapshot(self.api, person, self.admin_ids), "provider": self.provider}
        return json.dumps(shown, ensure_ascii=False)

    async def state(self, request: web.Request) -> web.Response:
        picture = self._picture(self._person(request.query.get("person")))
        return web.Response(text=picture, content_type="application/json")

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the whole picture at first and whenever it differs."""
        person = self._person(request.query.get("person"))
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        sent = ""
        while not self.closing:
            seen = self.api.change.count
            picture = self._picture(person)
            line = f"data: {picture}\n\n" if picture != sent else ": still here\n\n"
            try:
                await response.write(line.encode())
            except ConnectionError:
                break
            sent = picture
            await self._wait(seen, person)
        return response

    async def _wait(self, seen: int, person: Person) -> None:
        """Until something changes; "typing" ends by itself, so it is looked at when it should be
        over.
        """
        left = person.chat.action_until - self.api.clock() if person.chat.action else 0.0
        await self.api.change.wait(seen, min(left + GATHER, BEAT) if left > 0 else BEAT)
        await asyncio.sleep(GATHER)

    async def download(self, request: web.Request) -> web.Response:
        kept = self.api.files.get(request.match_info["file_id"])
        if kept is None:
            raise web.HTTPNotFound
        # An HTML file somebody sent must not run as a page of ours.
        shown = (
            kept.mime_type
            if kept.mime_type in {"image/png", "image/jpeg"}
            else "application/octet-stream"
        )
        headers = {"X-Content-Type-Options": "nosniff"}
        return web.Response(body=kept.content, content_type=shown, headers=headers)

    async def upload(self, request: web.Request) -> web.Response:
        person = self._person(request.query.get("person"))
        if request.content_type != "multipart/form-data" or "X-Playground" not in request.headers:
            raise web.HTTPBadRequest
        fields, files = await read_multipart(request)
        for upload in files.values():
            if upload.content_type.startswith("image/"):
                await person.send_photo(upload.content, fields.get("caption"))
            else:
                await person.send_file(upload.filename, upload.content, fields.get("caption"))
        return web.json_response({"ok": True})

    async def act(self, request: web.Request) -> web.Response:
        """One thing a person does. JSON only: another site's form can't send it."""
        act = ACTS.get(request.match_info["act"])
        if act is None or request.content_type != "application/json":
            raise web.HTTPNotFound
        try:
            body = await request.json()
            result = await act(self.api, self._person(body.get("person")), body)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            return web.json_response({"ok": False, "why": repr(error)}, status=400)
        except AssertionError as error:
            return web.json_response({"ok": False, "why": str(error)}, status=409)
        return web.json_response({"ok": True, "result": result})


async def _say(_api: BotApi, person: Person, body: dict[str, Any]) -> None:
    if text := str(body["text"]).strip():
        await person.say(text, reply_to=body.get("reply_to"))


async def _press(_api: BotApi, person: Person, body: dict[str, Any]) -> str:
    """Only what is on the message now can be pressed; the label must be the one the person saw."""
    message = person.chat.messages.get(int(body["message"]), {})
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    fits = [
        b
        for row in rows
        for b in row
        if b["text"] == body["text"] and b.get("callback_data") == body["data"]
    ]
    if not fits or "disabled" in fits[0]:
        raise AssertionError("the button is not on the message any more")
    return await person.forge(fits[0]["callback_data"], int(body["message"]))


async def _pay(_api: BotApi, person: Person, body: dict[str, Any]) -> str:
    """Lasts until the bot has answered, or its time is over.

    A refusal's words come with the other answers.
    """
    number = int(body["message"])
    if number not in person.chat.messages:
        raise AssertionError("the invoice is not in the chat any more")
    return (await person.pay(number)).outcome


async def _spoil(api: BotApi, _person: Person, body: dict[str, Any]) -> None:
    """Orders trouble with the next update about a payment, or takes the order back."""
    kind: Spoilt = "twice" if body["kind"] == "twice" else "lost"
    api.stars.spoilt.remove(kind) if kind in api.stars.spoilt else api.stars.spoil_next(kind)
    api.change.notify()


async def _charge_back(_api: BotApi, person: Person, body: dict[str, Any]) -> str:
    return await person.charge_back(told=bool(body["told"]))


async def _read(api: BotApi, person: Person, body: dict[str, Any]) -> None:
    person.chat.read_to = max(person.chat.read_to, int(body["message"]))
    api.change.notify()


async def _language(api: BotApi, person: Person, body: dict[str, Any]) -> None:
    person.language_code = str(body["language"])[:2]
    api.change.notify()


async def _block(_api: BotApi, person: Person, body: dict[str, Any]) -> None:
    person.block() if body["blocked"] else person.unblock()


async def _inline(api: BotApi, person: Person, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Types `@bot query` and waits a moment for what the bot finds."""
    await person.inline(str(body["query"]))
    query_id = str(7_000_000_000 + api.queries.count)
    for _ in range(40):
        if query_id not in api.queries.asked:
            break
        await api.change.wait(api.change.count, 0.1)
    return person.inline_results


async def _choose(_api: BotApi, person: Person, body: dict[str, Any]) -> None:
    await person.choose(str(body["title"]))


ACTS: dict[str, Act] = {
    "say": _say,
    "press": _press,
    "read": _read,
    "language": _language,
    "block": _block,
    "pay": _pay,
    "spoil": _spoil,
    "charge_back": _charge_back,
    "inline": _inline,
    "choose": _choose,
}
