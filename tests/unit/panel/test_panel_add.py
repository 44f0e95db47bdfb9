"""`add`: every answer is an order, a refusal, or an unknown outcome."""

import gzip
from decimal import Decimal

import pytest

from panel import (
    Accepted,
    Meaning,
    NotSent,
    OutcomeUnknown,
    PanelClient,
    PanelError,
    Profile,
    Rejected,
)
from tests.fakes.panel import KEY, FakePanel

LINK = {"link": "https://example.com/p", "quantity": "100"}
CRASH = '{"order":1,"charge":1200,"currency":"UZS"}string(76) "Failed to connect to ..."'

ACCEPTED = [
    ({"order": 23501}, "23501"),
    ({"status": 100, "order": "5"}, "5"),
    ({"status": "success", "order": "77"}, "77"),
    ({"order": "ord_01HGZX"}, "ord_01HGZX"),
    ({"order": "507f1f77bcf86cd799439011"}, "507f1f77bcf86cd799439011"),
    ({"order": "101429abc-x"}, "101429abc-x"),
    ({"order": 12.0}, "12"),
    ({"order_id": "8"}, "8"),
    ({"order": 0, "order_id": 8}, "8"),
    ({"data": {"order": 9}}, "9"),
    ({"order": 4, "error": "Not enough funds"}, "4"),
    ({"order": 4, "error": None}, "4"),
    ('{"order": 5, "charge": NaN}', "5"),
    ('{"order": 5, "charge": ' + "9" * 5000 + "}", "5"),
    ('{"order": 1, "order": 2}', "2"),
    ('\ufeff\n\n {"order": 6}', "6"),
    ('{"order": 6}<br />Notice: undefined', "6"),
    (CRASH, "1"),
]


@pytest.mark.parametrize(("answer", "order"), ACCEPTED)
@pytest.mark.parametrize("code", [200, 201, 302, 400, 500])
async def test_a_usable_id_is_an_order(answer: object, order: str, code: int) -> None:
    panel = FakePanel(answer, code)
    async with panel.client() as client:
        assert (await client.add("1", LINK)).order == order
    assert len(panel.requests) == 1


async def test_charge_and_currency() -> None:
    async with FakePanel(CRASH).client() as client:
        assert await client.add("1", LINK) == Accepted("1", Decimal(1200), "UZS")


REJECTED = [
    ({"error": "Not enough funds"}, 200, Meaning.FUNDS, "Not enough funds"),
    (
        {"error": "neworder.error.not_enough_funds"},
        200,
        Meaning.FUNDS,
        "neworder.error.not_enough_funds",
    ),
    ({"error": "neworder.error.link_duplicate"}, 200, Meaning.BUSY_LINK, None),
    ({"error": "You have active order with this link"}, 200, Meaning.BUSY_LINK, None),
    ({"error": "Bad link", "status": "105"}, 200, Meaning.LINK, "Bad link"),
    ({"error": "Bad link", "status": 105}, 400, Meaning.LINK, "Bad link"),
    (
        {"error": {"code": "x", "message": "Quantity less than minimal 10"}},
        422,
        Meaning.QUANTITY,
        None,
    ),
    (
        {"error": True, "message": "Incorrect service ID"},
        404,
        Meaning.BAD_SERVICE,
        "Incorrect service ID",
    ),
    ({"error": 1, "msg": "Incorrect service ID"}, 404, Meaning.BAD_SERVICE, "Incorrect service ID"),
    ({"status": "error", "message": "Invalid API key"}, 200, Meaning.BAD_KEY, "Invalid API key"),
    (
        {"status": "error", "msg": "Rate limit exceeded for this API key"},
        200,
        Meaning.RATE_LIMIT,
        None,
    ),
    ({"status": "error"}, 200, Meaning.OTHER, "error"),
    (
        {"detail": [{"loc": ["link"], "msg": "field required"}]},
        422,
        Meaning.OTHER,
        "field required",
    ),
    ({"errors": {"link": ["Bad link"]}}, 422, Meaning.LINK, "Bad link"),
    ({"message": "Unauthenticated."}, 401, Meaning.BAD_KEY, "Unauthenticated."),
    ({"error": "Ошибка"}, 400, Meaning.OTHER, "Ошибка"),
    ({"error": "Insufficient balance", "code": 402, "request_id": "r1"}, 402, Meaning.FUNDS, None),
    ({"order": {"error": "Bad link"}}, 200, Meaning.LINK, "Bad link"),
    ({"order": 0, "error": "Internal server error"}, 200, Meaning.TEMPORARY, None),
    ({"error": "слишком часто"}, 429, Meaning.RATE_LIMIT, None),
]


@pytest.mark.parametrize(("answer", "code", "meaning", "text"), REJECTED)
async def test_an_explicit_error_is_a_refusal(
    answer: object, code: int, meaning: Meaning, text: str | None
) -> None:
    async with FakePanel(answer, code).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", LINK)
    assert caught.value.meaning is meaning
    assert caught.value.code == code
    assert text is None or caught.value.text == text


UNKNOWN = [
    ("null", 200),
    ("", 200),
    (" \n ", 200),
    ("", 500),
    ("<html>Just a moment...</html>", 200),
    ("<html>", 403),
    ("<html>", 502),
    ({}, 200),
    ([], 200),
    ("5", 200),
    ('"Incorrect API key"', 200),
    ({"order": 0}, 200),
    ({"order": ""}, 200),
    ({"order": None}, 200),
    ({"order": True}, 200),
    ({"order": "success"}, 200),
    ({"order": "accepted with thanks 1"}, 200),
    ({"order": -1}, 200),
    ({"status": "success"}, 200),
    ({"message": "queued"}, 200),
    ({"message": "gateway time-out"}, 408),
    ({"order": 0, "error": False}, 200),
    ({"error": "Internal Server Error"}, 500),  # the framework's own crash: no definite answer
    ({"error": "temporarily unavailable"}, 503),
    ({"detail": "Internal Server Error"}, 500),
    ('{"order": 5', 200),
    ('{"order"' + ":" * 9, 200),
    ("[" * 100_000, 200),
    ('{"a":' * 100_000, 200),
    ("NaN", 200),
    ("9" * 5000, 200),
    (b"\xff\xfe\x00", 200),
]


@pytest.mark.parametrize(("answer", "code"), UNKNOWN)
async def test_everything_else_is_unknown(answer: object, code: int) -> None:
    panel = FakePanel(answer, code)
    async with panel.client() as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await client.add("1", LINK)
    assert len(panel.requests) == 1
    assert caught.value.code == code
    assert len(caught.value.evidence) <= 500


async def test_fields_are_sent_as_a_form() -> None:
    panel = FakePanel({"order": 1})
    extra = {"request_id": "7", "quantity": "never", "key": "never"}
    async with panel.client(add_extra=extra) as client:
        await client.add(
            "12", {"link": "https://e.com/?a=b&c=d", "comments": "one\nдва", "quantity": "2"}
        )
    assert panel.sent == [
        {
            "request_id": "7",
            "quantity": "2",
            "link": "https://e.com/?a=b&c=d",
            "comments": "one\nдва",
            "service": "12",
            "key": KEY,
            "action": "add",
        }
    ]
    assert panel.requests[0].method == "POST"
    assert panel.requests[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert panel.requests[0].headers["Connection"] == "close"


async def test_a_lone_surrogate_is_refused_before_sending() -> None:
    panel = FakePanel({"order": 1})
    async with panel.client() as client:
        with pytest.raises(Rejected, match="link"):
            await client.add("1", {"link": "https://e.com/\ud800"})
    assert panel.requests == []


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7.0), ("1.5", 1.5), ("soon", None), ("inf", None), ("-3", 0.0)]
)
async def test_retry_after(said: str, seconds: float | None) -> None:
    async with FakePanel(
        {"error": "Too many requests"}, 429, **{"Retry-After": said}
    ).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", LINK)
    assert caught.value.retry_after == seconds


async def test_retry_after_as_a_date() -> None:
    date = {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}
    async with FakePanel({"error": "Too many requests"}, 429, **date).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", LINK)
    assert caught.value.retry_after == 3600
    assert caught.value.asked_to_wait
    assert caught.value.asked_to_wait > 1e6


@pytest.mark.parametrize(
    "url", ["", "panel", "ftp://x/", "http://", "http://a..b/", "http://[::1/", "http://x:99999/"]
)
async def test_an_unusable_url_is_never_sent(url: str) -> None:
    async with PanelClient(Profile(url=url, key=KEY)) as client:
        with pytest.raises(NotSent):
            await client.add("1", LINK)


async def test_a_closed_client_sends_nothing() -> None:
    panel = FakePanel({"order": 1})
    client = panel.client()
    await client.aclose()
    with pytest.raises(NotSent):
        await client.add("1", LINK)


async def test_packed_answers_are_unpacked_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = FakePanel(gzip.compress(b'{"order": 3}'), 200, **{"Content-Encoding": "gzip"})
    async with packed.client() as client:
        assert (await client.add("1", LINK)).order == "3"
    monkeypatch.setattr("panel.transport.LARGEST_ANSWER", 1000)
    for answer, headers in [
        (gzip.compress(b" " * 100_000 + b'{"order": 3}'), {"Content-Encoding": "gzip"}),
        (b" " * 1001, {}),
        (b"{}", {"Content-Encoding": "gzip, gzip"}),
        (b"no gzip", {"Content-Encoding": "gzip"}),
    ]:
        async with FakePanel(answer, 200, **headers).client() as client:
            with pytest.raises(PanelError) as caught:
                await client.add("1", LINK)
            assert isinstance(caught.value, OutcomeUnknown)
