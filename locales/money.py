"""How money is written in a language: its separators, the place of the symbol, each currency's own
digits.
"""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_precision

_MILLION = 1_000_000
_NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class _Style:
    before: str
    after: str
    group: str
    decimal: str
    digits: int


def format_money(units: int, currency: str, language: str) -> str:
    """Write millionths: `$1,234.50` in English, `1 234,50 $` in Russian; as many decimals as count,
    up to six.
    """
    return format_decimal(Decimal(units) / _MILLION, currency, language)


def format_decimal(amount: Decimal, currency: str, language: str) -> str:
    """Write a provider's number the same way; what is finer than a millionth is rounded."""
    style = _style(currency, language)
    text = f"{amount:,.6f}"
    whole, _, fraction = text.removeprefix("-").partition(".")
    fraction = fraction.rstrip("0").ljust(style.digits, "0")
    number = whole.replace(",", style.group) + (style.decimal + fraction if fraction else "")
    return ("−" if text.startswith("-") else "") + style.before + number + style.after


@lru_cache(maxsize=256)
def _style(currency: str, language: str) -> _Style:
    """Look up how a currency is written.

    A code without a sign of its own stands behind the number.
    """
    locale, code = Locale.parse(language, sep="-"), currency.strip()
    pattern, symbols = locale.currency_formats["standard"], locale.number_symbols["latn"]
    sign = locale.currency_symbols.get(code.upper(), "")
    if any(unicodedata.category(character) == "Sc" for character in sign):
        before, after = (
            affix.replace("¤", sign) for affix in (pattern.prefix[0], pattern.suffix[0])
        )
    else:
        before, after = "", f"{_NO_BREAK}{code}" if code else ""
    return _Style(
        before, after, symbols["group"], symbols["decimal"], get_currency_precision(code.upper())
    )
