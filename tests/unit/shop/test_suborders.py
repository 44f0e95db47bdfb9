"""Parents are the sum of their parts, and give back what those have not delivered, or not cost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel import OrderStatus, State
from shop.fulfilment.refunds import outgrows, parent_refund_due, used
from shop.orders.suborders import (
    family_of,
    is_parent,
    is_subscription,
    listed_parts,
    run_size,
    summed,
    undelivered,
)
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.rows import Order, Part
from tests.factories.shop_rows import NOW, order

DONE, PARTIAL, CANCELED, RUNNING = (
    OrderState.COMPLETED,
    OrderState.PARTIAL,
    OrderState.CANCELED,
    OrderState.IN_PROGRESS,
)
PRICE = 300_000


def part(number: int = 1, state: OrderState | None = DONE, **columns: Any) -> Part:
    values: dict[str, Any] = {
        "id": number,
        "order_id": 1,
        "provider_order_id": f"p{number}",
        "number": number,
        "status_text": "",
        "charge": None,
        "start_count": None,
        "remains": None,
        "first_seen_at": NOW,
        "changed_at": NOW,
    }
    return Part(state=state, **values | columns)


def drip_feed(state: OrderState = DONE, **columns: Any) -> Order:
    """Three runs of 100 for $0.30, expected to cost $0.20."""
    given = {
        "fields": {"quantity": 100, "runs": 3, "interval": 60},
        "quantity": 300,
        "price": PRICE,
    }
    return order(**given | {"state": state} | columns)


def subscription(state: OrderState = DONE, **columns: Any) -> Order:
    """Five posts of at most 20 units for $0.30, expected to cost at most $0.20."""
    asked = {"username": "ann", "min": 10, "max": 20, "delay": 0, "posts": 4, "old_posts": 1}
    given = {"service_type": "subscriptions", "fields": asked, "quantity": 100, "price": PRICE}
    return order(**given | {"state": state} | columns)


def runs(*given: tuple[OrderState | None, int | None]) -> list[Part]:
    return [
        part(number, state, remains=remains) for number, (state, remains) in enumerate(given, 1)
    ]


def posts(*given: tuple[OrderState | None, str | None]) -> list[Part]:
    return [
        part(number, state, charge=None if charge is None else Decimal(charge))
        for number, (state, charge) in enumerate(given, 1)
    ]


def test_what_a_parent_is() -> None:
    assert is_parent(drip_feed())
    assert run_size(drip_feed()) == 100
    assert is_parent(subscription())
    assert is_subscription(subscription())
    assert not is_subscription(drip_feed())
    assert not is_parent(order())
    assert not is_parent(order(service_type="a type of another version"))


ALL_DONE = runs((DONE, 0), (DONE, 0), (DONE, 0))


@pytest.mark.parametrize(
    ("state", "parts", "due"),
    [
        (DONE, ALL_DONE, 0),
        (DONE, runs((DONE, 0), (PARTIAL, 40), (DONE, 0)), 40_000),
        (DONE, runs((DONE, 0), (CANCELED, 100), (DONE, 0)), 100_000),
        (DONE, runs((CANCELED, None), (CANCELED, None), (CANCELED, None)), PRICE),
        (DONE, runs((DONE, 0), (DONE, None)), 0),  # the third is not named: no evidence
        (DONE, runs((PARTIAL, 40)), 40_000),
        (DONE, runs((PARTIAL, 10**17), (PARTIAL, -5)), None),  # more remains than a run is of
        (DONE, runs((PARTIAL, 100), (PARTIAL, -5)), 100_000),
        # one more was listed, and delivered
        (DONE, runs((CANCELED, 100), (DONE, 0), (DONE, 0), (DONE, 0)), 0),
        (DONE, runs((CANCELED, 30), (DONE, 0), (DONE, 0)), 30_000),
        (
            DONE,
            [part(1, CANCELED, remains=30, charge=Decimal(0)), *runs((DONE, 0), (DONE, 0))],
            None,
        ),
        (DONE, runs((DONE, 0), (RUNNING, 10), (DONE, 0)), None),
        (DONE, runs((DONE, 0), (None, None)), None),
        (DONE, runs((DONE, 0), (OrderState.FAILED, 100)), None),
        (DONE, runs((PARTIAL, None), (DONE, 0)), None),
        # its cost says that 25 of 100 are missing
        (DONE, [part(1, PARTIAL, charge=Decimal("0.05"))], 25_000),
        (DONE, [], 0),
        (CANCELED, runs((DONE, 0)), 200_000),
        (CANCELED, runs((DONE, 0), (PARTIAL, 70)), 170_000),
        (CANCELED, runs((DONE, 0), (RUNNING, 70)), None),
        (CANCELED, ALL_DONE, 0),
        (CANCELED, [], PRICE),
        (PARTIAL, runs((DONE, 0), (DONE, 0)), 100_000),
        (PARTIAL, [], PRICE),
        (PARTIAL, [*ALL_DONE, part(4)], 0),  # one too many is nobody's loss
        (RUNNING, runs((CANCELED, 100), (DONE, 0)), 0),  # nothing before the end
        (OrderState.FAILED, runs((CANCELED, 100)), 0),
    ],
)
def test_what_a_drip_feed_gives_back(state, parts, due: int | None) -> None:
    assert parent_refund_due(drip_feed(state), parts, listed=True) == due


@pytest.mark.parametrize(
    ("state", "parts", "due"),
    [
        (DONE, posts((DONE, "0.04"), (DONE, "0.02")), 210_000),
        # by what the provider keeps for it
        (DONE, posts((DONE, "0.04"), (CANCELED, "0.02")), 210_000),
        (DONE, posts((DONE, "0.04"), (CANCELED, None)), 240_000),
        (DONE, posts((DONE, "0.04"), (PARTIAL, "0.01")), 225_000),
        (DONE, posts((DONE, "0.20")), 0),
        (DONE, posts((DONE, "0.90")), 0),  # more than was expected is not the customer's to pay
        (DONE, posts((DONE, "-1")), None),
        (DONE, posts((DONE, None), (DONE, "0.04")), None),
        (DONE, posts((RUNNING, "0.04"), (DONE, "0.04")), None),
        (DONE, posts((None, None)), None),
        (DONE, [], PRICE),
        (CANCELED, [], PRICE),
        (CANCELED, posts((DONE, "0.04")), 240_000),
        (CANCELED, posts((RUNNING, "0.04")), None),
        (PARTIAL, posts((DONE, "0.04")), 240_000),
        (PARTIAL, [], PRICE),
        (RUNNING, posts((DONE, "0.04")), 0),
    ],
)
def test_what_a_subscription_gives_back(state, parts, due: int | None) -> None:
    assert parent_refund_due(subscription(state), parts, listed=True) == due


@pytest.mark.parametrize(
    ("parent", "due"),
    [
        (subscription(CANCELED), PRICE),
        (subscription(DONE), None),  # it may have posts that nobody named
        (subscription(DONE, charge=Decimal("0.05")), 225_000),
        (subscription(PARTIAL), None),
        (drip_feed(CANCELED), PRICE),
        (drip_feed(DONE), 0),
        (drip_feed(PARTIAL, remains=30), 30_000),
        (drip_feed(PARTIAL), None),
        (drip_feed(CANCELED, runs=2), 100_000),
        (drip_feed(CANCELED, runs=0), PRICE),
        (drip_feed(CANCELED, runs=3), PRICE),  # that may only be the number that was ordered
        (drip_feed(CANCELED, runs=3, charge=Decimal("0.15")), 75_000),
        (drip_feed(CANCELED, runs=2, charge=Decimal("0.1333")), 100_000),
        (drip_feed(CANCELED, runs=2, charge=Decimal("0.05")), None),
        (drip_feed(CANCELED, runs=-1), PRICE),
        (drip_feed(CANCELED, runs=10**9), PRICE),
        (drip_feed(PARTIAL, runs=1), 200_000),
        (drip_feed(PARTIAL, runs=0), None),
        (drip_feed(DONE, runs=2), 0),
        (drip_feed(DONE, runs=2, charge=Decimal("0.1333")), None),  # two figures say that it is not
        (subscription(CANCELED, posts=4), 60_000),
        (subscription(CANCELED, posts=4, charge=Decimal("0.16")), 60_000),
        # they were smaller than they might be
        (subscription(CANCELED, posts=4, charge=Decimal("0.10")), 150_000),
        (subscription(CANCELED, posts=2, charge=Decimal("0.16")), None),
        (subscription(CANCELED, posts=4, charge=Decimal(0)), None),
        (subscription(CANCELED, posts=0, charge=Decimal(0)), PRICE),
        (subscription(CANCELED, posts=5), None),
        (subscription(CANCELED, posts=5, charge=Decimal("0.18")), 30_000),
        (subscription(CANCELED, charge=Decimal("0.20")), None),
        (subscription(DONE, posts=3), 120_000),
        (subscription(DONE, posts=5), None),
        (subscription(DONE, posts=0), None),  # nobody may have counted them yet
        (subscription(DONE, charge=Decimal("0.90")), 0),
        (subscription(DONE, charge=Decimal(-1)), None),
    ],
)
def test_a_parent_whose_parts_nobody_names(parent: Order, due: int | None) -> None:
    assert parent_refund_due(parent, [], listed=False) == due


def test_what_was_given_back_is_never_taken_back() -> None:
    assert parent_refund_due(drip_feed(refunded=150_000), ALL_DONE, listed=True) == 150_000
    assert (
        parent_refund_due(subscription(refunded=250_000), posts((DONE, "0.04")), listed=True)
        == 250_000
    )


def test_a_cost_of_nothing_tells_nothing() -> None:
    free = subscription(cost=Decimal(0))
    assert parent_refund_due(free, posts((DONE, "0.04")), listed=True) is None
    assert used(free, posts((DONE, "0.04"))) == 0


_states = st.sampled_from([*ENDED_AT_PROVIDER, *AT_PROVIDER, None])
_parts = st.lists(
    st.tuples(
        _states,
        st.none() | st.integers(-(10**17), 10**17),
        st.none() | st.decimals(-5, 10**6, places=6),
    ),
    max_size=8,
)


@given(
    st.sampled_from(sorted(ENDED_AT_PROVIDER)),
    st.booleans(),
    st.integers(1, 10**6),
    st.integers(1, 8),
    st.integers(0, 10**12),
    st.decimals(0, 10**6, places=6),
    _parts,
    st.booleans(),
    st.data(),
)
def test_no_more_than_the_price_is_given_back_and_by_the_formula(
    state,
    of_posts: bool,
    size: int,
    times: int,
    price: int,
    cost: Decimal,
    given,
    listed: bool,
    data,
) -> None:
    refunded = data.draw(st.integers(0, price))
    figures = {"price": price, "cost": cost, "refunded": refunded, "quantity": size * times}
    fields = {"quantity": size, "runs": times, "interval": 1}
    parent = (
        subscription(state, **figures) if of_posts else drip_feed(state, **figures, fields=fields)
    )
    parts = [
        part(n, told, remains=left, charge=charge)
        for n, (told, left, charge) in enumerate(given, 1)
    ]
    due = parent_refund_due(parent, parts, listed=listed)
    assert due is None or refunded <= due <= price
    if any(one.state not in ENDED_AT_PROVIDER for one in parts):
        assert due is None
        return
    if not parts or due is None:
        return
    if of_posts:
        charges = sum(one.charge or 0 for one in parts)
        kept = min(max(charges, Decimal(0)), cost)
        assert due == max(refunded, int(price - -(-price * int(kept * 10**6) // int(cost * 10**6))))
    else:
        missing = undelivered(parent, parts)
        assert missing is not None
        assert 0 <= missing <= parent.quantity
        assert due == max(refunded, price * missing // parent.quantity)


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_the_runs_of_a_canceled_drip_feed_and_what_is_given_back_are_the_price(
    remains: list[int],
) -> None:
    parts = runs(*[(PARTIAL, left) for left in remains])
    assert parent_refund_due(drip_feed(CANCELED), parts, listed=True) == sum(remains) * PRICE // 300


def test_the_sums_of_a_drip_feed() -> None:
    parts = [
        part(1, DONE, charge=Decimal("0.07"), start_count=50),
        part(2, RUNNING, charge=Decimal("0.05"), remains=60, start_count=150),
    ]
    answer = summed(
        drip_feed(RUNNING), OrderStatus(State.IN_PROGRESS, "In progress", runs=3), parts
    )
    assert (answer.charge, answer.remains, answer.start_count) == (Decimal("0.12"), 160, 50)
    assert (answer.runs, answer.posts) == (2, None)


def test_the_sums_of_a_subscription() -> None:
    parts = [*posts((DONE, "0.04"), (RUNNING, "0.02")), part(3, None)]
    answer = summed(subscription(RUNNING), OrderStatus(State.IN_PROGRESS, "Active", posts=9), parts)
    assert (answer.charge, answer.remains) == (Decimal("0.06"), None)
    assert (answer.runs, answer.posts) == (None, 3)
    assert used(subscription(RUNNING), parts) == 90_000


@pytest.mark.parametrize(
    ("state", "remains", "missing"),
    [
        (OrderState.PENDING, 0, 300),  # some say 0 before they begin
        (OrderState.PROCESSING, 0, 300),
        (RUNNING, 100, 300),
        (RUNNING, 30, 230),
        (RUNNING, None, 300),
        (RUNNING, -5, 200),
        (RUNNING, 10**6, 300),
        (PARTIAL, 30, 230),
        (DONE, 30, 200),
        (CANCELED, 30, 230),
        (CANCELED, None, 300),
        (None, 5, 300),
    ],
)
def test_what_a_run_counts_while_its_parent_is_under_way(state, remains, missing: int) -> None:
    assert undelivered(drip_feed(RUNNING), runs((state, remains))) == missing


def test_an_answer_without_parts_is_left_as_it_is() -> None:
    answer = summed(
        drip_feed(RUNNING), OrderStatus(State.PARTIAL, "Partial", Decimal("0.1"), 5, 70), []
    )
    assert (answer.charge, answer.start_count, answer.remains, answer.runs) == (
        Decimal("0.1"),
        5,
        70,
        0,
    )


def test_parts_are_numbered_by_their_place_and_those_named_no_more_stay() -> None:
    known = [part(1), part(2)]
    answer = OrderStatus(State.IN_PROGRESS, "Active", orders=("p2", "p9"))
    listed = listed_parts(
        drip_feed(provider_order_id="p9"), answer, known, NOW + timedelta(hours=1)
    )
    # p9 is the parent itself
    assert [(one.provider_order_id, one.number) for one in listed] == [("p2", 1), ("p1", 1)]
    answer = replace(answer, orders=("p1", "p2", "p3"))
    listed = listed_parts(drip_feed(), answer, known, NOW + timedelta(hours=1))
    assert listed[:2] == known
    assert (listed[2].state, listed[2].number, listed[2].first_seen_at) == (
        None,
        3,
        NOW + timedelta(hours=1),
    )


def test_only_what_changed_has_to_be_written() -> None:
    known = [
        part(1, DONE, status_text="Completed", remains=0),
        part(2, RUNNING, status_text="In progress", remains=50),
    ]
    answers = {
        "p1": OrderStatus(State.COMPLETED, "Completed"),  # what it leaves out stays
        "p2": OrderStatus(State.IN_PROGRESS, "In progress", remains=40),
    }
    parent = OrderStatus(State.IN_PROGRESS, "In progress", orders=("p1", "p2"))
    found = family_of(drip_feed(RUNNING), parent, known, known, answers)
    assert [one.provider_order_id for one in found.changed] == ["p2"]
    assert found.answer.remains == 140
    assert found.listed


def test_an_early_end_of_a_part_is_not_settled_by_what_was_said_before_it() -> None:
    known = [part(1, RUNNING, remains=60, charge=Decimal("0.04"), start_count=5)]
    answers = {"p1": OrderStatus(State.CANCELED, "Canceled")}
    parent = OrderStatus(State.IN_PROGRESS, "Active", orders=("p1",))
    (told,) = family_of(subscription(RUNNING), parent, known, known, answers).parts
    assert (told.state, told.charge, told.remains, told.start_count) == (CANCELED, None, None, 5)
    again = replace(told, charge=Decimal("0.01"))
    (told,) = family_of(subscription(RUNNING), parent, [again], [again], answers).parts
    assert told.charge == Decimal("0.01")  # said with the end, and not repeated


def test_a_rate_that_has_risen_shows_in_the_charges_of_few_posts() -> None:
    assert not outgrows(subscription(RUNNING), posts((DONE, "0.04"), (RUNNING, "0.04")))
    assert not outgrows(subscription(RUNNING), posts((DONE, "0.041"), (RUNNING, None)))  # rounded
    assert outgrows(subscription(RUNNING), posts((DONE, "0.06"), (RUNNING, None)))
    # one post more than was ordered
    assert outgrows(subscription(RUNNING), posts(*[(DONE, "0.04")] * 6))
    assert not outgrows(drip_feed(RUNNING), posts((DONE, "9")))
    assert not outgrows(subscription(RUNNING, cost=Decimal(0)), posts((DONE, "9")))
