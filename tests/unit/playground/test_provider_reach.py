"""A provider that is out of reach, and answers that take their time."""

import asyncio

import httpx
import pytest

from playground.provider import Provider, serve_provider

ADD = {
    "key": "demo-key",
    "action": "add",
    "service": "1",
    "link": "https://example.org/page",
    "quantity": "100",
}


@pytest.fixture
async def server():
    async with serve_provider(Provider()) as running:
        yield running


@pytest.fixture
async def client():
    async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
        yield http


async def until(true):
    while not true():
        await asyncio.sleep(0.01)


async def test_refused_ends_what_there_is_and_comes_back_on_the_same_port(server, client):
    # leaves its connection open
    assert (await client.post(server.url, data=ADD)).json() == {"order": 23501}
    server.provider.fault("hang_after", "balance")
    waiting = asyncio.create_task(
        client.post(server.url, data={"key": "demo-key", "action": "balance"})
    )
    await until(lambda: server.provider.calls["balance"])
    await server.refuse()
    with pytest.raises(httpx.TransportError):
        await waiting
    for _ in range(2):
        with pytest.raises(httpx.ConnectError):
            await client.post(server.url, data=ADD)
    await server.accept()
    await server.accept()
    # the link is busy: it is the same provider
    assert "error" in (await client.post(server.url, data=ADD)).json()


async def test_jammed_is_neither_refused_nor_accepted(server, client):
    await server.jam()
    with pytest.raises(httpx.ConnectTimeout):
        await client.post(server.url, data=ADD, timeout=0.3)
    assert server.provider.calls["add"] == 0
    await server.accept()
    assert (await client.post(server.url, data=ADD)).json() == {"order": 23501}


@pytest.mark.parametrize(
    ("kind", "there", "piece"),
    [
        ("null", 0, "null"),
        ("html_after", 1, "Maintenance"),
        ("rate_limit_429", 0, "Rate limit"),
        ("garbage_after", 1, '{"order": 23501}string'),
    ],
)
async def test_any_answer_can_be_delayed_after_the_deed(server, client, kind, there, piece):
    server.provider.fault(kind, "add", delay=60)
    waiting = asyncio.create_task(client.post(server.url, data=ADD))
    await until(lambda: server.provider.calls["add"])
    await asyncio.sleep(0.05)
    assert not waiting.done()
    assert (len(server.provider.book.orders), server.provider.ended["add"]) == (there, 0)
    server.provider.faults.release()
    assert piece in (await waiting).text
    assert server.provider.ended["add"] == 1


async def test_who_leaves_during_a_delay_is_not_waited_for(server, client):
    server.provider.fault("empty", "add", delay=60)
    with pytest.raises(httpx.ReadTimeout):
        await client.post(server.url, data=ADD, timeout=0.1)
    await until(lambda: server.provider.ended["add"])
