"""Fake panels for the tests of the client: functions behind httpx.MockTransport, and a raw TCP
server.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx

from panel import PanelClient, Profile

ANSWERS = Path(__file__).parent / "answers"
KEY = "s3cret/key+1"


def recorded(name: str) -> bytes:
    return (ANSWERS / f"{name}.json").read_bytes()


def body_of(answer: Any) -> bytes:
    """bytes and text as they are, everything else as JSON."""
    if isinstance(answer, bytes):
        return answer
    return (answer if isinstance(answer, str) else json.dumps(answer)).encode()


class FakePanel:
    """Answers by a function of the parameters, and remembers every request."""

    def __init__(
        self, answer: Callable[[dict[str, str]], Any] | Any, code: int = 200, **headers: str
    ) -> None:
        self.answer = answer
        self.code = code
        self.headers = headers
        self.requests: list[httpx.Request] = []

    @property
    def sent(self) -> list[dict[str, str]]:
        return [self.parameters(request) for request in self.requests]

    @staticmethod
    def parameters(request: httpx.Request) -> dict[str, str]:
        written = request.content.decode() or request.url.query.decode()
        return {
            name: values[0] for name, values in parse_qs(written, keep_blank_values=True).items()
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answer(self.parameters(request)) if callable(self.answer) else self.answer
        code, answer = answer if isinstance(answer, tuple) else (self.code, answer)
        return httpx.Response(code, content=body_of(answer), headers=self.headers)

    def client(self, **profile: Any) -> PanelClient:
        whole = Profile(**{"url": "https://panel.example/api/v2", "key": KEY} | profile)
        return PanelClient(whole, transport=httpx.MockTransport(self))


Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class RawPanel:
    """A real socket.

    `behave` gets the streams of each connection and may do to them whatever it likes.
    """

    def __init__(self, behave: Handle) -> None:
        self.behave = behave
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self.requests = 0
        self.adds = 0
        self.tasks: list[asyncio.Task[None] | None] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        self.tasks.append(asyncio.current_task())
        try:
            await self.behave(reader, writer)
        finally:
            self.open -= 1
            writer.transport.abort()

    async def request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        self.requests += 1
        body = await reader.readexactly(length)
        self.adds += b"action=add" in body
        return head + body


@asynccontextmanager
async def listening(panel: RawPanel, **profile: Any) -> AsyncIterator[PanelClient]:
    server = await asyncio.start_server(panel, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        whole = Profile(
            **{"url": f"http://127.0.0.1:{port}/api/v2", "key": KEY, "timeout": 5.0} | profile
        )
        async with PanelClient(whole) as client:
            yield client
    finally:
        server.close()
        for task in panel.tasks:
            if task and not task.done():
                task.cancel()
        await asyncio.gather(*filter(None, panel.tasks), return_exceptions=True)
        await server.wait_closed()
