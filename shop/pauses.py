"""Until when nothing at all is sent to a provider account: it has asked for that, or the whole account is in trouble.

It stands in the database, so that a restart and other processes obey it. It is never shortened: what was under way
before it says nothing of the time since.
"""

from datetime import datetime, timedelta

from storage import facts
from storage.ahead import MARGIN
from storage.engine import Connection

FACT = "sending-paused:"  # and the provider account
LONGEST = timedelta(hours=1)


async def paused_until(connection: Connection, account: str, now: datetime) -> datetime | None:
    """Tell until when nothing is sent; None where that is over, or of a clock that was ahead."""
    found = await facts.get(connection, f"{FACT}{account}")
    if found is None:
        return None
    since, until = (datetime.fromisoformat(found[0][name]) for name in ("since", "until"))
    return until if since <= now + MARGIN and now < until <= now + LONGEST + MARGIN else None


async def pause(connection: Connection, account: str, wait: timedelta, now: datetime) -> datetime:
    """Let nothing be sent for so long, but for no more than an hour; a longer pause stands. Give when it ends."""
    name, until = f"{FACT}{account}", now + min(wait, LONGEST)
    value = {"since": now.isoformat(), "until": until.isoformat()}
    if await facts.put_once(connection, name, value, now):
        return until
    await facts.hold(connection, name)
    known = await paused_until(connection, account, now)
    if known is not None and known >= until:
        return known
    await facts.put(connection, name, value, now)
    return until
