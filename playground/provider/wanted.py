"""Reading an `add`: the fields a type needs, the quantity it counts, the charge."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from playground.provider.money import per_thousand
from playground.provider.refusals import Refusal, Why
from playground.provider.service_types import LINES
from playground.provider.services import Service

DELAYS = frozenset({0, 5, 10, 15, 20, 30, 40, 50, *range(60, 601, 30)})
MOST_POSTS = 1000
_LINK = re.compile(r"https?://[^\s/]+\.[^\s]+|(?!https?:)[^\s]{3,}", re.IGNORECASE)
_CHOICES = {"device": range(1, 6), "type_of_traffic": range(1, 4)}
# Web Traffic: the type of traffic that makes another field necessary.
_TRAFFIC = {1: "google_keyword", 2: "referring_url"}


@dataclass(frozen=True, slots=True)
class Rules:
    """Where families differ.

    `commas`: comments are split on commas too, so that the charge surprises.
    """

    package_needs_quantity: bool = False
    commas: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """`minimum` to `maximum` units for each of `posts` new (None: no end) and `old_posts` present
    posts.

    `expires` is the unix time at which the day of `expiry` is over.
    """

    minimum: int
    maximum: int
    posts: int | None
    old_posts: int
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """`quantity` is per run; `charge` is the whole order's, nothing for a subscription (paid per
    post).
    """

    link: str
    quantity: int
    charge: Decimal
    runs: int = 0
    interval: int = 0  # minutes
    subscription: Subscription | None = None


def read_add(service: Service, fields: Mapping[str, str], rules: Rules) -> Wanted:
    """Raises `Refusal`. Funds and busy links aren't looked at here."""
    for name in service.type.required:
        if name != "quantity":
            _require(name, fields.get(name, ""))
    if "type_of_traffic" in service.type.required:
        _require_traffic_source(fields)
    if service.type.is_subscription:
        return _subscription(service, fields)
    runs, interval = _drip_feed(service, fields)
    quantity = _quantity(service, fields, rules)
    if not service.type.is_package:
        _within_limits(service, quantity * max(runs, 1))
    price = service.rate if service.type.is_package else per_thousand(service.rate, quantity)
    return Wanted(fields["link"].strip(), quantity, price * max(runs, 1), runs, interval)


def number(text: str | None) -> int | None:
    """A whole number of plain digits; anything else, absent included, is none."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def lines(text: str, *, commas: bool = False) -> list[str]:
    parts = re.split(r"[\r\n,]+" if commas else r"[\r\n]+", text)
    return [part.strip() for part in parts if part.strip()]


def _require(name: str, value: str) -> None:
    if name == "link":
        if not _LINK.fullmatch(value.strip()):
            raise Refusal(Why.BAD_LINK)
        return
    if name in _CHOICES:
        good = number(value) in _CHOICES[name]
    elif name in {"answer_number", "min", "max", "delay"}:
        good = number(value) is not None
    else:
        good = bool(lines(value)) if name in LINES else bool(value.strip())
    if not good:
        raise Refusal(Why.BAD_FIELD, name)


def _require_traffic_source(fields: Mapping[str, str]) -> None:
    needed = _TRAFFIC.get(number(fields.get("type_of_traffic")) or 0)
    if needed and not fields.get(needed, "").strip():
        raise Refusal(Why.BAD_FIELD, needed)


def _quantity(service: Service, fields: Mapping[str, str], rules: Rules) -> int:
    kind = service.type
    if kind.is_package:
        if rules.package_needs_quantity and number(fields.get("quantity")) != 1:
            raise Refusal(Why.TOO_FEW, 1)
        return 1
    if kind.counted == "quantity":
        return number(fields.get("quantity")) or 0
    return len(lines(fields[kind.counted], commas=rules.commas and kind.counted == "comments"))


def _within_limits(service: Service, quantity: int) -> None:
    if quantity < max(service.minimum, 1):
        raise Refusal(Why.TOO_FEW, max(service.minimum, 1))
    if 0 < service.maximum < quantity:
        raise Refusal(Why.TOO_MANY, service.maximum)


def _drip_feed(service: Service, fields: Mapping[str, str]) -> tuple[int, int]:
    """(runs, interval), both 0 without drip-feed; one of them alone is a mistake."""
    given = [name for name in ("runs", "interval") if fields.get(name, "").strip() not in {"", "0"}]
    if not given:
        return 0, 0
    runs, interval = number(fields.get("runs")), number(fields.get("interval"))
    if not runs or service.type.label != "Default" or not service.dripfeed:
        raise Refusal(Why.BAD_FIELD, "runs")
    if not interval:
        raise Refusal(Why.BAD_FIELD, "interval")
    return runs, interval


def _subscription(service: Service, fields: Mapping[str, str]) -> Wanted:
    least, most = number(fields["min"]) or 0, number(fields["max"]) or 0
    _within_limits(service, least)
    _within_limits(service, most)
    if least > most:
        raise Refusal(Why.BAD_FIELD, "min")
    if number(fields["delay"]) not in DELAYS:
        raise Refusal(Why.BAD_FIELD, "delay")
    for name in ("posts", "old_posts"):
        if fields.get(name, "").strip() and number(fields[name]) not in range(MOST_POSTS + 1):
            raise Refusal(Why.BAD_FIELD, name)
    expires = _expires(fields.get("expiry", "").strip())
    posts, old = number(fields.get("posts")), number(fields.get("old_posts"))
    asked = Subscription(least, most, posts, old or 0, expires)
    return Wanted(fields["username"].strip(), 0, Decimal(0), subscription=asked)


def _expires(expiry: str) -> float | None:
    if not expiry:
        return None
    try:
        return (
            datetime.strptime(expiry, "%d/%m/%Y").replace(tzinfo=UTC) + timedelta(days=1)
        ).timestamp()
    except ValueError:
        raise Refusal(Why.BAD_FIELD, "expiry") from None
