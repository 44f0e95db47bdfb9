"""What may be asked for when: each rule, at its edges."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.aftercare.bulk import MOST, numbers_in
from shop.catalogue.warranty import FOREVER
from shop.errors import ShopError
from shop.orders.eligibility import (
    CANCEL_WAIT,
    Eligibility,
    Ineligibility,
    IneligibilityReason,
    Rules,
)
from storage.enums import REQUEST_OPEN, OrderState, RequestKind, RequestState
from storage.rows import Request
from tests.factories.shop_rows import NOW, order, service

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
RULES = Rules()
DONE = order(state=OrderState.COMPLETED, finished_at=NOW)
REFILLS = service(refill=True, cancel=True, name="Likes [R30]")


def asked(
    state: RequestState = RequestState.WAITING,
    at: datetime = NOW,
    kind: RequestKind = RequestKind.REFILL,
    **columns: Any,
) -> Request:
    values: dict[str, Any] = {
        "id": 1,
        "order_id": 1,
        "user_id": 501,
        "list_id": None,
        "kind": kind,
        "state": state,
        "provider_refill_id": None,
        "status_text": "",
        "failure": "",
        "meaning": "",
        "created_at": at,
        "sent_at": at,
        "changed_at": at,
        "ended_at": None if state in REQUEST_OPEN else at,
    }
    return Request(**values | columns)


@pytest.mark.parametrize(
    ("after", "obstacle"),
    [
        (timedelta(0), Ineligibility(IneligibilityReason.TOO_EARLY, NOW + DAY)),
        (DAY - SECOND, Ineligibility(IneligibilityReason.TOO_EARLY, NOW + DAY)),
        (DAY, None),
        (30 * DAY, None),
        (30 * DAY + SECOND, Ineligibility(IneligibilityReason.OVER, NOW + 30 * DAY)),
    ],
)
def test_a_refill_needs_a_day_and_an_open_warranty(
    after: timedelta, obstacle: Ineligibility | None
) -> None:
    assert RULES.refill(DONE, REFILLS, [], NOW + after) == obstacle


@pytest.mark.parametrize(
    ("name", "days"), [("Likes", None), ("Likes [R30]", FOREVER), ("Lifetime refill", None)]
)
def test_without_an_end_the_provider_decides(name: str, days: int | None) -> None:
    refills = service(refill=True, name=name, warranty_days=days)
    assert RULES.refill(DONE, refills, [], NOW + 5_000 * DAY) is None
    assert RULES.care(DONE, refills, [], NOW).until is None


@pytest.mark.parametrize(
    ("ordered", "sold", "why"),
    [
        (DONE, service(refill=False, name="[R30]"), IneligibilityReason.NOT_OFFERED),
        (DONE, service(refill=True, name="[NR]"), IneligibilityReason.NOT_OFFERED),
        (
            DONE,
            service(refill=True, name="[R30]", warranty_days=0),
            IneligibilityReason.NOT_OFFERED,
        ),
        (
            order(finished_at=NOW, fields={"runs": 5, "interval": 60}),
            REFILLS,
            IneligibilityReason.PARENT,
        ),
        (order(finished_at=NOW, service_type="subscriptions"), REFILLS, IneligibilityReason.PARENT),
        (order(state=OrderState.IN_PROGRESS), REFILLS, IneligibilityReason.NOT_COMPLETED),
        (
            order(state=OrderState.PARTIAL, finished_at=NOW),
            REFILLS,
            IneligibilityReason.NOT_COMPLETED,
        ),
        (
            order(state=OrderState.CANCELED, finished_at=NOW),
            REFILLS,
            IneligibilityReason.NOT_COMPLETED,
        ),
        (order(state=OrderState.QUEUED), REFILLS, IneligibilityReason.NOT_COMPLETED),
    ],
)
def test_what_is_never_refilled(ordered: Any, sold: Any, why: IneligibilityReason) -> None:
    assert RULES.refill(ordered, sold, [], NOW + 2 * DAY) == Ineligibility(why)


@pytest.mark.parametrize("state", sorted(REQUEST_OPEN))
def test_one_refill_at_a_time(state: RequestState) -> None:
    assert RULES.refill(DONE, REFILLS, [asked(state)], NOW + 9 * DAY) == Ineligibility(
        IneligibilityReason.OPEN
    )


@pytest.mark.parametrize(
    "state", sorted(set(RequestState) - REQUEST_OPEN - {RequestState.COMPLETED})
)
def test_what_came_to_nothing_may_be_tried_again_a_day_later(state: RequestState) -> None:
    last = asked(state, NOW + 3 * DAY)
    before = [last, asked(RequestState.COMPLETED, NOW + 2 * DAY)]
    assert RULES.refill(DONE, REFILLS, before, NOW + 4 * DAY - SECOND) == Ineligibility(
        IneligibilityReason.AGAIN_LATER, NOW + 4 * DAY
    )
    assert RULES.refill(DONE, REFILLS, before, NOW + 4 * DAY) is None
    # A cancellation, or a look, has nothing to do with it.
    other = asked(RequestState.UNKNOWN, NOW + 5 * DAY, RequestKind.STATUS)
    assert RULES.refill(DONE, REFILLS, [other], NOW + 5 * DAY) is None


def test_after_a_refill_that_worked_the_next_one_needs_no_wait() -> None:
    assert (
        RULES.refill(DONE, REFILLS, [asked(RequestState.COMPLETED, NOW + 3 * DAY)], NOW + 3 * DAY)
        is None
    )


def test_a_wait_beyond_the_end_of_the_warranty_is_no_promise() -> None:
    rejected = asked(RequestState.REJECTED, NOW + 30 * DAY - SECOND)
    assert RULES.refill(DONE, REFILLS, [rejected], NOW + 30 * DAY) == Ineligibility(
        IneligibilityReason.OVER, NOW + 30 * DAY
    )


def test_the_wait_is_the_operators_choice() -> None:
    rules = Rules(timedelta(0))
    assert rules.refill(DONE, REFILLS, [asked(RequestState.REJECTED)], NOW) is None


IN_WORK = {OrderState.PENDING, OrderState.PROCESSING, OrderState.IN_PROGRESS, OrderState.FAILED}


@pytest.mark.parametrize("state", list(OrderState))
@pytest.mark.parametrize("offered", [True, False])
def test_cancelling_by_state(state: OrderState, offered: bool) -> None:
    found = RULES.cancel(order(state=state), service(cancel=offered), [], NOW)
    if state is OrderState.QUEUED:
        assert found is None
    elif state in IN_WORK:
        assert found == (None if offered else Ineligibility(IneligibilityReason.NOT_OFFERED))
    else:
        special = {
            OrderState.SUBMITTING: IneligibilityReason.BEING_SENT,
            OrderState.UNKNOWN: IneligibilityReason.BEING_CHECKED,
        }
        assert found == Ineligibility(special.get(state, IneligibilityReason.ENDED))


def test_cancelling_again() -> None:
    at_work = order(state=OrderState.IN_PROGRESS)

    def after(state: RequestState, wait: timedelta) -> Ineligibility | None:
        return RULES.cancel(at_work, REFILLS, [asked(state, kind=RequestKind.CANCEL)], NOW + wait)

    assert {after(state, DAY) for state in REQUEST_OPEN} == {
        Ineligibility(IneligibilityReason.OPEN)
    }
    assert after(RequestState.REFUSED, timedelta(0)) is None
    assert after(RequestState.UNKNOWN, timedelta(0)) == Ineligibility(
        IneligibilityReason.AGAIN_LATER, NOW + CANCEL_WAIT
    )
    assert after(RequestState.UNKNOWN, CANCEL_WAIT) is None


def test_what_a_card_needs() -> None:
    care = RULES.care(DONE, REFILLS, [], NOW + DAY)
    assert care == Eligibility(None, Ineligibility(IneligibilityReason.ENDED), NOW + 30 * DAY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12 15 19", ["12", "15", "19"]),
        ("12,15;19", ["12", "15", "19"]),
        ("#12\n#15 , 12", ["12", "15"]),
        ("order 0012 and 12", ["12"]),
        ("١٢ 15", ["12", "15"]),
        ("0", ["0"]),
        ("", []),
        ("all of them", []),
    ],
)
def test_numbers_are_read_however_they_are_parted(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


def test_more_numbers_than_an_answer_can_list() -> None:
    assert len(numbers_in(" ".join(map(str, range(100_000, 100_000 + MOST))))) == MOST
    for text in (
        " ".join(map(str, range(MOST + 1))),
        " ".join("9" * 60 + str(number) for number in range(100, 160)),
    ):
        with pytest.raises(ShopError) as caught:
            numbers_in(text)
        assert caught.value.key == "error-too-many-numbers"


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = numbers_in(text)
    assert len(set(found)) == len(found)
    assert all(number.isascii() and number.isdigit() for number in found)
