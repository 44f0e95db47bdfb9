"""An order as the provider keeps it, and a snapshot of it as the dialects write it."""

from dataclasses import dataclass, field
from decimal import Decimal

from playground.provider.life import Life, is_over
from playground.provider.money import per_thousand
from playground.provider.services import Service

Remains = int | str | None


@dataclass(slots=True)
class Series:
    """What makes an order a parent (drip-feed or subscription): it delivers nothing, its children
    do.
    """

    runs: int
    status: str
    children: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A state that no longer moves by itself: the order has ended, or an operator forced it."""

    status: str
    remains: Remains


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An order at one moment.

    `start_count` is None until work has begun; `runs` only on parents.
    """

    number: int
    status: str
    charge: Decimal
    start_count: int | str | None
    remains: Remains
    runs: int | None = None
    children: tuple[int, ...] = ()


@dataclass(slots=True)
class Order:
    """`net` is what the account has paid for this order up to now, refunds taken off."""

    number: int
    service: Service  # as it was when the order was placed: later prices don't touch it
    link: str
    quantity: int
    begun: float  # simulated seconds
    created: float  # unix time
    life: Life
    start_count: int | str | None
    net: Decimal = Decimal(0)
    series: Series | None = None
    parent: "Order | None" = None
    fixed: Fixed | None = None
    cancel_asked: bool = False

    def price(self, delivered: int) -> Decimal:
        if self.service.type.is_package:
            return self.service.rate if delivered > 0 else Decimal(0)
        return per_thousand(self.service.rate, delivered)

    def state(self, now: float) -> Fixed:
        if self.fixed:
            return self.fixed
        if self.series:
            return Fixed(self.series.status, None)
        status, delivered = self.life.at(now - self.begun)
        return Fixed(status, self.quantity - delivered)

    def is_over(self, now: float) -> bool:
        return is_over(self.state(now).status)

    def snapshot(self, now: float) -> Snapshot:
        state = self.state(now)
        return Snapshot(
            number=self.number,
            status=state.status,
            charge=self.net,
            start_count=None if state.status == "Pending" else self.start_count,
            remains=state.remains,
            runs=self.series.runs if self.series else None,
            children=tuple(self.series.children) if self.series else (),
        )
