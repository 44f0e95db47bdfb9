"""Margin rules: what admins write down, what it would change, and that every process comes to know
of it.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

from shop.access import Access, Assortment, Billing, fits
from shop.catalogue.pricing import MarginRules, Prices, Scope
from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError
from shop.money import parse_amount
from shop.outbox import Kind, all_alerts_over
from shop.parsing import plain_digits
from storage import Database
from storage.engine import Transaction
from storage.queries import catalogue, margins
from storage.rows import Margin, ServiceRow

T = TypeVar("T")

LONGEST_PATTERN = 100
_LARGEST_PERCENT = 100_000
_EXAMPLES = 5
_SIGN = r"[$£¥\u20a0-\u20cf]?"  # of a currency
_NUMBER = r"\d+(?:[.,]\d+)*"
_LEAST = r"minimum|min\.?|at least|not less than|минимум|мин\.?|не менее|не меньше|>=|≥"
_TERM = re.compile(
    rf"(?P<least>{_LEAST})?\s*+[:=]?\s*+(?P<plus>\+)?\s*+"
    rf"(?P<amount>{_SIGN}\s?(?P<number>{_NUMBER})\s?{_SIGN})\s*+(?P<percent>%)?"
    r"(?:\s*+(?:/|per|за|на)\s*(?:1[ ,.]?000|1?k))?"
)
_BETWEEN = re.compile(r"(?:[\s,;&]|\band\b|\bи\b)*")
_LINK = re.compile(r"(?:.*[?&]start=)?s_(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a rule puts on top: `percent` of the cost, `fixed` and `minimum` (millionths) per 1,000
    or per package.
    """

    percent: Decimal = Decimal(0)
    fixed: int = 0
    minimum: int = 0


def read_numbers(text: str) -> Numbers:
    """Read `25%`, `25% + 0.10`, `30% +0,05 min 0.20`, `+$0.10`. Raises BadAnswerError."""
    left, found = plain_digits(text).lower().strip(), dict[str, str]()
    while left:
        term = _TERM.match(left)
        if term is None:
            raise BadAnswerError("margin-bad-numbers")
        kind = "percent" if term["percent"] else "minimum" if term["least"] else "fixed"
        bare = kind == "fixed" and not term["plus"] and term["amount"].strip() == term["number"]
        if bare and not found:
            raise BadAnswerError("margin-bad-bare", text=term["number"][:32])
        if kind in found or (term["percent"] and term["least"]):
            raise BadAnswerError("margin-bad-numbers")
        found[kind] = term["number"] if kind == "percent" else term["amount"]
        left = left[term.end() :]
        left = left[_BETWEEN.match(left).end() :]  # type: ignore[union-attr]
    if not found:
        raise BadAnswerError("margin-bad-numbers")
    return Numbers(
        _percent(found.get("percent", "0")),
        _amount(found.get("fixed")),
        _amount(found.get("minimum")),
    )


def _percent(text: str) -> Decimal:
    written = text.replace(",", ".")
    if written.count(".") > 1 or len(written.partition(".")[2]) > 6 or len(written) > 16:  # noqa: PLR2004
        raise BadAnswerError("margin-bad-percent", text=text[:32])
    percent = Decimal(written)
    if percent > _LARGEST_PERCENT:
        raise BadAnswerError("margin-bad-percent", text=text[:32])
    return percent


def _amount(text: str | None) -> int:
    """Read an amount; none, and zero, are no units."""
    if text is None or not re.search("[1-9]", text):
        return 0
    amount = parse_amount(text)
    if amount is None:
        raise BadAnswerError("margin-bad-amount", text=text.strip()[:32])
    return amount


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule means for real services: `examples` of the `touched` ones, the cheapest first.

    `now` and `then` are the prices without and with it. `categories` are those that a pattern fits,
    `service` is the one that it is about.
    """

    rule: Margin
    now: Prices
    then: Prices
    touched: int
    examples: Sequence[ServiceRow]
    categories: Sequence[str] = ()
    service: ServiceRow | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule with the service that it is about, where it is about one."""

    rule: Margin
    service: ServiceRow | None = None


@dataclass(frozen=True, slots=True)
class Margins:
    """Who calls this has looked whether it is an admin who asks; all but `load` raise NotFoundError
    in a house.
    """

    database: Database
    access: Access
    assortment: Assortment
    prices: Prices
    clock: Clock
    # who looked earlier must not write later
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self) -> None:
        """Look what rules there are: another process may have changed them."""
        if self.access.billing is not Billing.WALLET:
            return
        await self._with_rules(lambda _tx, _prices: None)

    async def _with_rules(self, work: Callable[[Transaction, Prices], T]) -> T:
        """Run `work` with the prices by the rules of its transaction, as they are from then on."""

        def transaction(tx: Transaction) -> tuple[list[Margin], T]:
            rules = margins.everything(tx)
            return rules, work(tx, replace(self.prices, rules=MarginRules.of_these(rules)))

        async with self._loading:
            rules, result = await self.database.read(transaction)
            self.prices.rules.put(rules)
        return result

    async def everything(self) -> list[Listed]:
        """List the rules in the order in which they are asked."""
        self.refuse_house()
        return await self._with_rules(_listed)

    async def rule(self, margin_id: int) -> Margin:
        """Return a rule. Raises NotFoundError when it is not there any more."""
        self.refuse_house()
        found = await self.database.read(margins.get, margin_id)
        if found is None:
            raise NotFoundError("margin-gone")
        return found

    async def service(self, text: str) -> ServiceRow:
        """Find the service that somebody means by the provider's id, or by a link of ours.

        Raises BadAnswerError.
        """
        self.refuse_house()
        written = plain_digits(text).removeprefix("#").strip()
        link = _LINK.fullmatch(written)

        def transaction(tx: Transaction) -> ServiceRow | None:
            if link:
                return catalogue.service(tx, int(link[1]))
            return catalogue.by_provider_ids(tx, [written]).get(written)

        found = await self.database.read(transaction)
        if found is None:
            raise BadAnswerError("margin-no-service", text=text.strip()[:64])
        return found

    async def pattern(self, text: str) -> str:
        """Read a pattern of categories; raises BadAnswerError for one that fits none."""
        self.refuse_house()
        written = " ".join(text.split())
        if not written or len(written) > LONGEST_PATTERN:
            raise BadAnswerError("margin-bad-pattern", most=LONGEST_PATTERN)
        if not await self.database.read(self._categories, written):
            raise BadAnswerError("margin-no-category", text=written)
        return written

    async def preview(self, rule: Margin) -> Preview:
        """Return what the rule would change, or changes.

        Raises NotFoundError where its service is not there.
        """
        self.refuse_house()
        return await self._with_rules(partial(self._preview, rule))

    def _preview(self, rule: Margin, tx: Transaction, prices: Prices) -> Preview:
        now, then = prices.without(rule.id) if rule.id else prices, prices.with_rule(rule)
        service = catalogue.service(tx, int(rule.about)) if rule.scope == Scope.SERVICE else None
        if rule.scope == Scope.SERVICE and service is None:
            raise NotFoundError("error-button-old")
        touched = [
            service_id
            for service_id, category, _ in margins.for_sale(tx)
            if then.rules.of(service_id, category) == rule and self.assortment.sells(category)
        ]
        fitting = self._categories(tx, rule.about) if rule.scope == Scope.CATEGORY else []
        return Preview(
            rule, now, then, len(touched), catalogue.several(tx, _spread(touched)), fitting, service
        )

    async def save(self, admin_id: int, scope: Scope, about: str, numbers: Numbers) -> list[Listed]:
        """Write the rule down, instead of another about the same; it counts at once.

        Returns all of them.
        """
        self.refuse_house()

        def transaction(tx: Transaction) -> None:
            margins.put(
                tx,
                scope=scope,
                about=about,
                percent=numbers.percent,
                fixed=numbers.fixed,
                minimum=numbers.minimum,
                admin_id=admin_id,
                now=self.clock(),
            )
            all_alerts_over(tx, Kind.MARGIN_LEAK)

        await self.database.write(transaction)
        return await self.everything()

    async def remove(self, margin_id: int) -> tuple[bool, list[Listed]]:
        """Take a rule away; say whether it was still there, and list the others."""
        self.refuse_house()

        def transaction(tx: Transaction) -> bool:
            removed = margins.remove(tx, margin_id)
            if removed:
                all_alerts_over(tx, Kind.MARGIN_LEAK)
            return removed

        removed = await self.database.write(transaction)
        return removed, await self.everything()

    def draft(self, admin_id: int, scope: Scope, about: str, numbers: Numbers) -> Margin:
        """Make a rule that is not written yet, to look at what it would do."""
        now: datetime = self.clock()
        return Margin(
            0, scope, about, numbers.percent, numbers.fixed, numbers.minimum, admin_id, now
        )

    def _categories(self, tx: Transaction, pattern: str) -> list[str]:
        found = catalogue.category_list(tx)
        return [
            one.name for one in found if fits(one.name, pattern) and self.assortment.sells(one.name)
        ]

    def refuse_house(self) -> None:
        """Raise NotFoundError where the house pays: it has no margins."""
        if self.access.billing is not Billing.WALLET:
            raise NotFoundError("margin-no-wallet")


def _listed(tx: Transaction, prices: Prices) -> list[Listed]:
    rules = prices.rules.in_order()
    about = [int(rule.about) for rule in rules if rule.scope == Scope.SERVICE]
    found = {service.id: service for service in catalogue.several(tx, about)}
    named = [
        Listed(rule, found.get(int(rule.about))) for rule in rules if rule.scope == Scope.SERVICE
    ]
    named.sort(key=lambda one: one.service.name if one.service else "")
    return [*named, *(Listed(rule) for rule in rules if rule.scope != Scope.SERVICE)]


def _spread(services: Sequence[int]) -> list[int]:
    """Choose the first, the last, and some evenly between them."""
    if len(services) <= _EXAMPLES:
        return list(services)
    return [
        services[(len(services) - 1) * number // (_EXAMPLES - 1)] for number in range(_EXAMPLES)
    ]
