"""Single values as panels write them: numbers, flags, ids and texts. None of them is trusted."""

from decimal import Decimal
from typing import Any

LONGEST_NUMBER = 64  # characters; longer is an attack or an accident
LARGEST_EXPONENT = 30  # int(Decimal("1e999999999")) would never return
LARGEST_INTEGER = 10**18  # fits a database's BIGINT
LONGEST_ID = 128


def number(value: Any) -> Decimal | None:
    """A finite Decimal from a string, an int or a noisy float; None for anything else, NaN and
    Infinity.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        written = str(value).strip()  # ValueError: an int beyond Python's limit of 4,300 digits
        read = Decimal(written) if len(written) <= LONGEST_NUMBER else None
    except (ValueError, ArithmeticError):
        return None
    if read is None or not read.is_finite() or abs(read.adjusted()) > LARGEST_EXPONENT:
        return None
    return read


def integer(value: Any) -> int | None:
    """A whole number, cut toward zero; None for "Unknown" and the like."""
    read = number(value)
    return int(read) if read is not None and abs(read) < LARGEST_INTEGER else None


def flag(value: Any) -> bool:
    """True for exactly True, 1, "1" and "true" in any case."""
    if isinstance(value, str):
        return value.lower() in {"1", "true"}
    return isinstance(value, int) and value == 1


def text_of(value: Any) -> str:
    """A text that any database takes: without NUL and lone surrogates, which JSON can carry."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def shown(value: Any) -> str:
    """Any value as a person may read it: what is inside of lists and objects is left out."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return text_of(value)


def usable_id(value: Any) -> str | None:
    """An id as text: ints, numeric strings, `ord_01HG...`, 24 hex digits, `101429abc-x`.

    None for 0, "", null and for what is a word or a sentence: every id seen so far has a digit in
    it.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = text_of(value).strip()
    if (
        not written
        or len(written) > LONGEST_ID
        or not written.strip("0")
        or written.startswith("-")
    ):
        return None
    if "," in written or not written.isprintable() or any(mark.isspace() for mark in written):
        return None
    return written if any(mark.isdigit() for mark in written) else None


def words(value: Any, depth: int = 3) -> str:
    """The text of an error that may be a string, a code, an object with a message, or a list of
    them.
    """
    if isinstance(value, dict) and depth:
        for name in ("message", "msg", "error", "detail", "text"):
            if said := words(value.get(name), depth - 1):
                return said
        return "; ".join(filter(None, (words(part, depth - 1) for part in value.values())))
    if isinstance(value, list) and depth:
        return "; ".join(filter(None, (words(part, depth - 1) for part in value[:20])))
    return text_of(value).strip()
