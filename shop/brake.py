"""The sender's brake: after an answer that says nothing, nothing else is sent until the provider speaks again.

First a read has to be answered, then one order is sent, then all. It is a fact of the database: it holds over a
restart, and for every process.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shop import notices
from shop.notices import Kind
from storage import facts, orders
from storage.ahead import MARGIN
from storage.engine import Connection
from storage.states import OrderState

FACT = "sending-brake"
RUN = "closed-in-a-row"  # how often it was closed since an order was taken
STREAK = "refused-in-a-row"
KNOWN_WORDS = "refusal-known:"  # and a hash of the words: an admin has said that they end an order
ENOUGH_SERVICES = 3  # refused in a row with the same words: they are about more than each order
_FIRST_LOOK, _LONGEST_LOOK = 5.0, 60.0  # seconds between two reads
_WORDS_WAIT, _FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(minutes=1), timedelta(hours=1)
_AT_ONCE = 2  # closed so often in a row, a read alone opens it
_TIMES = ("since", "closed_at", "next_at")


class Why(StrEnum):
    """What has closed the brake."""

    UNKNOWN = "unknown"  # an `add` without a definite answer
    WALL = "wall"  # a firewall's page stands before the provider
    WORDS = "words"  # several services refused in a row, in the same words, which nobody knows
    NUMBERS = "numbers"  # the provider gives numbers that old orders have: an admin is asked


class Phase(StrEnum):
    """How far the brake is closed."""

    CLOSED = "closed"  # nothing is sent
    ONE = "one"  # a read was answered: one order is


@dataclass(frozen=True, slots=True)
class Brake:
    """Closed `since` then, and for the last time at `closed_at`. `looks` is how often it was closed again or a read was
    in vain; none is tried before `next_at`.
    """

    why: Why
    phase: Phase
    since: datetime
    closed_at: datetime
    next_at: datetime
    looks: int = 0
    words: str = ""

    def as_json(self) -> dict[str, Any]:
        times = {name: getattr(self, name).isoformat() for name in _TIMES}
        return {"why": self.why, "phase": self.phase, "looks": self.looks, "words": self.words} | times


async def brake(connection: Connection) -> Brake | None:
    """Give the brake as it is closed; None where everything is sent."""
    found = await facts.get(connection, FACT)
    return None if found is None else _read(found[0])


def _read(value: dict[str, Any]) -> Brake:
    since, closed_at, next_at = (datetime.fromisoformat(value[name]) for name in _TIMES)
    looks, words = int(value["looks"]), str(value["words"])
    return Brake(Why(value["why"]), Phase(value["phase"]), since, closed_at, next_at, looks, words)


async def for_claim(connection: Connection) -> Brake | None:
    """Give the brake to whoever is about to send. While one order is tried, all others who ask wait for this one."""
    known = await brake(connection)
    if known is None or known.phase is not Phase.ONE:
        return known
    await facts.hold(connection, FACT)
    return await brake(connection)  # as whoever held it has left it


async def put_right(connection: Connection, now: datetime) -> int:
    """Write the times of a clock that was ahead as what they can be now; 1 where there was one."""
    found = await facts.get(connection, FACT)
    if found is None:
        return 0
    (value, at), ahead = found, now + MARGIN
    known = _read(value)
    if max(at, known.since, known.closed_at, known.next_at - _LONGEST_PAUSE) <= ahead:
        return 0
    times = {name: min(getattr(known, name), now) for name in _TIMES}
    await facts.put(connection, FACT, replace(known, **times).as_json(), now)
    return 1


async def close(
    connection: Connection,
    why: Why,
    now: datetime,
    admins: Collection[int],
    *,
    order_id: int | None = None,
    text: str = "",
    words: str = "",
) -> None:
    """Let nothing be sent. One alert tells of it until it is open again, however often it closes meanwhile.

    `words`: those of refusals that have closed it, see shop.refusals. Closed again and again before an order was taken,
    it is closed for longer each time: 1, 2, 4 ... minutes, up to an hour.
    """
    known = await brake(connection)
    looks = 0 if known is None else known.looks + 1
    if why is Why.WORDS:
        wait = min(_WORDS_WAIT * 2 ** min(looks, 10), _LONGEST_PAUSE)
    elif why is Why.NUMBERS:
        wait = timedelta(0)
    else:
        wait = await _pause(connection, now, tried=known is None or known.phase is Phase.ONE)
    since = now if known is None else known.since
    closed = Brake(why, Phase.CLOSED, since, now, now + wait, looks, words)
    await facts.put(connection, FACT, closed.as_json(), now)
    await notices.alert_once(
        connection,
        admins,
        Kind.SENDING_HELD,
        now,
        order_id=order_id,
        why=str(why),
        text=text[:200],
        asked=notices.stamp(now),
    )


async def _pause(connection: Connection, now: datetime, *, tried: bool) -> timedelta:
    """Give how long nothing is asked or sent. What was under way already when it closed counts as one."""
    times = await _closed(connection)
    if tried:
        times += 1
        await facts.put(connection, RUN, {"times": times}, now)
    if times <= _AT_ONCE:
        return timedelta(0)
    doublings: int = min(times - _AT_ONCE - 1, 10)
    return min(_FIRST_PAUSE * 2.0**doublings, _LONGEST_PAUSE)


async def _closed(connection: Connection) -> int:
    found = await facts.get(connection, RUN)
    return 0 if found is None else int(found[0]["times"])


async def look_failed(connection: Connection, now: datetime) -> None:
    """Note that a read was in vain: the next is tried a little later each time."""
    known = await brake(connection)
    if known is None:
        return
    wait = min(_FIRST_LOOK * 2 ** min(known.looks, 10), _LONGEST_LOOK)
    again = replace(known, looks=known.looks + 1, next_at=now + timedelta(seconds=wait))
    await facts.put(connection, FACT, again.as_json(), now)


async def answered(connection: Connection, now: datetime, admins: Collection[int], *, asked_at: datetime) -> None:
    """The provider has answered a read: one order is sent now, and where none waits, all that come.

    Where it was closed again before an order was taken, the one that comes next is tried alone, too. What was asked
    before the brake was closed says nothing of the time since.
    """
    known = await brake(connection)
    if known is None or known.phase is not Phase.CLOSED or known.why is Why.NUMBERS:
        return
    if asked_at < known.closed_at or now < known.next_at:
        return
    await facts.put(connection, FACT, replace(known, phase=Phase.ONE).as_json(), now)
    if await _closed(connection) < _AT_ONCE and not await orders.count(connection, {OrderState.QUEUED}):
        await release(connection, now, admins)


async def release(connection: Connection, now: datetime, admins: Collection[int]) -> bool:
    """Let all be sent again, and say in the alert's place how many have waited; False where nothing was held."""
    known = await brake(connection)
    if known is None:
        return False
    await facts.forget(connection, FACT)
    waited = await orders.count_waited_since(connection, known.since)
    seconds = max(int((now - known.since).total_seconds()), 0)
    how = "waited" if waited else "none"
    await notices.alert_end(connection, admins, Kind.SENDING_HELD, now, how=how, count=waited, seconds=seconds)
    return True


async def spoke(connection: Connection, now: datetime, admins: Collection[int], *, words: str = "") -> None:
    """The provider has definitely answered an `add`; `words` are those of a refusal that nobody knows."""
    known = await brake(connection)
    if known is None or known.phase is not Phase.ONE:
        return
    if known.why is Why.WORDS and known.words == words:
        return
    await release(connection, now, admins)


async def taken(connection: Connection, now: datetime, admins: Collection[int]) -> None:
    """The provider has taken an order: whatever was closed or refused before counts no more."""
    await facts.forget(connection, RUN)
    await end_streak(connection)
    await spoke(connection, now, admins)


async def still_refused(connection: Connection, words: str) -> bool:
    """Say whether orders are refused one after another in these words: then the next one waits and does not end."""
    known = await brake(connection)
    return known is not None and known.why is Why.WORDS and known.words == words


async def count_refusal(connection: Connection, words: str, service_id: int, now: datetime) -> bool:
    """Count an order that was refused in words that nobody knows; True where that was one service too many.

    What an admin has said to be about single orders is not counted.
    """
    found = await facts.get(connection, STREAK)
    same = found is not None and found[0]["words"] == words
    services = sorted({service_id, *(found[0]["services"] if found is not None and same else [])})
    await facts.put(connection, STREAK, {"words": words, "services": services[:ENOUGH_SERVICES]}, now)
    if len(services) < ENOUGH_SERVICES:
        return False
    return await facts.get(connection, f"{KNOWN_WORDS}{notices.name_of(words)}") is None


async def end_streak(connection: Connection) -> None:
    """The provider has taken an order, or refused it for a reason that we know."""
    await facts.forget(connection, STREAK)


async def let_go(connection: Connection, now: datetime, admins: Collection[int], *, asked: int) -> bool:
    """An admin says that orders may be refused in these words: they end orders from now on, and all are sent again.

    False where that is not what holds them, or was `asked` of something before (notices.stamp).
    """
    known = await brake(connection)
    if known is None or known.why is not Why.WORDS:
        return False
    if not await notices.asks_since(connection, Kind.SENDING_HELD, asked):
        return False
    await facts.put(connection, f"{KNOWN_WORDS}{notices.name_of(known.words)}", {"words": known.words}, now)
    return await release(connection, now, admins)
