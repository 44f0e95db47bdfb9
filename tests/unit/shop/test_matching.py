"""What the provider says of an id, held against an order of ours."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from panel import OrderStatus
from panel.models import State
from shop.orders.figures import near
from shop.recovery.matching import MismatchReason, match_status
from storage.enums import OrderState
from storage.rows import Order

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ORDER = Order(
    id=1,
    draft_id=1,
    user_id=1,
    service_id=1,
    service_name="Plays",
    service_type="default",
    fields={},
    link="https://example.com",
    quantity=1000,
    price=1,
    refunded=0,
    currency="USD",
    cost=Decimal("2.00"),
    billing="wallet",
    state=OrderState.UNKNOWN,
    provider_order_id=None,
    status_text="",
    charge=None,
    start_count=None,
    remains=None,
    created_at=NOW,
    submitted_at=NOW,
    changed_at=NOW,
    finished_at=None,
    waiting="",
    failure="",
    card_message_id=None,
    started_at=None,
    runs=None,
    posts=None,
    mass_id=None,
    exchange=Decimal(1),
    discount=0,
    booked_cost=0,
    bookings=0,
)
PACKAGE = replace(ORDER, service_type="package", quantity=1)
DRIP_FEED = replace(ORDER, fields={"runs": 5})
SUBSCRIPTION = replace(ORDER, service_type="subscriptions", fields={"posts": 4, "old_posts": 1})
ENDLESS = replace(SUBSCRIPTION, fields={})


def says(
    charge: str | None = None,
    remains: int | None = None,
    state: State | None = State.PENDING,
    **parts,
):
    return OrderStatus(
        state, "", charge=None if charge is None else Decimal(charge), remains=remains, **parts
    )


FITS = [
    (ORDER, says("2.00", 1000)),
    (ORDER, says("2.00", 0)),  # remains of 0 say nothing
    (ORDER, says("2.04", 300)),
    (ORDER, says("2", None)),
    (ORDER, says(None, 1000)),
    (ORDER, says("2.00", -30, State.COMPLETED)),  # delivered more than was ordered
    (ORDER, says("0", 1000, State.CANCELED)),
    # a state nobody knows, such as "returned" in another language
    (ORDER, says("0.00", 1000, None)),
    (ORDER, says("0.50", 750, State.PARTIAL)),
    (ORDER, says("2.00", 750, State.PARTIAL)),
    (ORDER, says("2.00", 1000, runs=0, orders=())),
    (PACKAGE, says("2.00", 5000)),  # how many are in a package, only the provider knows
    (DRIP_FEED, says(runs=5)),
    (DRIP_FEED, says(runs=3, orders=("1", "2", "3"))),
    (DRIP_FEED, says("2.00", 1000)),
    (SUBSCRIPTION, says(posts=5)),
    (SUBSCRIPTION, says(runs=2, orders=("1", "2"))),
    (ENDLESS, says(posts=500)),
]
DOES_NOT = [
    (ORDER, says("2.10", 1000), MismatchReason.CHARGE),
    (ORDER, says("0", 1000), MismatchReason.CHARGE),
    (ORDER, says("2.10", 0, State.CANCELED), MismatchReason.CHARGE),
    (ORDER, says("20.00", 1000, None), MismatchReason.CHARGE),
    (ORDER, says("2.00", 1001), MismatchReason.REMAINS),
    (ORDER, says("2.00", -1001), MismatchReason.REMAINS),
    (ORDER, says("2.00", 1000, runs=2), MismatchReason.PARTS),
    (ORDER, says("2.00", 1000, orders=("7",)), MismatchReason.PARTS),
    (DRIP_FEED, says(runs=6), MismatchReason.PARTS),
    (DRIP_FEED, says(posts=2), MismatchReason.PARTS),
    (DRIP_FEED, says("0.40", 200), MismatchReason.CHARGE),  # one of its runs
    (SUBSCRIPTION, says(posts=6), MismatchReason.PARTS),
    (ORDER, says(), MismatchReason.SILENT),
    (ORDER, says(None, 0), MismatchReason.SILENT),
    (ORDER, says(None, 300), MismatchReason.SILENT),  # on the way it may be any order of more
    (ORDER, says("0", 0, State.CANCELED), MismatchReason.SILENT),
    (ORDER, says("0.50", 300, State.PARTIAL), MismatchReason.SILENT),
    (PACKAGE, says(None, 1), MismatchReason.SILENT),
    (DRIP_FEED, says(), MismatchReason.SILENT),
]


@pytest.mark.parametrize(("order", "answer"), FITS)
def test_what_agrees_in_something_and_contradicts_in_nothing_fits(
    order: Order, answer: OrderStatus
) -> None:
    found = match_status(order, answer)
    assert (found.fits, found.why, found.possible) == (True, "", True)


@pytest.mark.parametrize(("order", "answer", "why"), DOES_NOT)
def test_one_contradiction_is_enough_and_silence_is_no_agreement(
    order: Order, answer: OrderStatus, why: MismatchReason
) -> None:
    found = match_status(order, answer)
    assert (found.fits, found.why) == (False, why)
    assert found.possible == (why is MismatchReason.SILENT)


@pytest.mark.parametrize(
    ("amount", "expected", "is_near"),
    [
        ("2.00", "2.06", True),
        ("2.00", "2.07", False),
        ("0.00", "0.004", True),
        ("0.00", "0.02", False),
        ("0.1", "0.14", False),
        ("0.0034", "0.00335", True),
        ("0.0034", "0.0037", False),
        ("5", "5.4", False),
        ("0.00011999999999999999", "0.00012", True),
        ("1E+2", "100", True),
    ],
)
def test_rounding_and_a_few_percent_are_no_difference(
    amount: str, expected: str, is_near: bool
) -> None:
    assert near(Decimal(amount), Decimal(expected)) == is_near


def test_a_charge_of_nothing_agrees_with_no_price() -> None:
    """Cheap orders are rounded to 0: then it takes more than that."""
    cheap = replace(ORDER, cost=Decimal("0.001"), quantity=10)
    assert match_status(cheap, says("0.00", 10)).fits
    assert match_status(cheap, says("0.00", 3)).why == MismatchReason.SILENT


def test_a_charge_in_another_currency_neither_agrees_nor_contradicts() -> None:
    for charge in ("2.00", "900"):
        assert match_status(ORDER, says(charge, currency="XAU")).why == MismatchReason.SILENT
    rubles = replace(ORDER, currency="RUB", exchange=Decimal(90))
    # what the account counts in is not known here
    assert match_status(rubles, says("2.00", currency="USD")).fits
