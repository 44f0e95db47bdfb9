"""Reading numbers, dates and lines the way people type them."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

_LARGEST = 10**15
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
# A joiner between emoji, or in Persian or Hindi, is part of what is written.
_SPOKEN = "[^\\x00-\\x7f\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
_UNSEEN = re.compile(
    f"(?<={_SPOKEN})([\u200c\u200d])(?={_SPOKEN})|{_INVISIBLE.pattern}|"
    "[\\x00-\\x08\\x0e-\\x1b\\x7f]"
)
_DATES = (
    re.compile(r"(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})(?P<mark>[./ -]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})"),
)
_BLANKS = re.compile(r"[^\S\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_AROUND_MARKS = re.compile(r" ?([./-]) ?")
# A blank between digits is a thousand's or a mistake: `12 50` may be 12.50, 1250 or two numbers.
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([ ,.'_\u066c])\d{3})(?:\1\d{3})*")
_NUMBER = re.compile(r"(?P<number>(?:[1-9]\d{0,2}(?: \d{3})+|\d+)(?:[.,]\d+)?) ?(?P<unit>k|к|m|м)?")
_UNITS = {None: 1, "k": 1_000, "к": 1_000, "m": 1_000_000, "м": 1_000_000}


def visible(text: str) -> str:
    """Drop zero-width characters and direction marks, and the space around."""
    return _INVISIBLE.sub("", text).strip()


def plain_digits(text: str) -> str:
    """Write the digits of every script as 0-9."""
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in visible(text)
    )


def _one_blank(text: str) -> str:
    """Write each run of blanks, whichever they are, as one; what stands in two lines stays
    there.
    """
    return _BLANKS.sub(" ", text)


def parse_count(text: str) -> int | None:
    """Read a whole number: `1000`, `1 000`, `1,000`, `1.000`, `1k`, `1.5k`, `٢٠٠`.

    None if it is none.

    A group of exactly three digits after a separator is thousands; with k or m it is a decimal, but
    for a blank.
    """
    cleaned = _one_blank(plain_digits(text)).lower().removeprefix("+").strip()
    if _GROUPED.fullmatch(cleaned):
        cleaned = re.sub(r"\D", "", cleaned)
    found = _NUMBER.fullmatch(cleaned)
    if found is None or len(cleaned) > 24:  # noqa: PLR2004 - longer than any count
        return None
    number = found["number"].replace(" ", "").replace(",", ".")
    if found["unit"] is None and not number.isdigit():
        return None
    value = Decimal(number) * _UNITS[found["unit"]]
    return int(value) if value == value.to_integral_value() and value <= _LARGEST else None


def parse_date(text: str) -> date | None:
    """Read a day: `31/12/2026`, `31.12.2026`, `2026-12-31`, `20261231`, in digits of any script.

    None if it is none.
    """
    cleaned = _AROUND_MARKS.sub(r"\1", _one_blank(plain_digits(text)))
    for form in _DATES:
        if found := form.fullmatch(cleaned):
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def parse_lines(text: str) -> list[str]:
    """Split into lines, without the blank ones and without what can't be seen."""
    return [line for line in (_line(line) for line in text.splitlines()) if line]


def _line(text: str) -> str:
    """Do as `visible`, but leave joined what was written joined."""
    return _UNSEEN.sub(lambda found: found[1] or "", text).strip()
