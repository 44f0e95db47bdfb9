"""What a copy from the past can't know, put right before it takes the place of the database.

Whatever may have been sent to the provider since is unknown: it is never sent again, its money
stays held. Whatever a press on an old button would order once more is closed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from shop import outbox
from shop.aftercare.results import notify
from shop.fulfilment.evidence import EvidenceKind
from shop.orders.eligibility import Rules
from shop.outbox.payloads import RestoredNotice
from storage import Database
from storage.engine import Transaction
from storage.enums import MassState, OrderState, RequestState
from storage.queries import bulk_orders, evidence, facts, orders, requests, restoring
from storage.queries.facts import Fact
from storage.rows import Order

REASON = "restored"  # in the evidence: how the answer got lost
# A fact, written when the last restore was: ids that the provider gave between the copy and then
# may be of our orders.
_NOTE = "the database was restored: it may have been sent since the copy was made"
# Where nobody knows which numbers were given since: more than any shop gives between two backups.
_LEAP = 100_000


@dataclass(frozen=True, slots=True)
class PutRight:
    """How many of what: `orders` and `requests` unknown now, `lines` of mass orders that are not
    ordered any more, `drafts` closed whose summary could have been confirmed.
    """

    orders: int
    requests: int
    lines: int
    drafts: int


async def put_right(
    database: Database,
    numbers: Mapping[str, int],
    *,
    rules: Rules,
    admins: Collection[int],
    made_at: datetime | None,
    now: datetime,
) -> PutRight:
    """Make a copy fit to go on from, in one transaction.

    `numbers`: the highest ids by table in the database that it replaces, as far as they are known.
    """

    def transaction(tx: Transaction) -> PutRight:
        _go_on_numbering(tx, numbers, now)
        lost = restoring.unsettled(tx)
        for order in lost:
            _lose(tx, order, made_at, now)
        restoring.look_for_all(tx, now)
        asked = _lose_requests(tx, rules, now)
        lines = _end_mass_orders(tx, now)
        drafts = restoring.close_drafts(tx, now)
        restoring.throw_away_mass_drafts(tx)
        restoring.drop_unmade_invoices(tx)
        restoring.drop_leases(tx)
        copied_at = None if made_at is None else made_at.isoformat()
        facts.put(tx, Fact.RESTORED, {"copied_at": copied_at}, now)
        found = PutRight(len(lost), asked, lines, drafts)
        told = RestoredNotice(
            orders=found.orders,
            requests=found.requests,
            lines=found.lines,
            at=None if made_at is None else int(made_at.timestamp()),
        )
        outbox.notify_admins(tx, admins, told, now)
        return found

    return await database.write(transaction)


def _lose(tx: Transaction, order: Order, made_at: datetime | None, now: datetime) -> None:
    moved = orders.move(
        tx,
        order.id,
        OrderState.UNKNOWN,
        now=now,
        look_at=now,
        lease_until=None,
        lease_owner=None,
        waiting="",
        failure=_NOTE,
        note=_NOTE,
    )
    if not moved:
        raise RuntimeError(f"order {order.id} is not where it was")
    payload = {
        "reason": REASON,
        "said": "",
        "copied_at": None if made_at is None else made_at.isoformat(),
    }
    evidence.add(tx, order.id, EvidenceKind.LOST, payload, now)
    outbox.notify_owner(tx, order, OrderState.UNKNOWN, now)


def _lose_requests(tx: Transaction, rules: Rules, now: datetime) -> int:
    lost = restoring.unsent_requests(tx)
    sources = (RequestState.WAITING, RequestState.SENDING)
    for request_id in lost:
        requests.move(
            tx,
            request_id,
            RequestState.UNKNOWN,
            sources=sources,
            now=now,
            failure=_NOTE,
        )
    notify(tx, rules, lost, now)
    return len(lost)


def _end_mass_orders(tx: Transaction, now: datetime) -> int:
    """End those that were being placed: the lines that were no orders yet may be some since."""
    ended = 0
    for mass_id in bulk_orders.being_placed(tx):
        found = bulk_orders.take(tx, mass_id)
        if found is None:
            raise RuntimeError(f"mass order {mass_id} is not where it was")
        lines = [line for line in bulk_orders.lines(tx, mass_id) if line.order_id is None]
        lines = [line for line in lines if line.problem is None]
        for line in lines:
            bulk_orders.note_problem(tx, line.id, {"key": "mass-line-restored"})
        bulk_orders.move(tx, mass_id, MassState.PLACING, MassState.PLACED, placed_at=now)
        outbox.notify_bulk_order(tx, found.user_id, mass_id, now)
        ended += len(lines)
    return ended


def _go_on_numbering(tx: Transaction, numbers: Mapping[str, int], now: datetime) -> None:
    """Leave out the numbers that were given since: a button in a chat would be about something else
    now.
    """
    here = restoring.highest_numbers(tx)
    goes_on = bool(numbers) and all(
        numbers.get(name, 0) >= highest for name, highest in here.items()
    )
    if goes_on and dict(numbers) == here:
        return
    beyond = numbers if goes_on else {name: highest + _LEAP for name, highest in here.items()}
    for service_id in restoring.service_numbers(tx):
        restoring.skip_numbers(tx, {name: beyond[name] + 1 for name in here}, service_id, now)
