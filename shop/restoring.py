"""What a copy from the past can't know, put right before it takes the place of the database.

Whatever may have been sent to the provider since is unknown: it is never sent again, its money stays held. Whatever
a press on an old button would order once more is closed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from shop import notices
from shop.aftercare import Rules
from shop.evidence import Sign
from shop.notices import Kind
from shop.request_results import tell
from storage import Database, evidence, facts, mass, orders, requests, restoring
from storage.engine import Connection
from storage.rows import Order
from storage.states import MassState, OrderState, RequestState

REASON = "restored"  # in the evidence: how the answer got lost
# A fact, written when the last restore was: ids that the provider gave between the copy and then may be of our orders.
FORGOTTEN = "restored"
_NOTE = "the database was restored: it may have been sent since the copy was made"
# Where nobody knows which numbers were given since: more than any shop gives between two backups.
_LEAP = 100_000


@dataclass(frozen=True, slots=True)
class PutRight:
    """How many of what: `orders` and `requests` unknown now, `lines` of mass orders that are not ordered any more,
    `drafts` closed whose summary could have been confirmed.
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
    async with database.write() as connection:
        await _go_on_numbering(connection, numbers, now)
        lost = await restoring.unsettled(connection)
        for order in lost:
            await _lose(connection, order, made_at, now)
        await restoring.look_for_all(connection, now)
        asked = await _lose_requests(connection, rules, now)
        lines = await _end_mass_orders(connection, now)
        drafts = await restoring.close_drafts(connection, now)
        await restoring.throw_away_mass_drafts(connection)
        await restoring.drop_unmade_invoices(connection)
        await restoring.drop_leases(connection)
        copied_at = None if made_at is None else made_at.isoformat()
        await facts.put(connection, FORGOTTEN, {"copied_at": copied_at}, now)
        found = PutRight(len(lost), asked, lines, drafts)
        await notices.tell_admins(
            connection, admins, Kind.RESTORED, now, orders=found.orders, requests=found.requests, lines=found.lines,
            at=None if made_at is None else int(made_at.timestamp()),
        )  # fmt: skip
    return found


async def _lose(connection: Connection, order: Order, made_at: datetime | None, now: datetime) -> None:
    moved = await orders.move(
        connection, order.id, OrderState.UNKNOWN, now=now, look_at=now, lease_until=None, lease_owner=None,
        waiting="", failure=_NOTE, note=_NOTE,
    )  # fmt: skip
    if not moved:
        raise RuntimeError(f"order {order.id} is not where it was")
    payload = {"reason": REASON, "said": "", "copied_at": None if made_at is None else made_at.isoformat()}
    await evidence.add(connection, order.id, Sign.LOST, payload, now)
    await notices.tell_owner(connection, order, OrderState.UNKNOWN, now)


async def _lose_requests(connection: Connection, rules: Rules, now: datetime) -> int:
    lost = await restoring.unsent_requests(connection)
    sources = (RequestState.WAITING, RequestState.SENDING)
    for request_id in lost:
        await requests.move(
            connection, request_id, RequestState.UNKNOWN, sources=sources, now=now, failure=_NOTE,
        )  # fmt: skip
    await tell(connection, rules, lost, now)
    return len(lost)


async def _end_mass_orders(connection: Connection, now: datetime) -> int:
    """End those that were being placed: the lines that were no orders yet may be some since."""
    ended = 0
    for mass_id in await mass.being_placed(connection):
        found = await mass.take(connection, mass_id)
        if found is None:
            raise RuntimeError(f"mass order {mass_id} is not where it was")
        lines = [line for line in await mass.lines(connection, mass_id) if line.order_id is None]
        lines = [line for line in lines if line.problem is None]
        for line in lines:
            await mass.note_problem(connection, line.id, {"key": "mass-line-restored"})
        await mass.move(connection, mass_id, MassState.PLACING, MassState.PLACED, placed_at=now)
        await notices.tell_mass(connection, found.user_id, mass_id, now)
        ended += len(lines)
    return ended


async def _go_on_numbering(connection: Connection, numbers: Mapping[str, int], now: datetime) -> None:
    """Leave out the numbers that were given since: a button in a chat would be about something else now."""
    here = await restoring.highest_numbers(connection)
    goes_on = bool(numbers) and all(numbers.get(name, 0) >= highest for name, highest in here.items())
    if goes_on and dict(numbers) == here:
        return
    beyond = numbers if goes_on else {name: highest + _LEAP for name, highest in here.items()}
    for service_id in await restoring.service_numbers(connection):
        await restoring.skip_numbers(connection, {name: beyond[name] + 1 for name in here}, service_id, now)
