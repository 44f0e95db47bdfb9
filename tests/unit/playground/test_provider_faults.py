"""Each fault over a real socket: what the client sees, and whether the action took effect."""

import asyncio

import httpx
import pytest

from playground.provider import KINDS, Provider, serve_provider
from playground.provider.faults import Way

ADD = {
    "key": "demo-key",
    "action": "add",
    "service": "1",
    "link": "https://example.org/page",
    "quantity": "100",
}
SILENT = ("hang_before", "hang_after", "drop_before", "drop_after")


@pytest.fixture
async def server():
    async with serve_provider(Provider()) as running:
        yield running


@pytest.fixture
async def client():
    async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
        yield http


def orders(server):
    return len(server.provider.book.orders)


async def post(client, server, **fields):
    return await client.post(server.url, data={"key": "demo-key"} | fields)


ANSWERED = {
    "html_502": (502, "502 Bad Gateway"),
    "html_403": (403, "Attention"),
    "redirect_301": (301, "Moved"),
    "html_404": (404, "Not Found"),
    "html_405": (405, "Not Allowed"),
    "page_429": (429, "error code: 1015"),
    "gateway_504": (504, '{"error": "Gateway Timeout"}'),
    "gateway_408": (408, '{"detail": "Request Timeout"}'),
    "error_500": (500, '{"error": "Server Error"}'),
    "html_after": (200, "Maintenance"),
    "null": (200, "null"),
    "empty": (200, ""),
    "error_500_empty": (500, ""),
    "garbage": (200, "Warning"),
    "status_error": (200, '"status": "error"'),
    "detail_422": (422, '"detail"'),
    "refuse": (200, "temporarily unavailable"),
    "rate_limit_429": (429, "Rate limit exceeded"),
    "rate_limit_200": (200, "Rate limit exceeded"),
    "bad_key": (200, "Invalid API key"),
    "no_funds": (200, "Not enough funds"),
    "busy_link": (200, "active order with this link"),
    "garbage_after": (200, '{"order": 23501}string(76)'),
}


@pytest.mark.parametrize("kind", ANSWERED)
async def test_answered_faults(server, client, kind):
    server.provider.fault(kind, "add")
    answer = await post(client, server, **ADD)
    status, piece = ANSWERED[kind]
    assert answer.status_code == status
    assert piece in answer.text
    assert answer.text or not piece
    assert orders(server) == int(KINDS[kind].done)
    again = await post(client, server, **ADD | {"link": "https://example.org/2"})
    assert again.json() == {"order": 23501 + int(KINDS[kind].done)}


@pytest.mark.parametrize(
    "kind", [name for name, kind in KINDS.items() if kind.way is Way.ANSWER and not kind.outside]
)
async def test_another_answer_may_follow_the_deed_or_not(server, client, kind):
    server.provider.fault(kind, "add", done=True)
    await post(client, server, **ADD)
    assert orders(server) == 1
    server.provider.fault(kind, "add", done=False)
    await post(client, server, **ADD | {"link": "https://example.org/2"})
    assert orders(server) == 1


@pytest.mark.parametrize("kind", SILENT)
async def test_silent_faults(server, client, kind):
    server.provider.fault(kind, "add")
    expected = httpx.ReadTimeout if kind.startswith("hang") else httpx.RemoteProtocolError
    with pytest.raises(expected):
        await client.post(server.url, data=ADD, timeout=0.2)
    assert orders(server) == int(kind.endswith("after"))


async def test_a_hang_ends_with_its_seconds(server, client):
    server.provider.fault("hang_after", seconds=0.1)
    with pytest.raises(httpx.RemoteProtocolError):
        await post(client, server, **ADD)
    assert orders(server) == 1


async def test_a_hang_does_not_keep_the_server_from_closing(client):
    async with serve_provider(Provider()) as running:
        running.provider.fault("hang_before")
        waiting = asyncio.create_task(client.post(running.url, data=ADD))
        while not running.provider.calls:
            await asyncio.sleep(0.01)
    with pytest.raises(httpx.TransportError):
        await waiting


async def test_slow_does_it_first_and_answers_later(server, client):
    server.provider.fault("slow", seconds=0.3)
    waiting = asyncio.create_task(client.post(server.url, data=ADD))
    while not orders(server):
        await asyncio.sleep(0.01)
    assert not waiting.done()
    assert (await waiting).json() == {"order": 23501}


async def test_rate_limit_names_its_seconds(server, client):
    server.provider.fault("rate_limit_429", seconds=7)
    assert (await post(client, server, action="balance")).headers["Retry-After"] == "7"


async def test_a_page_429_names_its_seconds_however_many(server, client):
    server.provider.fault("page_429", seconds=1_764_458_400)
    assert (await post(client, server, action="balance")).headers["Retry-After"] == "1764458400"


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.outside])
async def test_what_never_reaches_the_api_is_never_done(server, client, kind):
    with pytest.raises(ValueError, match="done is always False"):
        server.provider.fault(kind, done=True)
    server.provider.fault(kind, "add")
    await post(client, server, **ADD)
    assert orders(server) == 0


async def test_words_instead_of_figures(server, client):
    server.provider.fault("balance_words")
    assert (await post(client, server, action="balance")).json() == {
        "balance": "unlimited",
        "currency": "USD",
    }
    server.provider.fault("catalogue_words", ids=[1])
    server.provider.fault("catalogue_words", text="1,000")
    rates = [
        {one["rate"] for one in (await post(client, server, action="services")).json()}
        for _ in range(2)
    ]
    assert "free" in rates[0]
    assert len(rates[0]) > 2
    assert rates[1] == {"1,000"}


async def test_texts_are_the_operators(server, client):
    server.provider.fault("refuse", text="neworder.error.not_enough_funds")
    assert (await post(client, server, **ADD)).json() == {
        "error": "neworder.error.not_enough_funds"
    }


async def test_times_and_actions(server, client):
    server.provider.fault("null", "balance", times=2)
    server.provider.fault("empty", "services", times=0)
    seen = [(await post(client, server, action="balance")).text == "null" for _ in range(3)]
    assert seen == [True, True, False]
    assert [(await post(client, server, action="services")).text for _ in range(3)] == [""] * 3
    assert [fault["kind"] for fault in server.provider.state()["faults"]] == ["empty"]
    server.provider.clear_faults()
    assert len((await post(client, server, action="services")).json()) == 2002


async def test_ids_left_out(server, client):
    await post(client, server, **ADD)
    server.provider.fault("omit_ids")
    single = await post(client, server, action="status", order="9")
    # only calls of many ids meet this fault
    assert single.json() == {"error": "Incorrect order ID"}
    assert list((await post(client, server, action="status", orders="23501,9")).json()) == ["23501"]
    server.provider.fault("omit_ids", ids=[23501])
    assert list((await post(client, server, action="status", orders="23501,9")).json()) == ["9"]


@pytest.mark.parametrize("action", ["status", "refill", "cancel"])
async def test_a_bad_id_fails_all_and_nothing_is_done(server, client, action):
    await post(client, server, **ADD)
    server.provider.fault("bad_id_fails_all", times=0)
    answer = await post(client, server, action=action, orders="23501,9")
    assert (answer.status_code, answer.json()) == (400, {"error": "Incorrect order ID"})
    assert not server.provider.order(23501).cancel_asked
    answer = await post(client, server, action="status", orders="23501")
    assert list(answer.json()) == ["23501"]


async def test_catalogues_that_shrink(server, client):
    server.provider.fault("catalogue_empty")
    server.provider.fault("catalogue_half")
    assert (await post(client, server, action="balance")).json()["balance"] == "100.00"
    assert (await post(client, server, action="services")).json() == []
    assert len((await post(client, server, action="services")).json()) == 1001


async def test_the_newest_id_again(server, client):
    await post(client, server, **ADD)
    server.provider.fault("repeat_id")
    assert (await post(client, server, **ADD)).json() == {"order": 23501}
    assert orders(server) == 1


def test_unknown_kinds_and_impossible_wishes():
    provider = Provider()
    with pytest.raises(ValueError, match="unknown kind"):
        provider.fault("other")
    with pytest.raises(ValueError, match="always False"):
        provider.fault("drop_before", done=True)


def test_every_kind_is_tested_here():
    shaped = {name for name, kind in KINDS.items() if kind.way is Way.SHAPE}
    assert {*ANSWERED, *SILENT, "slow", *shaped} == set(KINDS)
