"""What has to be asked for a service, and how each answer is read.

The service's type says which fields `add` takes; the form asks for them one by one. A draft's `fields` hold the
answers: text for a link, a number for counts, a list for lines, None for a skipped step.
"""

from collections.abc import Mapping
from typing import Any

from panel import SERVICE_TYPES, order_fields
from shop.errors import BadAnswerError
from shop.links import parse_link, platform_of
from shop.numbers import parse_count, parse_lines
from storage.rows import Service

OPTIONAL = frozenset({"runs", "interval"})
_MOST_RUNS = 1_000
_LONGEST_INTERVAL = 60 * 24 * 7  # minutes
_LONGEST_LINE = 1_000
_MOST_LINES = 10_000


def steps(service: Service) -> tuple[str, ...]:
    """Name the fields to ask for, in order. Drip-feed is asked only where the service offers it."""
    fields = SERVICE_TYPES[str(service.type)].fields
    return tuple(field.name for field in fields if field.name not in OPTIONAL or service.dripfeed)


def problem(service: Service, name: str, fields: Mapping[str, Any]) -> BadAnswerError | None:
    """Say what is wrong with an answer that was right when it was given: limits may have changed since."""
    if name not in ("quantity", "comments", "runs") or fields.get(name) is None:
        return None
    try:
        _check_limits(service, charged_quantity(service, {**fields, name: fields[name]}), name)
    except BadAnswerError as error:
        return error
    return None


def next_step(service: Service, fields: Mapping[str, Any]) -> str | None:
    """Name the first field that still needs an answer; None when the form is complete."""
    return next(
        (name for name in steps(service) if name not in fields or problem(service, name, fields) is not None),
        None,
    )


def read_answer(service: Service, name: str, text: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Read an answer and give the fields it fills. Raises BadAnswerError with what to tell the user."""
    if name == "link":
        return {name: _link(service, text)}
    if name == "comments":
        return {name: _lines(service, text)}
    if name == "interval":
        return {name: _count(text, "bad-interval", 1, _LONGEST_INTERVAL)}
    if name == "runs":
        runs = _count(text, "bad-runs", 1, _MOST_RUNS)
        if runs == 1:
            return skipped(name)
        _check_limits(service, charged_quantity(service, {**fields, "runs": runs}), "runs")
        return {name: runs}
    quantity = _count(text, "bad-quantity", 1, 10**15)
    _check_limits(service, quantity, "quantity")
    return {name: quantity}


def skipped(name: str) -> dict[str, Any]:
    """Give the fields of a skipped step: without runs there is no interval."""
    return {"runs": None, "interval": None} if name in OPTIONAL else {name: None}


def charged_quantity(service: Service, fields: Mapping[str, Any]) -> int | None:
    """Count what is charged: quantity times runs, lines, or one package. None while it is not known."""
    row = SERVICE_TYPES[str(service.type)]
    if row.pricing == "per_package":
        return 1
    if row.pricing == "per_line":
        lines = fields.get("comments")
        return None if lines is None else len(lines)
    quantity = fields.get("quantity")
    return None if quantity is None else int(quantity) * int(fields.get("runs") or 1)


def wire_fields(service_type: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """Give the parameters of `add` for the answers of a finished form."""
    given = {name: value for name, value in fields.items() if value is not None}
    return order_fields(SERVICE_TYPES[service_type], given)


def _link(service: Service, text: str) -> str:
    platform = platform_of(service.category, service.name)
    found = parse_link(text, platform)
    if found is None:
        raise BadAnswerError(
            "bad-link", example=platform.profile.format("name") if platform else "https://example.com/page"
        )
    return found


def _lines(service: Service, text: str) -> list[str]:
    lines = parse_lines(text)
    if not lines or len(lines) > _MOST_LINES:
        raise BadAnswerError("bad-comments")
    longest = max(range(len(lines)), key=lambda index: len(lines[index]))
    if len(lines[longest]) > _LONGEST_LINE:
        raise BadAnswerError("comment-too-long", line=longest + 1, most=_LONGEST_LINE)
    _check_limits(service, len(lines), "comments")
    return lines


def _count(text: str, key: str, least: int, most: int) -> int:
    value = parse_count(text)
    if value is None or not least <= value <= most:
        raise BadAnswerError(key, least=least, most=most)
    return value


def _check_limits(service: Service, quantity: int | None, name: str) -> None:
    """Hold a charged quantity against the service's limits; 0 is no limit."""
    if quantity is None or charged_is_package(service):
        return
    if quantity < service.min:
        raise BadAnswerError(f"{name}-too-small", got=quantity, least=service.min)
    if service.max and quantity > service.max:
        raise BadAnswerError(f"{name}-too-large", got=quantity, most=service.max)


def charged_is_package(service: Service) -> bool:
    return SERVICE_TYPES[str(service.type)].pricing == "per_package"
