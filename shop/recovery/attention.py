"""Which orders an admin has to look at: those without an answer, and those that are stuck at the
provider.

Stuck is an order that has not changed for three times as long as nine in ten of its service's
orders take, and never less than a day; where nothing is known of the service, a week. An id that
the provider does not know is waited for an hour: some panels index a new order late. A drip-feed's
time begins where its plan ends; a subscription without a last day has none.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, partial

from shop import outbox
from shop.catalogue.delivery_times import expectation_of
from shop.clock import Clock
from shop.fulfilment.drip_feed import plan_of
from shop.orders.suborders import is_subscription
from shop.outbox import Kind
from shop.outbox.payloads import StuckOrderNotice
from shop.parsing import parse_date
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import accounts, attention, refunds
from storage.queries.attention import Suspect

log = logging.getLogger(__name__)

TIMES_USUAL = 3
LEAST_QUIET = timedelta(hours=24)
QUIET_WITHOUT_HISTORY = timedelta(days=7)
MISSING_FOR = timedelta(hours=1)
_BATCH = 20  # orders that are judged in one transaction: their services' pasts are read for it
# after an outage hundreds may be stuck at once; nobody reads that many in a row
_ALERTS_A_STEP = 10


class AttentionReason(StrEnum):
    """Why an admin has to look at an order."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    FAILED = "failed"
    QUIET = "quiet"
    # at a provider account that is not asked any more: only an admin can find out
    ELSEWHERE = "elsewhere"
    UNCLEAR = "unclear"  # it has ended, and nobody knows what it gives back: it can't be stuck


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """An order to be looked at, and since when it has been one."""

    order_id: int
    why: AttentionReason
    since: datetime


def cases(tx: Transaction, now: datetime, order_ids: Collection[int]) -> list[AttentionItem]:
    """List which of these orders an admin has to look at, the oldest first."""
    current = accounts.current(tx)
    account, settled_at = current or (None, now)
    found = attention.suspects(tx, **_bounds(now), account=account, order_ids=order_ids)
    limit = cache(partial(_limit, tx))
    judged = (_case(one, limit, now, settled_at) for one in found)
    return sorted(filter(None, judged), key=_age)


def first_cases(tx: Transaction, now: datetime, most: int) -> list[AttentionItem]:
    """List what an admin has to look at, the oldest first and at most so many: no more is judged
    than that takes.
    """
    found: dict[int, AttentionItem] = {}
    judged: set[int] = set()
    for limit in (most, None):
        left = [order_id for order_id in candidates(tx, now, limit) if order_id not in judged]
        for batch in _batches(left, most):
            found |= {case.order_id: case for case in cases(tx, now, batch)}
            judged.update(batch)
            if len(found) >= most:
                return sorted(found.values(), key=_age)[:most]
    return sorted(found.values(), key=_age)


def candidates(tx: Transaction, now: datetime, limit: int | None = None) -> dict[int, int]:
    """Return the numbers of the orders that may be cases, the oldest first, each with its
    service's.

    `limit`: no more than so many for each reason to be one.
    """
    current = accounts.current(tx)
    return attention.possible(
        tx, **_bounds(now), account=None if current is None else current[0], limit=limit
    )


def case_of(tx: Transaction, order_id: int, now: datetime) -> AttentionItem | None:
    """Return why an admin has to look at this order; None where they don't."""
    return next(iter(cases(tx, now, [order_id])), None)


def unclear_cases(
    tx: Transaction, order_id: int | None = None, *, most: int | None = None
) -> list[AttentionItem]:
    """List the ended orders of which an admin has to say what they give back, the oldest question
    first.
    """
    found = refunds.unclear(tx, order_id, limit=most)
    return [
        AttentionItem(order.id, AttentionReason.UNCLEAR, order.unclear_since or order.changed_at)
        for order in found
    ]


def _bounds(now: datetime) -> dict[str, datetime]:
    return {"quiet_since": now - LEAST_QUIET, "missing_since": now - MISSING_FOR}


def _age(case: AttentionItem) -> tuple[datetime, int]:
    return case.since, case.order_id


def _batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))


def _limit(tx: Transaction, service_id: int) -> timedelta:
    """Return for how long an order of this service may stay as it is."""
    expected = expectation_of(tx, service_id)
    if expected is None or expected.end_most is None:
        return QUIET_WITHOUT_HISTORY
    return max(expected.end_most * TIMES_USUAL, LEAST_QUIET)


def _case(
    order: Suspect, limit: Callable[[int], timedelta], now: datetime, settled_at: datetime
) -> AttentionItem | None:
    if order.state is OrderState.UNKNOWN:
        return AttentionItem(order.id, AttentionReason.UNKNOWN, order.changed_at)
    if order.elsewhere:
        return AttentionItem(order.id, AttentionReason.ELSEWHERE, settled_at)
    if order.missing_since is not None and order.missing_since <= now - MISSING_FOR:
        return AttentionItem(order.id, AttentionReason.MISSING, order.missing_since)
    if order.faulty:
        return AttentionItem(order.id, AttentionReason.FAILED, order.changed_at)
    since = _quiet_since(order)
    if since is None or since > now - LEAST_QUIET:
        return None
    return (
        AttentionItem(order.id, AttentionReason.QUIET, since)
        if since <= now - limit(order.service_id)
        else None
    )


def _quiet_since(order: Suspect) -> datetime | None:
    """Tell since when something could have been expected; None where a plan has no end."""
    if is_subscription(order):
        last_day = parse_date(str(order.fields.get("expiry") or ""))
        return None if last_day is None else max(order.changed_at, _end_of(last_day))
    plan = plan_of(order.fields)
    if plan is None or order.submitted_at is None:
        return order.changed_at
    return max(order.changed_at, plan.last_begins(order.submitted_at))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


@dataclass(frozen=True, slots=True)
class StuckWatch:
    """Tells the admins of every stuck order, once, until it has moved on."""

    database: Database
    admins: Collection[int]
    bells: Wakeups
    clock: Clock

    async def step(self) -> None:
        now = self.clock()

        def transaction(tx: Transaction) -> tuple[list[int], set[int]]:
            possible = candidates(tx, now)
            told = {int(one["order_id"]) for one in outbox.alerts_told(tx, Kind.STUCK_ORDER)}
            # Those of a service stand together: how long its orders take is looked up once for a
            # batch.
            return sorted(possible, key=lambda order_id: possible[order_id]), told

        ids, told = await self.database.read(transaction)
        judged = [
            case
            for batch in _batches(ids, _BATCH)
            for case in await self.database.read(cases, now, batch)
        ]
        found = {case.order_id: case for case in sorted(judged, key=_age) if _is_told(case)}
        new = [case for case in found.values() if case.order_id not in told][:_ALERTS_A_STEP]
        if new or told - set(found):
            await self._tell(new, told - set(found), now)

    async def _tell(
        self, new: Iterable[AttentionItem], moved_on: Collection[int], now: datetime
    ) -> None:
        def transaction(tx: Transaction) -> None:
            for order_id in sorted(moved_on):
                over(tx, order_id)
            for case in new:
                log.warning("order %s is stuck: %s since %s", case.order_id, case.why, case.since)
                outbox.alert_once(
                    tx,
                    self.admins,
                    StuckOrderNotice(why=str(case.why), since=case.since.isoformat()),
                    now,
                    about=str(case.order_id),
                    order_id=case.order_id,
                )

        await self.database.write(transaction)
        self.bells.notify.set()


def over(tx: Transaction, order_id: int) -> None:
    """End the alert about an order that is not stuck any more."""
    outbox.clear_alert(tx, Kind.STUCK_ORDER, str(order_id))


def _is_told(case: AttentionItem) -> bool:
    """Unknown and faulty orders have alerts of their own, and those that were left behind one for
    all of them.
    """
    return case.why in {AttentionReason.MISSING, AttentionReason.QUIET}
