"""Prices: never below what the provider asks with the margin on it, in whole steps, and never
falling with quantity.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.pricing import HOUSE, Prices, cost_of
from tests.factories.shop_rows import service

RATES = st.decimals("0.000001", "99999998", places=6, allow_nan=False)
QUANTITIES = st.integers(1, 10**9)
MARKUPS = st.decimals(0, 1000, places=2, allow_nan=False)
STEPS = st.sampled_from([1, 100, 1_000, 10_000, 1_000_000])
KINDS = st.sampled_from(["default", "custom_comments", "package", "custom_comments_package"])


@pytest.mark.parametrize(
    ("kind", "rate", "quantity", "markup", "step", "price"),
    [
        ("default", "0.90", 1000, "0", 1, 900_000),
        ("default", "0.90", 100, "50", 100, 135_000),
        ("default", "0.00011999", 10, "0", 1, 2),  # 1.1999 millionths
        ("default", "0.00011999", 10, "0", 100, 100),
        ("default", "0.90", 1, "50", 10_000, 10_000),
        ("default", "3.72", 137, "33.3", 100, 679_400),
        ("custom_comments", "9", 2, "0", 1, 18_000),
        ("package", "12.50", 1, "50", 100, 18_750_000),
        ("package", "12.50", 2, "0", 100, 25_000_000),
        ("custom_comments_package", "6", 1, "10", 100, 6_600_000),
    ],
)
def test_the_price_is_the_providers_with_the_margin_in_whole_steps(
    kind, rate, quantity, markup, step, price
) -> None:
    prices = Prices(markup_percent=Decimal(markup), step=step)
    assert prices.of(service(type=kind, rate=Decimal(rate)), quantity) == price


def test_a_list_shows_the_price_of_a_thousand_or_of_one_package() -> None:
    assert Prices().listed(service(rate=Decimal("0.90"))) == 900_000
    assert Prices().listed(service(rate=Decimal("12.50"), type="package")) == 12_500_000
    assert Prices().listed(service(rate=Decimal("0.90"), type=None)) == 900_000


def test_the_house_pays_what_the_provider_asks() -> None:
    assert HOUSE.of(service(rate=Decimal("0.90")), 137) == 123_300


@given(KINDS, RATES, QUANTITIES, MARKUPS, STEPS)
def test_no_price_is_below_the_cost_with_its_margin(kind, rate, quantity, markup, step) -> None:
    offered = service(type=kind, rate=rate)
    prices = Prices(markup_percent=markup, step=step)
    price = prices.of(offered, quantity)
    wanted = cost_of(offered, quantity) * (1 + markup / 100) * 1_000_000
    assert price % step == 0
    assert wanted <= price < wanted + step + 1


@given(KINDS, RATES, QUANTITIES, st.integers(0, 10**6), MARKUPS, STEPS)
def test_more_never_costs_less(kind, rate, quantity, more, markup, step) -> None:
    offered, prices = service(type=kind, rate=rate), Prices(markup_percent=markup, step=step)
    assert prices.of(offered, quantity) <= prices.of(offered, quantity + more)
    dearer = service(type=kind, rate=rate + 1)
    assert prices.of(offered, quantity) <= prices.of(dearer, quantity)


def test_a_subscription_is_priced_by_quantity_like_the_rest_and_nothing_crashes() -> None:
    assert Prices().of(service(type="subscriptions"), 1000) == 900_000
