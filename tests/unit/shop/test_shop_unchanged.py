"""What a sweep passes over unread: an answer that only repeats what was seen, and never one that
would be news.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel import ItemError, OrderStatus
from panel.answer import Answer
from panel.reading import repeats, status_item
from panel.redaction import Redactor
from shop.fulfilment.status_diff import is_news, look_at
from shop.fulfilment.suborder_polling import may_be_parent
from shop.orders.figures import counted
from storage.queries.orders import Due

NOW = datetime(2026, 11, 30, tzinfo=UTC)
SAID = {
    "charge": "0.90",
    "start_count": "100",
    "status": "In progress",
    "remains": "900",
    "currency": "USD",
}


def due(**columns: Any) -> Due:
    values = {
        "id": 1,
        "user_id": 1,
        "service_type": "default",
        "currency": "USD",
        "exchange": "1",
        "provider_order_id": "7",
        "state": "in_progress",
        "status_text": "In progress",
        "charge": "0.90",
        "full_charge": None,
        "start_count": 100,
        "remains": 900,
        "runs": None,
        "posts": None,
        "submitted_at": None,
        "changed_at": NOW,
        "missing_since": None,
    }
    return Due(**values | columns)


def answer(code: int = 200) -> Answer:
    return Answer(code, "", Redactor("key"))


def is_passed_over(item: Any, row: Due, code: int = 200) -> bool:
    return repeats(answer(code), item, row)


@pytest.mark.parametrize(
    "said",
    [
        SAID,
        SAID | {"charge": 0.9, "start_count": 100, "remains": 900} | {"charge": "0.90"},
        {"status": "In progress"},
        SAID | {"charge": None, "remains": None, "start_count": None},
        SAID | {"currency": "EUR"},
        SAID | {"order": "7", "service": "1", "link": "https://example.com", "quantity": 1000},
    ],
)
def test_a_repetition_is_not_read(said: dict[str, Any]) -> None:
    assert is_passed_over(said, due())


@pytest.mark.parametrize(
    "said",
    [
        *[
            SAID | {name: value}
            for name, value in (("charge", "0.91"), ("start_count", "101"), ("remains", 899))
        ],
        SAID | {"status": "Completed"},
        SAID | {"status": "Canceled", "charge": "0", "remains": "1000"},
        SAID | {"charge": "0.9000"},  # the same, and read to say so
        *[
            SAID | {name: "1"}
            for name in (
                "error",
                "errors",
                "runs",
                "posts",
                "orders",
                "success",
                "message",
                "Error",
            )
        ],
        *("In progress", None, [], ["In progress"], {}, {"charge": "0.90"}),
    ],
)
def test_whatever_else_is_said_is_read(said: Any) -> None:
    assert not is_passed_over(said, due())


def test_nothing_is_passed_over_under_a_code_of_failure_and_beside_an_unknown_state() -> None:
    assert not is_passed_over(SAID, due(), 500)
    assert not is_passed_over(SAID | {"status": "On holiday"}, due(status_text="On holiday"))
    # somebody has said so who is not the provider
    assert not is_passed_over(SAID, due(state="completed"))
    assert not is_passed_over(SAID | {"status": ""}, due(status_text=""))


FIGURES = [
    "0.90",
    "0.9",
    "0",
    "0.00",
    "1e3",
    "900",
    "-5",
    "1,000",
    "",
    "None",
    "Unknown",
    900,
    0,
    -5,
    0.9,
    900.0,
    True,
    None,
]
TEXTS = [
    "In progress",
    "in progress",
    "Completed",
    "Canceled",
    "Partial",
    "Error",
    "success",
    "false",
    "2",
    "What?",
    "",
    2,
    False,
]
NAMES = [
    "charge",
    "start_count",
    "start_counter",
    "remains",
    "currency",
    "error",
    "message",
    "runs",
    "orders",
    "success",
    "link",
]
ITEMS = st.builds(
    lambda status, rest: {"status": status} | rest,
    st.sampled_from(TEXTS),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*FIGURES, "USD", "EUR"])),
)
ROWS = st.builds(
    due,
    state=st.sampled_from(["pending", "in_progress", "completed", "canceled", "partial", "failed"]),
    status_text=st.sampled_from([text for text in TEXTS if isinstance(text, str)]),
    charge=st.sampled_from(["0.90", "0.9", "0", "0.00", "-5", "900", None]),
    start_count=st.sampled_from([0, 100, 900, -5, None]),
    remains=st.sampled_from([0, 900, -5, None]),
)


@given(
    ITEMS,
    ROWS,
    st.sampled_from([200, 201, 301, 404, 500]),
    st.sampled_from([(), ("USD",), ("EUR",)]),
)
def test_what_is_passed_over_would_have_been_no_news(
    item: dict[str, Any], row: Due, code: int, account: Any
) -> None:
    """Whatever is not read says, when it is, nothing that a look would write."""
    if not is_passed_over(item, row, code):
        return
    read = status_item(answer(code), item)
    assert isinstance(read, OrderStatus)
    assert not isinstance(read, ItemError)
    told = counted(read, account)
    assert not may_be_parent(row.tracked(), told)
    assert not is_news(look_at(row.tracked(), told))
