"""What became of requests: written, and told to whom it concerns."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from panel import Meaning
from shop import outbox
from shop.catalogue import warranty
from shop.orders.eligibility import Rules
from shop.outbox.payloads import CancelRequestNotice, RefillNotice
from storage.engine import Transaction
from storage.enums import REQUEST_OPEN, RequestKind, RequestState
from storage.queries import catalogue, orders, requests
from storage.queries.requests import Claimed
from storage.rows import Order, Request

log = logging.getLogger(__name__)

PUSHED_EACH = 5  # requests of one message; of more only the end of the last is pushed
_ORDINARY = {
    Meaning.REFILL,
    Meaning.UNSUPPORTED,
    Meaning.RATE_LIMIT,
    Meaning.TEMPORARY,
    Meaning.BAD_KEY,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a request becomes.

    `text` is the provider's, redacted, for admins; `wait`: when it may be tried again.
    """

    state: RequestState
    text: str = ""
    meaning: Meaning | None = None
    refill: str | None = None
    wait: timedelta | None = None


def result_of(state: RequestState, meaning: str) -> str:
    """Name what a request has become. A refusal for lack of the action has a name of its own."""
    refused = state is RequestState.REFUSED and meaning == Meaning.UNSUPPORTED
    return "unsupported" if refused else str(state)


def record(
    tx: Transaction,
    rules: Rules,
    found: Sequence[tuple[Claimed, Result]],
    now: datetime,
    *,
    owner: str | None = None,
) -> None:
    """Write what became of requests that were being sent; with `owner` only of those that this
    process claimed.
    """
    told = []
    requests.share_orders(tx, (request.order_id for request, _ in found))
    for request, result in found:
        if result.state is RequestState.WAITING:
            again = now + (result.wait or timedelta(0))
            requests.put_back(tx, [request.id], now=now, not_before=again, owner=owner)
            continue
        moved = _move(tx, request, result, RequestState.SENDING, now, owner)
        if not moved and owner is not None:
            moved = _settle_late(tx, request, result, now, owner)
        if not moved:  # its order has ended meanwhile, or its lease
            log.warning(
                "request %s is not where it was, so %s is not written", request.id, result.state
            )
            continue
        if result.meaning is not None and result.meaning not in _ORDINARY:
            log.info(
                "the %s of order %s was refused: %s", request.kind, request.order_id, result.text
            )
        told.append(request.id)
    notify(tx, rules, told, now)


def _move(
    tx: Transaction,
    request: Claimed,
    result: Result,
    source: RequestState,
    now: datetime,
    owner: str | None,
) -> bool:
    return requests.move(
        tx,
        request.id,
        result.state,
        sources=[source],
        now=now,
        owner=owner,
        failure=result.text,
        meaning=str(result.meaning or ""),
        provider_refill_id=result.refill,
    )


def _settle_late(
    tx: Transaction, request: Claimed, result: Result, now: datetime, owner: str
) -> bool:
    """Let a definite answer that came after the lease settle what was ended as unknown
    meanwhile.
    """
    if result.state is RequestState.UNKNOWN or request.kind is RequestKind.STATUS:
        return False
    if result.state in REQUEST_OPEN and not requests.may_reopen(tx, request):
        return False
    try:
        with tx.begin_nested():  # somebody may ask again in this very moment
            return _move(tx, request, result, RequestState.UNKNOWN, now, owner)
    except IntegrityError:
        return False


def notify(tx: Transaction, rules: Rules, changed: Sequence[int], now: datetime) -> None:
    """Draw the cards and lists of changed requests again, and push those that have come to an
    end.
    """
    rows = requests.get_many(tx, changed)
    known = orders.get_many(tx, [row.order_id for row in rows])
    cards = {row.order_id for row in rows if row.kind is not RequestKind.STATUS}
    outbox.notify_cards(tx, [known[order_id] for order_id in sorted(cards)], now)
    lists = {row.list_id: row.user_id for row in rows if row.list_id is not None}
    for list_id, user_id in lists.items():
        outbox.notify_request_list(tx, user_id, list_id, now)
    ended = [
        row for row in rows if row.state not in REQUEST_OPEN and row.kind is not RequestKind.STATUS
    ]
    few = {list_id: len(requests.of_list(tx, list_id)) <= PUSHED_EACH for list_id in lists}
    for row in ended:
        # What the provider says at once of a list stands in its message.
        if row.list_id is None or (few[row.list_id] and row.provider_refill_id is not None):
            _push(tx, rules, row, known[row.order_id], now)
    for list_id in sorted(
        {row.list_id for row in ended if row.list_id is not None and not few[row.list_id]}
    ):
        _push_sum(tx, lists[list_id], list_id, now)


def _push(tx: Transaction, rules: Rules, request: Request, order: Order, now: datetime) -> None:
    again, service = rules.again_at(request), catalogue.service(tx, order.service_id)
    end = None if service is None else warranty.ends_at(order, service)
    if request.kind is RequestKind.REFILL and again is not None and end is not None and again > end:
        again = None
    notice = RefillNotice if request.kind is RequestKind.REFILL else CancelRequestNotice
    told = notice(
        result=result_of(request.state, request.meaning),
        again=None if again is None or again <= now else int(again.timestamp()),
    )
    outbox.notify(tx, request.user_id, told, now, order_id=request.order_id)


def _push_sum(tx: Transaction, user_id: int, list_id: int, now: datetime) -> None:
    """Say how a list of refills went, once the last of them has ended."""
    rows = requests.of_list(tx, list_id)
    taken = [
        row for row in rows if row.kind is RequestKind.REFILL and row.provider_refill_id is not None
    ]
    if taken and all(row.state not in REQUEST_OPEN for row in rows):
        counts = Counter(str(row.state) for row in taken)
        outbox.notify(tx, user_id, RefillNotice(counts=dict(counts)), now)
