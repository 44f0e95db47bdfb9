"""Stars: paying, being refused, refunds, the statement."""

import pytest

from playground.telegram import BotApi


@pytest.fixture
def api():
    api = BotApi()
    api.person(id=1001, started=True)
    return api


def ask(api, method, **params):
    body = api.call(api.token, method, params)[1]
    return body["result"] if body["ok"] else body["description"].removeprefix("Bad Request: ")


INVOICE = {
    "title": "Top-up",
    "description": "50 Stars",
    "payload": "invoice 7",
    "currency": "XTR",
    "prices": [{"label": "Stars", "amount": 50}],
}


def till(api, *, ok):
    seen = []

    async def pump(update):
        seen.append(update)
        if query := update.get("pre_checkout_query"):
            answer = {"pre_checkout_query_id": query["id"], "ok": ok, "error_message": "Too late"}
            assert ask(api, "answerPreCheckoutQuery", **answer) is True

    api.on_update = pump
    return seen


async def test_paying_and_getting_it_back(api):
    seen, ann = till(api, ok=True), api.person(id=1001)
    ask(api, "sendInvoice", chat_id=1001, **INVOICE)
    await ann.press("Pay")
    paid = seen[-1]["message"]["successful_payment"]
    assert (paid["total_amount"], paid["invoice_payload"]) == (50, "invoice 7")
    assert ask(api, "getMyStarBalance") == {"amount": 50}
    refund = {"user_id": 1001, "telegram_payment_charge_id": paid["telegram_payment_charge_id"]}
    assert ask(api, "refundStarPayment", **refund) is True
    assert ask(api, "refundStarPayment", **refund) == "CHARGE_ALREADY_REFUNDED"
    assert ask(api, "refundStarPayment", user_id=1001, telegram_payment_charge_id="x") == "CHARGE_NOT_FOUND"
    await api.pump()
    assert seen[-1]["message"]["refunded_payment"]["total_amount"] == 50
    came, went = ask(api, "getStarTransactions")["transactions"]
    assert came["id"] == went["id"]
    assert ("source" in came, "receiver" in went) == (True, True)
    assert ask(api, "getMyStarBalance") == {"amount": 0}


async def test_being_refused(api):
    seen, ann = till(api, ok=False), api.person(id=1001)
    link = ask(api, "createInvoiceLink", **INVOICE)
    await ann.pay(link)
    assert len(seen) == 1
    assert ann.toast == "Too late"
    assert ask(api, "getStarTransactions") == {"transactions": []}


async def test_one_invoice_can_be_paid_twice(api):
    till(api, ok=True)
    ask(api, "sendInvoice", chat_id=1001, **INVOICE)
    await api.person(id=1001).pay()
    await api.person(id=1001).pay()
    first, second = ask(api, "getStarTransactions")["transactions"]
    assert first["id"] != second["id"]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
        ({"description": "x" * 256}, "INVOICE_DESCRIPTION_INVALID"),
        ({"payload": "я" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"currency": "USD"}, "CURRENCY_INVALID"),
        ({"prices": INVOICE["prices"] * 2}, "STARS_INVOICE_INVALID"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}},
            "REPLY_MARKUP_BUY_EMPTY",
        ),
    ],
)
def test_bad_invoices(api, changed, text):
    assert ask(api, "sendInvoice", chat_id=1001, **{**INVOICE, **changed}) == text
