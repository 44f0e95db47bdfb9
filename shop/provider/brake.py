"""The sender's brake: after an answer that says nothing, nothing else is sent until the provider
speaks again.

First a read has to be answered, then one order is sent, then all. It is a fact of the database: it
holds over a restart, and for every process.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shop import outbox
from shop.outbox import Kind
from shop.outbox.payloads import AlertOverNotice, SendingHeldNotice
from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import facts, orders
from storage.queries.facts import Fact
from storage.queries.future_times import MARGIN

ENOUGH_SERVICES = 3  # refused in a row with the same words: they are about more than each order
_FIRST_LOOK, _LONGEST_LOOK = 5.0, 60.0  # seconds between two reads
_WORDS_WAIT, _FIRST_PAUSE, _LONGEST_PAUSE = (
    timedelta(minutes=5),
    timedelta(minutes=1),
    timedelta(hours=1),
)
_AT_ONCE = 2  # closed so often in a row, a read alone opens it
_TIMES = ("since", "closed_at", "next_at")


class BrakeReason(StrEnum):
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
    """Closed `since` then, and for the last time at `closed_at`.

    `looks` is how often it was closed again or a read was in vain; none is tried before `next_at`.
    """

    why: BrakeReason
    phase: Phase
    since: datetime
    closed_at: datetime
    next_at: datetime
    looks: int = 0
    words: str = ""

    def as_json(self) -> dict[str, Any]:
        times = {name: getattr(self, name).isoformat() for name in _TIMES}
        return {
            "why": self.why,
            "phase": self.phase,
            "looks": self.looks,
            "words": self.words,
        } | times


def brake(tx: Transaction) -> Brake | None:
    """Return the brake as it is closed; None where everything is sent."""
    found = facts.get(tx, Fact.BRAKE)
    return None if found is None else _read(found[0])


def _read(value: dict[str, Any]) -> Brake:
    since, closed_at, next_at = (datetime.fromisoformat(value[name]) for name in _TIMES)
    looks, words = int(value["looks"]), str(value["words"])
    return Brake(
        BrakeReason(value["why"]), Phase(value["phase"]), since, closed_at, next_at, looks, words
    )


def for_claim(tx: Transaction) -> Brake | None:
    """Give the brake to whoever is about to send.

    While one order is tried, all others who ask wait for this one.
    """
    known = brake(tx)
    if known is None or known.phase is not Phase.ONE:
        return known
    facts.hold(tx, Fact.BRAKE)
    return brake(tx)  # as whoever held it has left it


def put_right(tx: Transaction, now: datetime) -> int:
    """Write the times of a clock that was ahead as what they can be now; 1 where there was one."""
    found = facts.get(tx, Fact.BRAKE)
    if found is None:
        return 0
    (value, at), ahead = found, now + MARGIN
    known = _read(value)
    if max(at, known.since, known.closed_at, known.next_at - _LONGEST_PAUSE) <= ahead:
        return 0
    times = {name: min(getattr(known, name), now) for name in _TIMES}
    facts.put(tx, Fact.BRAKE, replace(known, **times).as_json(), now)
    return 1


def close(
    tx: Transaction,
    why: BrakeReason,
    now: datetime,
    admins: Collection[int],
    *,
    order_id: int | None = None,
    text: str = "",
    words: str = "",
) -> None:
    """Let nothing be sent.

    One alert tells of it until it is open again, however often it closes meanwhile.

    `words`: those of refusals that have closed it, see refusals. Closed again and again before an
    order was taken, it is closed for longer each time: 1, 2, 4 ... minutes, up to an hour.
    """
    known = brake(tx)
    looks = 0 if known is None else known.looks + 1
    if why is BrakeReason.WORDS:
        wait = min(_WORDS_WAIT * 2 ** min(looks, 10), _LONGEST_PAUSE)
    elif why is BrakeReason.NUMBERS:
        wait = timedelta(0)
    else:
        wait = _pause(tx, now, tried=known is None or known.phase is Phase.ONE)
    since = now if known is None else known.since
    closed = Brake(why, Phase.CLOSED, since, now, now + wait, looks, words)
    facts.put(tx, Fact.BRAKE, closed.as_json(), now)
    held = SendingHeldNotice(why=str(why), text=text[:200], asked=outbox.stamp(now))
    outbox.alert_once(tx, admins, held, now, order_id=order_id)


def _pause(tx: Transaction, now: datetime, *, tried: bool) -> timedelta:
    """Return how long nothing is asked or sent.

    What was under way already when it closed counts as one.
    """
    times = _closed(tx)
    if tried:
        times += 1
        facts.put(tx, Fact.CLOSED_IN_A_ROW, {"times": times}, now)
    if times <= _AT_ONCE:
        return timedelta(0)
    doublings: int = min(times - _AT_ONCE - 1, 10)
    return min(_FIRST_PAUSE * 2.0**doublings, _LONGEST_PAUSE)


def _closed(tx: Transaction) -> int:
    found = facts.get(tx, Fact.CLOSED_IN_A_ROW)
    return 0 if found is None else int(found[0]["times"])


def look_failed(tx: Transaction, now: datetime) -> None:
    """Note that a read was in vain: the next is tried a little later each time."""
    known = brake(tx)
    if known is None:
        return
    wait = min(_FIRST_LOOK * 2 ** min(known.looks, 10), _LONGEST_LOOK)
    again = replace(known, looks=known.looks + 1, next_at=now + timedelta(seconds=wait))
    facts.put(tx, Fact.BRAKE, again.as_json(), now)


def answered(
    tx: Transaction, now: datetime, admins: Collection[int], *, asked_at: datetime
) -> None:
    """The provider has answered a read: one order is sent now, and where none waits, all that come.

    Where it was closed again before an order was taken, the one that comes next is tried alone,
    too. What was asked before the brake was closed says nothing of the time since.
    """
    known = brake(tx)
    if known is None or known.phase is not Phase.CLOSED or known.why is BrakeReason.NUMBERS:
        return
    if asked_at < known.closed_at or now < known.next_at:
        return
    facts.put(tx, Fact.BRAKE, replace(known, phase=Phase.ONE).as_json(), now)
    if _closed(tx) < _AT_ONCE and not orders.count(tx, {OrderState.QUEUED}):
        release(tx, now, admins)


def release(tx: Transaction, now: datetime, admins: Collection[int]) -> bool:
    """Let all be sent again, and say in the alert's place how many have waited; False where nothing
    was held.
    """
    known = brake(tx)
    if known is None:
        return False
    facts.remove(tx, Fact.BRAKE)
    waited = orders.count_waited_since(tx, known.since)
    seconds = max(int((now - known.since).total_seconds()), 0)
    how = "waited" if waited else "none"
    over = AlertOverNotice(of=Kind.SENDING_HELD, how=how, count=waited, seconds=seconds)
    outbox.alert_end(tx, admins, over, now)
    return True


def spoke(tx: Transaction, now: datetime, admins: Collection[int], *, words: str = "") -> None:
    """The provider has definitely answered an `add`; `words` are those of a refusal that nobody
    knows.
    """
    known = brake(tx)
    if known is None or known.phase is not Phase.ONE:
        return
    if known.why is BrakeReason.WORDS and known.words == words:
        return
    release(tx, now, admins)


def taken(tx: Transaction, now: datetime, admins: Collection[int]) -> None:
    """The provider has taken an order: whatever was closed or refused before counts no more."""
    facts.remove(tx, Fact.CLOSED_IN_A_ROW)
    end_streak(tx)
    spoke(tx, now, admins)


def still_refused(tx: Transaction, words: str) -> bool:
    """Return whether orders are refused one after another in these words: then the next one waits
    and does not end.
    """
    known = brake(tx)
    return known is not None and known.why is BrakeReason.WORDS and known.words == words


def count_refusal(tx: Transaction, words: str, service_id: int, now: datetime) -> bool:
    """Count an order that was refused in words that nobody knows; True where that was one service
    too many.

    What an admin has said to be about single orders is not counted.
    """
    found = facts.get(tx, Fact.REFUSED_IN_A_ROW)
    same = found is not None and found[0]["words"] == words
    services = sorted({service_id, *(found[0]["services"] if found is not None and same else [])})
    facts.put(
        tx, Fact.REFUSED_IN_A_ROW, {"words": words, "services": services[:ENOUGH_SERVICES]}, now
    )
    if len(services) < ENOUGH_SERVICES:
        return False
    return facts.get(tx, Fact.REFUSAL_KNOWN.of(outbox.name_of(words))) is None


def end_streak(tx: Transaction) -> None:
    """The provider has taken an order, or refused it for a reason that we know."""
    facts.remove(tx, Fact.REFUSED_IN_A_ROW)


def let_go(tx: Transaction, now: datetime, admins: Collection[int], *, asked: int) -> bool:
    """An admin says that orders may be refused in these words: they end orders from now on, and all
    are sent again.

    False where that is not what holds them, or was `asked` of something before (notices.stamp).
    """
    known = brake(tx)
    if known is None or known.why is not BrakeReason.WORDS:
        return False
    if not outbox.asks_since(tx, Kind.SENDING_HELD, asked):
        return False
    facts.put(tx, Fact.REFUSAL_KNOWN.of(outbox.name_of(known.words)), {"words": known.words}, now)
    return release(tx, now, admins)
