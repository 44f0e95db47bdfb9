"""Limits by hour and by day: what counts is kept in the database, by a salted hash of whose it is.

So a restart forgets nothing, two who ask at once are counted one after the other, and whoever has themselves erased
and comes back does not begin anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shop.pseudonyms import pseudonym
from storage import limits, payments, top_ups, users
from storage.engine import Connection
from storage.states import Method

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

    async def left(self, connection: Connection, user_id: int, now: datetime) -> bool:
        """Say whether there is one left for somebody. In a write transaction, which has others of theirs wait."""
        await users.hold(connection, user_id)
        person = await pseudonym(connection, user_id, now)
        if await limits.total(connection, self.kind, now - self.within, person) >= self.each:
            return False
        return self.everybody is None or await self.used(connection, now) < self.everybody

    async def used(self, connection: Connection, now: datetime) -> int:
        """Count what all together have used."""
        return await limits.total(connection, self.kind, now - self.within)

    async def use(self, connection: Connection, user_id: int, now: datetime) -> None:
        await limits.note(connection, self.kind, await pseudonym(connection, user_id, now), now)


async def counted(connection: Connection, kind: Limited, user_id: int, now: datetime) -> int:
    """Add up what counts against somebody's day from before they had themselves erased."""
    return await limits.total(connection, kind, now - DAY, await pseudonym(connection, user_id, now))


async def outlive(connection: Connection, user_id: int, now: datetime) -> None:
    """Keep what counts against the day of somebody who is being erased: their own rows will be somebody else's."""
    person, since = await pseudonym(connection, user_id, now), now - DAY
    rows = [
        {"kind": kind, "person": person, "amount": amount, "at": at}
        for method, kind in PAID.items()
        for amount, at in await payments.counting(connection, user_id, method, since=since, now=now)
    ]
    rows += [
        {"kind": Limited.TOP_UP, "person": person, "amount": 1, "at": at}
        for at in await top_ups.asked_since(connection, user_id, since)
    ]
    await limits.note_all(connection, rows)


async def forget(connection: Connection, now: datetime) -> None:
    """Remove what counts against no limit any more."""
    await limits.forget(connection, now - DAY)
