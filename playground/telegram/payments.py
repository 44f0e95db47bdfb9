"""Stars: invoices, checkouts, refunds and the bot's own statement. Amounts are whole Stars (XTR)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground.telegram.errors import bad_request
from playground.telegram.params import Params
from playground.telegram.queries import TOO_OLD, Answer
from playground.telegram.registry import method
from playground.telegram.sending import post

if TYPE_CHECKING:
    from playground.telegram.core import BotApi

CHECKOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Invoice:
    """What the bot asks for; `payload` is for the bot's eyes only."""

    title: str
    description: str
    payload: str
    amount: int
    start_parameter: str

    def shown(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "description": self.description,
            "start_parameter": self.start_parameter,
            "currency": "XTR",
            "total_amount": self.amount,
        }


@dataclass
class Stars:
    """Everything that has to do with money. `transactions` are oldest first, as getStarTransactions tells."""

    invoices: dict[tuple[int, int] | str, Invoice] = field(default_factory=dict)
    """by chat and message, or by link"""
    checkouts: dict[str, tuple[int, Invoice, float]] = field(default_factory=dict)
    """open ones: who, what, since when by the clock"""
    transactions: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    @property
    def balance(self) -> int:
        return sum(t["amount"] if "source" in t else -t["amount"] for t in self.transactions)

    def number(self) -> int:
        self.count += 1
        return self.count

    def checkout(self, person_id: int, invoice: Invoice, now: float) -> str:
        """The id of a new pre-checkout query."""
        query_id = str(8_000_000_000 + self.number())
        self.checkouts[query_id] = (person_id, invoice, now)
        return query_id


def _invoice(params: Params) -> Invoice:
    title, description, payload = (params.text(name) for name in ("title", "description", "payload"))
    if not 1 <= len(title) <= 32:
        raise bad_request("INVOICE_TITLE_INVALID")
    if not 1 <= len(description) <= 255:
        raise bad_request("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(payload.encode()) <= 128:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    prices = params.array("prices", "list of prices") or []
    if params.text("currency") != "XTR":
        raise bad_request("CURRENCY_INVALID")
    if len(prices) != 1 or int(prices[0].get("amount", 0)) < 1:
        raise bad_request("STARS_INVOICE_INVALID")
    return Invoice(title, description, payload, int(prices[0]["amount"]), params.text("start_parameter"))


@method("sendInvoice")
def send_invoice(api: "BotApi", params: Params) -> dict[str, Any]:
    chat = api.chats.reachable(params)
    invoice = _invoice(params)
    markup = params.obj("reply_markup", "reply markup")
    if markup and "pay" not in markup["inline_keyboard"][0][0]:
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")
    if markup is None:
        pay = {"text": f"Pay ⭐️{invoice.amount}", "pay": True}
        params = Params({**params.raw, "reply_markup": {"inline_keyboard": [[pay]]}})
    message = post(api, chat, params, {"invoice": invoice.shown()})
    api.stars.invoices[chat.id, message["message_id"]] = invoice
    return message


@method("createInvoiceLink")
def create_invoice_link(api: "BotApi", params: Params) -> str:
    link = f"https://t.me/$playground{api.stars.number():06}"
    api.stars.invoices[link] = _invoice(params)
    return link


@method("answerPreCheckoutQuery")
def answer_pre_checkout_query(api: "BotApi", params: Params) -> bool:
    nothing = (0, None, -1e18)
    person_id, invoice, since = api.stars.checkouts.pop(params.text("pre_checkout_query_id"), nothing)
    if invoice is None or api.clock() - since > CHECKOUT_SECONDS:
        raise bad_request(TOO_OLD)
    person = api.people[person_id]
    if not params.flag("ok"):
        number = len(person.answers) + 1
        person.answers.append(Answer(number, params.text("error_message"), alert=True))
        return True
    charge_id = f"playground-charge-{api.stars.number():06}"
    payer = {"type": "user", "transaction_type": "invoice_payment", "user": person.as_user()}
    _book(api, charge_id, invoice.amount, source={**payer, "invoice_payload": invoice.payload})
    paid = _payment(charge_id, invoice.payload, invoice.amount)
    message = api.new_message(person.chat, person.as_user(), {"successful_payment": paid})
    api.note("message", message)
    return True


def _payment(charge_id: str, payload: str, amount: int) -> dict[str, Any]:
    return {
        "currency": "XTR",
        "total_amount": amount,
        "invoice_payload": payload,
        "telegram_payment_charge_id": charge_id,
        "provider_payment_charge_id": "",
    }


def _book(api: "BotApi", charge_id: str, amount: int, **partner: dict[str, Any]) -> None:
    entry = {"id": charge_id, "amount": amount, "date": int(api.clock()), **partner}
    api.stars.transactions.append(entry)


@method("refundStarPayment")
def refund_star_payment(api: "BotApi", params: Params) -> bool:
    charge_id, person_id = params.text("telegram_payment_charge_id"), params.integer("user_id")
    entries = [t for t in api.stars.transactions if t["id"] == charge_id]
    if not entries or entries[0]["source"]["user"]["id"] != person_id:
        raise bad_request("CHARGE_NOT_FOUND")
    if len(entries) > 1:
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    partner, amount = entries[0]["source"], entries[0]["amount"]
    _book(api, charge_id, amount, receiver=partner)
    person = api.people[person_id]
    refunded = _payment(charge_id, partner["invoice_payload"], amount)
    message = api.new_message(person.chat, person.as_user(), {"refunded_payment": refunded})
    api.note("message", message)
    return True


@method("getStarTransactions")
def get_star_transactions(api: "BotApi", params: Params) -> dict[str, Any]:
    start, limit = params.integer("offset"), min(params.integer("limit", 100), 100)
    return {"transactions": api.stars.transactions[start : start + limit]}


@method("getMyStarBalance")
def get_my_star_balance(api: "BotApi", params: Params) -> dict[str, int]:  # noqa: ARG001
    return {"amount": api.stars.balance}
