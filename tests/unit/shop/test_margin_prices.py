"""Margin rules: which one prices a service, and what it makes of the rate."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.pricing import HOUSE, Prices, Scope, cost_of
from storage.rows import Margin
from tests.factories.shop_rows import service

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RATES = st.decimals("0.000001", "99999998", places=6, allow_nan=False)
EXCHANGES = st.decimals("0.0001", "100000", places=4, allow_nan=False)
QUANTITIES = st.integers(1, 10**9)
AMOUNTS = st.integers(0, 10**12)
STEPS = st.sampled_from([1, 100, 10_000])
KINDS = st.sampled_from(["default", "custom_comments", "package"])


def margin(scope: Scope, about: str = "", percent: str = "0", number: int = 1, **given) -> Margin:
    values = {"fixed": 0, "minimum": 0, "set_by": 1, "at": NOON} | given
    return Margin(id=number, scope=scope, about=about, percent=Decimal(percent), **values)


def prices(*rules: Margin, **given) -> Prices:
    made = Prices(**given)
    made.rules.put(rules)
    return made


RULES = st.builds(
    lambda percent, fixed, minimum: margin(
        Scope.GLOBAL, percent=str(percent), fixed=fixed, minimum=minimum
    ),
    st.decimals(0, 100_000, places=2, allow_nan=False),
    AMOUNTS,
    AMOUNTS,
)


@pytest.mark.parametrize(
    ("kind", "rate", "quantity", "exchange", "percent", "fixed", "minimum", "price"),
    [
        ("default", "2.00", 1000, "1", "25", 0, 0, 2_500_000),
        ("default", "2.00", 1000, "0.9", "25", 0, 0, 2_250_000),
        ("default", "2.00", 1000, "0.9", "25", 100_000, 0, 2_350_000),
        ("default", "2.00", 100, "0.9", "25", 100_000, 0, 235_000),
        ("default", "0.10", 1000, "1", "10", 20_000, 50_000, 150_000),  # 0.03 would be too little
        ("default", "0.10", 1, "1", "10", 20_000, 50_000, 200),  # 150, in whole steps
        ("package", "12.50", 2, "1", "0", 1_000_000, 0, 27_000_000),
        ("default", "2.00", 1000, "1", "0", 0, 0, 2_000_000),
    ],
)
def test_a_rule_makes_the_price(
    kind, rate, quantity, exchange, percent, fixed, minimum, price
) -> None:
    rule = margin(Scope.GLOBAL, percent=percent, fixed=fixed, minimum=minimum)
    made = prices(rule, markup_percent=Decimal(99), exchange=Decimal(exchange))
    assert made.of(service(type=kind, rate=Decimal(rate)), quantity) == price


def test_the_first_rule_that_fits_counts_alone() -> None:
    offered = service(id=7, category="Instagram followers", rate=Decimal(1))
    everything = margin(Scope.GLOBAL, percent="10", minimum=900_000)
    short, long = (
        margin(Scope.CATEGORY, about, percent)
        for about, percent in (("insta*", "20"), ("INSTA*ow*", "30"))
    )
    other, own = margin(Scope.CATEGORY, "*youtube*", "40"), margin(Scope.SERVICE, "7", "50")
    assert prices(markup_percent=Decimal(5)).listed(offered) == 1_050_000
    assert prices(everything, markup_percent=Decimal(5)).listed(offered) == 1_900_000
    assert prices(everything, short, other).listed(offered) == 1_200_000
    assert prices(everything, long, short).listed(offered) == 1_300_000
    assert prices(own, everything, long, short).listed(offered) == 1_500_000
    assert prices(margin(Scope.SERVICE, "8", "50"), everything).listed(offered) == 1_900_000


def test_of_two_patterns_of_one_length_the_newer_counts() -> None:
    older = margin(Scope.CATEGORY, "pod*", "10", number=2)
    newer = margin(Scope.CATEGORY, "*sts", "20", number=1, at=NOON + timedelta(seconds=1))
    for rules in ((older, newer), (newer, older)):
        assert prices(*rules).listed(service(category="Podcasts", rate=Decimal(1))) == 1_200_000


def test_what_is_put_anew_replaces_what_was_known() -> None:
    made, offered = prices(margin(Scope.GLOBAL, percent="10")), service(rate=Decimal(1))
    assert made.listed(offered) == 1_100_000
    made.rules.put([margin(Scope.CATEGORY, "*", "20")])
    assert made.listed(offered) == 1_200_000
    made.rules.put([])
    assert made.listed(offered) == 1_000_000


def test_one_rule_more_or_less_can_be_tried() -> None:
    made, offered = prices(margin(Scope.GLOBAL, percent="10", number=4)), service(rate=Decimal(1))
    assert made.with_rule(margin(Scope.GLOBAL, percent="30", number=0)).listed(offered) == 1_300_000
    assert made.without(4).listed(offered) == 1_000_000
    assert made.listed(offered) == 1_100_000


def test_the_house_has_no_rules_and_no_exchange() -> None:
    assert HOUSE.rules.in_order() == []
    assert (HOUSE.exchange, HOUSE.markup_percent) == (1, 0)


def test_the_sum_is_open() -> None:
    rule = margin(Scope.GLOBAL, percent="10", fixed=20_000, minimum=50_000)
    found = prices(rule, exchange=Decimal("0.5")).explained(service(rate=Decimal("0.20")))
    assert (found.cost, found.by_percent, found.fixed) == (
        Decimal("0.1"),
        Decimal("0.01"),
        Decimal("0.02"),
    )
    assert (found.margin, found.at_least, found.price, found.rule) == (
        Decimal("0.05"),
        True,
        150_000,
        rule,
    )


@given(KINDS, RATES, QUANTITIES, EXCHANGES, RULES, STEPS)
def test_no_price_is_below_the_cost_and_each_is_in_whole_steps(
    kind, rate, quantity, exchange, rule, step
) -> None:
    offered = service(type=kind, rate=rate)
    price = prices(rule, exchange=exchange, step=step).of(offered, quantity)
    with localcontext(prec=100):
        assert price >= cost_of(offered, quantity) * exchange * 1_000_000
    assert price % step == 0


@given(KINDS, RATES, QUANTITIES, st.integers(1, 50), EXCHANGES, RULES, STEPS)
def test_prices_are_linear_but_for_the_rounding(
    kind, rate, quantity, times, exchange, rule, step
) -> None:
    offered, made = service(type=kind, rate=rate), prices(rule, exchange=exchange, step=step)
    one, many = made.of(offered, quantity), made.of(offered, quantity * times)
    assert one * times - step * times - times < many <= one * times


@given(KINDS, RATES, QUANTITIES, st.integers(0, 10**6), EXCHANGES, RULES, STEPS)
def test_more_never_costs_less(kind, rate, quantity, more, exchange, rule, step) -> None:
    made = prices(rule, exchange=exchange, step=step)
    offered, dearer = service(type=kind, rate=rate), service(type=kind, rate=rate + 1)
    assert made.of(offered, quantity) <= made.of(offered, quantity + more)
    assert made.of(offered, quantity) <= made.of(dearer, quantity)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=Decimal("1e60")),
    RULES,
)
def test_an_absurd_rate_has_a_price_too(rate, rule) -> None:
    assert prices(rule, exchange=Decimal(1000000000)).of(service(rate=rate), 10**15) >= 0
