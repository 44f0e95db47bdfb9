"""Refills and cancellations: what may be asked for when.

A customer's press writes a row; shop.aftercare.worker sends it. An order that nobody has sent yet
is taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shop.catalogue import warranty
from shop.errors import ShopError
from shop.orders.cancelling import take_back
from shop.orders.suborders import is_parent
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, REQUEST_OPEN, OrderState, RequestKind, RequestState
from storage.queries import catalogue, requests
from storage.rows import Order, Request, ServiceRow

REFILL_WAIT = timedelta(hours=24)  # after completion, and after a refill that came to nothing
CANCEL_WAIT = timedelta(hours=1)  # after a cancellation that nobody confirmed


class IneligibilityReason(StrEnum):
    """Why something can't be asked for now. Each has its text in locales/ for either kind."""

    NO_ORDER = "no-order"
    NOT_OFFERED = "not-offered"  # the service has none
    ELSEWHERE = "elsewhere"  # the order is at a provider account that is not asked any more
    PARENT = "parent"  # of runs or posts
    NOT_COMPLETED = "not-completed"
    TOO_EARLY = "too-early"  # until `at`
    OVER = "over"  # the warranty ended `at`
    OPEN = "open"  # it is under way already
    AGAIN_LATER = "again-later"  # the last one came to nothing: from `at` on
    ENDED = "ended"
    BEING_SENT = "being-sent"
    BEING_CHECKED = "being-checked"


@dataclass(frozen=True, slots=True)
class Ineligibility:
    why: IneligibilityReason
    at: datetime | None = None


class NotNowError(ShopError):
    """The order's card says it too, with the time from which it is possible."""

    def __init__(self, kind: RequestKind, obstacle: Ineligibility) -> None:
        super().__init__(f"{kind}-no-{obstacle.why}")
        self.kind, self.obstacle = kind, obstacle


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What an order's card offers: None is no obstacle.

    `until` is when its warranty ends, where that is known.
    """

    refill: Ineligibility | None
    cancel: Ineligibility | None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be asked for when.

    `asked` is what was asked for the order before, the newest first.
    """

    refill_wait: timedelta = REFILL_WAIT
    account: str = ""  # the provider account that is asked

    def care(
        self, order: Order, service: ServiceRow, asked: Sequence[Request], now: datetime
    ) -> Eligibility:
        return Eligibility(
            self.refill(order, service, asked, now),
            self.cancel(order, service, asked, now),
            warranty.ends_at(order, service),
        )

    def refill(
        self, order: Order, service: ServiceRow, asked: Iterable[Request], now: datetime
    ) -> Ineligibility | None:
        if order.account != self.account or is_parent(order):
            return Ineligibility(
                IneligibilityReason.PARENT
                if order.account == self.account
                else IneligibilityReason.ELSEWHERE
            )
        if not service.refill or warranty.warranty_days(service) == 0:
            return Ineligibility(IneligibilityReason.NOT_OFFERED)
        if order.state is not OrderState.COMPLETED or order.finished_at is None:
            return Ineligibility(IneligibilityReason.NOT_COMPLETED)
        last = latest(asked, RequestKind.REFILL)
        if last is not None and last.state in REQUEST_OPEN:
            return Ineligibility(IneligibilityReason.OPEN)
        possible, why = order.finished_at + self.refill_wait, IneligibilityReason.TOO_EARLY
        again = self.again_at(last)
        if again is not None and again > possible:
            possible, why = again, IneligibilityReason.AGAIN_LATER
        end = warranty.ends_at(order, service)
        if end is not None and max(possible, now) > end:
            return Ineligibility(IneligibilityReason.OVER, end)
        return Ineligibility(why, possible) if possible > now else None

    def cancel(
        self, order: Order, service: ServiceRow, asked: Iterable[Request], now: datetime
    ) -> Ineligibility | None:
        """A queued order can always be taken back: nothing has been sent."""
        if order.state is OrderState.QUEUED:
            return None
        if order.state not in AT_PROVIDER:
            why = {
                OrderState.SUBMITTING: IneligibilityReason.BEING_SENT,
                OrderState.UNKNOWN: IneligibilityReason.BEING_CHECKED,
            }
            return Ineligibility(why.get(order.state, IneligibilityReason.ENDED))
        if order.account != self.account:
            return Ineligibility(IneligibilityReason.ELSEWHERE)
        if not service.cancel:
            return Ineligibility(IneligibilityReason.NOT_OFFERED)
        last = latest(asked, RequestKind.CANCEL)
        if last is not None and last.state in REQUEST_OPEN:
            return Ineligibility(IneligibilityReason.OPEN)
        again = self.again_at(last)
        return (
            Ineligibility(IneligibilityReason.AGAIN_LATER, again)
            if again is not None and again > now
            else None
        )

    def again_at(self, last: Request | None) -> datetime | None:
        """Return when what came to nothing may be asked for again; None where it did not, or at
        once.
        """
        if last is None or last.ended_at is None:
            return None
        if last.kind is RequestKind.REFILL:
            return (
                None if last.state is RequestState.COMPLETED else last.ended_at + self.refill_wait
            )
        return last.ended_at + CANCEL_WAIT if last.state is RequestState.UNKNOWN else None


def latest(asked: Iterable[Request], kind: RequestKind) -> Request | None:
    """Return the last request of a kind; `asked` has the newest first."""
    return next((request for request in asked if request.kind is kind), None)


@dataclass(frozen=True, slots=True)
class RequestDecision:
    """What becomes of one order that something is asked for: an obstacle, a request, or neither is
    needed.
    """

    obstacle: Ineligibility | None = None
    taken_back: bool = False
    asks: bool = False


def check_eligibility(
    tx: Transaction,
    rules: Rules,
    user_id: int,
    kind: RequestKind,
    order_ids: Sequence[int],
    now: datetime,
) -> dict[int, RequestDecision]:
    """Decide for each order, and take back those that nobody has sent; the orders are held until
    the end.

    Whose verdict `asks` has to be written with `storage.queries.requests.add` in the same
    transaction.
    """
    found = requests.hold_orders(tx, user_id, order_ids)
    known = catalogue.several(tx, sorted({order.service_id for order in found.values()}))
    offered = {service.id: service for service in known}
    asked: dict[int, list[Request]] = {}
    for request in requests.of_orders(tx, list(found)):
        asked.setdefault(request.order_id, []).append(request)
    verdicts: dict[int, RequestDecision] = {}
    for order_id in order_ids:
        order = found.get(order_id)
        if order is None:
            verdicts[order_id] = RequestDecision(Ineligibility(IneligibilityReason.NO_ORDER))
        elif kind is RequestKind.CANCEL and order.state is OrderState.QUEUED:
            taken_back = take_back(tx, order, now)
            verdicts[order_id] = RequestDecision(
                None if taken_back else Ineligibility(IneligibilityReason.BEING_SENT), taken_back
            )
        else:
            verdicts[order_id] = _verdict(
                rules, kind, order, offered[order.service_id], asked.get(order_id, []), now
            )
    return verdicts


def _verdict(
    rules: Rules,
    kind: RequestKind,
    order: Order,
    service: ServiceRow,
    asked: Sequence[Request],
    now: datetime,
) -> RequestDecision:
    # what can't move any more, or is looked at already, needs no look
    if kind is RequestKind.STATUS:
        last = latest(asked, kind)
        possible = order.state in AT_PROVIDER and order.account == rules.account
        return RequestDecision(asks=possible and (last is None or last.ended_at is not None))
    rule = rules.refill if kind is RequestKind.REFILL else rules.cancel
    obstacle = rule(order, service, asked, now)
    return RequestDecision(obstacle, asks=obstacle is None)
