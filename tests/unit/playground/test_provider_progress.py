"""The life of orders by a clock that the test moves."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from playground.provider import Provider
from playground.provider.testing import HandClock, call

LINK = "https://example.org/page"
PARTIAL, CANCELED, STUCK = 3, 4, 5


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def provider(clock):
    return Provider(clock=clock)


def add(provider, service=1, **fields):
    asked = {"service": service, "link": LINK, "quantity": 1000} | fields
    return call(provider, "add", **asked)["order"]


def status(provider, order=23501):
    return call(provider, "status", order=order)


def test_from_pending_to_completed_in_a_minute(provider, clock):
    add(provider)
    seen = []
    for _ in range(63):
        seen.append(status(provider))
        clock.pass_by(1)
    texts = [one["status"] for one in seen]
    assert texts == ["Pending"] * 8 + ["Processing"] * 8 + ["In progress"] * 45 + ["Completed"] * 2
    remains = [int(one["remains"]) for one in seen]
    assert remains[:16] == [1000] * 16
    assert all(earlier >= later for earlier, later in pairwise(remains))
    assert remains[-1] == 0
    assert {one["start_count"] for one in seen[:8]} == {"0"}
    assert len({one["start_count"] for one in seen[8:]}) == 1


def test_speed_is_a_factor_and_may_change_under_way(provider, clock):
    add(provider)
    clock.pass_by(10)
    provider.speed = 100
    assert status(provider)["status"] == "Processing"
    clock.pass_by(0.52)
    assert status(provider)["status"] == "Completed"


def test_a_service_that_ends_in_part_refunds_the_rest(provider, clock):
    add(provider, PARTIAL)
    clock.pass_by(61)
    answer = status(provider)
    assert answer["status"] == "Partial"
    delivered = 1000 - int(answer["remains"])
    assert 0 < delivered < 1000
    assert float(answer["charge"]) == pytest.approx(0.40 * delivered / 1000)


def test_a_service_that_is_canceled_costs_nothing(provider, clock):
    add(provider, CANCELED)
    clock.pass_by(16)
    answer = status(provider)
    assert (answer["status"], answer["charge"], answer["remains"]) == ("Canceled", "0.00", "1000")
    assert provider.balance == 100


def test_a_stuck_service_stays_pending(provider, clock):
    add(provider, STUCK)
    clock.pass_by(100_000)
    assert status(provider)["status"] == "Pending"


@pytest.mark.parametrize(("age", "end"), [(2, "Canceled"), (30, "Partial"), (60, "Completed")])
def test_cancel_is_only_asked_and_settles_a_little_later(provider, clock, age, end):
    add(provider)
    clock.pass_by(age)
    before = status(provider)["status"]
    assert call(provider, "cancel", orders="23501") == [{"order": 23501, "cancel": 1}]
    assert status(provider)["status"] == before
    assert call(provider, "cancel", orders="23501") == [
        {"order": 23501, "cancel": {"error": "Order cannot be canceled"}}
    ]
    clock.pass_by(3)
    answer = status(provider)
    assert answer["status"] == end
    clock.pass_by(100)
    assert status(provider) == answer


def test_a_service_without_cancel_refuses_it(provider):
    add(provider, 27)
    assert call(provider, "cancel", orders="23501")[0]["cancel"] == {
        "error": "Order cannot be canceled"
    }


def test_drip_feed_has_children_and_takes_its_money_at_once(provider, clock):
    add(provider, quantity=100, runs=3, interval=20)
    assert provider.balance == Decimal("99.73")
    assert status(provider) == {"status": "In progress", "runs": "3", "orders": [23502]}
    clock.pass_by(20)
    assert status(provider)["orders"] == [23502, 23503]
    assert status(provider, 23503)["status"] == "Pending"
    assert status(provider, 23503)["charge"] == "0.09"
    clock.pass_by(20 + 61)
    assert status(provider) == {"status": "Completed", "runs": "3", "orders": [23502, 23503, 23504]}
    assert provider.balance == Decimal("99.73")


def test_cancelling_a_drip_feed_gives_back_the_runs_that_have_not_begun(provider, clock):
    add(provider, quantity=100, runs=10, interval=20)
    call(provider, "cancel", orders="23501")
    clock.pass_by(300)
    assert status(provider) == {"status": "Canceled", "runs": "10", "orders": [23502]}
    assert provider.balance == Decimal("99.91")


def test_a_subscription_orders_for_each_new_post(provider, clock):
    asked = {"username": "ann", "min": 10, "max": 20, "delay": 0, "posts": 2, "old_posts": 1}
    order = call(provider, "add", service=21, **asked)["order"]
    assert status(provider, order) == {"status": "Active", "runs": "3", "orders": [23502]}
    clock.pass_by(20)
    assert status(provider, order)["orders"] == [23502, 23503, 23504]
    assert 10 <= provider.order(23503).quantity <= 20
    clock.pass_by(61)
    assert status(provider, order)["status"] == "Completed"


def test_a_subscription_ends_with_its_last_day_and_its_orders_go_on(clock):
    provider = Provider(
        clock=clock, unix=lambda: datetime(2026, 11, 22, 23, 59, 45, tzinfo=UTC).timestamp()
    )
    asked = {
        "username": "ann",
        "min": 10,
        "max": 20,
        "delay": 0,
        "posts": 5,
        "expiry": "22/11/2026",
    }
    order = call(provider, "add", service=21, **asked)["order"]
    clock.pass_by(14)
    assert status(provider, order) == {"status": "Active", "runs": "5", "orders": [23502]}
    clock.pass_by(1)
    assert status(provider, order)["status"] == "Expired"
    clock.pass_by(100)
    assert status(provider, order) == {"status": "Expired", "runs": "5", "orders": [23502]}
    assert status(provider, 23502)["status"] == "Completed"
    asked["expiry"] = ""
    assert "order" in call(provider, "add", service=21, **asked)  # the name is free again


def test_a_run_that_ends_in_part_gives_its_rest_back_and_the_parent_completes(provider, clock):
    provider.change_service(1, nature="partial")
    add(provider, quantity=100, runs=2, interval=20)
    clock.pass_by(100)
    assert status(provider)["status"] == "Completed"
    runs = [status(provider, run) for run in (23502, 23503)]
    assert [one["status"] for one in runs] == ["Partial", "Partial"]
    delivered = sum(100 - int(one["remains"]) for one in runs)
    assert provider.balance == 100 - Decimal("0.90") * delivered / 1000


def test_a_run_is_canceled_by_itself_and_the_others_go_on(provider, clock):
    add(provider, quantity=100, runs=2, interval=20)
    assert call(provider, "cancel", orders="23502") == [{"order": 23502, "cancel": 1}]
    clock.pass_by(100)
    assert [status(provider, run)["status"] for run in (23501, 23502, 23503)] == [
        "Completed",
        "Canceled",
        "Completed",
    ]
    assert provider.balance == 100 - Decimal("0.09")


def test_a_subscription_pauses_without_funds(provider, clock):
    call(provider, "add", service=21, username="ann", min=10, max=20, delay=0)
    provider.set_balance(0)
    clock.pass_by(50)
    assert status(provider) == {"status": "Paused", "runs": "10", "orders": []}


def test_most_orders_complete_and_some_do_not(provider, clock):
    provider.set_balance(10_000)
    for number in range(300):
        add(provider, 26, link=f"{LINK}/{number}")
    clock.pass_by(61)
    provider.catch_up()
    ends = [order.state(provider.now).status for order in provider.book.orders.values()]
    assert 255 < ends.count("Completed") < 295
    assert set(ends) == {"Completed", "Partial", "Canceled"}


def test_a_forced_state_stays(provider, clock):
    add(provider)
    provider.force_order(23501, "In progress", remains=7, start_count=42)
    clock.pass_by(500)
    answer = status(provider)
    assert (answer["status"], answer["remains"], answer["start_count"]) == (
        "In progress",
        "7",
        "42",
    )
