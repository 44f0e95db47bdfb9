"""Money: integers of millionths inside, Decimal at the edges, never a float."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, InvalidOperation

from shop.currencies import fits
from shop.parsing import plain_digits

MILLION = 1_000_000
# The most that one amount can be, a billion: a column of money holds 9,000 of them, and so do the
# sums over it, which on SQLite fail beyond that and on the way into a wallet would turn into a
# float.
LARGEST_UNITS = 10**15
_LARGEST = Decimal(1_000_000_000_000)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
# A thousand, or one with three decimals. Nobody writes a 0 behind two decimals, and `$1.001` is how
# we write that.
_EITHER = re.compile(r"[1-9]\d{0,2}(?:,\d{3}|\.\d\d0)")
_BLANK = " _\u00a0\u2009\u202f"
_BLANKS = re.compile(f"[{_BLANK}]")
# A blank between digits is a thousand's or a mistake: `12 50` may be 12.50 or 1250.
_SPACED = re.compile(rf"[1-9][0-9]{{0,2}}([{_BLANK}])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:[.,][0-9]+)?")
_SIGNS = "$£¥" + "".join(map(chr, range(0x20A0, 0x20D0)))  # of currencies


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as a value of an error: it is written in the language of whoever reads it.

    `units`: millionths.
    """

    units: int
    currency: str


def to_units(amount: Decimal) -> int:
    """Turn an amount into millionths; what is finer is rounded up, so that we never sell below the
    price.
    """
    return int((amount * MILLION).to_integral_value(ROUND_CEILING))


def to_decimal(units: int) -> Decimal:
    return Decimal(units) / MILLION


def ceil_to_step(units: int, step: int) -> int:
    """Round millionths up to a multiple of `step` millionths."""
    return -(-units // step) * step


def share(units: int, part: int, whole: int) -> int:
    """Return `part`/`whole` of the units, rounded down."""
    return units * part // whole if whole else 0


def parse_amount(text: str, currency: str = "") -> int | None:
    """Read what a person typed as an amount: `5`, `$12.50`, `1,5`, `1 234,50 ₽`, digits of any
    script, or give None.

    At most six decimals. None too: zero and less, an amount with a currency's code, and what can be
    read in two ways (`1,000`, `1.000`, `12 50`); and where `currency` is known, an amount with the
    sign of another.
    """
    signs = [mark for mark in plain_digits(text) if mark in _SIGNS]
    if currency and not all(fits(sign, currency) for sign in signs):
        return None
    cleaned = plain_digits(text).strip(_BLANK + _SIGNS)
    if _SPACED.fullmatch(cleaned):
        cleaned = _BLANKS.sub("", cleaned)
        if "," in cleaned:  # after thousands with blanks it can only be a decimal one
            cleaned = cleaned.replace(",", ".")
    if _EITHER.fullmatch(cleaned):
        return None
    if cleaned.count(",") == 1 and "." not in cleaned:
        cleaned = cleaned.replace(",", ".")
    elif _GROUPED.fullmatch(cleaned):  # any other comma may be a decimal one: better ask than guess
        cleaned = cleaned.replace(",", "")
    if not cleaned or not all(character in "0123456789." for character in cleaned):
        return None
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        return None
    exponent = amount.as_tuple().exponent
    if not 0 < amount <= _LARGEST or not isinstance(exponent, int) or exponent < -6:  # noqa: PLR2004 - millionths
        return None
    return to_units(amount)
