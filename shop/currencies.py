"""Codes of currencies, as providers and operators write them."""

import re

_CODE = re.compile(r"[A-Z]{3}")
_LONGEST = 24
# What is written for a code; what may stand for two is none. A coin that is worth a dollar is counted as one.
_WRITTEN = {
    "USD": "$ US$ USDT USDC DOLLAR DOLLARS USDOLLAR",
    "EUR": "€ EURO EUROS",
    "GBP": "£ POUND",
    "RUB": "₽ RUR РУБ RUBLE",
    "INR": "₹",
    "TRY": "₺ TL",
    "BRL": "R$",
    "IDR": "RP",
    "VND": "₫",
    "UAH": "₴ ГРН",
    "KZT": "₸",
    "NGN": "₦",
    "PHP": "₱",
    "THB": "฿",
    "KRW": "₩",
    "CNY": "RMB",
    "BDT": "৳ TK TAKA",
    "MYR": "RM",
    "ILS": "₪",
    "PLN": "ZŁ",
    "PEN": "S/",
    "UZS": "СУМ",
}
_NAMES = {written: code for code, all_written in _WRITTEN.items() for written in all_written.split()}


def code_of(text: str) -> str | None:
    """Give the code of three letters that a text stands for; None for what stands for none, and for nothing."""
    written = re.sub(r"[\s.]+", "", text).upper()
    if not written or len(written) > _LONGEST:
        return None
    code = _NAMES.get(written, written)
    return code if _CODE.fullmatch(code) else None
