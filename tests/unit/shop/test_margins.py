"""What an admin types as a margin."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.margins import Numbers, _spread, read_numbers
from shop.errors import BadAnswerError


def numbers(percent: str = "0", fixed: str = "0", minimum: str = "0") -> Numbers:
    return Numbers(
        Decimal(percent), int(Decimal(fixed) * 1_000_000), int(Decimal(minimum) * 1_000_000)
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("25%", numbers("25")),
        ("25 %", numbers("25")),
        ("+25%", numbers("25")),
        ("12,5%", numbers("12.5")),
        ("25% + 0.10", numbers("25", "0.10")),
        ("25%+0,10", numbers("25", "0.10")),
        ("25% 0.10", numbers("25", "0.10")),
        ("0.10 + 25%", None),  # of what?
        ("+0.10 25%", numbers("25", "0.10")),
        ("$0.10 + 25%", numbers("25", "0.10")),
        ("+ 0,10 ₽", numbers(fixed="0.10")),
        ("€1", numbers(fixed="1")),
        ("30% +0.05 min 0.20", numbers("30", "0.05", "0.20")),
        ("30%, +$0.05, at least $0.20", numbers("30", "0.05", "0.20")),
        ("30% + 0,05 мин 0,20", numbers("30", "0.05", "0.20")),
        ("30% и не меньше 0.2", numbers("30", minimum="0.2")),
        ("min: 0.2", numbers(minimum="0.2")),
        ("MIN. 0.2", numbers(minimum="0.2")),
        (">= 0.2", numbers(minimum="0.2")),
        ("+0.10 per 1000", numbers(fixed="0.10")),
        ("25% + 0.10/1000 min 0.2 за 1000", numbers("25", "0.10", "0.2")),
        ("٢٥% + ٠.١", numbers("25", "0.1")),
        ("0%", numbers()),
        ("+0", numbers()),
        ("100000%", numbers("100000")),
        ("100000.01%", None),
        ("25", None),
        ("-5%", None),
        ("25% - 0.10", None),
        ("25% 30%", None),
        ("+1 +2", None),
        ("min 25%", None),
        ("25% + lots", None),
        ("25%%", None),
        ("+1,000", None),  # a thousand, or one?
        ("+0.0000001", None),
        ("1.2.3%", None),
        ("", None),
        ("hello", None),
        ("%", None),
        ("+", None),
        ("9" * 4_000 + "%", None),
    ],
)
def test_a_margin_is_read(text: str, read: Numbers | None) -> None:
    if read is None:
        with pytest.raises(BadAnswerError):
            read_numbers(text)
    else:
        assert read_numbers(text) == read


@given(st.text(alphabet="0123456789.,%+ -minатьмин$€>=/per:;&\u00a0kз", max_size=40))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        found = read_numbers(text)
    except BadAnswerError:
        return
    assert 0 <= found.percent <= 100_000
    assert found.fixed >= 0 <= found.minimum


@pytest.mark.parametrize(
    ("count", "chosen"), [(0, []), (1, [0]), (5, [0, 1, 2, 3, 4]), (101, [0, 25, 50, 75, 100])]
)
def test_examples_are_spread_over_all(count: int, chosen: list[int]) -> None:
    assert _spread(range(count)) == chosen
