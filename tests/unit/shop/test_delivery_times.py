"""What ended orders say about a service."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.delivery_times import LEAST, summary
from storage.enums import OrderState
from storage.queries.statistics import Ended


def ended(
    minutes: float = 60,
    *,
    begun: float | None = 5,
    state: OrderState = OrderState.COMPLETED,
    refunded: int = 0,
    untimed: bool = False,
    sent: bool = True,
) -> Ended:
    began_after = begun * 60 if begun is not None and sent else None
    return Ended(state, refunded, began_after, minutes * 60 if sent else None, untimed)


def test_four_orders_say_nothing() -> None:
    assert summary([ended()] * (LEAST - 1)) is None
    assert summary([ended()] * LEAST) is not None


def test_nearest_rank() -> None:
    found = summary(
        [
            ended(minutes, begun=minutes / 10)
            for minutes in (50, 10, 40, 20, 30, 70, 60, 90, 80, 100)
        ]
    )
    assert found is not None
    assert (found.end_median, found.end_most) == (timedelta(minutes=50), timedelta(minutes=90))
    assert (found.start_median, found.start_most) == (timedelta(minutes=5), timedelta(minutes=9))
    assert found.orders == 10


def test_five_orders() -> None:
    found = summary([ended(minutes) for minutes in (1, 2, 3, 4, 100)])
    assert found is not None
    assert (found.end_median, found.end_most) == (timedelta(minutes=3), timedelta(minutes=100))


@given(st.lists(st.integers(0, 10_000), min_size=LEAST, max_size=60))
def test_nine_in_ten_are_within_and_half_are_within_the_median(minutes: list[int]) -> None:
    found = summary([ended(one) for one in minutes])
    assert found is not None
    assert found.end_median is not None
    assert found.end_most is not None
    times = [timedelta(minutes=one) for one in minutes]
    assert sum(one <= found.end_most for one in times) * 10 >= 9 * len(times)
    assert sum(one <= found.end_median for one in times) * 2 >= len(times)
    assert {found.end_median, found.end_most} <= set(times)


def test_only_completed_orders_tell_how_long_it_takes() -> None:
    rest = [
        ended(9999, state=state, refunded=1, begun=7)
        for state in (OrderState.PARTIAL, OrderState.CANCELED, OrderState.CANCELED)
    ]
    found = summary(
        [*[ended(10)] * 5, *rest, ended(9999, state=OrderState.REJECTED, refunded=1, begun=9999)]
    )
    assert found is not None
    assert found.end_most == timedelta(minutes=10)
    assert found.start_most == timedelta(minutes=7)
    assert found.completed == 5 / 9
    assert found.refunded == 4 / 9


def test_parents_count_in_the_shares_and_not_in_the_times() -> None:
    found = summary([ended(10_000, untimed=True)] * 5)
    assert found is not None
    assert (found.start_median, found.end_median) == (None, None)
    assert (found.orders, found.completed) == (5, 1.0)


def test_too_few_times_are_not_shown() -> None:
    found = summary([*[ended(begun=None)] * 4, ended(sent=False)])
    assert found is not None
    assert found.start_median is None
    assert found.end_most is None


@pytest.mark.parametrize("minutes", [-5, 0])
def test_an_end_before_the_beginning_takes_no_time(minutes: float) -> None:
    found = summary([ended(minutes)] * 5)
    assert found is not None
    assert found.end_median == timedelta(0)
