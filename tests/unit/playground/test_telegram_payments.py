"""Stars: paying, being refused, refunds, the statement."""

import asyncio

import pytest

from playground.provider.testing import HandClock
from playground.telegram import BotApi, Outcome
from playground.telegram.queries import TOO_OLD


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
    assert paid["provider_payment_charge_id"] == ""
    refund = {"user_id": 1001, "telegram_payment_charge_id": paid["telegram_payment_charge_id"]}
    assert ask(api, "refundStarPayment", **refund) is True
    assert ask(api, "refundStarPayment", **refund) == "CHARGE_ALREADY_REFUNDED"
    assert ask(api, "refundStarPayment", **refund | {"user_id": 1002}) == "CHARGE_NOT_FOUND"
    assert (
        ask(api, "refundStarPayment", user_id=1001, telegram_payment_charge_id="x")
        == "CHARGE_NOT_FOUND"
    )
    assert (
        ask(api, "refundStarPayment", telegram_payment_charge_id="x") == "invalid user_id specified"
    )
    assert (
        ask(api, "refundStarPayment", user_id=1001)
        == 'parameter "telegram_payment_charge_id" is required'
    )
    await api.pump()
    assert seen[-1]["message"]["refunded_payment"]["total_amount"] == 50
    came, went = ask(api, "getStarTransactions")["transactions"]
    assert came["id"] == went["id"]
    assert ("source" in came, "receiver" in went) == (True, True)
    assert ask(api, "getMyStarBalance") == {"amount": 0}


async def test_being_refused(api):
    seen, ann = till(api, ok=False), api.person(id=1001)
    link = ask(api, "createInvoiceLink", **INVOICE)
    done = await ann.pay(link)
    assert (done.outcome, done.refusal, done.charge_id) == (Outcome.REFUSED, "Too late", "")
    assert len(seen) == 1
    assert ann.toast == "Too late"
    assert ask(api, "getStarTransactions") == {"transactions": []}


async def test_a_refusal_needs_its_words(api):
    ask(api, "sendInvoice", chat_id=1001, **INVOICE)
    checkout = await api.person(id=1001).checkout()
    refusal = {"pre_checkout_query_id": checkout.id, "ok": False}
    assert ask(api, "answerPreCheckoutQuery", **refusal) == 'parameter "error_message" is required'
    assert checkout.outcome is Outcome.WAITING


async def test_one_invoice_can_be_paid_twice(api):
    till(api, ok=True)
    ask(api, "sendInvoice", chat_id=1001, **INVOICE)
    first, second = await api.person(id=1001).pay(), await api.person(id=1001).pay()
    assert first.outcome is second.outcome is Outcome.PAID
    assert first.charge_id != second.charge_id
    told = ask(api, "getStarTransactions")["transactions"]
    assert [transaction["id"] for transaction in told] == [first.charge_id, second.charge_id]
    assert ask(api, "getStarTransactions", offset=1, limit=500)["transactions"] == told[1:]
    assert ask(api, "getStarTransactions", offset=-1, limit=1)["transactions"] == told[:1]


async def test_paying_waits_for_a_bot_that_polls(api):
    ask(api, "sendInvoice", chat_id=1001, **INVOICE)
    paying = asyncio.create_task(api.person(id=1001).pay())
    await asyncio.sleep(0)
    query = ask(api, "getUpdates")[0]["pre_checkout_query"]
    assert not paying.done()
    ask(api, "answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
    assert (await paying).outcome is Outcome.PAID


async def test_a_bot_that_says_nothing_gets_no_stars(api):
    ask(api, "sendInvoice", chat_id=1001, **INVOICE)
    checkout = await api.person(id=1001).pay(patience=0)
    assert checkout.outcome is Outcome.UNANSWERED
    assert ask(api, "answerPreCheckoutQuery", pre_checkout_query_id=checkout.id, ok=True) == TOO_OLD
    assert ask(api, "getMyStarBalance") == {"amount": 0}


@pytest.mark.parametrize(("seconds", "outcome"), [(9.9, Outcome.PAID), (10.1, Outcome.UNANSWERED)])
async def test_the_bot_has_ten_seconds(seconds, outcome):
    clock = HandClock()
    api = BotApi(clock=clock)
    ann = api.person(id=1001, started=True)
    ask(api, "sendInvoice", chat_id=1001, **INVOICE)
    checkout = await ann.checkout()
    clock.pass_by(seconds)
    ask(api, "answerPreCheckoutQuery", pre_checkout_query_id=checkout.id, ok=True)
    assert checkout.outcome is outcome


async def test_a_forwarded_invoice_brings_its_payload_from_someone_else(api):
    seen = till(api, ok=False)
    number = ask(api, "sendInvoice", chat_id=1001, **INVOICE)["message_id"]
    await api.person(id=1002, started=True).pay(number)
    query = seen[0]["pre_checkout_query"]
    assert (query["from"]["id"], query["invoice_payload"]) == (1002, "invoice 7")


def test_a_person_reads_what_an_invoice_is_for(api):
    ask(api, "sendInvoice", chat_id=1001, **INVOICE, start_parameter="top")
    ann = api.person(id=1001)
    assert ann.sees("Top-up\n50 Stars")
    assert ann.buttons == ["Pay ⭐️50"]
    assert ann.last.raw["invoice"]["start_parameter"] == "top"


def price(*amounts):
    return {"prices": [{"label": "Stars", "amount": amount} for amount in amounts]}


def test_the_largest_invoice(api):
    assert (
        ask(api, "sendInvoice", chat_id=1001, **INVOICE | price(100_000))["invoice"]["total_amount"]
        == 100_000
    )


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
        ({"description": "x" * 256}, "INVOICE_DESCRIPTION_INVALID"),
        ({"payload": "я" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"payload": ""}, 'parameter "payload" is required'),
        ({"currency": "USD"}, "PAYMENT_PROVIDER_INVALID"),
        (price(50, 50), "STARS_INVOICE_INVALID"),
        ({"max_tip_amount": 5}, "STARS_INVOICE_INVALID"),
        (price(0), "total price must be positive"),
        (price(100_001), "CURRENCY_TOTAL_AMOUNT_INVALID"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}},
            "REPLY_MARKUP_BUY_EMPTY",
        ),
    ],
)
def test_bad_invoices(api, changed, text):
    assert ask(api, "sendInvoice", chat_id=1001, **{**INVOICE, **changed}) == text
