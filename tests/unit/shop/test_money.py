"""Money: millionths inside, nothing lost on the way in and out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money import ceil_to_step, parse_amount, share, to_decimal, to_units

AMOUNTS = {
    "5": 5_000_000,
    "12.50": 12_500_000,
    "1,5": 1_500_000,
    "$5": 5_000_000,
    " 5 ": 5_000_000,
    "0.000001": 1,
    "1 000": 1_000_000_000,
    "1\u00a0234,50": 1_234_500_000,
    "1\u202f234\u202f567,5\u00a0₽": 1_234_567_500_000,
    "1\u00a0234,567 $": 1_234_567_000,
    "0,0045\u00a0$": 4_500,
    "€ 5": 5_000_000,
    "1\u00a0234": 1_234_000_000,
    "1_234": 1_234_000_000,
    "₽ 1 000 000,50": 1_000_000_500_000,
    "12 50": None,
    "12 50,00": None,
    "12 50.00": None,
    "$12 50": None,
    "12 50 ₽": None,
    "12\u00a050": None,
    "12\u202f50": None,
    "12_50": None,
    "1 2345": None,
    "1_2345": None,
    "1 000 00": None,
    "1 234\u00a0567": None,
    "1 234_567": None,
    "1  234": None,
    "5 5": None,
    "0 500": None,
    "0,500,000": None,
    "5 . 5": None,
    "1,234\u00a0$": None,
    "5\u00a0COIN": None,
    "CA$5": None,
    "1,000,000": 1_000_000_000_000,
    "1,234.50": 1_234_500_000,
    "٥٫": None,
    "٥": 5_000_000,
    "1000000000000": 10**18,
    "1000000000001": None,
    "0": None,
    "0.00": None,
    "-5": None,
    "+5": None,
    "": None,
    "$": None,
    ".": None,
    "1.2.3": None,
    "0.0000001": None,
    "1e3": None,
    "nan": None,
    "five": None,
    "5 USD": None,
    "9" * 5000: None,
    "1,2,3": None,
    "1.000": None,
    "$12.500": None,
    "1000.125": 1_000_125_000,
    "0.500": 500_000,
    "1.000,50": None,
    "12,34.5": None,
    "1,00,000": None,
}


@pytest.mark.parametrize(("text", "units"), AMOUNTS.items())
def test_an_amount_is_read_as_it_was_meant_or_not_at_all(text: str, units: int | None) -> None:
    assert parse_amount(text) == units


@pytest.mark.parametrize(
    ("text", "currency", "units"),
    [
        ("₹996", "USD", None),
        ("996 ₽", "USD", None),
        ("€5", "USD", None),
        ("₹996", "INR", 996_000_000),
        ("$5", "USD", 5_000_000),
        ("$5", "CAD", 5_000_000),
        ("£5", "GBP", 5_000_000),
        ("5", "USD", 5_000_000),
    ],
)
def test_a_sign_of_another_currency_is_refused(text: str, currency: str, units: int | None) -> None:
    assert parse_amount(text, currency) == units


@given(st.text(max_size=40) | st.text("0123456789.,$ _٥", max_size=20))
def test_whatever_is_typed_is_none_or_more_than_nothing(text: str) -> None:
    units = parse_amount(text)
    assert units is None or 0 < units <= 10**18


@given(st.integers(1, 10**18))
def test_units_and_amounts_are_the_same_money(units: int) -> None:
    assert to_units(to_decimal(units)) == units


@given(st.decimals(0, 10**9, allow_nan=False, places=12))
def test_what_is_finer_than_a_millionth_is_rounded_up(amount: Decimal) -> None:
    units = to_units(amount)
    assert 0 <= Decimal(units) - amount * 1_000_000 < 1


@given(st.integers(0, 10**15), st.integers(1, 10**7))
def test_the_next_step_is_a_multiple_and_no_more_than_a_step_away(units: int, step: int) -> None:
    rounded = ceil_to_step(units, step)
    assert rounded % step == 0
    assert 0 <= rounded - units < step


@given(st.integers(0, 10**18), st.integers(0, 10**15), st.integers(0, 10**15))
def test_a_share_is_the_exact_part_rounded_down(units: int, one: int, other: int) -> None:
    part, whole = sorted((one, other))
    assert share(units, part, whole) == (units * part // whole if whole else 0)
