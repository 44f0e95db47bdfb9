"""Stars as Telegram keeps them: what is asked for, who paid, what the bot's statement says.

Amounts are whole Stars.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from playground.telegram.chats import Message
from playground.telegram.errors import bad_request
from playground.telegram.messenger import Messenger
from playground.telegram.queries import TOO_OLD, Answer
from playground.telegram.users import User

CHECKOUT_SECONDS = 10.0
WITHDRAWALS = "https://fragment.com/stars"

Spoilt = Literal["lost", "twice", "late"]
TIMES_TOLD = {"lost": 0, "twice": 2, "late": 0}


@dataclass(frozen=True)
class Invoice:
    """What the bot asks for; `payload` is for the bot's eyes only."""

    title: str
    description: str
    payload: str
    amount: int
    start_parameter: str
    """without one, a forwarded copy of the message keeps its Pay button"""

    def shown(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "description": self.description,
            "start_parameter": self.start_parameter,
            "currency": "XTR",
            "total_amount": self.amount,
        }


class Outcome(StrEnum):
    """What came of a checkout."""

    WAITING = "waiting"
    PAID = "paid"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass
class Checkout:
    """One agreement to pay, and what came of it.

    The bot has 10 s to answer its pre-checkout query.
    """

    id: str
    """the pre-checkout query's"""
    person: User
    invoice: Invoice
    since: float
    """clock time"""
    outcome: Outcome = Outcome.WAITING
    charge_id: str = ""
    """of a paid one"""
    refusal: str = ""
    """the bot's words for a refused one"""


class Stars:
    """The account of one bot. People have as many Stars as they need."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._count = 0
        self._late: list[Message] = []
        self.invoices: dict[int | str, Invoice] = {}
        """by message id, or by link"""
        self.open: dict[str, Checkout] = {}
        """checkouts that wait for the bot's answer, by query id"""
        self.transactions: list[dict[str, Any]] = []
        """oldest first, as getStarTransactions tells"""
        self.spoilt: list[Spoilt] = []
        """what goes wrong with the next updates about payments"""

    @property
    def balance(self) -> int:
        return sum(t["amount"] if "source" in t else -t["amount"] for t in self.transactions)

    def number(self) -> int:
        self._count += 1
        return self._count

    # Paying

    def begin(self, person: User, invoice: Invoice) -> Checkout:
        checkout = Checkout(
            str(8_000_000_000 + self.number()), person, invoice, self._messenger.clock()
        )
        self.open[checkout.id] = checkout
        return checkout

    def answered(self, query_id: str) -> Checkout:
        """The checkout that the bot answers now: once, within 10 s. Raises `query is too old`."""
        checkout = self.open.pop(query_id, None)
        if checkout is None:
            raise bad_request(TOO_OLD)
        if self._messenger.clock() - checkout.since > CHECKOUT_SECONDS:
            checkout.outcome = Outcome.UNANSWERED
            raise bad_request(TOO_OLD)
        return checkout

    def give_up(self, checkout: Checkout) -> None:
        """The bot's time is over."""
        if self.open.pop(checkout.id, None) is not None:
            checkout.outcome = Outcome.UNANSWERED

    def refuse(self, checkout: Checkout, why: str) -> None:
        answers = checkout.person.answers
        answers.append(Answer(len(answers) + 1, why, alert=True))
        checkout.outcome, checkout.refusal = Outcome.REFUSED, why

    def charge(self, checkout: Checkout) -> None:
        invoice, person = checkout.invoice, checkout.person
        checkout.outcome, checkout.charge_id = Outcome.PAID, f"playground-charge-{self.number():06}"
        payer = {"type": "user", "transaction_type": "invoice_payment", "user": person.as_user()}
        self.book(
            checkout.charge_id, invoice.amount, source={**payer, "invoice_payload": invoice.payload}
        )
        paid = _payment(checkout.charge_id, invoice.payload, invoice.amount)
        self._tell(person, {"successful_payment": {**paid, "provider_payment_charge_id": ""}})

    # Everything else on the statement

    def book(self, transaction_id: str, amount: int, **partner: dict[str, Any]) -> None:
        """Any transaction: `source=` when Stars come, `receiver=` when they go; a
        TransactionPartner's fields.
        """
        entry = {
            "id": transaction_id,
            "amount": amount,
            "date": int(self._messenger.clock()),
            **partner,
        }
        self.transactions.append(entry)
        self._messenger.change.notify()

    def withdraw(self, amount: int) -> None:
        """The operator cashes Stars in."""
        done = {"type": "succeeded", "date": int(self._messenger.clock()), "url": WITHDRAWALS}
        fragment = {"type": "fragment", "withdrawal_state": done}
        self.book(f"playground-withdrawal-{self.number():06}", amount, receiver=fragment)

    def payment(self, charge_id: str) -> dict[str, Any] | None:
        """The transaction in which a person paid."""
        paid = (
            t
            for t in self.transactions
            if t["id"] == charge_id and t.get("source", {}).get("type") == "user"
        )
        return next(paid, None)

    def returnable(self, person_id: int) -> list[str]:
        """The charges of this person's payments that were not given back, oldest first."""
        paid = [
            t["id"]
            for t in self.transactions
            if t.get("source", {}).get("user", {}).get("id") == person_id
        ]
        gone = {t["id"] for t in self.transactions if "receiver" in t}
        return [charge_id for charge_id in paid if charge_id not in gone]

    def give_back(self, charge_id: str, *, told: bool = True) -> None:
        """By the bot's wish or against it (a chargeback); `told`: the bot gets the update about
        it.
        """
        paid = self.payment(charge_id)
        if paid is None:
            raise bad_request("CHARGE_NOT_FOUND")
        payer = paid["source"]
        if charge_id not in self.returnable(payer["user"]["id"]):
            raise bad_request("CHARGE_ALREADY_REFUNDED")
        self.book(charge_id, paid["amount"], receiver=payer)
        refunded = {
            "refunded_payment": _payment(
                charge_id, payer.get("invoice_payload", ""), paid["amount"]
            )
        }
        self._tell(self._messenger.people[payer["user"]["id"]], refunded, told=told)

    # Trouble

    def spoil_next(self, kind: Spoilt, times: int = 1) -> None:
        """The next update about a payment made or given back is `lost`, comes `twice` (same charge,
        two update ids) or `late` (after `release`). The Stars move, and the person sees it, all the
        same.
        """
        self.spoilt += [kind] * times

    async def release(self) -> None:
        """Delivers what is late."""
        late, self._late = self._late, []
        for message in late:
            self._messenger.note("message", message)
        await self._messenger.pump()

    def _tell(self, person: User, content: dict[str, Any], *, told: bool = True) -> None:
        message = self._messenger.new_message(person.chat, person.as_user(), content)
        if not told:
            return
        kind = self.spoilt.pop(0) if self.spoilt else None
        if kind == "late":
            self._late.append(message)
        for _ in range(TIMES_TOLD[kind] if kind else 1):
            self._messenger.note("message", message)


def _payment(charge_id: str, payload: str, amount: int) -> dict[str, Any]:
    return {
        "currency": "XTR",
        "total_amount": amount,
        "invoice_payload": payload,
        "telegram_payment_charge_id": charge_id,
    }
