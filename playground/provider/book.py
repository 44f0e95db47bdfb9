"""All orders: how they are placed, end, are cancelled and are forced.

Times are simulated seconds.
"""

from collections.abc import Callable
from decimal import Decimal
from math import isfinite

from playground.provider.account import Account
from playground.provider.agenda import Agenda
from playground.provider.chance import dice
from playground.provider.life import (
    CANCEL_TAKES,
    Life,
    Nature,
    Status,
    is_canceled,
    is_over,
    life_of,
)
from playground.provider.orders import Fixed, Order, Remains
from playground.provider.refusals import Refusal, Why
from playground.provider.services import Service

FIRST_NUMBER = 23501  # the documentation's example


class Book:
    """`nature_of` says how a service's orders end; `unix` gives the time of day for `created`."""

    def __init__(
        self,
        account: Account,
        *,
        seed: int,
        nature_of: Callable[[str], Nature],
        unix: Callable[[], float],
    ) -> None:
        self.account = account
        self.agenda = Agenda()
        self.orders: dict[int, Order] = {}
        self.busy_links = True  # some panels take any number of equal orders at once
        self._seed = seed
        self._nature_of = nature_of
        self._unix = unix
        self._latest: dict[tuple[str, str], Order] = {}

    def find(self, number: int | None) -> Order:
        order = self.orders.get(number) if number is not None else None
        if order is None:
            raise Refusal(Why.BAD_ORDER)
        return order

    def refuse_unless_free(self, service: Service, link: str, charge: Decimal, now: float) -> None:
        """A link takes one order of a service at a time; the account has to hold the charge."""
        latest = self._latest.get((service.id, link))
        if self.busy_links and latest and not latest.is_over(now):
            raise Refusal(Why.BUSY_LINK)
        if charge > self.account.balance:
            raise Refusal(Why.NO_FUNDS)

    def record(
        self, service: Service, link: str, quantity: int, *, now: float, parent: Order | None = None
    ) -> Order:
        """A new order, not yet paid for and without an end on the agenda."""
        number = FIRST_NUMBER + len(self.orders)
        order = Order(
            number=number,
            service=service,
            link=link,
            quantity=quantity,
            begun=now,
            created=self._unix(),
            life=life_of(self._nature_of(service.id), quantity, seed=self._seed, number=number),
            start_count=dice(self._seed, "start", link).randint(0, 5000),
            parent=parent,
        )
        self.orders[number] = order
        if parent is None:
            self._latest[service.id, link] = order
        return order

    def deliver(self, order: Order) -> None:
        """Lets the order run to the end of its life."""
        if isfinite(order.life.end):
            self.agenda.at(
                order.begun + order.life.end, lambda when: self._end_life(order, order.life, when)
            )

    def cancel(self, order: Order, now: float) -> None:
        """Only asks: the order ends a little later, with what has been delivered until then."""
        if not order.service.cancel or order.cancel_asked or order.is_over(now):
            raise Refusal(Why.NO_CANCEL)
        order.cancel_asked = True
        self.agenda.at(now + CANCEL_TAKES, lambda when: self._end_canceled(order, when))

    def force(
        self,
        order: Order,
        status: str,
        now: float,
        *,
        remains: Remains = None,
        start_count: int | None = None,
    ) -> None:
        """Puts the order into a state and keeps it there.

        Money follows the state, back and forth.
        """
        if remains is None:
            remains = order.state(now).remains
            if is_canceled(status) and not order.series:
                remains = order.quantity
        if start_count is not None:
            order.start_count = start_count
        self._fix(order, status, remains, now)

    def _end_life(self, order: Order, life: Life, when: float) -> None:
        if order.fixed is None:
            self._fix(order, life.outcome, order.quantity - life.delivered, when)

    def _end_canceled(self, order: Order, when: float) -> None:
        if order.is_over(when):
            return
        remains = order.state(when).remains
        some = isinstance(remains, int) and remains < order.quantity
        self._fix(order, Status.PARTIAL if some else Status.CANCELED, remains, when)

    def _fix(self, order: Order, status: str, remains: Remains, now: float) -> None:
        order.fixed = Fixed(status, remains)
        self.account.settle(order, self._net(order, status, remains))
        if order.parent:
            self.end_parent(order.parent, now)

    def _net(self, order: Order, status: str, remains: Remains) -> Decimal:
        """A canceled order costs nothing, a partial one what it delivered, any other its whole
        price.
        """
        canceled = is_canceled(status)
        if order.series:
            # The runs that have begun are paid by the children; the rest comes back.
            return Decimal(0) if canceled else order.net
        if canceled:
            return Decimal(0)
        if status == Status.PARTIAL and isinstance(remains, int):
            return order.price(max(0, order.quantity - remains))
        return order.price(order.quantity)

    def end_parent(self, parent: Order, now: float) -> None:
        """A parent is done when its last child is."""
        series = parent.series
        if series is None or parent.fixed or len(series.children) < series.runs:
            return
        if all(is_over(self.orders[child].state(now).status) for child in series.children):
            parent.fixed = Fixed(Status.COMPLETED, None)
