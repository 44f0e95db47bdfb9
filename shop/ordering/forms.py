"""What has to be asked for a service, and what the answers come to.

The service's type says which fields `add` takes; the form asks for them one by one. A draft's
`fields` hold the answers (see shop/ordering/fields.py), and None for a skipped step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from panel import SERVICE_TYPES, FieldKind, Pricing, order_fields
from shop.errors import BadAnswerError
from shop.ordering import fields as ordering_fields
from shop.ordering.fields import NO_WORDS, Words
from shop.parsing import parse_lines
from storage.rows import ServiceRow

DRIP_FEED = frozenset({"runs", "interval"})
# Providers take subscriptions without an end; a wallet can't hold what has none, so posts are
# needed here.
_NEEDED = frozenset({"posts"})
OPTIONAL = (
    frozenset(
        field.name for row in SERVICE_TYPES.values() for field in row.optional if field.when is None
    )
    - _NEEDED
)
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list: how many lines were taken, and how many of those sent were repeats."""

    lines: int
    repeats: int
    kept: bool


def steps(service: ServiceRow, fields: Mapping[str, Any] = _NOTHING) -> tuple[str, ...]:
    """Name the fields to ask for, in order, as far as the answers decide it.

    Drip-feed is asked only where the service offers it, and what belongs to a choice only where it
    was chosen.
    """
    at_once = "runs" in fields and fields["runs"] is None
    left_out = ("interval",) if at_once else ()
    return tuple(
        field.name
        for field in SERVICE_TYPES[str(service.type)].fields
        if field.name not in (left_out if service.dripfeed else DRIP_FEED)
        and (field.when is None or fields.get(field.when[0]) == field.when[1])
    )


def belonging(service: ServiceRow, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that the form asks for: a choice, the service or its type may have changed
    since.
    """
    asked = steps(service, fields)
    return {name: value for name, value in fields.items() if name in asked}


def problem(
    service: ServiceRow, name: str, fields: Mapping[str, Any], *, today: date = date.min
) -> BadAnswerError | None:
    """Return what is wrong with an answer that was right when it was given: limits and days move
    on.

    `today` in UTC; without it no date has passed.
    """
    if fields.get(name) is None:
        return None
    try:
        ordering_fields.check(service, name, fields, today)
    except BadAnswerError as error:
        return error
    return None


def next_step(
    service: ServiceRow, fields: Mapping[str, Any], *, today: date = date.min
) -> str | None:
    """Name the first field that still needs an answer; None when the form is complete."""
    return next(
        (
            name
            for name in steps(service, fields)
            if _is_open(name, fields) or problem(service, name, fields, today=today) is not None
        ),
        None,
    )


def _is_open(name: str, fields: Mapping[str, Any]) -> bool:
    needed = name not in OPTIONAL or (name == "interval" and fields.get("runs") is not None)
    return name not in fields or (fields[name] is None and needed)


def read_answer(
    service: ServiceRow,
    name: str,
    text: str,
    fields: Mapping[str, Any],
    *,
    today: date = date.min,
    words: Words = NO_WORDS,
) -> dict[str, Any]:
    """Read an answer and give the fields it fills.

    Raises BadAnswerError with what to tell the user.
    """
    value = ordering_fields.read(service, name, text, words)
    if (name == "runs" and value == 1) or (name == "old_posts" and value == 0):
        return skipped(name)
    filled = {name: value}
    try:
        ordering_fields.check(service, name, {**fields, **filled}, today)
    except BadAnswerError as error:
        told = taken(service, name, text, filled)
        if error.key == "lines-too-small" and told and told.repeats and not told.kept:
            raise BadAnswerError(
                "lines-too-few-left", repeats=told.repeats, **error.values
            ) from None
        raise
    return filled


def taken(service: ServiceRow, name: str, text: str, filled: Mapping[str, Any]) -> Taken | None:
    """Return what became of the list that `text` was; None for a field that holds none."""
    if ordering_fields.field_of(service, name).kind is not FieldKind.LINES:
        return None
    lines: list[str] = filled[name]
    kept = ordering_fields.STYLES.get(name, ordering_fields.PLAIN).keeps_repeats
    return Taken(
        len(lines),
        len(lines) - len(set(lines)) if kept else len(parse_lines(text)) - len(lines),
        kept,
    )


def takes_text(service: ServiceRow, name: str) -> bool:
    """Return whether a field is answered by words or lines."""
    return ordering_fields.field_of(service, name).kind in (FieldKind.LINES, FieldKind.TEXT)


def skipped(name: str) -> dict[str, Any]:
    """Return the fields of a skipped step: without runs there is no interval."""
    return dict.fromkeys(("runs", "interval")) if name in DRIP_FEED else {name: None}


def charged_quantity(service: ServiceRow, fields: Mapping[str, Any]) -> int | None:
    """Count what is charged: quantity times runs, lines, or one package.

    None while it is not known.

    A subscription is charged the most that it can come to: `max` for each of its posts, new and
    old.
    """
    row = SERVICE_TYPES[str(service.type)]
    if row.pricing is Pricing.PER_PACKAGE:
        return 1
    if row.counted is not None:
        lines = fields.get(row.counted)
        return None if lines is None else len(lines)
    if row.pricing is Pricing.PER_POST:
        most, posts = fields.get("max"), fields.get("posts")
        return (
            None
            if most is None or posts is None
            else int(most) * (int(posts) + int(fields.get("old_posts") or 0))
        )
    quantity = fields.get("quantity")
    return None if quantity is None else int(quantity) * int(fields.get("runs") or 1)


def wire_fields(service_type: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of `add` for the answers of a finished form."""
    given = {name: value for name, value in fields.items() if value is not None}
    return order_fields(SERVICE_TYPES[service_type], given)


def target_of(fields: Mapping[str, Any]) -> str:
    """Name what an order is delivered to: its link; a subscription has a user name instead.

    Orders of one target are sent one after another, so two of different targets must not share a
    name.
    """
    return str(fields.get("link") or fields.get("username") or "")


def charged_is_package(service: ServiceRow) -> bool:
    return SERVICE_TYPES[str(service.type)].pricing is Pricing.PER_PACKAGE


def is_subscription(service: ServiceRow) -> bool:
    return SERVICE_TYPES[str(service.type)].pricing is Pricing.PER_POST
