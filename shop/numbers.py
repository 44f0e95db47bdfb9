"""Reading numbers and lines the way people type them."""

import re
import unicodedata
from decimal import Decimal

_LARGEST = 10**15
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_GROUPED = re.compile(r"\d{1,3}(?:([ ,.'_\u066c])\d{3})(?:\1\d{3})*")
_NUMBER = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)(?P<unit>k|к|m|м)?")
_UNITS = {None: 1, "k": 1_000, "к": 1_000, "m": 1_000_000, "м": 1_000_000}


def visible(text: str) -> str:
    """Drop zero-width characters and direction marks, and the space around."""
    return _INVISIBLE.sub("", text).strip()


def plain_digits(text: str) -> str:
    """Write the digits of every script as 0-9."""
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character for character in visible(text)
    )


def parse_count(text: str) -> int | None:
    """Read a whole number: `1000`, `1 000`, `1,000`, `1.000`, `1k`, `1.5k`, `٢٠٠`. None if it is none.

    A group of exactly three digits after a separator is thousands; with k or m it is a decimal.
    """
    cleaned = re.sub(r"\s+", " ", plain_digits(text)).lower().removeprefix("+").strip()
    if _GROUPED.fullmatch(cleaned):
        cleaned = re.sub(r"\D", "", cleaned)
    cleaned = cleaned.replace(" ", "")
    found = _NUMBER.fullmatch(cleaned)
    if found is None or len(cleaned) > 20:  # noqa: PLR2004 - longer than any count
        return None
    if found["unit"] is None and not found["number"].isdigit():
        return None
    value = Decimal(found["number"].replace(",", ".")) * _UNITS[found["unit"]]
    return int(value) if value == value.to_integral_value() and value <= _LARGEST else None


def parse_lines(text: str) -> list[str]:
    """Split into lines, without the blank ones and without what can't be seen."""
    return [line for line in (visible(line) for line in text.splitlines()) if line]
