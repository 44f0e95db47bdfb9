"""Limits by hour and by day: what counts is kept in the database, by a salted hash of whose it is.

So a restart forgets nothing, two who ask at once are counted one after the other, and whoever has
themselves erased and comes back does not begin anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shop.user_hash import pseudonym
from storage.engine import Transaction
from storage.enums import Method
from storage.queries import limits, payments, top_ups, users

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Limited(StrEnum):
    """What counts. The last three are of people who were erased; of others their own rows count."""

    COUPON = "coupon"  # codes that nobody knows
    SUPPORT = "support"  # messages to the admins
    STARS = "stars"  # paid in, or let through
    CRYPTO = "crypto"  # millionths of the shop's currency, the same
    TOP_UP = "top_up"  # requests to be credited by hand


PAID = {Method.STARS: Limited.STARS, Method.CRYPTO: Limited.CRYPTO}


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many of a kind one person may, and all together (None: no limit), `within` a time."""

    kind: Limited
    each: int
    within: timedelta = HOUR
    everybody: int | None = None

    def left(self, tx: Transaction, user_id: int, now: datetime) -> bool:
        """Return whether there is one left for somebody.

        In a write transaction, which has others of theirs wait.
        """
        users.lock(tx, user_id)
        person = pseudonym(tx, user_id, now)
        if limits.total(tx, self.kind, now - self.within, person) >= self.each:
            return False
        return self.everybody is None or self.used(tx, now) < self.everybody

    def used(self, tx: Transaction, now: datetime) -> int:
        """Count what all together have used."""
        return limits.total(tx, self.kind, now - self.within)

    def use(self, tx: Transaction, user_id: int, now: datetime) -> None:
        limits.note(tx, self.kind, pseudonym(tx, user_id, now), now)


def counted(tx: Transaction, kind: Limited, user_id: int, now: datetime) -> int:
    """Add up what counts against somebody's day from before they had themselves erased."""
    return limits.total(tx, kind, now - DAY, pseudonym(tx, user_id, now))


def outlive(tx: Transaction, user_id: int, now: datetime) -> None:
    """Keep what counts against the day of somebody who is being erased: their own rows will be
    somebody else's.
    """
    person, since = pseudonym(tx, user_id, now), now - DAY
    rows = [
        {"kind": kind, "person": person, "amount": amount, "at": at}
        for method, kind in PAID.items()
        for amount, at in payments.counting(tx, user_id, method, since=since, now=now)
    ]
    rows += [
        {"kind": Limited.TOP_UP, "person": person, "amount": 1, "at": at}
        for at in top_ups.asked_since(tx, user_id, since)
    ]
    limits.note_all(tx, rows)


def forget(tx: Transaction, now: datetime) -> None:
    """Remove what counts against no limit any more."""
    limits.forget(tx, now - DAY)
