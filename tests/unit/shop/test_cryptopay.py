"""The client of Crypto Pay against the emulator: exact amounts, errors that say what may follow, no
token anywhere.
"""

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.crypto import CryptoBot
from playground.crypto.core import FIATS as TAKEN
from playground.crypto.web import serve_crypto
from shop.cryptopay.client import FIATS, CryptoPay, CryptoPayError, CryptoPayUnauthorizedError
from tests.fakes.crypto import crypto_transport

TOKEN = "42:s3cret/Token+1"
NOW = 1_790_000_000.25
ASK = {
    "amount": Decimal("12.50"),
    "fiat": "USD",
    "payload": "7",
    "description": "A top-up",
    "expires_in": 3600,
}


class Time:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def bot():
    return CryptoBot(TOKEN, Time())


@pytest.fixture
async def client(bot):
    client = CryptoPay(TOKEN, "https://pay.test", crypto_transport(bot))
    yield client
    await client.aclose()


def told_always(status, body, **headers):
    """A client whose every call gets this."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=headers))
    return CryptoPay(TOKEN, "https://pay.test", transport)


@pytest.fixture
async def answering():
    """As `told_always`, closed in the end."""
    async with AsyncExitStack() as stack:

        def make(status, body, **headers):
            client = told_always(status, body, **headers)
            stack.push_async_callback(client.aclose)
            return client

        yield make


def listed(*items):
    return json.dumps({"ok": True, "result": {"items": items}}).encode()


GOOD = {"invoice_id": 5, "status": "paid", "amount": "1", "fiat": "USD", "payload": "7"}


async def test_an_invoice_over_a_real_socket_from_asking_to_paid(caplog):
    caplog.set_level(logging.DEBUG)
    bot = CryptoBot(TOKEN, Time())
    async with serve_crypto(bot) as url:
        client = CryptoPay(TOKEN, f"{url}/")
        asked = await client.create_invoice(**ASK)
        assert (asked.status, asked.amount, asked.fiat, asked.payload) == (
            "active",
            Decimal("12.5"),
            "USD",
            "7",
        )
        assert asked.pay_url.startswith(f"{url}/pay/IV")
        assert (asked.paid_asset, asked.paid_amount, asked.paid_at) == (None, None, None)
        bot.pay(asked.invoice_id, "TON", "3")
        (paid,) = await client.invoices([asked.invoice_id])
        await client.aclose()
    assert (paid.status, paid.paid_asset, paid.paid_amount) == (
        "paid",
        "TON",
        Decimal("4.16666667"),
    )
    assert paid.paid_at == datetime.fromtimestamp(NOW, UTC)
    assert paid.amount == Decimal("12.5")
    assert "getInvoices" in caplog.text
    assert TOKEN not in caplog.text


async def test_whose_token_it_is(client):
    app = await client.me()
    assert (app.app_id, app.name, app.bot) == (42, "Playground", "CryptoTestnetBot")


async def test_an_invoice_expires_by_the_clock(bot, client):
    asked = await client.create_invoice(**ASK)
    bot.clock.now += 3600
    assert [each.status for each in await client.invoices([asked.invoice_id])] == ["expired"]


@given(units=st.integers(1, 10**18))
@settings(max_examples=50, deadline=None)
async def test_amounts_are_exact_to_the_last_millionth(units):
    bot, amount = CryptoBot(TOKEN), Decimal(units) / 1_000_000
    client = CryptoPay(TOKEN, transport=crypto_transport(bot))
    asked = await client.create_invoice(**ASK | {"amount": amount})
    await client.aclose()
    assert asked.amount == amount == bot.invoices[asked.invoice_id].amount


@pytest.mark.parametrize("written", ["1E+2", "100.00", "100"])
async def test_an_amount_is_sent_without_an_exponent(bot, written):
    sent = []

    def keep(request):
        sent.append(json.loads(request.content)["amount"])
        return httpx.Response(500)

    client = CryptoPay(TOKEN, transport=httpx.MockTransport(keep))
    with pytest.raises(CryptoPayError):
        await client.create_invoice(**ASK | {"amount": Decimal(written)})
    await client.aclose()
    assert sent == ["100"]


async def test_a_number_where_a_string_belongs_loses_no_digit(answering):
    body = (
        b'{"ok":true,"result":{"items":[{"invoice_id":5,"status":"paid",'
        b'"amount":0.1234567890123456789}]}}'
    )
    (read,) = await answering(200, body).invoices([5])
    assert read.amount == Decimal("0.1234567890123456789")


async def test_many_invoices_are_asked_in_batches_of_a_hundred(bot, client):
    ids = [(await client.create_invoice(**ASK)).invoice_id for _ in range(201)]
    bot.calls.clear()
    assert {each.invoice_id for each in await client.invoices(ids)} == set(ids)
    assert bot.calls == {"getInvoices": 3}
    assert await client.invoices([]) == []
    assert bot.calls == {"getInvoices": 3}


async def test_unknown_invoices_are_left_out_and_strange_ones_too(client, answering):
    asked = await client.create_invoice(**ASK)
    assert [each.invoice_id for each in await client.invoices([asked.invoice_id, 1])] == [
        asked.invoice_id
    ]
    assert await answering(200, listed(GOOD | {"invoice_id": 6})).invoices([5]) == []


async def test_one_odd_invoice_keeps_no_other_from_being_read(caplog, answering):
    odd = [None, {}, GOOD | {"amount": "NaN"}, GOOD | {"amount": None}, GOOD | {"status": []}, 7]
    (read,) = await answering(200, listed(*odd, GOOD)).invoices([5])
    assert (read.invoice_id, read.status, read.pay_url, read.paid_at) == (5, "paid", "", None)
    assert "6 of 7 invoices can't be read" in caplog.text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-08-23T09:36:31.568Z", datetime(2025, 8, 23, 9, 36, 31, 568000, UTC)),
        ("2025-08-23T12:36:31+03:00", datetime(2025, 8, 23, 9, 36, 31, tzinfo=UTC)),
        ("2025-08-23T09:36:31", datetime(2025, 8, 23, 9, 36, 31, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:00", None),
        ("yesterday", None),
        (5, None),
    ],
)
async def test_when_it_was_paid(written, read, answering):
    (paid,) = await answering(200, listed(GOOD | {"paid_at": written})).invoices([5])
    assert paid.paid_at == read


@pytest.mark.parametrize("change", [{"amount": "12.49"}, {"fiat": "RUB"}])
async def test_an_invoice_over_another_amount_is_refused(change, answering):
    told = (
        GOOD | {"status": "active", "amount": "12.5", "bot_invoice_url": "https://t.me/x"} | change
    )
    with pytest.raises(CryptoPayError, match="another amount") as caught:
        await answering(200, json.dumps({"ok": True, "result": told}).encode()).create_invoice(
            **ASK
        )
    assert not caught.value.retryable


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "https://t.me/a b", "https://t.me/" + "x" * 600]
)
async def test_an_invoice_that_nobody_could_open_is_none(url, answering):
    told = GOOD | {"status": "active", "amount": "12.5", "bot_invoice_url": url}
    with pytest.raises(CryptoPayError, match="without an invoice"):
        await answering(200, json.dumps({"ok": True, "result": told}).encode()).create_invoice(
            **ASK
        )


async def test_a_wrong_token_has_an_error_of_its_own(bot):
    client = CryptoPay("41:other", transport=crypto_transport(bot))
    with pytest.raises(CryptoPayUnauthorizedError, match="getMe: 401 UNAUTHORIZED") as caught:
        await client.me()
    await client.aclose()
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("kind", "said", "retryable"),
    [
        ("refuse", "createInvoice: 400 AMOUNT_TOO_SMALL", False),
        ("rate_limit_429", "createInvoice: 429 TOO_MANY", True),
        ("html_502", "createInvoice: HTTP 502 without an answer that can be read", True),
        ("null", "createInvoice: HTTP 200 without an answer that can be read", True),
        ("drop_after", "createInvoice: ReadTimeout: the answer was lost", True),
    ],
)
async def test_what_may_be_asked_again(bot, client, kind, said, retryable):
    bot.fault(kind, "createInvoice")
    with pytest.raises(CryptoPayError) as caught:
        await client.create_invoice(**ASK)
    assert (str(caught.value), caught.value.retryable) == (said, retryable)
    assert len(bot.invoices) == (kind == "drop_after")
    assert bot.calls["createInvoice"] == 1
    assert (await client.create_invoice(**ASK)).status == "active"


@pytest.mark.parametrize(
    ("code", "retryable"), [(403, False), (500, True), (5, True), (True, True), ("400", True)]
)
async def test_the_code_in_the_answer_decides(answering, code, retryable):
    body = json.dumps({"ok": False, "error": {"code": code, "name": "X"}}).encode()
    with pytest.raises(CryptoPayError) as caught:
        await answering(400, body).me()
    assert caught.value.retryable is retryable


@pytest.mark.parametrize("kind", ["hang_before", "hang_after", "drop_before", "drop_after"])
async def test_silence_on_a_real_socket_ends(bot, kind):
    async with serve_crypto(bot) as url:
        client = CryptoPay(TOKEN, url, timeout=0.2)
        bot.fault(kind)
        with pytest.raises(
            CryptoPayError, match=r"createInvoice: (no complete answer|ReadTimeout|Remote)"
        ) as caught:
            await client.create_invoice(**ASK)
        await client.aclose()
    assert caught.value.retryable
    assert len(bot.invoices) == kind.endswith("after")


async def test_an_answer_that_drips_is_cut_off_in_time():
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self):
            while True:
                yield b" "
                await asyncio.sleep(0.01)

    client = CryptoPay(
        TOKEN,
        transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=Drip())),
        timeout=0.1,
    )
    async with asyncio.timeout(5):
        with pytest.raises(CryptoPayError, match="no complete answer in time"):
            await client.me()
    await client.aclose()


async def test_an_endless_answer_is_cut_off(answering):
    with pytest.raises(CryptoPayError, match="larger than 8 MB"):
        await answering(200, b" " * (8 * 1024 * 1024 + 1)).me()


async def test_a_closed_client_raises_its_own_error(client):
    await client.aclose()
    with pytest.raises(CryptoPayError):
        await client.me()


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["1e99999", "NaN"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "ok",
                    "result",
                    "items",
                    "error",
                    "code",
                    "name",
                    "invoice_id",
                    "status",
                    "amount",
                    "fiat",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
BODIES = (
    st.binary(max_size=100)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | VALUES.map(
        lambda value: json.dumps(
            {"ok": True, "result": {"items": [value, GOOD | {"amount": value}]}}
        ).encode()
    )
    | VALUES.map(
        lambda value: json.dumps({"ok": True, "result": GOOD | {"paid_amount": value}}).encode()
    )
    | VALUES.map(
        lambda value: json.dumps({"ok": False, "error": {"code": value, "name": value}}).encode()
    )
    | st.sampled_from(
        [
            b"[" * 100_000,
            b'{"ok":true,"result":' + b"9" * 5000 + b"}",
            b"1e99999999999999999999",
            b"\xff\xfe",
        ]
    )
)


@given(
    body=BODIES,
    status=st.sampled_from([200, 204, 302, 400, 401, 500]),
    how=st.sampled_from(["", "gzip", "br", "x"]),
)
@settings(max_examples=150, deadline=None)
async def test_whatever_a_body_is_a_call_returns_or_raises_its_own_error(body, status, how):
    client = told_always(
        status, body, **{"Content-Encoding": how} if how and not body.startswith(b"{") else {}
    )
    for call in (client.me(), client.create_invoice(**ASK), client.invoices([5])):
        try:
            outcome = repr(await call)
        except CryptoPayError as error:
            outcome = f"{error!r} {error}"
        outcome.encode()  # no lone surrogate got through
        assert len(outcome) < 1000
    await client.aclose()


@pytest.mark.parametrize("token", ["", "a\nb", "ключ", " 1:a"])
def test_a_token_that_no_header_can_hold_is_refused_without_being_told(token):
    with pytest.raises(ValueError, match="what no header can") as caught:
        CryptoPay(token)
    assert str(caught.value) == "the token of Crypto Pay holds what no header can"


async def test_the_token_is_in_no_error_representation_or_log(caplog, answering):
    caplog.set_level(logging.DEBUG)

    def fail(request):
        raise httpx.ConnectError(
            f"while asking with {request.headers['Crypto-Pay-API-Token']}", request=request
        )

    client = CryptoPay(TOKEN, transport=httpx.MockTransport(fail))
    with pytest.raises(CryptoPayError) as caught:
        await client.me()
    await client.aclose()
    error = caught.value
    assert str(error) == "getMe: ConnectError: while asking with ***"
    assert error.__context__ is None  # httpx's error holds the request and its headers
    said = [f"{client!r} {vars(error)} {error!r}", caplog.text]
    echoed = json.dumps({"ok": False, "error": {"code": 400, "name": f"BAD_{TOKEN}"}}).encode()
    with pytest.raises(CryptoPayError) as caught:
        await answering(400, echoed, Location=TOKEN).me()
    said.append(str(caught.value))
    assert not any(TOKEN in text for text in said)
    assert said[-1] == "getMe: 400 BAD_***"


async def test_a_closed_client_leaves_no_filter_behind():
    before = list(logging.getLogger("httpx").filters)
    client = CryptoPay(TOKEN, transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    assert len(logging.getLogger("httpx").filters) == len(before) + 1
    await client.aclose()
    assert logging.getLogger("httpx").filters == before


def test_the_currencies_are_those_that_are_taken():
    assert FIATS == TAKEN
