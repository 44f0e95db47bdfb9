"""What an ended order must have given back in all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.refunds import refund_due
from storage.states import OrderState
from tests.support.shop_rows import order

PARTIAL, CANCELED = OrderState.PARTIAL, OrderState.CANCELED


@pytest.mark.parametrize(
    ("columns", "due"),
    [
        ({"state": CANCELED}, 300_000),
        ({"state": CANCELED, "remains": 0}, 300_000),
        ({"state": CANCELED, "refunded": 120_000}, 300_000),
        ({"state": PARTIAL, "remains": 40}, 120_000),
        ({"state": PARTIAL, "remains": 0}, 0),
        ({"state": PARTIAL, "remains": 100}, 300_000),
        ({"state": PARTIAL, "remains": 101}, 300_000),
        ({"state": PARTIAL, "remains": 10**17}, 300_000),
        ({"state": PARTIAL, "remains": -7}, 0),
        ({"state": PARTIAL, "remains": 1, "quantity": 3, "price": 100}, 33),  # rounded down
        ({"state": PARTIAL, "remains": 40, "charge": Decimal("0.01")}, 120_000),  # remains come first
        ({"state": PARTIAL, "remains": None}, None),
        ({"state": PARTIAL, "remains": None, "charge": Decimal("0.15")}, 75_000),
        ({"state": PARTIAL, "remains": None, "charge": Decimal(0)}, 300_000),
        ({"state": PARTIAL, "remains": None, "charge": Decimal("0.20")}, 0),
        ({"state": PARTIAL, "remains": None, "charge": Decimal(5)}, 0),
        ({"state": PARTIAL, "remains": None, "charge": Decimal(-1)}, 300_000),
        ({"state": PARTIAL, "remains": None, "charge": Decimal("0.15"), "cost": Decimal(0)}, None),
        ({"state": PARTIAL, "quantity": 1, "remains": 0, "charge": Decimal("0.05")}, 225_000),  # a package
        ({"state": PARTIAL, "quantity": 1, "remains": 1, "charge": None}, None),
        ({"state": PARTIAL, "remains": 40, "refunded": 200_000}, 200_000),  # reopened: never taken back
        ({"state": PARTIAL, "remains": 40, "refunded": 50_000}, 120_000),
        ({"state": OrderState.COMPLETED, "remains": 40}, 0),
        ({"state": OrderState.COMPLETED, "refunded": 120_000}, 120_000),
        ({"state": OrderState.IN_PROGRESS, "remains": 40, "refunded": 120_000}, 120_000),
        ({"state": OrderState.FAILED, "remains": 100}, 0),
        ({"state": PARTIAL, "remains": 40, "price": 0}, 0),
    ],
)
def test_what_is_due(columns: dict, due: int | None) -> None:
    assert refund_due(order(**columns)) == due


@given(
    st.sampled_from(OrderState),
    st.integers(1, 10**12),
    st.integers(0, 10**15),
    st.none() | st.integers(-(10**17), 10**17),
    st.none() | st.decimals(-1000, 10**9, places=8, allow_nan=False),
    st.decimals(0, 10**9, places=8, allow_nan=False),
    st.data(),
)
def test_no_more_than_the_price_is_ever_due_and_nothing_is_taken_back(
    state, quantity, price, remains, charge, cost, data
) -> None:
    refunded = data.draw(st.integers(0, price))
    due = refund_due(
        order(state=state, quantity=quantity, price=price, refunded=refunded, remains=remains, charge=charge, cost=cost)
    )
    assert due is None or refunded <= due <= price
    assert due is not None or state is PARTIAL


@given(st.integers(2, 10**6), st.integers(0, 10**12), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_more_remains_the_more_is_due(quantity: int, price: int, one: int, other: int) -> None:
    less, more = sorted((one, other))
    dues = [refund_due(order(state=PARTIAL, quantity=quantity, price=price, remains=n)) for n in (less, more)]
    assert dues[0] is not None
    assert dues[1] is not None
    assert dues[0] <= dues[1]
