"""The emulator of Crypto Pay: the shapes of its answers, what it refuses, and the page on which a
person pays.
"""

import httpx
import pytest

from playground.crypto import CryptoBot
from playground.crypto.web import serve_crypto
from playground.demo import start_playground

ASK = {
    "currency_type": "fiat",
    "fiat": "USD",
    "amount": "5.00",
    "payload": "7",
    "description": "<b>Gift",
    "expires_in": 60,
}


class Time:
    now = 1_790_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def bot():
    return CryptoBot(clock=Time())


@pytest.fixture
async def base(bot):
    async with serve_crypto(bot) as url:
        yield url


@pytest.fixture
async def http(bot, base):
    headers = {"Crypto-Pay-API-Token": bot.token}
    async with httpx.AsyncClient(
        base_url=base, headers=headers, timeout=5, trust_env=False
    ) as client:
        yield client


async def call(http, method, **fields):
    return (await http.post(f"/api/{method}", json=fields)).json()


async def test_a_new_invoice(bot, http, base):
    told = (await call(http, "createInvoice", **ASK))["result"]
    (invoice,) = bot.invoices.values()
    assert told.pop("accepted_assets")[0] == "USDT"
    urls = {
        told.pop(name)
        for name in ("pay_url", "bot_invoice_url", "mini_app_invoice_url", "web_app_invoice_url")
    }
    assert urls == {f"{base}/pay/{invoice.hash}"}
    assert told == {
        "invoice_id": 32_000_001,
        "hash": invoice.hash,
        "currency_type": "fiat",
        "fiat": "USD",
        "amount": "5",
        "status": "active",
        "created_at": "2026-09-21T14:13:20.000Z",
        "expiration_date": "2026-09-21T14:14:20.000Z",
        "allow_comments": True,
        "allow_anonymous": True,
        "description": "<b>Gift",
        "payload": "7",
    }


async def test_a_paid_invoice(bot, http):
    await call(http, "createInvoice", **ASK)
    bot.pay(32_000_001, "TON", "2.5")
    (told,) = (await call(http, "getInvoices", invoice_ids="32000001"))["result"]["items"]
    assert told["status"] == "paid"
    assert {name: told[name] for name in told if name.startswith(("paid", "fee"))} == {
        "paid_asset": "TON",
        "paid_amount": "2",
        "paid_fiat_rate": "2.5",
        "paid_usd_rate": "2.5",
        "fee_asset": "TON",
        "fee_amount": "0.06",
        "paid_at": "2026-09-21T14:13:20.000Z",
        "paid_anonymously": False,
    }
    with pytest.raises(ValueError, match="is paid"):
        bot.pay(32_000_001)


async def test_invoices_are_listed_newest_first_by_id_state_and_place(bot, http):
    for fiat in ("USD", "EUR", "USD"):
        await call(http, "createInvoice", **ASK | {"fiat": fiat})
    bot.pay(32_000_002)

    async def ids(**fields):
        return [
            each["invoice_id"] - 32_000_000
            for each in (await call(http, "getInvoices", **fields))["result"]["items"]
        ]

    assert await ids() == [3, 2, 1]
    assert await ids(status="paid") == [2]
    assert await ids(fiat="USD") == [3, 1]
    assert await ids(offset=1, count=1) == [2]
    assert await ids(invoice_ids="32000001, 32000003, 9") == [3, 1]
    bot.clock.now += 60
    assert await ids(status="active") == []
    assert await ids(status="expired") == [3, 1]
    with pytest.raises(ValueError, match="is expired"):
        bot.pay(32_000_001)


async def test_parameters_may_come_in_the_query_or_a_form(http):
    assert (await http.get("/api/createInvoice", params=ASK)).json()["ok"]
    assert (await http.post("/api/createInvoice", data=ASK)).json()["ok"]
    assert (await http.get("/api/getMe")).json() == {
        "ok": True,
        "result": {
            "app_id": 42,
            "name": "Playground",
            "payment_processing_bot_username": "CryptoTestnetBot",
        },
    }


@pytest.mark.parametrize(
    ("method", "change", "code", "name"),
    [
        ("createInvoice", {"expires_in": 0}, 400, "EXPIRES_IN_INVALID"),
        ("createInvoice", {"expires_in": 2_678_401}, 400, "EXPIRES_IN_INVALID"),
        ("createInvoice", {"amount": 5.0}, 400, "AMOUNT_INVALID"),
        ("createInvoice", {"amount": "-1"}, 400, "AMOUNT_INVALID"),
        ("createInvoice", {"fiat": "XXX"}, 400, "FIAT_INVALID"),
        ("createInvoice", {"currency_type": "crypto"}, 400, "CURRENCY_TYPE_INVALID"),
        ("createInvoice", {"description": "x" * 1025}, 400, "DESCRIPTION_TOO_LONG"),
        ("createInvoice", {"payload": "ж" * 2049}, 400, "PAYLOAD_TOO_LONG"),
        ("getInvoices", {"invoice_ids": [1, 2]}, 500, "APP_ERROR"),
        ("getInvoices", {"invoice_ids": "1;2"}, 400, "INVOICE_IDS_INVALID"),
        ("getInvoices", {"count": 1001}, 400, "COUNT_INVALID"),
        ("getMoney", {}, 405, "METHOD_NOT_FOUND"),
    ],
)
async def test_what_is_refused(bot, http, method, change, code, name):
    answer = await http.post(f"/api/{method}", json=ASK | change)
    assert (answer.status_code, answer.json()) == (
        code,
        {"ok": False, "error": {"code": code, "name": name}},
    )
    assert not bot.invoices


@pytest.mark.parametrize("token", ["", "42:other"])
async def test_another_token_is_refused_before_anything_else(bot, http, token):
    answer = await http.post(
        "/api/createInvoice", json=ASK, headers={"Crypto-Pay-API-Token": token}
    )
    assert (answer.status_code, answer.json()) == (
        401,
        {"ok": False, "error": {"code": 401, "name": "UNAUTHORIZED"}},
    )
    assert not bot.invoices


async def test_trouble_to_order(bot, http):
    bot.fault("html_502", "createInvoice")
    assert (await http.post("/api/createInvoice", json=ASK)).status_code == 502
    bot.fault("drop_after", "createInvoice")
    with pytest.raises(httpx.RemoteProtocolError):
        await http.post("/api/createInvoice", json=ASK)
    assert len(bot.invoices) == 1
    bot.fault("refuse", text="METHOD_DISABLED")
    assert (await call(http, "getMe"))["error"]["name"] == "METHOD_DISABLED"
    with pytest.raises(ValueError, match="knows no catalogue_empty"):
        bot.fault("catalogue_empty")


async def test_a_person_pays_on_the_page(bot, http, base):
    url = (await call(http, "createInvoice", **ASK))["result"]["bot_invoice_url"]
    page = await http.get(url)
    assert "&lt;b&gt;Gift" in page.text
    assert "5 USD" in page.text
    assert "<button" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for _ in range(2):  # pressed twice is paid once
        paid = await http.post(url, follow_redirects=True)
        assert "Paid." in paid.text
        assert "<button" not in paid.text
    assert bot.invoices[32_000_001].status(bot.clock()) == "paid"
    assert (await http.get(f"{base}/pay.css")).status_code == 200
    assert (await http.get(f"{base}/pay/IVnone")).status_code == 404


async def test_the_page_of_an_expired_invoice_takes_nothing(bot, http):
    url = (await call(http, "createInvoice", **ASK))["result"]["bot_invoice_url"]
    bot.clock.now += 61
    assert "has expired" in (await http.post(url, follow_redirects=True)).text
    assert not bot.invoices[32_000_001].paid


async def test_the_playground_has_it_on_its_own_port():
    async with start_playground() as pg, httpx.AsyncClient(trust_env=False) as http:
        headers = {"Crypto-Pay-API-Token": pg.crypto_token}
        answer = await http.post(f"{pg.crypto_url}/api/createInvoice", json=ASK, headers=headers)
        url = answer.json()["result"]["bot_invoice_url"]
        assert url.startswith(f"{pg.url}/crypto/pay/")
        assert "Paid." in (await http.post(url, follow_redirects=True)).text
        assert (await http.get(f"{pg.crypto_url}/pay.css")).status_code == 200
    (invoice,) = pg.crypto.invoices.values()
    assert invoice.paid
