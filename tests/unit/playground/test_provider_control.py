"""The control over HTTP, and the ways a request's parameters may arrive."""

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
    async with serve_provider(Provider(unix=lambda: 1_700_000_000.0)) as running:
        yield running


@pytest.fixture
async def client():
    async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
        yield http


async def test_state(server, client):
    await client.post(server.url, data=ADD)
    await client.post(server.url, data=ADD | {"service": "6"})
    state = (await client.get(f"{server.control_url}/state")).json()
    assert {name: state[name] for name in ("balance", "currency", "dialect")} == {
        "balance": "99.79",
        "currency": "USD",
        "dialect": "documented",
    }
    assert state["calls"] == {"add": 2}
    assert state["faults"] == []
    assert [order["id"] for order in state["orders"]] == [23502, 23501]
    assert state["orders"][1] == {
        "id": 23501,
        "service": "1",
        "service_name": "Followers",
        "link": "https://example.org/page",
        "quantity": 100,
        "charge": "0.09",
        "status": "Pending",
        "start_count": None,
        "remains": 100,
        "created": 1_700_000_000.0,
        "parent": None,
    }


async def test_state_shows_the_newest_hundred(server, client):
    for number in range(103):
        await client.post(server.url, data=ADD | {"link": f"https://example.org/{number}"})
    shown = (await client.get(f"{server.control_url}/state")).json()["orders"]
    assert [shown[0]["id"], shown[-1]["id"], len(shown)] == [23603, 23504, 100]


async def test_faults(server, client):
    await client.post(
        f"{server.control_url}/fault", json={"action": "balance", "kind": "null", "times": 0}
    )
    assert server.provider.state()["faults"][0]["kind"] == "null"
    assert (await client.post(server.url, data={"action": "balance"})).text == "null"
    await client.delete(f"{server.control_url}/fault")
    assert server.provider.state()["faults"] == []


async def test_changes(server, client):
    await client.post(server.url, data=ADD)
    for name, body in (
        ("order", {"id": 23501, "status": "Partial", "remains": 40, "start_count": 5}),
        ("balance", {"balance": "5"}),
        ("service", {"service": 1, "rate": "2", "min": 1}),
        ("service", {"service": 2, "removed": True}),
        ("service", {"service": 6, "nature": "canceled"}),
        ("settings", {"dialect": "strict", "speed": 10}),
    ):
        answer = await client.post(f"{server.control_url}/{name}", json=body)
        assert answer.json() == {"ok": True}
    state = server.provider.state()
    assert (state["balance"], state["dialect"], state["speed"]) == ("5.00", "strict", 10.0)
    assert [
        state["orders"][0][name] for name in ("status", "remains", "start_count", "charge")
    ] == [
        "Partial",
        40,
        5,
        "0.054",
    ]
    assert server.provider.catalogue.raw()[0]["rate"] == "2"
    assert len(server.provider.catalogue) == 2001


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("fault", {"kind": "other"}),
        ("fault", {"kind": "null", "colour": "red"}),
        ("order", {"id": 9, "status": "Completed"}),
        ("refill", {"id": 9, "status": "Rejected"}),
        ("refill", {"id": "x", "status": "Rejected"}),
        ("balance", {}),
        ("balance", {"balance": "much"}),
        ("service", {"service": 99999, "rate": "1"}),
        ("service", {"service": 1, "nature": "kind"}),
        ("settings", {"dialect": "other"}),
    ],
)
async def test_mistakes_are_told(server, client, name, body):
    answer = await client.post(f"{server.control_url}/{name}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_parameters_in_the_query_count_too(server, client):
    assert (await client.post(server.url, params=ADD)).json() == {"order": 23501}
    both = await client.post(
        server.url, params={"order": "9"}, data=ADD | {"action": "status", "order": "23501"}
    )
    assert both.json()["status"] == "Pending"


async def test_a_panel_that_reads_status_from_the_query_alone(server, client):
    server.provider.query_only = frozenset({"status"})
    await client.post(server.url, data=ADD)
    asked = {"key": "demo-key", "action": "status"}
    assert "error" in (await client.post(server.url, data=asked | {"order": "23501"})).json()
    answer = await client.post(server.url, params={"order": "23501"}, data=asked)
    assert answer.json()["status"] == "Pending"


async def test_json_bodies_are_not_read(server, client):
    assert (await client.post(server.url, json=ADD)).json() == {"error": "Invalid API key"}


async def test_get_is_refused(server, client):
    assert (await client.get(server.url, params=ADD)).json() == {
        "error": "Incorrect request method"
    }


async def test_a_firewall_may_dislike_an_agent(server, client):
    server.provider.blocked_agent = "python-httpx"
    answer = await client.post(server.url, data=ADD)
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    other = await client.post(server.url, data=ADD, headers={"User-Agent": "Mozilla/5.0"})
    assert other.json() == {"order": 23501}


async def test_a_port_can_be_taken_again(client):
    provider = Provider()
    async with serve_provider(provider) as first:
        await client.post(first.url, data=ADD)
        port = httpx.URL(first.url).port
    with pytest.raises(httpx.TransportError):
        await client.post(first.url, data=ADD)
    async with serve_provider(provider, port=port) as second:
        assert second.url == first.url
        assert (await client.post(second.url, data=ADD | {"action": "balance"})).json()[
            "balance"
        ] == "99.91"
