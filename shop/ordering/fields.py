"""Reading one answer, by the kind of its field, and holding it against what may be answered today.

What is read is kept as JSON: text for links, names, choices and dates (`31/12/2026`), a number for
counts, a list for lines.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from panel import SERVICE_TYPES, Field, FieldKind, Pricing
from shop.errors import BadAnswerError
from shop.ordering.links import parse_link, platform_of, refusal
from shop.parsing import parse_count, parse_date, parse_lines, visible
from storage.rows import ServiceRow

Words = Mapping[str, Mapping[str, str]]
"""What the choices of a field are called in the reader's language: field -> label in small letters
-> value.
"""

NO_WORDS: Words = MappingProxyType({})
MOST_LINES = 10_000
LARGEST = 10**15  # of any count
# What providers take, in minutes.
DELAYS = (0, 5, 10, 15, 20, 30, 40, 50, *range(60, 601, 30))


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most of a number, and the text that says so."""

    problem: str
    least: int
    most: int


RANGES: Mapping[str, Range] = {
    "quantity": Range("bad-quantity", 1, LARGEST),
    "runs": Range("bad-runs", 1, 1_000),
    "interval": Range("bad-interval", 1, 60 * 24 * 7),  # minutes
    "answer_number": Range("bad-number", 1, 100),
    "min": Range("bad-quantity", 1, LARGEST),
    "max": Range("bad-quantity", 1, LARGEST),
    "posts": Range("bad-number", 1, 1_000),
    "old_posts": Range("bad-number", 0, 1_000),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How the entries of a text or a list are written: the sign that people put first, and what one
    can be.
    """

    sign: str = ""
    one_word: bool = False
    any_case: bool = False  # large and small letters are the same
    keeps_repeats: bool = False
    longest: int = 200
    is_link: bool = False


PLAIN = Style()
STYLES: Mapping[str, Style] = {
    "comments": Style(keeps_repeats=True, longest=1_000),
    "usernames": Style("@", one_word=True, any_case=True),
    "hashtags": Style("#", one_word=True, any_case=True),
    "groups": Style(longest=1_000),
    "username": Style("@", one_word=True),
    "hashtag": Style("#", one_word=True),
    "media": Style(is_link=True),
    "referring_url": Style(is_link=True),
}


def field_of(service: ServiceRow, name: str) -> Field:
    return next(field for field in SERVICE_TYPES[str(service.type)].fields if field.name == name)


def read(service: ServiceRow, name: str, text: str, words: Words = NO_WORDS) -> Any:
    """Read what was written as the answer to a field.

    Raises BadAnswerError for what can't be one.
    """
    field = field_of(service, name)
    return _READ[field.kind](service, field, text, words)


def check(service: ServiceRow, name: str, fields: Mapping[str, Any], today: date) -> None:
    """Hold a given answer against today's limits and the other answers. Raises BadAnswerError."""
    value = fields[name]
    row = SERVICE_TYPES[str(service.type)]
    if name == "quantity":
        runs = int(fields.get("runs") or 1)
        within(service, value, name, total=value * runs)
    elif name == "runs":
        if fields.get("quantity"):
            within(service, value * int(fields["quantity"]), name)
    elif name in ("min", "max"):
        within(service, value, "quantity")
        least = int(fields.get("min") or 0)
        if name == "max" and value < least:
            raise BadAnswerError("max-below-min", least=least)
    elif row.counted == name:
        within(service, len(value), "lines")
    elif name == "expiry" and not _is_later(value, today):
        raise BadAnswerError("expiry-past", date=value)


def within(service: ServiceRow, quantity: int, name: str, *, total: int | None = None) -> None:
    """Hold a quantity against the service's limits; 0 is no limit, and a package is always one.

    `total` is what has to reach the least, where that isn't the quantity itself: parts may be
    smaller.
    """
    if SERVICE_TYPES[str(service.type)].pricing is Pricing.PER_PACKAGE:
        return
    total = quantity if total is None else total
    if total < service.min:
        raise BadAnswerError(f"{name}-too-small", got=total, least=service.min)
    if service.max and quantity > service.max:
        raise BadAnswerError(f"{name}-too-large", got=quantity, most=service.max)


def without_repeats(lines: list[str], style: Style) -> list[str]:
    """Keep the first of the lines that are the same."""
    first: dict[str, str] = {}
    for line in lines:
        first.setdefault(line.casefold() if style.any_case else line, line)
    return list(first.values())


def link_example(service: ServiceRow) -> str:
    """Return a link of the kind that the service wants."""
    platform = platform_of(service.category, service.name)
    return platform.profile.format("name") if platform else "https://example.com/page"


def _is_later(written: str, today: date) -> bool:
    day = parse_date(written)
    return day is not None and day > today


def _link(service: ServiceRow, field: Field, text: str, words: Words) -> str:
    del field, words
    found = parse_link(text, platform_of(service.category, service.name))
    if found is None:
        raise BadAnswerError(refusal(text), example=link_example(service))
    return found


def _count(service: ServiceRow, field: Field, text: str, words: Words) -> int:
    del service, words
    value = parse_count(text)
    if field.name == "delay":
        if value is None or value not in DELAYS:
            raise BadAnswerError("bad-delay", choices=", ".join(map(str, DELAYS)))
        return value
    allowed = RANGES[field.name]
    if value is None or not allowed.least <= value <= allowed.most:
        raise BadAnswerError(allowed.problem, least=allowed.least, most=allowed.most)
    return value


def _list(service: ServiceRow, field: Field, text: str, words: Words) -> list[str]:
    del service, words
    style = STYLES.get(field.name, PLAIN)
    lines = [_bare(line, style) for line in parse_lines(text)]
    for number, line in enumerate(lines, 1):
        if len(line) > style.longest:
            raise BadAnswerError("line-too-long", line=number, most=style.longest)
        if style.one_word and not _is_word(line):
            raise BadAnswerError("line-not-a-word", line=number)
    kept = lines if style.keeps_repeats else without_repeats(lines, style)
    if not 0 < len(kept) <= MOST_LINES:
        raise BadAnswerError("bad-lines", most=MOST_LINES)
    return kept


def _text(service: ServiceRow, field: Field, text: str, words: Words) -> str:
    style = STYLES.get(field.name, PLAIN)
    if style.is_link:
        return _link(service, field, text, words)
    lines = [_bare(line, style) for line in parse_lines(text)]
    if len(lines) != 1 or not lines[0] or len(lines[0]) > style.longest:
        raise BadAnswerError("bad-word" if style.one_word else "bad-text", most=style.longest)
    if style.one_word and not _is_word(lines[0]):
        raise BadAnswerError("bad-word", most=style.longest)
    return lines[0]


def _bare(line: str, style: Style) -> str:
    return line.lstrip(style.sign).strip() if style.sign else line


def _is_word(text: str) -> bool:
    return bool(text) and len(text.split()) == 1


def _choice(service: ServiceRow, field: Field, text: str, words: Words) -> str:
    del service
    said = visible(text).casefold()
    labels = {label.casefold(): value for value, label in field.choices} | dict(
        words.get(field.name, {})
    )
    number = str(parse_count(text))
    if number in dict(field.choices):
        return number
    if said not in labels:
        raise BadAnswerError("bad-choice")
    return labels[said]


def _date(service: ServiceRow, field: Field, text: str, words: Words) -> str:
    del service, field, words
    day = parse_date(text)
    if day is None:
        raise BadAnswerError("bad-expiry")
    return f"{day:%d/%m/}{day.year:04}"


_READ: Mapping[FieldKind, Callable[[ServiceRow, Field, str, Words], Any]] = {
    FieldKind.LINK: _link,
    FieldKind.QUANTITY: _count,
    FieldKind.NUMBER: _count,
    FieldKind.LINES: _list,
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.DATE: _date,
}
