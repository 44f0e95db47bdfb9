"""What the operator's balance at the provider still pays for, learnt from refusals and from the
balance.

An order that can't be paid for waits behind the others. Those that cost less than what was refused,
or than the last known balance, are tried. A refusal of what the balance covers is *odd*: the
balance may be old, or the words were about something else. Then others are tried one at a time, at
growing distances, until one as dear is taken; an odd order waits by itself and keeps nobody back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf, nextafter
from typing import Any

from storage.engine import Transaction
from storage.queries import facts, orders
from storage.queries.facts import Fact
from storage.queries.future_times import MARGIN
from storage.queries.orders import Means
from storage.rows import Order

# between two that may be refused
_FIRST_TRY, _LONGEST_TRY = timedelta(seconds=5), timedelta(seconds=60)
_RETRY = timedelta(seconds=10)  # between two that were refused before


@dataclass(frozen=True, slots=True)
class _Refusals:
    """`in_a_row`: orders refused since one as dear was taken.

    `odd`: those of them that the balance covers.
    """

    in_a_row: int
    next_try: datetime | None
    next_retry: datetime | None
    odd: frozenset[int]

    @classmethod
    def of(cls, value: dict[str, Any]) -> "_Refusals":
        times = (value.get(name) for name in ("next_try", "next_retry"))
        first, second = (None if time is None else datetime.fromisoformat(time) for time in times)
        return cls(int(value.get("in_a_row", 1)), first, second, frozenset(value.get("odd", ())))

    def as_json(self) -> dict[str, Any]:
        times = {"next_try": self.next_try, "next_retry": self.next_retry}
        written = {name: None if time is None else time.isoformat() for name, time in times.items()}
        return {"in_a_row": self.in_a_row, "odd": sorted(self.odd), **written}


def means(tx: Transaction, now: datetime) -> Means | None:
    """Return what can be paid for; None where nothing was refused.

    Forgotten where none waits that would find out anew.
    """
    known = _refusals(tx)
    if known is None:
        return None
    waiting = orders.costs_of_waiting(tx, orders.FUNDS)
    if not waiting:
        facts.remove(tx, Fact.FUNDS_REFUSED)
        return None
    least = min(waiting.values())
    balance = _balance(tx)
    refusals = sorted(cost for order, cost in waiting.items() if order not in known.odd)
    covered = [] if balance is None else [nextafter(balance, inf)]  # with the last cent of it
    limit = max([*refusals[:1], *covered], default=least)
    sure = least if known.in_a_row else limit
    tries = _is_over(known.next_try, now) and not orders.is_being_sent(tx, cost=sure)
    return Means(sure, limit, tries=tries, retries=tries and _is_over(known.next_retry, now))


def may_try(tx: Transaction, order: Order, means: Means) -> bool:
    """Return whether an order may still be tried that may be refused: one at a time is, whoever
    sends it.
    """
    if float(order.cost) < means.sure:
        return True
    held = facts.hold(tx, Fact.FUNDS_REFUSED, wait=False)
    return held and not orders.is_being_sent(tx, cost=means.sure)


def refused(tx: Transaction, order: Order, now: datetime) -> bool:
    """Note an order that was refused for want of money; True where the balance says otherwise, and
    that is news.
    """
    known = _refusals(tx) or _Refusals(0, None, None, frozenset())
    waiting = orders.costs_of_waiting(tx, orders.FUNDS)
    balance = _balance(tx)
    is_odd, was_odd = balance is not None and float(order.cost) <= balance, order.id in known.odd
    odd = (known.odd & waiting.keys()) - {order.id}
    odd |= {order.id} if is_odd else set()
    in_a_row = known.in_a_row + (0 if is_odd and was_odd else 1)
    pause = (
        min(_FIRST_TRY * 2 ** min(in_a_row - 2, 10), _LONGEST_TRY) if in_a_row > 1 else timedelta(0)
    )
    next_retry = now + _RETRY if order.waiting == orders.FUNDS else known.next_retry
    facts.put(
        tx, Fact.FUNDS_REFUSED, _Refusals(in_a_row, now + pause, next_retry, odd).as_json(), now
    )
    return is_odd and not was_odd


def taken(tx: Transaction, order: Order, now: datetime) -> None:
    """An order was taken: what costs no more can be paid for, too."""
    known = _refusals(tx)
    if known is None:
        return
    waiting = orders.costs_of_waiting(tx, orders.FUNDS)
    cost = float(order.cost)
    if waiting and cost < min(waiting.values()):
        return
    if cost > (_balance(tx) or 0):  # so much it was at least
        facts.put(tx, Fact.FUNDS_KNOWN, {"amount": cost}, now)
    _free(tx, waiting, cost, _Refusals(0, None, known.next_retry, known.odd), now)


def seen(tx: Transaction, amount: float, asked_at: datetime, now: datetime) -> None:
    """The balance was so much when it was asked for; what was refused later is not in it."""
    facts.put(tx, Fact.FUNDS_KNOWN, {"amount": amount}, now)
    found = facts.get(tx, Fact.FUNDS_REFUSED)
    if found is None or found[1] > asked_at:
        return
    waiting, known = orders.costs_of_waiting(tx, orders.FUNDS), _Refusals.of(found[0])
    odd = frozenset(order for order in known.odd if waiting.get(order, amount + 1) <= amount)
    left = _Refusals(known.in_a_row, known.next_try, known.next_retry, odd)
    _free(tx, waiting, amount, left, now)


def _free(
    tx: Transaction, waiting: dict[int, float], cost: float, left: _Refusals, now: datetime
) -> None:
    """Put those that waited for money and cost no more back where they were in line; what is odd
    waits by itself.
    """
    freed = {order for order, price in waiting.items() if price <= cost and order not in left.odd}
    orders.end_wait(tx, orders.FUNDS, now, freed)
    if waiting.keys() - freed:
        facts.put(tx, Fact.FUNDS_REFUSED, left.as_json(), now)
    else:
        facts.remove(tx, Fact.FUNDS_REFUSED)


def _refusals(tx: Transaction) -> _Refusals | None:
    found = facts.get(tx, Fact.FUNDS_REFUSED)
    return None if found is None else _Refusals.of(found[0])


def _balance(tx: Transaction) -> float | None:
    found = facts.get(tx, Fact.FUNDS_KNOWN)
    return None if found is None else float(found[0]["amount"])


def _is_over(until: datetime | None, now: datetime) -> bool:
    """Return whether a time has come; one that is further ahead than it can be is of a clock that
    was ahead.
    """
    return until is None or not now < until <= now + _LONGEST_TRY + MARGIN
