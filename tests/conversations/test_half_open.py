"""Requests to the webhook that are broken or never come to their end, over a real socket."""

import asyncio
import gzip
import json
import logging
import socket
import time
from collections.abc import AsyncIterator

import pytest

from bot.telegram import webhook
from bot.telegram.webhook import SECRET_HEADER
from tests.harness.shop import Shop, open_shop

SECRET = "a-secret_of-this-test"
UPDATE = json.dumps(
    {
        "update_id": 7,
        "message": {
            "message_id": 1,
            "date": 1,
            "from": {"id": 1001, "is_bot": False, "first_name": "Ann"},
            "chat": {"id": 1001, "type": "private", "first_name": "Ann"},
            "text": "/start",
        },
    }
).encode()


@pytest.fixture
async def shop(tmp_path, monkeypatch) -> AsyncIterator[Shop]:
    monkeypatch.setattr(webhook, "_BODY_SECONDS", 0.3)
    monkeypatch.setattr(webhook, "_LINGER_SECONDS", 0.2)
    monkeypatch.setattr(webhook, "_IDLE_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = {"webhook_url": "https://shop.example/hook", "webhook_secret": SECRET}
    async with open_shop(tmp_path, **given, webhook_host="127.0.0.1", webhook_port=port) as opened:
        opened.person().chat.started = True
        await opened.app.updates.webhook.open()
        yield opened
        await opened.app.updates.webhook.close()


def head(length: int | None, secret: str = SECRET, **headers: str) -> bytes:
    lines = ["POST /hook HTTP/1.1", "Host: shop.example", f"{SECRET_HEADER}: {secret}"]
    lines += [f"Content-Length: {length}"] if length is not None else ["Transfer-Encoding: chunked"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


async def ask(shop: Shop, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Write the pieces and return all that comes until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.app.settings.webhook_port)
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause)
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([head(100)], id="no body"),
        pytest.param([head(len(UPDATE)), UPDATE[:50]], id="half a body"),
        pytest.param([head(None)], id="no chunk"),
        pytest.param(
            [head(100, Content_Type="application/json", Expect="100-continue")],
            id="it waits to be asked",
        ),
    ],
)
async def test_a_body_that_does_not_come_is_not_waited_for(shop: Shop, pieces: list[bytes]) -> None:
    began = time.monotonic()
    answer = await ask(shop, *pieces)
    assert status(answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")) == 408
    assert time.monotonic() - began < 5
    assert shop.person().from_bot == []


async def test_one_that_comes_byte_by_byte_is_not_either(shop: Shop) -> None:
    answer = await ask(
        shop, head(len(UPDATE)), *(UPDATE[at : at + 1] for at in range(8)), pause=0.05
    )
    assert status(answer) == 408


async def test_a_stranger_s_is_refused_at_once_and_closed(shop: Shop) -> None:
    assert status(await ask(shop, head(100, "wrong"))) == 401


@pytest.mark.parametrize(
    "pieces", [[], [b"POST /hook HTTP/1.1\r\nHost: shop"]], ids=["nothing", "half a head"]
)
async def test_a_connection_without_a_request_ends(shop: Shop, pieces: list[bytes]) -> None:
    assert await ask(shop, *pieces) == b""


async def test_half_open_ones_are_in_nobody_s_way(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(webhook, "_BODY_SECONDS", 3.0)
    waiting = [asyncio.create_task(ask(shop, head(100))) for _ in range(100)]
    await asyncio.sleep(0.2)
    began = time.monotonic()
    answer = await ask(shop, head(len(UPDATE), Connection="close"), UPDATE)
    assert status(answer) == 200
    assert time.monotonic() - began < 2.5
    assert "Hello" in shop.person().last.text
    assert {status(one) for one in await asyncio.gather(*waiting)} == {408}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b'{"update_id": 1,', {}, id="cut off"),
        pytest.param(b"[" * 100_000, {}, id="a hundred thousand brackets"),
        pytest.param(b'{"a":' * 100_000, {}, id="as many objects"),
        pytest.param(b'{"update_id": ' + b"9" * 10_000 + b"}", {}, id="a number that is too long"),
        pytest.param(b"\xff\xfe\x00", {}, id="no text"),
        pytest.param(b"not compressed", {"Content_Encoding": "gzip"}, id="not what it says"),
        pytest.param(
            gzip.compress(UPDATE)[:20], {"Content_Encoding": "gzip"}, id="compressed and cut off"
        ),
    ],
)
async def test_what_is_no_json_is_a_400(
    shop: Shop, body: bytes, headers: dict[str, str], caplog
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await ask(shop, head(len(body), Connection="close", **headers), body)
    assert status(answer) == 400
    assert not [record for record in caplog.records if record.name != "aiohttp.server"]


async def test_a_broken_chunk_is_a_400(shop: Shop) -> None:
    assert status(await ask(shop, head(None, Connection="close"), b"zz\r\nnonsense\r\n\r\n")) == 400
