"""What an entry of the ledger is about, and the key under which it is written once.

All keys are made here. A key is its subject's word and what tells it from others of that subject,
and never changes: a movement that is tried again, after a crash or by another version, is known by
it. Whoever reads entries goes by the columns `subject` and `subject_id`, not by the key.
"""

from dataclasses import dataclass
from enum import StrEnum


class LedgerSubject(StrEnum):
    """What moved money. A new one needs its key below and its way in storage.audit.checks."""

    HOLD = "hold"  # from here on `subject_id` is the order
    RELEASE = "release"
    REFUND = "refund"
    TAKEBACK = "takeback"
    COST = "cost"
    PAYMENT = "payment"  # the payment
    PAYBACK = "payback"
    PAYBACK_FAILED = "payback-failed"
    CHARGEBACK = "chargeback"
    TOPUP = "topup"  # the top-up
    COUPON = "coupon"  # the use of a coupon
    MANUAL = "manual"  # from here on there is no `subject_id`: a person's number is not kept in it
    WELCOME = "welcome"
    INVITE = "invite"
    INVITE_BACK = "invite-back"
    CORRECTION = "correction"  # written by whoever puts the books right, past the program


@dataclass(frozen=True, slots=True)
class EntryKey:
    """The key `text` of an entry, and the columns by which it is found."""

    subject: LedgerSubject
    subject_id: int | None
    text: str

    def columns(self) -> dict[str, object]:
        """Return the values of an entry's columns."""
        return {"key": self.text, "subject": self.subject, "subject_id": self.subject_id}


def hold(order_id: int) -> EntryKey:
    return _numbered(LedgerSubject.HOLD, order_id)


def release(order_id: int) -> EntryKey:
    return _numbered(LedgerSubject.RELEASE, order_id)


def refund(order_id: int, before: int, times_taken_back: int) -> EntryKey:
    """Return the key of what an order gives back on top of the millionths `before`, which it may
    have given back and lost again some times.
    """
    again = (times_taken_back,) if times_taken_back else ()
    return _numbered(LedgerSubject.REFUND, order_id, before, *again)


def takeback(order_id: int, evidence_id: int) -> EntryKey:
    return _numbered(LedgerSubject.TAKEBACK, order_id, evidence_id)


def cost(order_id: int, number: int) -> EntryKey:
    """Return the key of an order's booking of this `number`, from 0."""
    return _numbered(LedgerSubject.COST, order_id, number)


def payment(payment_id: int) -> EntryKey:
    return _numbered(LedgerSubject.PAYMENT, payment_id)


def payback(payment_id: int, number: int) -> EntryKey:
    """Return the key of a payment's refund of this `number`, from 1."""
    return _numbered(LedgerSubject.PAYBACK, payment_id, number)


def payback_failed(payment_id: int, number: int) -> EntryKey:
    return _numbered(LedgerSubject.PAYBACK_FAILED, payment_id, number)


def chargeback(payment_id: int) -> EntryKey:
    return _numbered(LedgerSubject.CHARGEBACK, payment_id)


def topup(top_up_id: int) -> EntryKey:
    return _numbered(LedgerSubject.TOPUP, top_up_id)


def coupon(use_id: int) -> EntryKey:
    return _numbered(LedgerSubject.COUPON, use_id)


def manual(chat_id: int, bot_id: int, message_id: int) -> EntryKey:
    """Return the key of what an admin books by a message."""
    text = f"{manual_prefix(chat_id)}{bot_id}:{message_id}"
    return EntryKey(LedgerSubject.MANUAL, None, text)


def manual_prefix(chat_id: int) -> str:
    """Return how the keys begin of what an admin has booked; they name them."""
    return f"{LedgerSubject.MANUAL}:{chat_id}:"


def welcome(person: str | int) -> EntryKey:
    """Return the key of a welcome gift; earlier versions wrote the person's id instead of their
    hash.
    """
    return EntryKey(LedgerSubject.WELCOME, None, f"{LedgerSubject.WELCOME}:{person}")


def invite(person: str, shares: int, counted: int, *, back: bool) -> EntryKey:
    """Return the key of a share, or of one taken `back`: for the person of this hash, who has
    brought so many and of whose spending so many millionths are counted.
    """
    subject = LedgerSubject.INVITE_BACK if back else LedgerSubject.INVITE
    return EntryKey(subject, None, f"{subject}:{person}:{shares}:{counted}")


def _numbered(subject: LedgerSubject, subject_id: int, *more: int) -> EntryKey:
    return EntryKey(subject, subject_id, ":".join(map(str, (subject, subject_id, *more))))
