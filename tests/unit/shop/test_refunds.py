"""What an ended order must have given back in all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.fulfilment.refunds import refund_due
from storage.enums import ENDED_AT_PROVIDER, OrderState
from tests.factories.shop_rows import NOW, order

PARTIAL, CANCELED = OrderState.PARTIAL, OrderState.CANCELED


@pytest.mark.parametrize(
    ("columns", "due"),
    [
        ({"state": CANCELED}, 300_000),
        # it had not begun: 0 is what is said of those, too
        ({"state": CANCELED, "remains": 0}, 300_000),
        ({"state": CANCELED, "remains": 0, "start_count": 7}, None),
        ({"state": CANCELED, "remains": 0, "started_at": NOW}, None),
        ({"state": CANCELED, "remains": -5}, None),
        ({"state": CANCELED, "remains": 10}, 30_000),
        ({"state": CANCELED, "remains": 150}, 300_000),
        ({"state": CANCELED, "start_count": 7}, 300_000),
        ({"state": CANCELED, "charge": Decimal(0)}, 300_000),
        ({"state": CANCELED, "charge": Decimal("0.18")}, 30_000),
        ({"state": CANCELED, "charge": Decimal("0.20")}, None),  # canceled, and charged in full
        ({"state": CANCELED, "charge": Decimal(-1)}, None),
        ({"state": CANCELED, "charge": Decimal(9)}, None),
        ({"state": CANCELED, "charge": Decimal(0), "cost": Decimal(0)}, 300_000),
        ({"state": CANCELED, "remains": 10, "charge": Decimal("0.18")}, 30_000),
        ({"state": CANCELED, "remains": 10, "charge": Decimal(0)}, None),
        ({"state": CANCELED, "remains": 100, "charge": Decimal("0.2")}, None),
        ({"state": CANCELED, "remains": 0, "charge": Decimal("0.20"), "started_at": NOW}, None),
        ({"state": CANCELED, "quantity": 1, "charge": Decimal("0.05")}, 225_000),  # a package
        ({"state": CANCELED, "refunded": 120_000}, 300_000),
        ({"state": PARTIAL, "remains": 40}, 120_000),
        ({"state": PARTIAL, "remains": 0}, 0),
        ({"state": PARTIAL, "remains": 100}, 300_000),
        ({"state": PARTIAL, "remains": 101}, None),  # more than was ordered
        ({"state": PARTIAL, "remains": 10**17}, None),
        ({"state": PARTIAL, "remains": 101, "charge": Decimal(0)}, 300_000),
        ({"state": PARTIAL, "remains": -7}, 0),
        ({"state": PARTIAL, "remains": 1, "quantity": 3, "price": 100}, 33),  # rounded down
        ({"state": PARTIAL, "remains": 40, "charge": Decimal("0.12")}, 120_000),
        # remains come first
        ({"state": PARTIAL, "remains": 40, "charge": Decimal("0.1234")}, 120_000),
        ({"state": PARTIAL, "remains": 40, "charge": Decimal("0.01")}, None),
        # it will become less
        ({"state": PARTIAL, "remains": 40, "charge": Decimal("0.20")}, 120_000),
        ({"state": PARTIAL, "remains": 40, "charge": Decimal("0.15")}, 120_000),
        ({"state": PARTIAL, "remains": 100, "charge": Decimal("0.20")}, None),
        ({"state": PARTIAL, "remains": 40, "charge": Decimal("0.30")}, None),
        (
            {
                "state": PARTIAL,
                "remains": 40,
                "charge": Decimal("0.18"),
                "full_charge": Decimal("0.30"),
            },
            120_000,
        ),
        (
            {
                "state": PARTIAL,
                "remains": 40,
                "charge": Decimal("0.108"),
                "full_charge": Decimal("0.18"),
            },
            120_000,
        ),
        ({"state": PARTIAL, "remains": 0, "charge": Decimal(0)}, None),
        ({"state": PARTIAL, "remains": 0, "charge": Decimal("0.20")}, 0),
        # more was delivered, and charged
        ({"state": PARTIAL, "remains": -20, "charge": Decimal("0.24")}, 0),
        ({"state": PARTIAL, "remains": -20, "charge": Decimal("0.20")}, 0),
        (
            {
                "state": PARTIAL,
                "remains": 100,
                "charge": Decimal("0.0001"),
                "cost": Decimal("0.0002"),
            },
            None,
        ),
        # nothing to compare
        ({"state": PARTIAL, "remains": 40, "charge": Decimal(7), "cost": Decimal(0)}, 120_000),
        ({"state": PARTIAL, "remains": None}, None),
        ({"state": PARTIAL, "remains": None, "charge": Decimal("0.15")}, 75_000),
        ({"state": PARTIAL, "remains": None, "charge": Decimal(0)}, 300_000),
        ({"state": PARTIAL, "remains": None, "charge": Decimal("0.20")}, 0),
        ({"state": PARTIAL, "remains": None, "charge": Decimal(5)}, None),
        ({"state": PARTIAL, "remains": None, "charge": Decimal(-1)}, None),
        (
            {
                "state": PARTIAL,
                "remains": None,
                "charge": Decimal("0.09"),
                "full_charge": Decimal("0.18"),
            },
            150_000,
        ),
        (
            {
                "state": PARTIAL,
                "remains": None,
                "charge": Decimal("0.18"),
                "full_charge": Decimal(1000),
            },
            30_000,
        ),
        (
            {
                "state": PARTIAL,
                "remains": None,
                "charge": Decimal("0.18"),
                "full_charge": Decimal("0.01"),
            },
            30_000,
        ),
        ({"state": PARTIAL, "remains": None, "charge": Decimal("0.15"), "cost": Decimal(0)}, None),
        # a package
        ({"state": PARTIAL, "quantity": 1, "remains": 0, "charge": Decimal("0.05")}, 225_000),
        ({"state": PARTIAL, "quantity": 1, "remains": 1, "charge": None}, None),
        # reopened: never taken back
        ({"state": PARTIAL, "remains": 40, "refunded": 200_000}, 200_000),
        ({"state": PARTIAL, "remains": 40, "refunded": 50_000}, 120_000),
        ({"state": OrderState.COMPLETED, "remains": 40}, 0),
        ({"state": OrderState.COMPLETED, "remains": 100}, None),
        ({"state": OrderState.COMPLETED, "remains": 100, "charge": Decimal("0.20")}, 0),
        ({"state": OrderState.COMPLETED, "remains": 40, "charge": Decimal("0.12")}, None),
        ({"state": OrderState.COMPLETED, "remains": 0, "charge": Decimal(0)}, 0),
        ({"state": OrderState.COMPLETED, "charge": Decimal("0.05")}, 0),
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
        order(
            state=state,
            quantity=quantity,
            price=price,
            refunded=refunded,
            remains=remains,
            charge=charge,
            cost=cost,
        )
    )
    assert due is None or refunded <= due <= price
    assert due is not None or state in ENDED_AT_PROVIDER


@pytest.mark.parametrize(
    ("state", "remains", "due"),
    [(PARTIAL, None, None), (CANCELED, None, None), (CANCELED, 10, 30_000)],
)
def test_a_charge_that_can_not_be_compared_leaves_the_remains(
    state: OrderState, remains: int | None, due: int | None
) -> None:
    assert refund_due(order(state=state, remains=remains), foreign=True) == due


@given(st.integers(2, 10**6), st.integers(0, 10**12), st.data())
def test_the_more_remains_the_more_is_due(quantity: int, price: int, data) -> None:
    less, more = sorted(data.draw(st.lists(st.integers(0, quantity), min_size=2, max_size=2)))
    dues = [
        refund_due(order(state=PARTIAL, quantity=quantity, price=price, remains=n))
        for n in (less, more)
    ]
    assert dues[0] is not None
    assert dues[1] is not None
    assert dues[0] <= dues[1]
