"""What the shop has to say.

Written in the transaction of the change it tells of, sent by the notifier.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import facts, notices, orders
from storage.queries.facts import Fact, FactName
from storage.rows import Order


class Kind(StrEnum):
    """Each has its text in locales/ and its view in handlers/notices/views.py."""

    ORDER = "order"  # an order's state changed: edit the card, push a line
    CARD = "card"  # only its counts changed: edit the card
    CREDITED = "credited"  # an admin changed the wallet
    SUPPORT = "support"  # a user writes to the admins
    UNKNOWN_ORDER = "unknown_order"  # an `add` without a definite answer
    CONFLICT = "conflict"  # the provider gave an id that we already have
    FOUND_ORDER = "found_order"  # a lost order was found at the provider by itself, and goes on
    # an `add` was taken after all, after an admin had settled its order
    LATE_ANSWER = "late_answer"
    NO_FUNDS = "no_funds"  # the operator's balance is too small
    BAD_KEY = "bad_key"
    UNREACHABLE = "unreachable"  # the provider has not been reached for a while
    FAILED_ORDER = "failed_order"
    # ended, and what the provider says does not tell how much was delivered
    UNCLEAR_REFUND = "unclear_refund"
    # delivered after all, or in work again, after something was given back
    REFUND_STANDS = "refund_stands"
    # what was given back for an order was taken out of the wallet again; to its customer
    TAKEN_BACK = "taken_back"
    BEYOND_HOLD = "beyond_hold"  # a subscription's posts cost more than its price was computed from
    CHARGE_CURRENCY = "charge_currency"  # charges in another currency than the account's
    STATUS_TEXT = "status_text"  # a status nobody knows
    SHORT_CATALOGUE = "short_catalogue"
    LEFT_OUT = "left_out"  # entries of the catalogue that can't be read: others than before
    SYNCED = "synced"
    SYNC_FAILED = "sync_failed"
    BALANCE = "balance"
    BALANCE_FAILED = "balance_failed"
    BALANCE_UNREADABLE = "balance_unreadable"  # the provider answers, but with no figure
    REFILL = "refill"  # what became of a refill
    CANCEL_REQUEST = "cancel_request"  # what the provider said to a cancellation
    REQUESTS = "requests"  # a list of requests' results changed: edit its message
    MASS = "mass"  # a mass order went on: edit its message
    MASS_DONE = "mass_done"  # the last of its orders has ended
    UNKNOWN_TYPE = "unknown_type"  # a type of service that nobody knows
    TOPPED_UP = "topped_up"  # a payment came; maybe an order starts with it
    INVOICE = "invoice"  # Crypto Pay's invoice can be paid
    PAID_BACK = "paid_back"  # a payment was given back
    CHARGED_BACK = "charged_back"  # Telegram took a payment back; to its payer
    CHARGEBACK = "chargeback"  # the same, to the admins
    REFUND_FAILED = "refund_failed"  # Telegram does not give a payment back; to the admin who asked
    STRAY_PAYMENT = "stray_payment"  # a payment that can't be credited by itself
    STARS_DIFFER = "stars_differ"  # Telegram's balance of Stars is not the sum of its transactions
    TOP_UP_ASKED = "top_up_asked"  # somebody wants to be credited by hand; to the admins
    TOP_UP_DECIDED = "top_up_decided"
    CRYPTO_FAILED = "crypto_failed"  # Crypto Pay does not make invoices
    CRYPTO_DIFFERS = "crypto_differs"  # it calls an invoice paid that is not as ours was
    CRYPTO_MISSING = "crypto_missing"  # it has not spoken of an invoice for a day
    # invoices are open, and there is no token to ask about them
    CRYPTO_UNWATCHED = "crypto_unwatched"
    MARGIN_LEAK = "margin_leak"  # an order was sold below what it cost
    AUDIT = "audit"  # the books don't agree
    # no change for much longer than usual, or an id that the provider no longer knows
    STUCK_ORDER = "stuck_order"
    # what the provider says of an id that an admin has named; to that admin
    CHECKED_ORDER = "checked_order"
    BACKUP_FAILED = "backup_failed"  # there is no new backup
    BACKUP_DIFFERS = "backup_differs"  # there is one, and its books don't agree
    RESTORED = "restored"  # a backup has taken the place of the database
    EARNED = "earned"  # an invited person has spent something
    ALERT_OVER = "alert_over"  # what an alert told of is over: said in its message
    SENDING_HELD = "sending_held"  # nothing is sent until the provider speaks again
    REFUSAL_WORDS = "refusal_words"  # a refusal in words that nobody knows
    LONG_WAIT = "long_wait"  # the provider asks to be left alone for longer than an hour
    ACCOUNT_CHANGED = "account_changed"  # another provider account; open orders stay behind
    # the provider names another currency than before: nothing is sold
    CURRENCY_DIFFERS = "currency_differs"
    CURRENCY_ODD = "currency_odd"  # the provider names a currency that is none
    RATES_HELD = "rates_held"  # rates that have changed too much to be believed at once
    NUMBERS_ANEW = "numbers_anew"  # the provider gives a number that a long ended order has
    # an order is not sent as long as its customer has not agreed to what has changed
    AGREEMENT = "agreement"
    # an invited person's order was given back, and with it the share of it
    EARNED_BACK = "earned_back"
    CLOCK_AHEAD = "clock_ahead"  # what was written in the future was put right
    COUPON_GUESSES = "coupon_guesses"  # so many wrong codes that nobody can redeem one for a while


# What only its own customer is told. Everything else is for admins, and stays when one of them has
# themselves erased.
FOR_CUSTOMERS = frozenset(
    {
        *(
            Kind.ORDER,
            Kind.CARD,
            Kind.CREDITED,
            Kind.REFILL,
            Kind.CANCEL_REQUEST,
            Kind.REQUESTS,
            Kind.MASS,
        ),
        *(
            Kind.MASS_DONE,
            Kind.TOPPED_UP,
            Kind.INVOICE,
            Kind.PAID_BACK,
            Kind.CHARGED_BACK,
            Kind.TOP_UP_DECIDED,
        ),
        *(Kind.EARNED, Kind.EARNED_BACK, Kind.AGREEMENT),
    }
)


def notify_owner(
    tx: Transaction, order: Order, state: OrderState, now: datetime, *, refund: int = 0
) -> None:
    """Tell the customer that their order is now `state`, and what was given back (millionths).

    Of a mass order's orders the live message tells, and each one's card where one is shown.
    """
    if order.mass_id is not None:
        notify_bulk_order(tx, order.user_id, order.mass_id, now)
        notify_cards(tx, [order], now)
        return
    payload = {"state": str(state), "refund": refund}
    notices.add(
        tx, user_id=order.user_id, kind=Kind.ORDER, order_id=order.id, payload=payload, now=now
    )


def ask_owner(tx: Transaction, order: Order, why: str, now: datetime, *, until: datetime) -> None:
    """Tell the customer that their order is not sent, and until when they may say what is to become
    of it.

    `why` is an agreement.Waiting. Of a mass order's orders only the first is told; each one's card
    says it, too.
    """
    payload = {"why": why, "until": int(until.timestamp())}
    if order.mass_id is not None:
        notify_bulk_order(tx, order.user_id, order.mass_id, now)
        if orders.count_waiting(tx, order.mass_id, why) > 1:
            return
        payload["mass"] = order.mass_id
    notices.add(
        tx, user_id=order.user_id, kind=Kind.AGREEMENT, order_id=order.id, payload=payload, now=now
    )


def notify_bulk_order(tx: Transaction, user_id: int, mass_id: int, now: datetime) -> None:
    """Have the mass order's live message drawn again; what happens until then is in the same
    picture.
    """
    notices.add_live(tx, user_id=user_id, kind=Kind.MASS, live_id=mass_id, now=now)


def notify_request_list(tx: Transaction, user_id: int, list_id: int, now: datetime) -> None:
    """Have the message with a list's results drawn again."""
    notices.add_live(tx, user_id=user_id, kind=Kind.REQUESTS, live_id=list_id, now=now)


def notify_card(tx: Transaction, order: Order, now: datetime) -> None:
    """Have the order's card drawn again, without a message of its own."""
    notices.add(tx, user_id=order.user_id, kind=Kind.CARD, order_id=order.id, now=now)


def notify_cards(tx: Transaction, changed: Sequence[Order], now: datetime) -> None:
    """Have the cards of several orders drawn again; who has none on a screen needs none drawn."""
    shown = [(order.user_id, order.id) for order in changed if order.card_message_id is not None]
    notices.add_many(tx, shown, kind=Kind.CARD, now=now)


def notify_admins(
    tx: Transaction,
    /,
    admins: Collection[int],
    kind: Kind,
    now: datetime,
    *,
    order_id: int | None = None,
    **payload: Any,
) -> None:
    for admin in sorted(admins):
        notices.add(tx, user_id=admin, kind=kind, order_id=order_id, payload=payload, now=now)


def alert_once(
    tx: Transaction,
    /,
    admins: Collection[int],
    kind: Kind,
    now: datetime,
    *,
    about: str = "",
    **payload: Any,
) -> bool:
    """Tell the admins once, until `clear_alert` is called; True for the one call that did."""
    name = _alert_name(kind, about)
    # what was said is not kept for ever
    known = {key: value for key, value in payload.items() if key != "text"}
    if not facts.setdefault(tx, name, known, now):
        return False
    order_id = payload.pop("order_id", None)
    for admin in sorted(admins):
        notices.add(
            tx, user_id=admin, kind=kind, order_id=order_id, payload=payload, now=now, alert=name
        )
    return True


def alert_end(
    tx: Transaction,
    /,
    admins: Collection[int],
    kind: Kind,
    now: datetime,
    *,
    how: str,
    about: str = "",
    **payload: Any,
) -> bool:
    """End an alert and say so in its message, to whoever was told of it; False where there was
    none.

    `how` it ended: each has its text in locales/.
    """
    name = _alert_name(kind, about)
    if not facts.remove(tx, name):
        return False
    payload |= {"of": str(kind), "how": how}
    for admin in sorted(admins):
        notices.add(tx, user_id=admin, kind=Kind.ALERT_OVER, payload=payload, now=now, alert=name)
    return True


def about_refund(order_id: int, *, completed: bool) -> str:
    """Name what an alert of Kind.REFUND_STANDS is about."""
    return f"{order_id}:completed" if completed else str(order_id)


def refund_stands_no_more(tx: Transaction, order_id: int) -> None:
    """End the alerts about what an order that goes on, or is completed, has given back."""
    for completed in (False, True):
        clear_alert(tx, Kind.REFUND_STANDS, about_refund(order_id, completed=completed))


def notify_of_currency(
    tx: Transaction, admins: Collection[int], currency: str, order_id: int, now: datetime
) -> None:
    """Tell the admins, once, of charges in a currency in which none counts."""
    about, shown = currency.strip().upper(), currency[:32]
    alert_once(
        tx, admins, Kind.CHARGE_CURRENCY, now, about=about, order_id=order_id, currency=shown
    )


def clear_alert(
    tx: Transaction, kind: Kind, about: str = "", *, given_before: datetime | None = None
) -> bool:
    """End an alert, or only one that was `given_before` a time."""
    return facts.remove(tx, _alert_name(kind, about), written_before=given_before)


def all_alerts_over(tx: Transaction, kind: Kind) -> None:
    """End the alerts of this kind, whatever each was about."""
    facts.pop_prefix(tx, Fact.ALERT, kind)


def alerts_about(tx: Transaction, kind: Kind, about: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what was told in the alerts that are not over, of those about these."""
    names = {_alert_name(kind, one): one for one in about}
    return {names[name]: told for name, told in facts.several(tx, list(names)).items()}


def alerts_told(tx: Transaction, kind: Kind) -> list[dict[str, Any]]:
    """Return what was told in each alert of this kind that is not over."""
    return list(facts.starting_with(tx, Fact.ALERT, kind).values())


def stamp(at: datetime) -> int:
    """Return a time as the buttons of a question carry it, in milliseconds: they answer what was
    asked then, only.
    """
    return int(at.timestamp() * 1000)


def asks_since(tx: Transaction, kind: Kind, asked: int) -> bool:
    """Return whether the question that was asked at a stamp is the one that still waits."""
    told = alert_told(tx, kind)
    return told is not None and told.get("asked", 0) == asked


def alert_told(tx: Transaction, kind: Kind) -> dict[str, Any] | None:
    """Return what was told in the alert of this kind that is not over; None where there is none."""
    found = facts.get(tx, _alert_name(kind, ""))
    return None if found is None else found[0]


def name_of(about: str) -> str:
    """Return a short name for a text of any length."""
    return sha256(about.encode(errors="replace")).hexdigest()[:16]


def _alert_name(kind: Kind, about: str) -> FactName:
    return Fact.ALERT.of(kind, name_of(about)) if about else Fact.ALERT.of(kind)
