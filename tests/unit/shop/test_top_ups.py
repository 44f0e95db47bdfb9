"""Reading how many Stars somebody wants to pay."""

from typing import Any

import pytest

from shop.access import Access
from shop.clock import utc_now
from shop.errors import BadAnswerError
from shop.payments.stars import invoice_of
from shop.payments.top_ups import TopUps, TopUpTerms
from shop.wakeups import Wakeups

NOBODY: Any = None
SHOP = TopUps(NOBODY, Access(), lambda: "USD", Wakeups(), utc_now, TopUpTerms())


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("12.50", 962),
        ("12,50", 962),
        ("$13", 1_000),
        ("0.001", 1),
        ("1.30 $", 100),
        ("300 stars", 300),
        ("1 star", 1),
        ("⭐️ 1 000", 1_000),
        ("300⭐", 300),
        ("2,500 Stars", 2_500),
        ("1k stars", 1_000),
        ("300 звёзд", 300),
        ("1 звезда", 1),
        ("٣٠٠ ⭐", 300),
        ("500 XTR", 500),
    ],
)
def test_stars_and_money_are_read(text: str, stars: int) -> None:
    assert SHOP.read_stars(text) == stars


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stars",
        "⭐⭐",
        "5 usd",
        "300 stars 2",
        "1e5",
        "-5",
        "0",
        "0 stars",
        "-3 stars",
        "many",
        "1,000",
        "9" * 99,
    ],
)
def test_nonsense_is_not(text: str) -> None:
    with pytest.raises(BadAnswerError):
        SHOP.read_stars(text)


@pytest.mark.parametrize(
    ("value", "currency", "worth"),
    [(None, "usd", 13_000), (None, "EUR", 0), (5, "EUR", 5), (0, "USD", 0)],
)
def test_what_a_star_is_worth(value: int | None, currency: str, worth: int) -> None:
    assert (
        TopUps(
            NOBODY, Access(), lambda: currency, Wakeups(), utc_now, TopUpTerms(star_value=value)
        ).star_value()
        == worth
    )


@pytest.mark.parametrize(
    ("payload", "invoice"),
    [("12", 12), ("", None), ("-1", None), ("²", None), ("x12", None), ("9" * 40, None)],
)
def test_payloads_of_others_are_no_invoices(payload: str, invoice: int | None) -> None:
    assert invoice_of(payload) == invoice
