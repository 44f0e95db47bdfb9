"""Many ids at once: the shapes of the answers, and batches that fail as a whole."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from panel import (
    ItemError,
    Meaning,
    OrderStatus,
    PanelError,
    RefillState,
    RefillStatus,
    Rejected,
    State,
    Unavailable,
)
from panel.multiple import GIVEN_UP
from tests.fakes.panel import FakePanel, recorded

DONE = {"status": "Completed", "charge": "1"}
COMPLETED = OrderStatus(State.COMPLETED, "Completed", Decimal(1))
WRONG = ItemError("Incorrect order ID", Meaning.ORDER_ID)


def ids_of(sent: dict[str, str]) -> list[str]:
    return (sent.get("orders") or sent["order"]).split(",")


async def test_the_documented_answer() -> None:
    panel = FakePanel(recorded("statuses_documented"))
    async with panel.client() as client:
        found = await client.statuses(["1", "10", "100", "1000", "1"])
    assert found["1"] == OrderStatus(State.PARTIAL, "Partial", Decimal("0.27819"), 3572, 157, "USD")
    assert found["10"] == WRONG
    assert found["100"].state is State.IN_PROGRESS
    assert "1000" not in found
    assert [sent["orders"] for sent in panel.sent] == ["1,10,100,1000"]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"1": DONE, "2": "Incorrect order ID"}, {"1": COMPLETED, "2": WRONG}),
        ({"1": DONE, "error": "some are wrong"}, {"1": COMPLETED}),
        ({"2": DONE}, {"2": COMPLETED}),
        ({"1": DONE, "2": None}, {"1": COMPLETED}),
        ({"1": DONE, "99": DONE}, {"1": COMPLETED}),
        (
            [{"order": 1, **DONE}, {"order": "2", "error": "Incorrect order ID"}],
            {"1": COMPLETED, "2": WRONG},
        ),
        ([{"order_id": 2, **DONE}, 5, None], {"2": COMPLETED}),
        ({"status": "success", "data": {"1": DONE}}, {"1": COMPLETED}),
        ([], {}),
        ({}, {}),
    ],
)
async def test_shapes(answer: object, found: dict) -> None:
    panel = FakePanel(answer)
    async with panel.client() as client:
        assert await client.statuses(["1", "2"]) == found
    assert len(panel.requests) == 1


async def test_nothing_asked_nothing_sent() -> None:
    panel = FakePanel({})
    async with panel.client() as client:
        assert await client.statuses([]) == {}
        assert await client.cancel([]) == {}
    assert panel.requests == []


async def test_batches() -> None:
    panel = FakePanel(lambda sent: dict.fromkeys(ids_of(sent), DONE))
    async with panel.client() as client:
        found = await client.statuses([str(number) for number in range(1, 251)])
    assert len(found) == 250
    assert [len(ids_of(sent)) for sent in panel.sent] == [100, 100, 50]


async def test_one_id_per_call() -> None:
    panel = FakePanel(DONE)
    async with panel.client(ids_per_call=1) as client:
        assert await client.statuses(["1", "2"]) == {"1": COMPLETED, "2": COMPLETED}
    assert [sent["order"] for sent in panel.sent] == ["1", "2"]
    assert all("orders" not in sent for sent in panel.sent)


def spoilt(bad: set[str], failure: object) -> Callable[[dict[str, str]], object]:
    """A panel where one bad id fails the whole call."""

    def answer(sent: dict[str, str]) -> object:
        ids = ids_of(sent)
        if bad & set(ids):
            return failure
        return dict.fromkeys(ids, DONE) if "orders" in sent else DONE

    return answer


FAILURES = [
    ({"error": "Incorrect order ID"}, True),
    ((400, {"error": "Incorrect order ID"}), True),
    ((404, {"error": "order not found"}), True),
    ((500, {"error": "Incorrect order ID"}), True),
    ({"error": "заказ не найден"}, True),
    ((500, ""), False),
    ((500, {"error": "Internal server error"}), False),
    ("null", False),
    ("", False),
    ("<br /><b>Fatal error</b>", False),
    ({"charge": "1"}, False),
]


@pytest.mark.parametrize(("failure", "said"), FAILURES)
@pytest.mark.parametrize("bad", [{"1"}, {"100"}, {"37", "38"}, {"1", "50", "99"}])
async def test_a_bad_id_never_stops_the_others(failure: object, said: bool, bad: set[str]) -> None:
    panel = FakePanel(spoilt(bad, failure))
    ids = [str(number) for number in range(1, 101)]
    async with panel.client() as client:
        found = await client.statuses(ids)
    assert {key for key, status in found.items() if status == COMPLETED} == set(ids) - bad
    assert {key for key in bad if key in found} == (bad if said else set())
    assert len(panel.requests) <= 1 + 14 * len(bad)


@pytest.mark.parametrize(
    "ignored",
    [
        {"error": "Missing order"},
        {"error": "Incorrect order ID"},
        (422, {"detail": []}),
        DONE,
        "null",
    ],
)
async def test_a_provider_without_orders_is_asked_one_by_one(ignored: object) -> None:
    panel = FakePanel(lambda sent: ignored if "orders" in sent else DONE)
    ids = [str(number) for number in range(1, 101)]
    async with panel.client() as client:
        found = await client.statuses(ids)
    assert found == dict.fromkeys(ids, COMPLETED)
    assert len(panel.requests) <= 110


async def test_no_more_calls_are_made_than_were_allowed() -> None:
    """Who asks for ids that may not exist pays for the splitting with calls."""
    panel = FakePanel(spoilt({"30"}, (400, {"error": "Incorrect order ID"})))
    async with panel.client() as client:
        with pytest.raises(Unavailable) as caught:
            await client.statuses([str(number) for number in range(1, 101)], most_calls=4)
        assert len(panel.requests) == 4
        assert caught.value.reason == GIVEN_UP
        assert caught.value.gathered == {str(number): COMPLETED for number in range(1, 26)}
        assert await client.statuses(["1", "2"], most_calls=1) == {"1": COMPLETED, "2": COMPLETED}


STORMS = [
    ((200, {"error": "Rate limit exceeded"}), Rejected),
    ((429, {"error": "slow down"}), Rejected),
    ((429, ""), Rejected),
    ((200, {"error": "Invalid API key"}), Rejected),
    ((401, {"error": "nope"}), Rejected),
    ((403, "<html>"), Unavailable),
    ((502, "<html>"), Unavailable),
    ((503, {"error": "temporarily unavailable"}), Unavailable),
    ((200, {"error": "try again later"}), Rejected),
    ((302, ""), Unavailable),
]


@pytest.mark.parametrize(("answer", "error"), STORMS)
async def test_what_is_not_about_an_id_is_raised_at_once(
    answer: object, error: type[PanelError]
) -> None:
    panel = FakePanel(
        lambda sent: dict.fromkeys(ids_of(sent), DONE) if "1" in ids_of(sent) else answer
    )
    async with panel.client() as client:
        with pytest.raises(error) as caught:
            await client.statuses([str(number) for number in range(1, 301)])
    assert len(panel.requests) == 2
    assert len(caught.value.gathered) == 100


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "<html>",
        (500, ""),
        (500, {"error": "Internal server error"}),
        {"error": "Неверный ключ"},
        {"error": "Страница не найдена"},
        {"error": "Page not found"},  # of a status it says nothing about a link
        {"error": "Invalid link"},
    ],
)
@pytest.mark.parametrize("ids_per_call", [100, 1])
async def test_a_provider_that_answers_nothing_is_given_up_soon(
    answer: object, ids_per_call: int
) -> None:
    panel = FakePanel(lambda _: answer)
    async with panel.client(ids_per_call=ids_per_call) as client:
        with pytest.raises((Rejected, Unavailable)):
            await client.statuses([str(number) for number in range(1, 1001)])
    assert len(panel.requests) <= 16


async def test_a_single_id() -> None:
    async with FakePanel({"error": "Incorrect order ID"}).client() as client:
        assert await client.statuses(["1"]) == {"1": WRONG}
    async with FakePanel("null").client() as client:
        with pytest.raises(Unavailable):
            await client.statuses(["1"])


async def test_refill_statuses() -> None:
    panel = FakePanel(recorded("refill_statuses_documented"))
    async with panel.client() as client:
        found = await client.refill_statuses(["1", "2", "3", "4"])
    assert found == {
        "1": RefillStatus(RefillState.COMPLETED, "Completed"),
        "2": RefillStatus(RefillState.REJECTED, "Rejected"),
        "3": ItemError("Refill not found", Meaning.REFILL),
    }
    assert panel.sent[0]["refills"] == "1,2,3,4"


async def test_refill_statuses_are_split_too() -> None:
    panel = FakePanel(
        lambda sent: {"error": "Refill not found"} if "refills" in sent else {"status": "Pending"}
    )
    async with panel.client() as client:
        found = await client.refill_statuses(["1", "2", "3"])
    assert found == dict.fromkeys("123", RefillStatus(RefillState.PENDING, "Pending"))
