"""`balance`, `status` and `refill_status`: tables of answers."""

from decimal import Decimal

import httpx
import pytest

from panel import (
    Balance,
    Meaning,
    OrderStatus,
    PanelClient,
    Profile,
    RefillState,
    RefillStatus,
    Rejected,
    State,
    Unavailable,
    Unsupported,
)
from panel.error_codes import meaning_of
from tests.fakes.panel import FakePanel


@pytest.mark.parametrize(
    ("answer", "balance"),
    [
        ({"balance": "100.84292", "currency": "USD"}, Balance(Decimal("100.84292"), "USD")),
        ({"status": "success", "balance": "5", "currency": "VND"}, Balance(Decimal(5), "VND")),
        ({"data": {"balance": 0.1, "currency": "EUR"}}, Balance(Decimal("0.1"), "EUR")),
        ({"balance": -3}, Balance(Decimal(-3), "")),
        ({"balance": "1e3", "currency": None, "error": ""}, Balance(Decimal(1000), "")),
    ],
)
async def test_balance(answer: object, balance: Balance) -> None:
    async with FakePanel(answer).client() as client:
        assert await client.balance() == balance


STATES = {
    State.PENDING: ["Pending", "Awaiting", "Queued", "Submitted", "0", 0],
    State.PROCESSING: ["Processing", "1", 1],
    State.IN_PROGRESS: [
        "In progress",
        "Inprogress",
        "IN_PROGRESS",
        "Active",
        "Running",
        "Paused",
        "Refilling",
    ],
    State.COMPLETED: ["Completed", "Complete", "Done", "Finished", "Success", "2", 2],
    State.PARTIAL: ["Partial", "Partially completed", "3"],
    State.CANCELED: ["Canceled", "Cancelled", "Cancel", "Refunded", "4", 5, "CANCELED "],
    State.FAILED: ["Fail", "Failed", "Error"],
    None: ["Выполняется", "100", "6", "waiting-for_moon"],
}
FIGURES = {"charge": "0.27819", "start_count": "3572", "remains": "157", "currency": "USD"}


@pytest.mark.parametrize(
    ("state", "text"), [(state, text) for state, texts in STATES.items() for text in texts]
)
@pytest.mark.parametrize("figures", [{}, FIGURES])
async def test_states(state: State | None, text: str, figures: dict) -> None:
    async with FakePanel({"status": text, **figures}).client() as client:
        status = await client.status("1")
    assert (status.state, status.text) == (state, str(text).strip())


PARTIAL = OrderStatus(State.PARTIAL, "Partial", Decimal("0.27819"), 3572, 157, "USD")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"status": "Partial", **FIGURES}, PARTIAL),
        ({"1": {"status": "Partial", **FIGURES}}, PARTIAL),
        ([{"order": 1, "status": "Partial", **FIGURES}], PARTIAL),
        ([{"status": "Partial", **FIGURES}], PARTIAL),
        ({"data": {"status": "Partial", **FIGURES}, "status": "success"}, PARTIAL),
        (
            {"status": "Pending", "charge": None, "start_counter": 5, "remains": "-20"},
            OrderStatus(State.PENDING, "Pending", start_count=5, remains=-20),
        ),
        (
            {"status": "Pending", "charge": "NaN", "start_count": None, "remains": "Unknown"},
            OrderStatus(State.PENDING, "Pending"),
        ),
        (
            '{"status":"Pending","charge":1e999,"start_count":'
            + "9" * 5000
            + ',"remains":"1e99999999"}',
            OrderStatus(State.PENDING, "Pending"),
        ),
        (
            {
                "status": "In progress",
                "runs": "3",
                "posts": 2,
                "orders": [5, "6", {"order": 7}, None, 0],
            },
            OrderStatus(State.IN_PROGRESS, "In progress", runs=3, posts=2, orders=("5", "6", "7")),
        ),
        (
            {"status": "Active", "posts": "0", "orders": []},
            OrderStatus(State.IN_PROGRESS, "Active", posts=0, orders=()),
        ),
        ({"status": "Active", "orders": None}, OrderStatus(State.IN_PROGRESS, "Active")),
        ({"status": "Active", "orders": "7"}, OrderStatus(State.IN_PROGRESS, "Active")),
        (
            {"status": "Active", "orders": [7, "7"]},
            OrderStatus(State.IN_PROGRESS, "Active", orders=("7",)),
        ),
        (
            {"status": "Paused", "orders": {"0": 7, "2": 9}},
            OrderStatus(State.IN_PROGRESS, "Paused", orders=("7", "9")),
        ),
        ({"status": "Expired", "posts": "2"}, OrderStatus(State.COMPLETED, "Expired", posts=2)),
        (
            {"status": "expired", "orders": ["7"]},
            OrderStatus(State.COMPLETED, "expired", orders=("7",)),
        ),
        # Not a parent: nobody knows what that would be, and it must not end an order.
        ({"status": "Expired", "remains": "5"}, OrderStatus(None, "Expired", remains=5)),
        (
            {"status": "Failed", "message": "the link is private", "charge": "0"},
            OrderStatus(State.FAILED, "Failed", charge=Decimal(0)),
        ),
    ],
)
async def test_status(answer: object, status: OrderStatus) -> None:
    async with FakePanel(answer).client() as client:
        assert await client.status("1") == status


@pytest.mark.parametrize(
    ("answer", "code", "meaning"),
    [
        ({"error": "Incorrect order ID"}, 200, Meaning.ORDER_ID),
        ({"error": "order not found", "code": 404}, 404, Meaning.ORDER_ID),
        ({"1": {"error": "Incorrect order ID"}}, 200, Meaning.ORDER_ID),
        ({"1": "Incorrect order ID"}, 200, Meaning.ORDER_ID),
        ({"status": {"error": "Incorrect order ID"}}, 200, Meaning.ORDER_ID),
        ({"status": "error", "message": "Invalid order ID"}, 200, Meaning.ORDER_ID),
        ({"detail": [{"msg": "bad"}]}, 422, Meaning.OTHER),
        ("<html>", 429, Meaning.RATE_LIMIT),
        ("", 429, Meaning.RATE_LIMIT),
    ],
)
async def test_a_refused_status(answer: object, code: int, meaning: Meaning) -> None:
    async with FakePanel(answer, code).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.status("1")
    assert caught.value.meaning is meaning


@pytest.mark.parametrize("code", [200, 403, 500, 502])
@pytest.mark.parametrize(
    "answer",
    [
        "null",
        "",
        " ",
        "<html>",
        [],
        {},
        "7",
        {"status": None},
        {"1": None},
        {"charge": "1"},
        {"status": "success", "data": "Empty Data"},
        "[" * 100_000,
    ],
)
async def test_no_usable_answer(answer: object, code: int) -> None:
    async with FakePanel(answer, code).client() as client:
        for read in (client.status("1"), client.refill_status("1"), client.balance()):
            with pytest.raises(Unavailable) as caught:
                await read
            assert caught.value.code == code


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"status": "Completed"}, RefillStatus(RefillState.COMPLETED, "Completed")),
        ({"status": "In progress"}, RefillStatus(RefillState.IN_PROGRESS, "In progress")),
        ({"status": "Error"}, RefillStatus(RefillState.ERROR, "Error")),
        ({"status": "Rejected"}, RefillStatus(RefillState.REJECTED, "Rejected")),
        ({"1": {"status": "Canceled"}}, RefillStatus(RefillState.CANCELED, "Canceled")),
        ({"1": "Pending"}, RefillStatus(RefillState.PENDING, "Pending")),
        ([{"refill": 1, "status": "Weird"}], RefillStatus(None, "Weird")),
    ],
)
async def test_refill_status(answer: object, status: RefillStatus) -> None:
    async with FakePanel(answer).client() as client:
        assert await client.refill_status("1") == status


@pytest.mark.parametrize(
    "answer", [{"error": "Refill not found"}, {"status": {"error": "Refill not found"}}]
)
async def test_a_refused_refill_status(answer: object) -> None:
    async with FakePanel(answer).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.refill_status("1")
    assert caught.value.meaning is Meaning.REFILL


async def test_an_envelope_never_ends_an_order() -> None:
    async with FakePanel({"status": "success", "message": "found"}).client() as client:
        with pytest.raises(Unavailable):
            await client.status("1")


async def test_an_action_that_the_provider_lacks_is_not_sent() -> None:
    panel = FakePanel({})
    async with panel.client(actions=frozenset({"add"})) as client:
        for call in (
            client.services(),
            client.balance(),
            client.status("1"),
            client.statuses(["1", "2"]),
            client.refill("1"),
            client.refills(["1"]),
            client.refill_status("1"),
            client.refill_statuses(["1"]),
            client.cancel(["1"]),
        ):
            with pytest.raises(Unsupported):
                await call
    assert panel.requests == []


async def test_a_read_that_never_left_is_unavailable() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    async with PanelClient(
        Profile(url="https://p.example", key="k"), transport=httpx.MockTransport(refuse)
    ) as client:
        with pytest.raises(Unavailable) as caught:
            await client.balance()
    assert caught.value.code is None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("neworder.error.link_duplicate", Meaning.BUSY_LINK),
        ("neworder.error.link", Meaning.LINK),
        ("neworder.error.min_quantity", Meaning.QUANTITY),
        ("invalid_api_key", Meaning.BAD_KEY),
        ("Too many requests, try again later", Meaning.RATE_LIMIT),
        ("", Meaning.OTHER),
        ("Неверная ссылка", Meaning.LINK),
    ],
)
def test_meanings_that_overlap(text: str, meaning: Meaning) -> None:
    assert meaning_of(text) is meaning
