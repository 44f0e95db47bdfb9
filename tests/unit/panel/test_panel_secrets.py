"""The API key stays out of errors, representations and logs; parameters travel where the profile
says.
"""

import json
import logging
from urllib.parse import quote, quote_plus

import httpx
import pytest

from panel import NotSent, OutcomeUnknown, PanelClient, PanelError, Profile, Rejected
from panel.redaction import Redactor
from tests.fakes.panel import KEY, FakePanel

FORMS = [
    KEY,
    KEY.upper(),
    quote(KEY, safe=""),
    quote_plus(KEY),
    quote(KEY, safe="").lower(),
    KEY.replace("/", "\\/"),
]


def leaks(text: str) -> bool:
    return any(form.lower() in text.lower() for form in FORMS)


@pytest.mark.parametrize("form", FORMS)
async def test_an_echoed_key(form: str) -> None:
    async with FakePanel({"error": f"Invalid API key {form}!"}).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", {})
    assert caught.value.text == "Invalid API key ***!"
    assert not leaks(f"{caught.value!r} {caught.value} {vars(caught.value)}")


async def test_evidence_is_short_and_without_the_key() -> None:
    async with FakePanel(f"<html>{KEY * 200_000}", 500).client() as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await client.add("1", {})
    assert len(caught.value.evidence) == 500
    assert set(caught.value.evidence) == set("<html>*")


async def test_items_and_states() -> None:
    answer = {
        "1": f"no such order for {KEY}",
        "2": {"status": f"odd {KEY}"},
        "3": {"error": f"{KEY}"},
    }
    async with FakePanel(answer).client() as client:
        assert not leaks(repr(await client.statuses(["1", "2", "3"])))


@pytest.mark.parametrize(
    "exception", [httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError, KeyError]
)
async def test_network_errors_carry_nothing(exception: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise exception(f"while asking {request.url} with {KEY}")

    profile = Profile(url="https://p.example", key=KEY, parameters="query")
    async with PanelClient(profile, transport=httpx.MockTransport(fail)) as client:
        with pytest.raises(PanelError) as caught:
            await client.add("1", {})
    error: BaseException | None = caught.value
    assert error is not None
    assert error.__context__ is None
    assert not leaks(f"{error!r} {vars(error)}")


@pytest.mark.parametrize("where", ["body", "query", "both"])
async def test_where_parameters_travel(where: str) -> None:
    panel = FakePanel({"status": "Pending"})
    async with panel.client(parameters=where, url="https://panel.example/api.php?v=2") as client:
        await client.status("5")
    request = panel.requests[0]
    own = {"order": "5", "key": KEY, "action": "status"}
    assert request.method == "POST"
    assert dict(request.url.params) == {"v": "2"} | (own if where != "body" else {})
    assert bool(request.content) is (where != "query")
    if where != "query":
        assert panel.sent[0] == own


async def test_parameters_as_a_json_body() -> None:
    panel = FakePanel({"order": 1})
    async with panel.client(
        parameters="json", url="https://panel.example/api?v=2", add_extra={"x": "1"}
    ) as client:
        await client.add("1", {"link": 'https://e.com/?a=b&c="d"', "comments": "one\nдва 😀"})
    request = panel.requests[0]
    assert request.headers["Content-Type"] == "application/json"
    assert dict(request.url.params) == {"v": "2"}
    assert json.loads(request.content) == {
        "x": "1",
        "service": "1",
        "link": 'https://e.com/?a=b&c="d"',
        "comments": "one\nдва 😀",
        "key": KEY,
        "action": "add",
    }


@pytest.mark.parametrize("key", ['a"b/c', "ключ/1", "back\\slash/", "tab\tkey/"])
async def test_an_echoed_json_body_keeps_the_key_in(key: str) -> None:
    """Panels that print what they got: as it was sent, and as PHP writes it, with slashes
    escaped.
    """
    for body in (json.dumps({"key": key}), json.dumps({"key": key}).replace("/", "\\/")):
        async with FakePanel(f"<pre>{body}</pre>").client(parameters="json", key=key) as client:
            with pytest.raises(OutcomeUnknown) as caught:
                await client.add("1", {})
        assert caught.value.evidence == '<pre>{"key": "***"}</pre>'


async def test_the_logs_of_httpx(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakePanel({"status": "Pending"}).client(parameters="query") as client:
        await client.status("5")
    asked = [record.getMessage() for record in caplog.records if record.name == "httpx"]
    assert any("order=5" in line and "***" in line for line in asked)
    assert not any(leaks(line) for line in asked)
    assert not any(leaks(repr(record.args)) for record in caplog.records)


async def test_a_closed_client_leaves_no_filter_behind() -> None:
    before = list(logging.getLogger("httpx").filters)
    async with FakePanel({}).client():
        assert len(logging.getLogger("httpx").filters) == len(before) + 1
    assert logging.getLogger("httpx").filters == before


async def test_the_user_agent_is_the_profile_s() -> None:
    panel = FakePanel({"balance": 1})
    async with panel.client(user_agent="curl/8") as client:
        await client.balance()
    assert panel.requests[0].headers["User-Agent"] == "curl/8"


async def test_redirects_are_not_followed() -> None:
    panel = FakePanel("", 307, Location="https://elsewhere.example/")
    async with panel.client() as client:
        with pytest.raises(NotSent):
            await client.add("1", {})
    assert [request.url.host for request in panel.requests] == ["panel.example"]


@pytest.mark.parametrize("key", ["", "k", "é\ud800", 'quo"te', "a b", "x" * 5000])
def test_any_key(key: str) -> None:
    redact = Redactor(key)
    assert redact.excerpt("a text", 3) == "a t"
    assert not key or key not in redact(f"1 {key} 2 {json.dumps(key)}")
