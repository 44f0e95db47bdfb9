"""Figures as providers write them: plain, or as people write them, with thousands, signs and
currencies.

A figure in a JSON number is never ambiguous. A figure in a string may be:

    "1,250.00" "1.234,50" "1 250,5" "1'250.00" "12,34,567.80"   the last separator is the decimal
    one
    "0,90" "1,25" ".5" "5." "1e3" "٠٫٩٠"                        one separator, and no three digits
    behind it
    "1,000,000" "1.234.567" "1 250" "1_000"                     thousands for sure
    "$0.90" "0.90 USD" "R$ 5" "1.5K" "10M"                      beside a currency, or short for
    thousands and millions

One comma or dot before the last three digits may be either. What a wrong guess would cost decides:

    an amount (a rate, a charge, a balance)   "12.500" alone is a plain decimal, as programs write
    it; "1,000" and
                                              "Rp 15.000" are nothing that can be read: 1,000 taken
                                              for 1 is a sale far
                                              below cost
    a count (a limit, remains, a start count) "1,000" are a thousand; "1.000" can't be read: no
    limit is better than a
                                              wrong one, the provider itself refuses what is too
                                              little
"""

import html
import re
import unicodedata
from decimal import Decimal
from typing import Any

from panel.currencies import fits
from panel.parsing import LARGEST_INTEGER, LONGEST_NUMBER, number

_CURRENCIES = """
aed afn all amd ars aud azn bam bdt bgn bhd bnd bob brl btc byn cad chf clp cny cop crc czk dkk dop dzd egp etb eth eur
gbp gel ghs gtq hkd hnl hrk huf idr ils inr iqd irr isk jmd jod jpy kes kgs khr krw kwd kzt lak lbp lkr mad mdl mga mkd
mmk mnt mur mxn myr mzn ngn nio nok npr nzd omr pab pen php pkr pln pyg qar ron rsd rub rur sar sek sgd syp thb tjs tmt
tnd trx try ttd twd tzs uah ugx usd usdc usdt uyu uzs ves vnd xaf xof yer zar zmw
rs rp kr tl zl rm руб р грн тг сум
"""  # noqa: E501
_SIGN = r"[^\W\d_]{0,3}[$\u00a2-\u00a5\u058f\u060b\u09f2\u0e3f\u20a0-\u20cf]"  # $, R$, US$, €, ₹
_CURRENCY = rf"(?:{_SIGN}|(?:{'|'.join(sorted(_CURRENCIES.split(), key=len, reverse=True))})\.?)"
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_SHORT = {"k": 1_000, "к": 1_000, "m": 1_000_000, "м": 1_000_000}
_WRITTEN = re.compile(
    rf"(?P<before>{_CURRENCY})?\s*+(?P<minus>[+-]?)\s*+(?P<within>{_CURRENCY})?\s*+"
    r"(?P<figure>(?=.*\d)[\d.,'_ "
    rf"]*[\d.]|\d*\.?\d*e[+-]?\d{{1,3}})\s*+(?P<short>[kкmм]?)\s*+(?P<after>{_CURRENCY})?",
    re.IGNORECASE,
)
# or lakhs and crores
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:([.,'_ ])\d{3})(?:\1\d{3})*|[1-9]\d?(?:,\d\d)*,\d{3}")
_OF_THREE = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_ALIKE = str.maketrans("’ʼ´`٬−–＋．，٫", "'''''--+.,.")


def _plain(text: str) -> str:
    """With ASCII digits, marks and spaces, and without what can't be seen."""
    found = []
    for mark in html.unescape(text).translate(_ALIKE):
        digit, category = unicodedata.decimal(mark, None), unicodedata.category(mark)
        if digit is not None:
            found.append(str(digit))
        elif category != "Cf":
            found.append(" " if category == "Zs" else mark)
    return "".join(found).strip()


def _read(value: Any, *, counting: bool) -> tuple[Decimal | None, str | None]:
    """Return the number, and the currency beside it as it is written."""
    if not isinstance(value, str) or (_PLAIN.fullmatch(value) and not (counting and "." in value)):
        return number(value), None
    if len(value) > LONGEST_NUMBER:
        return None, None
    found = _WRITTEN.fullmatch(_plain(value))
    beside = [found[name] for name in ("before", "within", "after") if found[name]] if found else []
    if found is None or len(beside) > 1:
        return None, None
    alone = not beside and not found["short"]
    read = _figure(found["figure"], counting=counting, alone=alone)
    if read is None:
        return None, None
    read *= _SHORT.get(found["short"].lower(), 1)
    return number(str(-read if found["minus"] == "-" else read)), beside[0] if beside else None


def _figure(figure: str, *, counting: bool, alone: bool) -> Decimal | None:
    separators = [mark for mark in figure if mark in ".,'_ "]
    if _OF_THREE.fullmatch(figure):
        thousands = counting and alone and separators == [","]
        decimal = not counting and alone and separators == ["."]
        figure = figure.replace(",", "") if thousands else figure if decimal else ""
    elif _THOUSANDS.fullmatch(figure):
        figure = _without(figure, separators)
    elif (
        len(set(separators)) == 2  # noqa: PLR2004
        and separators.count(separators[-1]) == 1
        and separators[-1] in ".,"
    ):
        whole, _, rest = figure.rpartition(separators[-1])
        figure = f"{_without(whole, separators)}.{rest}" if _THOUSANDS.fullmatch(whole) else ""
    elif separators == [","]:
        figure = figure.replace(",", ".")
    return number(figure)


def _without(figure: str, separators: list[str]) -> str:
    return figure.replace(separators[0], "")


def amount(value: Any) -> Decimal | None:
    """A rate, a charge or a balance; None for what can't be read for sure."""
    return money(value)[0]


def money(value: Any, named: str = "") -> tuple[Decimal | None, str | None]:
    """Such an amount, and the currency it is in, as it is written; None for what nothing names.

    `named` is what the answer calls its currency: a sign in the figure that can't stand for it is
    believed instead.
    """
    read, sign = _read(value, counting=False)
    if read is None or sign is None or (named and fits(sign, named)):
        return read, named or None
    return read, sign


def count(value: Any) -> int | None:
    """A limit, a start count or remains: a whole number, cut toward zero; None for what can't be
    read for sure.
    """
    read, _ = _read(value, counting=True)
    return int(read) if read is not None and abs(read) < LARGEST_INTEGER else None
