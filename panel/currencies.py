"""Codes of currencies, as providers and operators write them: `inr`, `₹`, `INR (₹)`, `Rs.`,
`рублей`.
"""

import re
import unicodedata
from functools import lru_cache

_CODE = re.compile(r"[A-Z]{3}")
_LONGEST = 24
_READ = 64  # characters of what may be any text; what is longer stands for none
# What is written for a code. A coin that is worth a dollar is counted as one.
_WRITTEN = {
    "USD": "$ US$ USDT USDC DOLLAR DOLLARS USDOLLAR USDOLLARS ДОЛЛАР ДОЛЛАРА ДОЛЛАРОВ ДОЛЛАРЫ",
    "EUR": "€ EURO EUROS ЕВРО",
    "GBP": "£ POUND POUNDS",
    "RUB": "₽ RUR РУБ Р RUBLE RUBLES ROUBLE ROUBLES РУБЛЬ РУБЛЯ РУБЛЕЙ РУБЛИ",
    "INR": "₹",
    "TRY": "₺ TL LIRA",
    "BRL": "R$ REAIS",
    "IDR": "RP RUPIAH",
    "VND": "₫ DONG",
    "UAH": "₴ ГРН HRYVNIA ГРИВНА ГРИВЕН ГРИВНЫ",
    "KZT": "₸ ТГ TENGE ТЕНГЕ",
    "NGN": "₦ NAIRA",
    "PHP": "₱",
    "THB": "฿ BAHT",
    "KRW": "₩ WON",
    "CNY": "RMB CN¥ YUAN",
    "JPY": "JP¥ YEN",
    "BDT": "৳ TK TAKA",
    "MYR": "RM RINGGIT",
    "ILS": "₪ SHEKEL SHEKELS",
    "PLN": "ZŁ ZL ZLOTY",
    "PEN": "S/",
    "UZS": "СУМ SUM SOM",
    "AUD": "A$ AU$",
    "CAD": "C$ CA$",
    "NZD": "NZ$",
    "SGD": "S$",
    "HKD": "HK$",
    "TWD": "NT$",
    "MXN": "MX$",
    "AMD": "֏",
    "AZN": "₼",
    "BTC": "₿",
    "CRC": "₡",
    "GEL": "₾",
    "GHS": "₵",
    "LAK": "₭",
    "MNT": "₮",
    "PYG": "₲",
    "AFN": "؋",
}
_DOLLARS = (
    "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP DOP UYU JMD TTD BSD BBD BZD FJD NAD LRD GYD XCD"
)
_POUNDS = "GBP EGP LBP SYP SDG"
_RUBLES = "RUB BYN"
_RUPEES = "INR PKR LKR NPR MUR SCR"
# What stands for more than one, besides the code above, where there is one.
_AMBIGUOUS = {
    "$ DOLLAR DOLLARS": _DOLLARS,
    "£ POUND POUNDS": _POUNDS,
    "РУБ RUBLE RUBLES ROUBLE ROUBLES РУБЛЬ РУБЛЯ РУБЛЕЙ РУБЛИ Р": _RUBLES,
    "RS RUPEE RUPEES РУПИЯ РУПИЙ": _RUPEES,
    "¥": "JPY CNY",
    "KR": "SEK NOK DKK ISK",
    "C$": "CAD NIO",
    "₤": "GBP TRY EGP LBP SYP",
    "₱": "PHP CUP",
    "LIRA": "TRY LBP SYP",
    "PESO PESOS": "MXN ARS CLP COP DOP UYU PHP CUP",
    "FRANC FRANCS": "CHF XAF XOF RWF",
    "DINAR DINARS": "TND DZD IQD JOD KWD BHD LYD RSD",
    "DIRHAM DIRHAMS": "AED MAD",
    "RIYAL RIYALS": "SAR QAR OMR YER",
    "SOM": "UZS KGS",
    "WON": "KRW KPW",
}
_NAMES = {
    written: code for code, all_written in _WRITTEN.items() for written in all_written.split()
}
_CODES = {written: frozenset({code}) for written, code in _NAMES.items()}
for _all_written, _codes in _AMBIGUOUS.items():
    _CODES |= {
        one: frozenset(_codes.split()) | _CODES.get(one, frozenset())
        for one in _all_written.split()
    }
_SHORT = re.compile(r"[A-Z]{1,2}")
_TOKEN = re.compile(r"[^\W\d_]+|[^\w\s]")
_MARKS = frozenset("()[],.;:|/-–—")


def code_of(text: str) -> str | None:
    """Return the code of three letters that a text stands for; None for what stands for none, and
    for nothing.
    """
    written = _squeezed(text)
    if written in _NAMES:
        return _NAMES[written]
    codes = codes_of(text)
    return next(iter(codes)) if len(codes) == 1 else None


def codes_of(text: str) -> frozenset[str]:
    """Return every code that a text may stand for: `$` for any dollar.

    Several words have to mean the same.
    """
    written = _squeezed(text)
    if not written or len(written) > _LONGEST:
        return frozenset()
    if found := _word(written):
        return found
    words = [token for token in _TOKEN.findall(_upper(text)) if token not in _MARKS]
    if (
        len(words) == 2  # noqa: PLR2004
        and words[1] in _CODES
        and not _word(words[0])
        and _SHORT.fullmatch(words[0])
    ):
        words = words[1:]  # the dollar of somewhere
    return frozenset.intersection(*map(_word, words)) if words else frozenset()


def fits(text: str, currency: str) -> bool:
    """Return whether a text may stand for the same currency as another, which is mostly a code."""
    # Each charge of a sweep comes with one, mostly the same; long ones are not kept.
    return (_fits_anew if len(text) + len(currency) > 2 * _LONGEST else _fits_once)(text, currency)


def _fits_anew(text: str, currency: str) -> bool:
    written, other = _squeezed(text), _squeezed(currency)
    return written == other or bool(codes_of(text) & codes_of(currency))


_fits_once = lru_cache(maxsize=256)(_fits_anew)


def _word(word: str) -> frozenset[str]:
    return _CODES.get(word) or (frozenset({word}) if _CODE.fullmatch(word) else frozenset())


def _upper(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_READ]).upper()


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.]+", "", _upper(text))
