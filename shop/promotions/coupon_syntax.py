"""Reading the line with which an admin makes a coupon, or sets the terms of invitations, the way
people type it.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from shop.errors import BadAnswerError
from shop.money import LARGEST_UNITS, parse_amount
from shop.parsing import parse_count, parse_date, plain_digits

_CODE = re.compile(r"[A-Z0-9]{3,32}")
_PERCENT = re.compile(r"[-\u2212]?(\d{1,3}(?:[.,]\d{1,2})?)%")
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
_LARGEST_COUNT = 1_000_000_000
_PER, _TOTAL, _UNTIL, _CAP = "per", "total", "until", "cap"
_BELOW_COST = frozenset({"below-cost", "belowcost", "below_cost", "ниже-себестоимости", "в-убыток"})
_WORDS = {
    "per": _PER,
    "each": _PER,
    "user": _PER,
    "person": _PER,
    "на": _PER,
    "человека": _PER,
    "каждому": _PER,
    "total": _TOTAL,
    "all": _TOTAL,
    "всего": _TOTAL,
    "until": _UNTIL,
    "till": _UNTIL,
    "до": _UNTIL,
    "cap": _CAP,
    "max": _CAP,
    "most": _CAP,
    "максимум": _CAP,
    "предел": _CAP,
}
_ON = {"on": True, "вкл": True, "off": False, "выкл": False}


@dataclass(frozen=True, slots=True)
class NewCoupon:
    """Either `percent`, with at most `most` millionths, or `amount` millionths."""

    code: str
    percent: Decimal | None
    amount: int | None
    per_user: int = 1
    total: int | None = None
    expires_at: datetime | None = None
    most: int | None = None
    below_cost: bool = False


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What an admin has said about invitations; None is what they did not speak of.

    `cap` in millionths.
    """

    on: bool | None = None
    percent: Decimal | None = None
    cap: int | None = None


def read_code(text: str) -> str:
    """Write what somebody typed as a code the way codes are kept."""
    return plain_digits(text).upper()


def is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def read_coupon(text: str, *, today: date) -> NewCoupon:
    """Read `SPRING 20% max 5 per 1 total 100 until 2026-12-31`; the order and all but the value are
    free.

    `below-cost` lets a percentage sell below what an order costs. Without a code one is made up.
    Raises BadAnswerError for what can't be read, or contradicts itself.
    """
    named, plain = _sorted(text, {_PER, _TOTAL, _UNTIL, _CAP})
    below_cost = any(word.casefold() in _BELOW_COST for word in plain)
    plain = [word for word in plain if word.casefold() not in _BELOW_COST]
    percents = [word for word in plain if "%" in word]
    others = [word for word in plain if "%" not in word]
    percent = _one_percent(percents)
    amount = None
    if percent is None:
        if not others:
            raise BadAnswerError("coupon-line-value")
        amount = parse_amount(others.pop())
        if amount is None or amount > LARGEST_UNITS:
            raise BadAnswerError("coupon-line-value")
        if _CAP in named or below_cost:
            raise BadAnswerError("coupon-line-percent-only")
    if len(others) > 1:
        raise BadAnswerError("coupon-line-odd", word=others[1][:32])
    code = read_code(others[0]) if others else "".join(secrets.choice(_ALPHABET) for _ in range(8))
    if not is_code(code):
        raise BadAnswerError("coupon-line-code", code=code[:32])
    return NewCoupon(
        code,
        percent,
        amount,
        per_user=_count(named[_PER]) if _PER in named else 1,
        total=_count(named[_TOTAL]) if _TOTAL in named else None,
        expires_at=_end_of(named[_UNTIL], today) if _UNTIL in named else None,
        most=_most(named[_CAP]) if _CAP in named else None,
        below_cost=below_cost,
    )


def read_terms(text: str) -> NewTerms:
    """Read `5% cap 20`, `on` or `off`; a percentage turns it on.

    Raises BadAnswerError for what can't be read.
    """
    named, plain = _sorted(text, {_CAP})
    switches = [_ON[word.casefold()] for word in plain if word.casefold() in _ON]
    plain = [word for word in plain if word.casefold() not in _ON]
    percent = _one_percent([word for word in plain if "%" in word])
    others = [word for word in plain if "%" not in word] + ([named[_CAP]] if _CAP in named else [])
    if len(others) > 1 or len(switches) > 1:
        raise BadAnswerError("coupon-line-odd", word=(others[1:] or [text])[0][:32])
    cap = parse_amount(others[0]) if others else None
    if others and cap is None:
        raise BadAnswerError("coupon-line-odd", word=others[0][:32])
    on = switches[0] if switches else (True if percent is not None else None)
    return NewTerms(on, percent, cap)


def read_switch(text: str) -> bool | None:
    """Read `on` or `off`; None for everything else."""
    return _ON.get(text.strip().casefold())


def _sorted(text: str, known: set[str]) -> tuple[dict[str, str], list[str]]:
    """Split a line into what follows one of the known words, and the rest."""
    named: dict[str, str] = {}
    plain: list[str] = []
    waits: str | None = None
    spaced = re.sub(r"\s+%", "%", plain_digits(text).replace("=", " ").replace(";", " "))
    for word in filter(None, (part.strip(",") for part in spaced.split())):
        name = _WORDS.get(word.rstrip(":").casefold())
        if name in known:
            waits = name
        elif waits is not None:
            named[waits], waits = word, None
        else:
            plain.append(word)
    if waits is not None:  # `1 per user`
        if waits in named or not plain or not plain[-1].isdigit():
            raise BadAnswerError("coupon-line-odd", word=text.rsplit(maxsplit=1)[-1][:32])
        named[waits] = plain.pop()
    return named, plain


def _one_percent(words: list[str]) -> Decimal | None:
    if not words:
        return None
    found = _PERCENT.fullmatch(words[0])
    percent = Decimal(found[1].replace(",", ".")) if found else Decimal(0)
    if len(words) > 1 or not 0 < percent <= 100:  # noqa: PLR2004 - percent
        raise BadAnswerError("coupon-line-percent", word=words[-1][:32])
    return percent


def _most(word: str) -> int:
    amount = parse_amount(word)
    if amount is None or amount > LARGEST_UNITS:
        raise BadAnswerError("coupon-line-most", word=word[:32])
    return amount


def _count(word: str) -> int:
    number = parse_count(word.strip("xX×"))
    if number is None or not 0 < number <= _LARGEST_COUNT:
        raise BadAnswerError("coupon-line-count", word=word[:32])
    return number


def _end_of(word: str, today: date) -> datetime:
    """Return the end of a day in UTC."""
    day = parse_date(word)
    if day is None or day < today or day == date.max:
        raise BadAnswerError("coupon-line-date", word=word[:32])
    return datetime.combine(day + timedelta(days=1), time(0), UTC)
