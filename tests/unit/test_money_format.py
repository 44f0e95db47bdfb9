"""How money is written for a reader, and that what was written can be typed back."""

from decimal import Decimal
from typing import Any

import pytest
from babel.numbers import format_currency
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.components import format_error
from locales import Texts
from locales.loader import languages
from locales.money import format_decimal, format_money
from shop.errors import ShopError
from shop.money import Money, parse_amount

ENGLISH = [
    (0, "USD", "$0.00"),
    (1_234_500_000, "USD", "$1,234.50"),
    (10_000_000, "USD", "$10.00"),
    (4_500, "USD", "$0.0045"),
    (1, "USD", "$0.000001"),
    (4_500, "UZS", "0.0045 UZS"),
    (-2_500_000, "EUR", "−€2.50"),
    (5_000_000, "usd", "$5.00"),
    (123_456_789, "GBP", "£123.456789"),
    (10**18, "RUB", "1,000,000,000,000.00 RUB"),
    (1_234_000_000, "JPY", "¥1,234"),
    (1_500_000, "JPY", "¥1.5"),
    (1_000_000, "KWD", "1.000 KWD"),
    (5_000_000, "CAD", "CA$5.00"),
    (5_000_000, "XOF", "5 XOF"),
]

RUSSIAN = [
    (0, "USD", "0,00 $"),
    (1_234_500_000, "USD", "1 234,50 $"),
    (4_500, "USD", "0,0045 $"),
    (1, "USD", "0,000001 $"),
    (-2_500_000, "EUR", "−2,50 €"),
    (1_234_567_890_000, "RUB", "1 234 567,89 ₽"),
    (1_234_000_000, "JPY", "1 234 ¥"),
    (50_000_000, "UZS", "50,00 UZS"),
    (50_000_000, "TMT", "50,00 TMT"),
    (1_234_500_000, "COIN", "1 234,50 COIN"),
]


@pytest.mark.parametrize(
    ("language", "units", "currency", "text"),
    [("en", *row) for row in ENGLISH] + [("ru", *row) for row in RUSSIAN],
)
def test_money_is_written_the_way_the_language_does(
    language: str, units: int, currency: str, text: str
) -> None:
    written = format_money(units, currency, language)
    assert written.replace("\u00a0", " ") == text
    assert " " not in written  # an amount never breaks over two lines


@pytest.mark.parametrize(
    ("currency", "text"),
    [
        ("COIN", "1,234.50\u00a0COIN"),
        ("", "1,234.50"),
        ("  ", "1,234.50"),
        ("<b>", "1,234.50\u00a0<b>"),
        ("¤", "1,234.50\u00a0¤"),
        ("долл.", "1,234.50\u00a0долл."),
        ("X" * 500, "1,234.50\u00a0" + "X" * 500),
    ],
)
def test_a_code_that_nobody_knows_stands_behind_the_number(currency: str, text: str) -> None:
    assert format_money(1_234_500_000, currency, "en") == text


@given(st.text(max_size=8), st.integers(-(2**63), 2**63), st.sampled_from(languages()))
def test_no_currency_keeps_an_amount_from_being_written(
    currency: str, units: int, language: str
) -> None:
    assert format_money(units, currency, language)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("99999999.123456", "$99,999,999.123456"),
        ("0.0000004", "$0.00"),
        ("1E+30", "$1" + ",000" * 10 + ".00"),
        ("-9.99", "−$9.99"),
        ("1." + "1" * 60, "$1.111111"),
        ("9" * 40 + ".5", "$9" + ",999" * 13 + ".50"),
    ],
)
def test_every_number_of_a_provider_can_be_written(amount: str, text: str) -> None:
    assert format_decimal(Decimal(amount), "USD", "en") == text


@given(
    st.decimals(0, 10**12, places=2),
    st.sampled_from(["USD", "EUR", "GBP", "CAD", "JPY"]),
    st.sampled_from(languages()),
)
def test_a_sign_and_the_separators_stand_where_babel_puts_them(
    amount: Decimal, currency: str, language: str
) -> None:
    digits = 0 if currency == "JPY" else 2
    amount = round(amount, digits)
    assert format_decimal(amount, currency, language) == format_currency(
        amount, currency, locale=language
    )


def _can_be_read_in_two_ways(units: int, currency: str, language: str) -> bool:
    """`1,234` is a thousand to one reader and one and a bit to another; whoever types it is asked
    again.
    """
    whole, rest = divmod(units, 1_000_000)
    decimals = len(f"{rest:06}".rstrip("0"))
    if language == "ru":
        return 0 < whole < 1_000 and decimals == 3
    return currency == "JPY" and 1_000 <= whole < 1_000_000 and not decimals


@given(
    st.integers(1, 10**18) | st.integers(1, 10**10).map(lambda thousandths: thousandths * 1_000),
    st.sampled_from(["USD", "EUR", "JPY", "RUB"]),
    st.sampled_from(["en", "ru"]),
)
@example(1_234_500_000, "USD", "ru")
@example(1_234_000, "USD", "ru")
@example(1_234_000_000, "JPY", "en")
def test_what_is_written_is_read_back(units: int, currency: str, language: str) -> None:
    written = format_money(units, currency, language).removesuffix("RUB")
    assert parse_amount(written) == (
        None if _can_be_read_in_two_ways(units, currency, language) else units
    )


@pytest.mark.parametrize(
    ("language", "values"),
    [
        ("en", {"missing": "$1,234.50", "got": "5,000", "example": "@name"}),
        ("ru", {"missing": "1\u00a0234,50\u00a0$", "got": "5\u202f000", "example": "@name"}),
    ],
)
def test_what_an_error_carries_is_written_for_its_reader(
    language: str, values: dict[str, Any]
) -> None:
    error = ShopError("any", missing=Money(1_234_500_000, "USD"), got=5_000, example="@name")
    assert format_error(error, Texts().for_language(language)) == values
