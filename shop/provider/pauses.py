"""Until when nothing at all is sent to a provider account: it has asked for that, or the whole
account is in trouble.

It stands in the database, so that a restart and other processes obey it. It is never shortened:
what was under way before it says nothing of the time since.
"""

from datetime import datetime, timedelta

from storage.engine import Transaction
from storage.queries import facts
from storage.queries.facts import Fact
from storage.queries.future_times import MARGIN

LONGEST = timedelta(hours=1)


def paused_until(tx: Transaction, account: str, now: datetime) -> datetime | None:
    """Tell until when nothing is sent; None where that is over, or of a clock that was ahead."""
    found = facts.get(tx, Fact.PAUSED.of(account))
    if found is None:
        return None
    since, until = (datetime.fromisoformat(found[0][name]) for name in ("since", "until"))
    return until if since <= now + MARGIN and now < until <= now + LONGEST + MARGIN else None


def pause(tx: Transaction, account: str, wait: timedelta, now: datetime) -> datetime:
    """Let nothing be sent for so long, but for no more than an hour; a longer pause stands.

    Give when it ends.
    """
    name, until = Fact.PAUSED.of(account), now + min(wait, LONGEST)
    value = {"since": now.isoformat(), "until": until.isoformat()}
    if facts.setdefault(tx, name, value, now):
        return until
    facts.hold(tx, name)
    known = paused_until(tx, account, now)
    if known is not None and known >= until:
        return known
    facts.put(tx, name, value, now)
    return until
