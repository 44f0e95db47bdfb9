"""The other three families, as they are recognised on the wire."""

import json

import pytest

from playground.provider import Provider
from playground.provider.testing import HandClock, call

LINK = "https://example.org/page"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def placed(dialect, clock):
    provider = Provider(dialect=dialect, clock=clock)
    call(provider, "add", service=1, link=LINK, quantity=100)
    return provider


def raw(provider, action, **fields):
    return provider.answer({"key": provider.key, "action": action, **fields})


def leaves(value):
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    else:
        yield value


def test_snake_speaks_only_strings_as_html_after_newlines(clock):
    provider = placed("snake", clock)
    for action, fields in (("services", {}), ("status", {"order": "23501"}), ("balance", {})):
        reply = raw(provider, action, **fields)
        assert reply.content_type == "text/html"
        assert reply.body.startswith(b"\n")
        assert all(isinstance(one, str) for one in leaves(json.loads(reply.body)))


def test_snake_shapes(clock):
    provider = placed("snake", clock)
    assert call(provider, "add", service=1, link=LINK + "2", quantity=100) == {
        "status": "success",
        "order": "23502",
    }
    assert call(provider, "balance") == {"status": "success", "balance": "99.82", "currency": "USD"}
    assert call(provider, "status", order=23501) == {
        "charge": "0.09",
        "status": "pending",
        "remains": "0",
        "currency": "USD",
        "start_counter": "0",
    }
    assert call(provider, "status", orders="23501,9")["9"] == "Incorrect order ID"
    service = call(provider, "services")[1]
    assert service["type"] == "custom_comments"
    assert service["dripfeed"] == "0"
    assert "refill" not in service


@pytest.mark.parametrize("action", ["refill", "refill_status", "cancel"])
def test_snake_has_no_refill_and_no_cancel(clock, action):
    assert call(placed("snake", clock), action, orders="23501") == {"error": "Incorrect request"}


def test_snake_says_empty_data(clock):
    provider = placed("snake", clock)
    provider.fault("catalogue_empty")
    assert call(provider, "services") == {"status": "success", "data": "Empty Data"}


def test_numeric_shapes(clock):
    provider = placed("numeric", clock)
    assert call(provider, "add", service=1, link=LINK + "2", quantity=100) == {
        "status": 100,
        "order": "23502",
    }
    answer = call(provider, "status", order=23501)
    assert (answer["status"], answer["charge"], answer["remains"]) == ("Pending", 0.09, 100)
    assert call(provider, "cancel", order=23501) is None
    assert call(provider, "services")[0]["refill"] == "true"
    assert call(provider, "services")[0]["dripfeed"] == "false"
    clock.pass_by(3)
    assert call(provider, "status", order=23501)["status"] == "Cancelled"


def test_numeric_errors_have_codes_that_cannot_be_relied_on(clock):
    provider = placed("numeric", clock)
    assert call(provider, "status", orders="23501") == {
        "error": "Incorrect order ID",
        "status": "104",
    }
    assert call(provider, "add", service=1, link=LINK, quantity=100)["status"] == 113
    provider.set_balance(0)
    assert call(provider, "add", service=1, link=LINK + "2", quantity=100)["status"] == 113
    assert call(provider, "add", service=1, link=LINK + "2", quantity=1)["status"] == "105"


def test_numeric_splits_comments_on_commas(clock):
    provider = placed("numeric", clock)
    provider.change_service(2, min="1")
    order = call(provider, "add", service=2, link=LINK, comments="good, very good\nbest")["order"]
    assert call(provider, "status", order=order)["charge"] == 0.024


@pytest.mark.parametrize("dialect", ["snake", "numeric"])
def test_two_families_demand_the_quantity_of_a_package(clock, dialect):
    provider = placed(dialect, clock)
    assert "error" in call(provider, "add", service=7, link=LINK)
    assert "order" in call(provider, "add", service=7, link=LINK, quantity=1)


def test_strict_has_text_ids(clock):
    provider = placed("strict", clock)
    assert call(provider, "services")[0]["service"] == "1"
    answer = call(provider, "status", order="ord_000000023501")
    assert answer == {
        "order": "ord_000000023501",
        "charge": "0.09",
        "start_count": None,
        "status": "QUEUED",
        "remains": 100,
        "currency": "USD",
    }
    clock.pass_by(61)
    assert call(provider, "refill", order="ord_000000023501") == {"refill": "rfl_000000000001"}
    assert call(provider, "refill_status", refill="rfl_000000000001") == {"status": "Pending"}


@pytest.mark.parametrize(
    ("action", "fields", "status", "code"),
    [
        ("balance", {"key": "other"}, 401, "bad_key"),
        ("invented", {}, 400, "bad_action"),
        ("status", {"order": "ord_9"}, 404, "bad_order"),
        ("status", {"orders": ",".join("9" * 101)}, 413, "too_many_ids"),
        ("add", {"service": "1", "link": LINK, "quantity": "100"}, 400, "busy_link"),
        ("add", {"service": "1", "link": LINK + "2", "quantity": "1"}, 422, "too_few"),
        (
            "add",
            {"service": "21", "username": "a", "min": "10", "max": "10", "delay": "1"},
            422,
            "bad_field",
        ),
    ],
)
def test_strict_uses_http_codes(clock, action, fields, status, code):
    reply = raw(placed("strict", clock), action, **fields)
    body = json.loads(reply.body)
    assert (reply.status, body["code"]) == (status, code)
    assert body["error"]
    assert body["request_id"].startswith("req_")


def test_strict_says_402_without_funds_and_405_to_get(clock):
    provider = placed("strict", clock)
    provider.set_balance(0)
    assert raw(provider, "add", service="1", link=LINK + "2", quantity="100").status == 402
    assert provider.answer({}, method="GET").status == 405


def test_the_dialect_changes_while_orders_are_under_way(clock):
    provider = placed("documented", clock)
    provider.dialect = "strict"
    assert call(provider, "status", order=23501)["status"] == "QUEUED"
    with pytest.raises(ValueError, match="unknown dialect"):
        provider.dialect = "other"
