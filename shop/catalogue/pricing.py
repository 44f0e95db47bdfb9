"""What things cost. The one place where a provider's rate becomes a price."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from typing import Any

from panel import SERVICE_TYPES
from shop.access import fits
from shop.money import ceil_to_step, to_decimal, to_units
from storage.rows import Margin, ServiceRow

_PER = 1000
# the longest rate, times the longest quantity, times the longest percent
_EXACT = Context(prec=300)


class Scope(StrEnum):
    """What a margin rule is about. The first that has a rule for a service decides, alone."""

    SERVICE = "service"  # one, by our id
    CATEGORY = "category"  # those whose name fits a pattern
    GLOBAL = "global"


@dataclass(slots=True)
class MarginRules:
    """The rules as this process knows them: prices are asked for too often to look each time."""

    services: dict[int, Margin] = field(default_factory=dict)
    categories: list[Margin] = field(default_factory=list)  # the first that fits counts
    everything: Margin | None = None
    # what was found out already
    _by_category: dict[str, Margin | None] = field(default_factory=dict)

    @classmethod
    def of_these(cls, margins: Iterable[Margin]) -> "MarginRules":
        made = cls()
        made.put(margins)
        return made

    def put(self, margins: Iterable[Margin]) -> None:
        """Know these instead of what was known before."""
        found = list(margins)
        self.services = {int(one.about): one for one in found if one.scope == Scope.SERVICE}
        patterns = [one for one in found if one.scope == Scope.CATEGORY]
        self.categories = sorted(
            patterns, key=lambda one: (len(one.about), one.at, one.id), reverse=True
        )
        self.everything = next((one for one in found if one.scope == Scope.GLOBAL), None)
        self._by_category = {}

    def in_order(self) -> list[Margin]:
        """List them in the order in which they are asked."""
        last = [] if self.everything is None else [self.everything]
        return [*self.services.values(), *self.categories, *last]

    def of(self, service_id: int, category: str) -> Margin | None:
        """Return the rule that prices a service: its own, else that of the longest fitting pattern,
        else everybody's.
        """
        if own := self.services.get(service_id):
            return own
        if category not in self._by_category:
            fitting = (one for one in self.categories if fits(category, one.about))
            self._by_category[category] = next(fitting, self.everything)
        return self._by_category[category]


@dataclass(frozen=True, slots=True)
class Sum:
    """How 1,000 units, or a package, came to their price; all in the shop's currency.

    `margin` is what comes on top of the `cost`; `price` (millionths) is their sum, rounded up.
    `at_least`: percent and fixed came to less than the rule's minimum.
    """

    rule: Margin | None
    cost: Decimal
    by_percent: Decimal
    fixed: Decimal
    margin: Decimal
    at_least: bool
    price: int


@dataclass(frozen=True, slots=True)
class Prices:
    """How the shop prices: wallet customers pay the margin, the house pays what the provider asks.

    `markup_percent` on the provider's rate, where no rule says anything else; `step` in millionths,
    prices are rounded up to it; one of the provider's currency is `exchange` of the shop's.
    """

    markup_percent: Decimal = Decimal(0)
    step: int = 100
    exchange: Decimal = Decimal(1)
    rules: MarginRules = field(default_factory=MarginRules)

    def of(self, service: ServiceRow, quantity: int) -> int:
        """Price `quantity` charged units, in millionths."""
        return self._sum(service, quantity).price

    def costs(self, service: ServiceRow, quantity: int) -> int:
        """Return what we expect to be charged for it, in millionths of the shop's currency, rounded
        up.
        """
        return to_units(self._sum(service, quantity).cost)

    def listed(self, service: ServiceRow) -> int:
        """Price 1,000 units, or one package."""
        return self.of(service, _listed_quantity(service))

    def explained(self, service: ServiceRow) -> Sum:
        """Return how `listed` comes about."""
        return self._sum(service, _listed_quantity(service))

    def with_rule(self, rule: Margin) -> "Prices":
        """Return the prices as they would be with one more rule, or with this instead of the one
        about the same.
        """
        others = [
            one
            for one in self.rules.in_order()
            if (one.scope, one.about) != (rule.scope, rule.about)
        ]
        return replace(self, rules=MarginRules.of_these([*others, rule]))

    def without(self, margin_id: int) -> "Prices":
        others = (one for one in self.rules.in_order() if one.id != margin_id)
        return replace(self, rules=MarginRules.of_these(others))

    def _sum(self, service: ServiceRow, quantity: int) -> Sum:
        rule = self.rules.of(service.id, service.category)
        percent = self.markup_percent if rule is None else rule.percent
        with localcontext(_EXACT):
            share = Decimal(quantity) if is_package(service) else Decimal(quantity) / _PER
            cost = service.rate * share * self.exchange
            by_percent = cost * percent / 100
            fixed = Decimal(0) if rule is None else to_decimal(rule.fixed) * share
            least = Decimal(0) if rule is None else to_decimal(rule.minimum) * share
            margin = max(by_percent + fixed, least)
            price = max(ceil_to_step(to_units(cost + margin), self.step), 0)
        return Sum(rule, cost, by_percent, fixed, margin, by_percent + fixed < least, price)


HOUSE = Prices(markup_percent=Decimal(0), step=1)


def _listed_quantity(service: ServiceRow) -> int:
    return 1 if is_package(service) else _PER


def is_package(service: ServiceRow) -> bool:
    return service.type is not None and SERVICE_TYPES[service.type].pricing == "per_package"


def cost_of(service: ServiceRow, quantity: int) -> Decimal:
    """Return what the provider is expected to charge; the true cost is the charge that status
    reports.
    """
    return service.rate * quantity if is_package(service) else service.rate * quantity / _PER


@dataclass(frozen=True, slots=True)
class Quote:
    """What a summary showed.

    `price` in millionths of `currency`; a Confirm holds only while this is still true.

    `name` and `type` are the service's. Summaries from before they were kept bind to price and
    limits.
    """

    price: int
    min: int
    max: int
    name: str = ""
    type: str = ""
    currency: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def holds(self, now: "Quote") -> bool:
        """Return whether what was shown is what is so now; what was not kept then is not
        compared.
        """
        shown, known = asdict(self), asdict(now)
        return all(shown[name] == known[name] for name in shown if shown[name] != "")
