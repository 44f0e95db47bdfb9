"""Each example of the documentation, shape for shape."""

import pytest

from playground.provider import Provider
from playground.provider.testing import HandClock, call

LINK = "https://example.org/page"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def provider(clock):
    return Provider(clock=clock, balance="100.84292")


def add(provider, service=1, link=LINK, **fields):
    return call(provider, "add", service=service, link=link, **fields)


def test_services_begin_with_the_two_documented_ones(provider):
    flags = {"refill": True, "cancel": True}
    first = {"service": 1, "name": "Followers", "type": "Default", "category": "First Category"}
    first |= {"rate": "0.90", "min": "50", "max": "10000"} | flags
    second = {
        "service": 2,
        "name": "Comments",
        "type": "Custom Comments",
        "category": "Second Category",
    }
    second |= {"rate": "8", "min": "10", "max": "1500"} | flags | {"refill": False}
    assert call(provider, "services")[:2] == [first, second]


def test_add_answers_the_documented_number(provider):
    assert add(provider, quantity=100) == {"order": 23501}
    assert add(provider, quantity=100, link=LINK + "/2") == {"order": 23502}


def test_status(provider, clock):
    add(provider, quantity=100)
    clock.pass_by(20)
    answer = call(provider, "status", order=23501)
    assert list(answer) == ["charge", "start_count", "status", "remains", "currency"]
    assert answer["status"] == "In progress"
    assert answer["charge"] == "0.09"
    assert answer["currency"] == "USD"
    assert answer["start_count"].isdigit()
    assert 0 < int(answer["remains"]) < 100


def test_statuses_are_keyed_by_id_and_a_bad_one_stops_nothing(provider):
    add(provider, quantity=100)
    answer = call(provider, "status", orders="23501, 10,abc")
    assert answer["10"] == answer["abc"] == {"error": "Incorrect order ID"}
    assert answer["23501"] == call(provider, "status", order=23501)


def test_refill_forms(provider, clock):
    for page in range(2):
        add(provider, quantity=100, link=f"{LINK}/{page}")
    clock.pass_by(61)
    assert call(provider, "refill", order=23501) == {"refill": "1"}
    assert call(provider, "refill", orders="23502,3") == [
        {"order": 23502, "refill": 2},
        {"order": 3, "refill": {"error": "Incorrect order ID"}},
    ]
    assert call(provider, "refill_status", refill=1) == {"status": "Pending"}
    assert call(provider, "refill_status", refills="2,3") == [
        {"refill": 2, "status": "Pending"},
        {"refill": 3, "status": {"error": "Refill not found"}},
    ]
    clock.pass_by(30)
    assert call(provider, "refill_status", refill=1)["status"] in {"Completed", "Rejected"}


def test_a_refill_can_be_forced(provider, clock):
    add(provider, quantity=100)
    clock.pass_by(61)
    call(provider, "refill", order=23501)
    provider.force_refill(1, "In progress")
    clock.pass_by(100)
    assert call(provider, "refill_status", refill=1) == {"status": "In progress"}
    assert call(provider, "refill", order=23501) == {"error": "Order is already being refilled"}
    provider.force_refill("rfl_000000000001", "Rejected")
    assert call(provider, "refill_status", refill=1) == {"status": "Rejected"}
    assert call(provider, "refill", order=23501) == {"refill": "2"}
    with pytest.raises(KeyError):
        provider.force_refill(3, "Rejected")


def test_refill_is_refused_before_the_end_without_the_flag_and_twice(provider, clock):
    add(provider, quantity=100)
    add(provider, service=27, quantity=10)
    early = {"error": "Order is not eligible for refill"}
    assert call(provider, "refill", order=23501) == early
    clock.pass_by(61)
    assert call(provider, "refill", order=23502) == early
    assert call(provider, "refill", order=23501) == {"refill": "1"}
    assert call(provider, "refill", order=23501) == {"error": "Order is already being refilled"}


def test_cancel(provider):
    add(provider, quantity=100)
    assert call(provider, "cancel", orders="9,23501") == [
        {"order": 9, "cancel": {"error": "Incorrect order ID"}},
        {"order": 23501, "cancel": 1},
    ]


def test_balance(provider):
    assert call(provider, "balance") == {"balance": "100.84292", "currency": "USD"}


def test_a_hundred_ids_are_answered_and_151_refused(provider):
    assert len(call(provider, "status", orders=",".join(map(str, range(100))))) == 100
    for action, name in (
        ("status", "orders"),
        ("refill", "orders"),
        ("refill_status", "refills"),
        ("cancel", "orders"),
    ):
        many = ",".join(map(str, range(151)))
        assert call(provider, action, **{name: many}) == {
            "error": "No more than 100 IDs in one request"
        }


def test_wrong_key_and_wrong_action(provider):
    reply = provider.answer({"key": "other", "action": "balance"})
    assert (reply.status, reply.body) == (200, b'{"error": "Invalid API key"}')
    assert call(provider, "invented") == {"error": "Incorrect request"}


def test_order_numbers_that_are_no_numbers(provider):
    for text in ("", "abc", "-1", "٢", "9" * 5000):
        assert call(provider, "status", order=text) == {"error": "Incorrect order ID"}
