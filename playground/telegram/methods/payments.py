"""The methods about Stars: invoices, answers to checkouts, refunds, the bot's own statement."""

from typing import Any

from playground.telegram.errors import bad_request
from playground.telegram.methods.registry import method
from playground.telegram.methods.sending import post
from playground.telegram.params import Params
from playground.telegram.stars import Invoice
from playground.telegram.state import State

MOST = 100_000
"""Stars in one invoice.

Not documented: people found that createInvoiceLink takes 100,000 and refuses 150,000.
"""


def _required(params: Params, *names: str) -> list[str]:
    values = [params.text(name) for name in names]
    for name, value in zip(names, values, strict=True):
        if not value:
            raise bad_request(f'parameter "{name}" is required')
    return values


def _invoice(params: Params) -> Invoice:
    title, description, payload, currency, _ = _required(
        params, "title", "description", "payload", "currency", "prices"
    )
    prices = params.array("prices", "prices") or []
    amount = sum(int(price.get("amount", 0)) for price in prices)
    if amount < 1:
        raise bad_request("total price must be positive")
    # The documentation gives the first two limits without the words of their refusals.
    refusals = {
        "INVOICE_TITLE_INVALID": len(title) > 32,
        "INVOICE_DESCRIPTION_INVALID": len(description) > 255,
        "INVOICE_PAYLOAD_INVALID": len(payload.encode()) > 128,
        "PAYMENT_PROVIDER_INVALID": currency != "XTR",
        "STARS_INVOICE_INVALID": len(prices) != 1 or params.integer("max_tip_amount") > 0,
        "CURRENCY_TOTAL_AMOUNT_INVALID": amount > MOST,
    }
    for refusal, refused in refusals.items():
        if refused:
            raise bad_request(refusal)
    return Invoice(title, description, payload, amount, params.text("start_parameter"))


@method("sendInvoice")
def send_invoice(api: State, params: Params) -> dict[str, Any]:
    chat = api.chats.reachable(params)
    invoice = _invoice(params)
    rows = (params.obj("reply_markup", "reply markup") or {}).get("inline_keyboard")
    if not rows:
        pay = {"text": f"Pay ⭐️{invoice.amount}", "pay": True}
        params = Params({**params.raw, "reply_markup": {"inline_keyboard": [[pay]]}})
    elif not rows[0] or "pay" not in rows[0][0]:
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")
    message = post(api, chat, params, {"invoice": invoice.shown()})
    api.stars.invoices[message["message_id"]] = invoice
    return message


@method("createInvoiceLink")
def create_invoice_link(api: State, params: Params) -> str:
    invoice = _invoice(params)
    link = f"https://t.me/$playground{api.stars.number():06}"
    api.stars.invoices[link] = invoice
    return link


@method("answerPreCheckoutQuery")
def answer_pre_checkout_query(api: State, params: Params) -> bool:
    if params.flag("ok"):
        api.stars.charge(api.stars.answered(params.text("pre_checkout_query_id")))
    else:
        (why,) = _required(params, "error_message")
        api.stars.refuse(api.stars.answered(params.text("pre_checkout_query_id")), why)
    return True


@method("refundStarPayment")
def refund_star_payment(api: State, params: Params) -> bool:
    """The whole payment; there is no refund of a part."""
    user_id = params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    (charge_id,) = _required(params, "telegram_payment_charge_id")
    paid = api.stars.payment(charge_id)
    if paid is not None and paid["source"]["user"]["id"] != user_id:
        raise bad_request("CHARGE_NOT_FOUND")
    api.stars.give_back(charge_id)
    return True


@method("getStarTransactions")
def get_star_transactions(api: State, params: Params) -> dict[str, Any]:
    start, limit = max(params.integer("offset"), 0), min(max(params.integer("limit", 100), 1), 100)
    return {"transactions": api.stars.transactions[start : start + limit]}


@method("getMyStarBalance")
def get_my_star_balance(api: State, params: Params) -> dict[str, int]:  # noqa: ARG001
    return {"amount": api.stars.balance}
