"""Refills and cancellations: what may be asked for when, and asking.

A customer's press writes a row; shop.requesting sends it. An order that nobody has sent yet is taken back at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shop import notices, warranty
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.errors import NotFoundError, ShopError
from shop.parts import is_parent
from shop.submitting import take_back
from storage import Database, catalog, orders, requests
from storage.engine import Transaction
from storage.rows import Order, Request, Service
from storage.states import AT_PROVIDER, DONE, REQUEST_OPEN, OrderState, RequestKind, RequestState

REFILL_WAIT = timedelta(hours=24)  # after completion, and after a refill that came to nothing
CANCEL_WAIT = timedelta(hours=1)  # after a cancellation that nobody confirmed


class Why(StrEnum):
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
class Obstacle:
    why: Why
    at: datetime | None = None


class NotNowError(ShopError):
    """The order's card says it too, with the time from which it is possible."""

    def __init__(self, kind: RequestKind, obstacle: Obstacle) -> None:
        super().__init__(f"{kind}-no-{obstacle.why}")
        self.kind, self.obstacle = kind, obstacle


@dataclass(frozen=True, slots=True)
class Care:
    """What an order's card offers: None is no obstacle. `until` is when its warranty ends, where that is known."""

    refill: Obstacle | None
    cancel: Obstacle | None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be asked for when. `asked` is what was asked for the order before, the newest first."""

    refill_wait: timedelta = REFILL_WAIT
    account: str = ""  # the provider account that is asked

    def care(self, order: Order, service: Service, asked: Sequence[Request], now: datetime) -> Care:
        return Care(
            self.refill(order, service, asked, now), self.cancel(order, service, asked, now),
            warranty.ends_at(order, service),
        )  # fmt: skip

    def refill(self, order: Order, service: Service, asked: Iterable[Request], now: datetime) -> Obstacle | None:
        if order.account != self.account or is_parent(order):
            return Obstacle(Why.PARENT if order.account == self.account else Why.ELSEWHERE)
        if not service.refill or warranty.warranty_days(service) == 0:
            return Obstacle(Why.NOT_OFFERED)
        if order.state is not OrderState.COMPLETED or order.finished_at is None:
            return Obstacle(Why.NOT_COMPLETED)
        last = latest(asked, RequestKind.REFILL)
        if last is not None and last.state in REQUEST_OPEN:
            return Obstacle(Why.OPEN)
        possible, why = order.finished_at + self.refill_wait, Why.TOO_EARLY
        again = self.again_at(last)
        if again is not None and again > possible:
            possible, why = again, Why.AGAIN_LATER
        end = warranty.ends_at(order, service)
        if end is not None and max(possible, now) > end:
            return Obstacle(Why.OVER, end)
        return Obstacle(why, possible) if possible > now else None

    def cancel(self, order: Order, service: Service, asked: Iterable[Request], now: datetime) -> Obstacle | None:
        """A queued order can always be taken back: nothing has been sent."""
        if order.state is OrderState.QUEUED:
            return None
        if order.state not in AT_PROVIDER:
            why = {OrderState.SUBMITTING: Why.BEING_SENT, OrderState.UNKNOWN: Why.BEING_CHECKED}
            return Obstacle(why.get(order.state, Why.ENDED))
        if order.account != self.account:
            return Obstacle(Why.ELSEWHERE)
        if not service.cancel:
            return Obstacle(Why.NOT_OFFERED)
        last = latest(asked, RequestKind.CANCEL)
        if last is not None and last.state in REQUEST_OPEN:
            return Obstacle(Why.OPEN)
        again = self.again_at(last)
        return Obstacle(Why.AGAIN_LATER, again) if again is not None and again > now else None

    def again_at(self, last: Request | None) -> datetime | None:
        """Tell when what came to nothing may be asked for again; None where it did not, or at once."""
        if last is None or last.ended_at is None:
            return None
        if last.kind is RequestKind.REFILL:
            return None if last.state is RequestState.COMPLETED else last.ended_at + self.refill_wait
        return last.ended_at + CANCEL_WAIT if last.state is RequestState.UNKNOWN else None


def latest(asked: Iterable[Request], kind: RequestKind) -> Request | None:
    """Give the last request of a kind; `asked` has the newest first."""
    return next((request for request in asked if request.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one order that something is asked for: an obstacle, a request, or neither is needed."""

    obstacle: Obstacle | None = None
    taken_back: bool = False
    asks: bool = False


def judge(
    tx: Transaction,
    rules: Rules,
    user_id: int,
    kind: RequestKind,
    order_ids: Sequence[int],
    now: datetime,
) -> dict[int, Verdict]:
    """Decide for each order, and take back those that nobody has sent; the orders are held until the end.

    Whose verdict `asks` has to be written with `storage.requests.add` in the same transaction.
    """
    found = requests.hold_orders(tx, user_id, order_ids)
    known = catalog.several(tx, sorted({order.service_id for order in found.values()}))
    offered = {service.id: service for service in known}
    asked: dict[int, list[Request]] = {}
    for request in requests.of_orders(tx, list(found)):
        asked.setdefault(request.order_id, []).append(request)
    verdicts: dict[int, Verdict] = {}
    for order_id in order_ids:
        order = found.get(order_id)
        if order is None:
            verdicts[order_id] = Verdict(Obstacle(Why.NO_ORDER))
        elif kind is RequestKind.CANCEL and order.state is OrderState.QUEUED:
            taken_back = take_back(tx, order, now)
            verdicts[order_id] = Verdict(None if taken_back else Obstacle(Why.BEING_SENT), taken_back)
        else:
            verdicts[order_id] = _verdict(rules, kind, order, offered[order.service_id], asked.get(order_id, []), now)
    return verdicts


def _verdict(
    rules: Rules, kind: RequestKind, order: Order, service: Service, asked: Sequence[Request], now: datetime
) -> Verdict:
    if kind is RequestKind.STATUS:  # what can't move any more, or is looked at already, needs no look
        last = latest(asked, kind)
        possible = order.state in AT_PROVIDER and order.account == rules.account
        return Verdict(asks=possible and (last is None or last.ended_at is not None))
    rule = rules.refill if kind is RequestKind.REFILL else rules.cancel
    obstacle = rule(order, service, asked, now)
    return Verdict(obstacle, asks=obstacle is None)


def ask_to_cancel_all(tx: Transaction, rules: Rules, user_id: int, now: datetime) -> int:
    """Ask for a cancellation of all that the provider has of somebody, where that can be asked for; say of how many.

    The orders are held until the end of the transaction; nobody may have the wallet before.
    """
    there = orders.ids_in(tx, user_id, AT_PROVIDER)
    verdicts = judge(tx, rules, user_id, RequestKind.CANCEL, there, now)
    asked = [order_id for order_id, verdict in verdicts.items() if verdict.asks]
    requests.add(tx, asked, user_id=user_id, kind=RequestKind.CANCEL, now=now)
    return len(asked)


def end_cancellations(tx: Transaction, order: Order, now: datetime) -> None:
    """End what is open of the cancellations of an order that has ended: it came true, or came too late."""
    came_true = order.state in DONE - {OrderState.COMPLETED}
    target = RequestState.COMPLETED if came_true else RequestState.REJECTED
    for list_id in requests.end_cancellations(tx, order.id, target, now):
        notices.tell_list(tx, order.user_id, list_id, now)


@dataclass(frozen=True, slots=True)
class Aftercare:
    """The customer's side of one order."""

    database: Database
    rules: Rules = field(default_factory=Rules)
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now

    async def ask(
        self, user_id: int, order_id: int, kind: RequestKind, *, card_message_id: int | None = None
    ) -> Verdict:
        """Ask for a refill or a cancellation, or take a queued order back. `card_message_id` will show its card.

        Raises NotFoundError when the order is not theirs, NotNowError with the reason otherwise.
        """
        now = self.clock()

        def transaction(tx: Transaction) -> Verdict:
            verdict = (judge(tx, self.rules, user_id, kind, [order_id], now))[order_id]
            if verdict.asks:
                requests.add(tx, [order_id], user_id=user_id, kind=kind, now=now)
            if card_message_id is not None:
                orders.show_on(tx, user_id, card_message_id, order_id)
            return verdict

        verdict = await self.database.write(transaction)
        if verdict.obstacle is not None and verdict.obstacle.why is Why.NO_ORDER:
            raise NotFoundError("error-order-gone")
        if verdict.obstacle is not None:
            raise NotNowError(kind, verdict.obstacle)
        self.ring({order_id: verdict})
        return verdict

    def ring(self, verdicts: Mapping[int, Verdict]) -> None:
        """Tell the workers what there is to do after these."""
        if any(verdict.asks for verdict in verdicts.values()):
            self.bells.requests.set()
        if any(verdict.taken_back for verdict in verdicts.values()):
            self.bells.notify.set()
            self.bells.submit.set()  # the link may be free for the next one
