"""What became of requests: written, and told to whom it concerns."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from panel import Meaning
from shop import notices, warranty
from shop.aftercare import Rules
from shop.notices import Kind
from storage import catalog, orders, requests
from storage import notices as outbox
from storage.engine import Connection
from storage.requests import Claimed
from storage.rows import Order, Request
from storage.states import REQUEST_OPEN, RequestKind, RequestState

log = logging.getLogger(__name__)

PUSHED_EACH = 5  # requests of one message; of more only the end of the last is pushed
_ORDINARY = {Meaning.REFILL, Meaning.UNSUPPORTED, Meaning.RATE_LIMIT, Meaning.TEMPORARY, Meaning.BAD_KEY}


@dataclass(frozen=True, slots=True)
class Result:
    """What a request becomes. `text` is the provider's, redacted, for admins; `wait`: when it may be tried again."""

    state: RequestState
    text: str = ""
    meaning: Meaning | None = None
    refill: str | None = None
    wait: timedelta | None = None


def result_of(state: RequestState, meaning: str) -> str:
    """Name what a request has become. A refusal for lack of the action has a name of its own."""
    refused = state is RequestState.REFUSED and meaning == Meaning.UNSUPPORTED
    return "unsupported" if refused else str(state)


async def record(
    connection: Connection,
    rules: Rules,
    found: Sequence[tuple[Claimed, Result]],
    now: datetime,
    *,
    owner: str | None = None,
) -> None:
    """Write what became of requests that were being sent; with `owner` only of those that this process claimed."""
    told = []
    await requests.share_orders(connection, (request.order_id for request, _ in found))
    for request, result in found:
        if result.state is RequestState.WAITING:
            again = now + (result.wait or timedelta(0))
            await requests.put_back(connection, [request.id], now=now, not_before=again, owner=owner)
            continue
        moved = await _move(connection, request, result, RequestState.SENDING, now, owner)
        if not moved and owner is not None:
            moved = await _settle_late(connection, request, result, now, owner)
        if not moved:  # its order has ended meanwhile, or its lease
            log.warning("request %s is not where it was, so %s is not written", request.id, result.state)
            continue
        if result.meaning is not None and result.meaning not in _ORDINARY:
            log.info("the %s of order %s was refused: %s", request.kind, request.order_id, result.text)
        told.append(request.id)
    await tell(connection, rules, told, now)


async def _move(
    connection: Connection, request: Claimed, result: Result, source: RequestState, now: datetime, owner: str | None
) -> bool:
    return await requests.move(
        connection, request.id, result.state, sources=[source], now=now, owner=owner, failure=result.text,
        meaning=str(result.meaning or ""), provider_refill_id=result.refill,
    )  # fmt: skip


async def _settle_late(connection: Connection, request: Claimed, result: Result, now: datetime, owner: str) -> bool:
    """Let a definite answer that came after the lease settle what was ended as unknown meanwhile."""
    if result.state is RequestState.UNKNOWN or request.kind is RequestKind.STATUS:
        return False
    if result.state in REQUEST_OPEN and not await requests.may_reopen(connection, request):
        return False
    try:
        async with connection.begin_nested():  # somebody may ask again in this very moment
            return await _move(connection, request, result, RequestState.UNKNOWN, now, owner)
    except IntegrityError:
        return False


async def tell(connection: Connection, rules: Rules, changed: Sequence[int], now: datetime) -> None:
    """Draw the cards and lists of changed requests again, and push those that have come to an end."""
    rows = await requests.get_many(connection, changed)
    known = await orders.get_many(connection, [row.order_id for row in rows])
    cards = {row.order_id for row in rows if row.kind is not RequestKind.STATUS}
    await notices.tell_cards(connection, [known[order_id] for order_id in sorted(cards)], now)
    lists = {row.list_id: row.user_id for row in rows if row.list_id is not None}
    for list_id, user_id in lists.items():
        await notices.tell_list(connection, user_id, list_id, now)
    ended = [row for row in rows if row.state not in REQUEST_OPEN and row.kind is not RequestKind.STATUS]
    few = {list_id: len(await requests.of_list(connection, list_id)) <= PUSHED_EACH for list_id in lists}
    for row in ended:
        # What the provider says at once of a list stands in its message.
        if row.list_id is None or (few[row.list_id] and row.provider_refill_id is not None):
            await _push(connection, rules, row, known[row.order_id], now)
    for list_id in sorted({row.list_id for row in ended if row.list_id is not None and not few[row.list_id]}):
        await _push_sum(connection, lists[list_id], list_id, now)


async def _push(connection: Connection, rules: Rules, request: Request, order: Order, now: datetime) -> None:
    kind = Kind.REFILL if request.kind is RequestKind.REFILL else Kind.CANCEL_REQUEST
    again, service = rules.again_at(request), await catalog.service(connection, order.service_id)
    end = None if service is None else warranty.ends_at(order, service)
    if request.kind is RequestKind.REFILL and again is not None and end is not None and again > end:
        again = None
    payload = {
        "result": result_of(request.state, request.meaning),
        "again": None if again is None or again <= now else int(again.timestamp()),
    }
    await outbox.add(
        connection, user_id=request.user_id, kind=kind, order_id=request.order_id, payload=payload, now=now,
    )  # fmt: skip


async def _push_sum(connection: Connection, user_id: int, list_id: int, now: datetime) -> None:
    """Say how a list of refills went, once the last of them has ended."""
    rows = await requests.of_list(connection, list_id)
    taken = [row for row in rows if row.kind is RequestKind.REFILL and row.provider_refill_id is not None]
    if taken and all(row.state not in REQUEST_OPEN for row in rows):
        counts = Counter(str(row.state) for row in taken)
        await outbox.add(connection, user_id=user_id, kind=Kind.REFILL, payload={"counts": dict(counts)}, now=now)
