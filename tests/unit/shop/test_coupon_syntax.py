"""The lines with which admins make coupons and set terms, the way people type them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.errors import BadAnswerError
from shop.promotions.coupon_syntax import (
    NewCoupon,
    NewTerms,
    is_code,
    read_code,
    read_coupon,
    read_terms,
)

TODAY = date(2026, 11, 22)
FIFTH = Decimal(20)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SPRING 20%", NewCoupon("SPRING", FIFTH, None)),
        ("spring 20 %", NewCoupon("SPRING", FIFTH, None)),
        ("20% spring", NewCoupon("SPRING", FIFTH, None)),
        ("SPRING -20%", NewCoupon("SPRING", FIFTH, None)),
        ("SPRING −20%, per 2", NewCoupon("SPRING", FIFTH, None, per_user=2)),
        ("SPRING 2,5%", NewCoupon("SPRING", Decimal("2.5"), None)),
        ("SPRING ٢٠%", NewCoupon("SPRING", FIFTH, None)),
        ("SPRING 20% max 5", NewCoupon("SPRING", FIFTH, None, most=5_000_000)),
        (
            "SPRING 20% max: $2.50 per 2",
            NewCoupon("SPRING", FIFTH, None, per_user=2, most=2_500_000),
        ),
        (
            "SPRING 20% cap 5 below-cost",
            NewCoupon("SPRING", FIFTH, None, most=5_000_000, below_cost=True),
        ),
        ("Below-Cost 20% SPRING", NewCoupon("SPRING", FIFTH, None, below_cost=True)),
        (
            "VESNA 20% максимум 5 в-убыток",
            NewCoupon("VESNA", FIFTH, None, most=5_000_000, below_cost=True),
        ),
        ("GIFT 5.00", NewCoupon("GIFT", None, 5_000_000)),
        ("GIFT $5", NewCoupon("GIFT", None, 5_000_000)),
        ("GIFT 0,5", NewCoupon("GIFT", None, 500_000)),
        ("2026 5", NewCoupon("2026", None, 5_000_000)),
        (
            "SPRING 20% per 1 total 100 until 2026-12-31",
            NewCoupon("SPRING", FIFTH, None, per_user=1, total=100, expires_at=NEW_YEAR),
        ),
        (
            "SPRING 20% until 31.12.2026 total: 1k per user 3",
            NewCoupon("SPRING", FIFTH, None, per_user=3, total=1_000, expires_at=NEW_YEAR),
        ),
        ("SPRING 20% 2 per user", NewCoupon("SPRING", FIFTH, None, per_user=2)),
        (
            "весна20 ".replace("весна", "VESNA") + "20% на человека 2 всего 50 до 31.12.2026",
            NewCoupon("VESNA20", FIFTH, None, per_user=2, total=50, expires_at=NEW_YEAR),
        ),
        (
            "X1Z 100% until 2026-11-22",
            NewCoupon("X1Z", Decimal(100), None, expires_at=datetime(2026, 11, 23, tzinfo=UTC)),
        ),
    ],
)
def test_a_coupon_is_read(line: str, expected: NewCoupon) -> None:
    assert read_coupon(line, today=TODAY) == expected


@pytest.mark.parametrize("line", ["20%", "5.00"])
def test_without_a_code_one_is_made_up(line: str) -> None:
    made = {read_coupon(line, today=TODAY).code for _ in range(20)}
    assert len(made) == 20
    assert all(is_code(code) and len(code) == 8 for code in made)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("", "coupon-line-value"),
        ("SPRING", "coupon-line-value"),
        ("SPRING 0%", "coupon-line-percent"),
        ("SPRING 101%", "coupon-line-percent"),
        ("SPRING 20% 30%", "coupon-line-percent"),
        ("SPRING 20.555%", "coupon-line-percent"),
        ("SPRING 0", "coupon-line-value"),
        ("SPRING 5 20%", "coupon-line-odd"),
        ("AB 20%", "coupon-line-code"),
        ("ВЕСНА 20%", "coupon-line-code"),
        ("A" * 33 + " 20%", "coupon-line-code"),
        ("SPRING 20% max", "coupon-line-odd"),
        ("SPRING 20% max many", "coupon-line-most"),
        ("SPRING 20% max 0", "coupon-line-most"),
        ("SPRING 20% max 1000000001", "coupon-line-most"),
        ("GIFT 5 max 5", "coupon-line-percent-only"),
        ("GIFT 5 below-cost", "coupon-line-percent-only"),
        ("GIFT 1000000001", "coupon-line-value"),
        ("SPRING 20% per 0", "coupon-line-count"),
        ("SPRING 20% per", "coupon-line-odd"),
        ("SPRING 20% total many", "coupon-line-count"),
        ("SPRING 20% total 3000000000", "coupon-line-count"),
        ("SPRING 20% until tomorrow", "coupon-line-date"),
        ("SPRING 20% until 2026-11-21", "coupon-line-date"),
        ("SPRING 20% until 9999-12-31", "coupon-line-date"),
    ],
)
def test_what_can_not_be_read_has_its_reason(line: str, key: str) -> None:
    with pytest.raises(BadAnswerError) as caught:
        read_coupon(line, today=TODAY)
    assert caught.value.key == key


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (lambda line: read_coupon(line, today=TODAY), read_terms):
        try:
            read(text)
        except BadAnswerError:
            continue


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("5% cap 20", NewTerms(on=True, percent=Decimal(5), cap=20_000_000)),
        ("5 % 20", NewTerms(on=True, percent=Decimal(5), cap=20_000_000)),
        ("cap $7.50", NewTerms(cap=7_500_000)),
        ("on", NewTerms(on=True)),
        ("OFF", NewTerms(on=False)),
        ("выкл", NewTerms(on=False)),
        ("off 5%", NewTerms(on=False, percent=Decimal(5))),
        ("2,5% предел 10", NewTerms(on=True, percent=Decimal("2.5"), cap=10_000_000)),
    ],
)
def test_terms_are_read(line: str, expected: NewTerms) -> None:
    assert read_terms(line) == expected


@pytest.mark.parametrize("line", ["5% 20 30", "five", "on off", "cap much", "cap", "0%"])
def test_terms_that_can_not_be_read_are_refused(line: str) -> None:
    with pytest.raises(BadAnswerError):
        read_terms(line)


def test_a_code_is_read_in_any_case_and_script() -> None:
    assert read_code(" spring٢٠\u200b") == "SPRING20"
