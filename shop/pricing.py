"""What things cost. The one place where a provider's rate becomes a price."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from panel import SERVICE_TYPES
from shop.money import ceil_to_step, to_units
from storage.rows import Service

_PER = 1000


@dataclass(frozen=True, slots=True)
class Prices:
    """How the shop prices: wallet customers pay the margin, the house pays what the provider asks.

    `markup_percent` on the provider's rate; `step` in millionths, prices are rounded up to it.
    """

    markup_percent: Decimal = Decimal(0)
    step: int = 100

    def of(self, service: Service, quantity: int) -> int:
        """Price `quantity` charged units, in millionths."""
        return self._round(cost_of(service, quantity) * self._factor)

    def listed(self, service: Service) -> int:
        """Price 1,000 units, or one package."""
        return self.of(service, 1 if is_package(service) else _PER)

    @property
    def _factor(self) -> Decimal:
        return 1 + self.markup_percent / 100

    def _round(self, amount: Decimal) -> int:
        return ceil_to_step(to_units(amount), self.step)


HOUSE = Prices(markup_percent=Decimal(0), step=1)


def is_package(service: Service) -> bool:
    return service.type is not None and SERVICE_TYPES[service.type].pricing == "per_package"


def cost_of(service: Service, quantity: int) -> Decimal:
    """Say what the provider is expected to charge; the true cost is the charge that status reports."""
    return service.rate * quantity if is_package(service) else service.rate * quantity / _PER


@dataclass(frozen=True, slots=True)
class Quote:
    """What a summary showed. `price` in millionths; a Confirm holds only while this is still true."""

    price: int
    min: int
    max: int

    def as_json(self) -> dict[str, Any]:
        return {"price": self.price, "min": self.min, "max": self.max}
