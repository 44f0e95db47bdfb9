"""`refill` and `cancel`: sent once, read in every shape."""

import pytest

from panel import CancelRequested, ItemError, Meaning, OutcomeUnknown, PanelError, Rejected
from tests.fakes.panel import FakePanel, recorded

WRONG = ItemError("Incorrect order ID", Meaning.ORDER_ID)


@pytest.mark.parametrize(
    ("answer", "refill"),
    [
        ({"refill": "1"}, "1"),
        ({"refill": 17, "status": "success"}, "17"),
        ({"refill": "rf_01HG"}, "rf_01HG"),
        ([{"order": 5, "refill": 3}], "3"),
        ({"5": {"refill": 3}}, "3"),
        ({"5": "3"}, "3"),
    ],
)
async def test_refill(answer: object, refill: str) -> None:
    panel = FakePanel(answer)
    async with panel.client() as client:
        assert await client.refill("5") == refill
    assert panel.sent[0]["order"] == "5"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"refill": "0"}, Rejected),
        ({"refill": 0}, Rejected),
        ({"refill": ""}, Rejected),
        ({"refill": None}, Rejected),
        ({"refill": False}, Rejected),
        ({"refill": {"error": "Incorrect order ID"}}, Rejected),
        ({"refill": "not eligible for refill"}, Rejected),
        ({"refill": "0", "error": "cannot be refilled"}, Rejected),
        ({"error": "Incorrect order ID"}, Rejected),
        ({"5": "Incorrect order ID"}, Rejected),
        ((500, {"error": "Internal server error"}), OutcomeUnknown),
        ((500, {"refill": {"error": "Internal server error"}}), OutcomeUnknown),
        ({"refill": True}, OutcomeUnknown),
        ({"status": "success"}, OutcomeUnknown),
        ("null", OutcomeUnknown),
        ("", OutcomeUnknown),
        ({}, OutcomeUnknown),
        ([], OutcomeUnknown),
        ("7 days", OutcomeUnknown),
        ((500, "500 Internal Server Error"), OutcomeUnknown),
    ],
)
async def test_no_refill(answer: object, error: type[PanelError]) -> None:
    panel = FakePanel(lambda _: answer)
    async with panel.client() as client:
        with pytest.raises(error):
            await client.refill("5")
    assert len(panel.requests) == 1


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (recorded("refills_documented"), {"1": "1", "2": "2", "3": WRONG}),
        ({"1": {"refill": "8"}, "2": {"error": "Incorrect order ID"}}, {"1": "8", "2": WRONG}),
        ([{"order": 1, "refill": "0"}], {"1": ItemError("no refill id: 0", Meaning.REFILL)}),
        ([{"order": 1, "refill": True}], {}),
        ([], {}),
    ],
)
async def test_refills(answer: object, found: dict) -> None:
    panel = FakePanel(answer)
    async with panel.client() as client:
        assert await client.refills(["1", "2", "3"]) == found
    assert len(panel.requests) == 1


ASKED = CancelRequested("1")


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (recorded("cancel_documented"), {"9": WRONG, "2": ASKED}),
        (
            {"2": {"cancel": "requested"}, "9": {"error": "Incorrect order ID"}},
            {"2": CancelRequested("requested"), "9": WRONG},
        ),
        ({"canceled": [2]}, {"2": CancelRequested("canceled")}),
        (
            [{"order": 2, "cancel": True}, {"order": 9, "cancel": 0}],
            {"2": ASKED, "9": ItemError("0", Meaning.OTHER)},
        ),
        (
            [{"order": 2, "cancel": 1}, {"order": 9, "error": "Incorrect order ID"}],
            {"2": ASKED, "9": WRONG},
        ),
        ({"2": 1, "9": "Incorrect order ID"}, {"2": ASKED, "9": WRONG}),
        ({"2": {"status": "success"}}, {"2": CancelRequested("success")}),
        ([], {}),
    ],
)
async def test_cancel(answer: object, found: dict) -> None:
    panel = FakePanel(answer)
    async with panel.client() as client:
        assert await client.cancel(["9", "2"]) == found
    assert [sent["orders"] for sent in panel.sent] == ["9,2"]


@pytest.mark.parametrize(
    "answer", [{"cancel": 1}, {"cancel": "1", "status": "success"}, {"order": 5, "cancel": 1}]
)
async def test_a_panel_that_cancels_one_order(answer: object) -> None:
    panel = FakePanel(answer)
    async with panel.client(ids_per_call=1) as client:
        assert await client.cancel(["5"]) == {"5": ASKED}
    assert (panel.sent[0]["order"], panel.sent[0]["orders"]) == ("5", "5")


@pytest.mark.parametrize(
    "answer", ["null", "", "<html>", {"cancel": 1}, {"status": "success"}, "5", (502, "<html>")]
)
async def test_an_unknown_cancel(answer: object) -> None:
    panel = FakePanel(lambda _: answer)
    async with panel.client() as client:
        with pytest.raises(OutcomeUnknown):
            await client.cancel(["9", "2"])
    assert len(panel.requests) == 1


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ((200, {"error": "Rate limit exceeded"}), Rejected),
        ((401, {"error": "no"}), Rejected),
        ("null", OutcomeUnknown),
    ],
)
async def test_what_was_done_before_a_failure_is_kept(
    failure: object, error: type[PanelError]
) -> None:
    panel = FakePanel(lambda sent: {"2": {"cancel": 1}} if sent["orders"] == "2" else failure)
    async with panel.client(ids_per_call=1) as client:
        with pytest.raises(error) as caught:
            await client.cancel(["2", "3", "4"])
    assert caught.value.gathered == {"2": ASKED}
    assert len(panel.requests) == 2


async def test_refills_one_by_one() -> None:
    panel = FakePanel(
        lambda sent: {"refill": "7"} if sent["order"] == "1" else {"error": "Incorrect order ID"}
    )
    async with panel.client(ids_per_call=1) as client:
        assert await client.refills(["1", "2"]) == {"1": "7", "2": WRONG}


MANY = [str(number) for number in range(1, 101)]
CALLS = {
    "refill": lambda client, ids: client.refills(ids),
    "cancel": lambda client, ids: client.cancel(ids),
}
DONE = {"refill": {"refill": "7"}, "cancel": {"cancel": 1}}
in_both = pytest.mark.parametrize("action", CALLS)


def alone(sent: dict[str, str]) -> str | None:
    return sent.get("order")


@in_both
@pytest.mark.parametrize(
    "refusal",
    [
        {"error": "Incorrect order ID"},
        (400, {"error": "Incorrect request"}),
        {"error": "Missing order", "status": "104"},
        (500, {"error": "Incorrect order ID"}),
    ],
)
async def test_a_batch_that_was_refused_in_words_is_sent_one_by_one(
    action: str, refusal: object
) -> None:
    panel = FakePanel(lambda sent: DONE[action] if alone(sent) else refusal)
    async with panel.client() as client:
        found = await CALLS[action](client, MANY)
    assert list(found) == MANY
    assert set(found.values()) == ({"7"} if action == "refill" else {ASKED})
    assert [alone(sent) for sent in panel.sent] == [None, *MANY]


@in_both
async def test_a_bad_id_does_not_stop_the_others(action: str) -> None:
    panel = FakePanel(
        lambda sent: (
            DONE[action] if alone(sent) not in {None, "3"} else {"error": "Incorrect order ID"}
        )
    )
    async with panel.client() as client:
        found = await CALLS[action](client, MANY)
    assert {key for key, one in found.items() if one == WRONG} == {"3"}
    assert len(found) == 100


@in_both
@pytest.mark.parametrize(
    "answer",
    [
        "null",
        "",
        "<html>",
        (502, "<html>"),
        (500, {"error": "Internal server error"}),
        {"status": "success"},
    ],
)
async def test_a_batch_that_may_have_worked_is_never_sent_again(
    action: str, answer: object
) -> None:
    panel = FakePanel(lambda _: answer)
    async with panel.client() as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await CALLS[action](client, [*MANY, "101"])
    assert len(panel.requests) == 1
    assert caught.value.asked == tuple(MANY)


@in_both
async def test_words_of_a_crash_are_no_reason_to_send_again(action: str) -> None:
    panel = FakePanel(lambda _: (500, {"error": "Deadlock found"}))
    async with panel.client() as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await CALLS[action](client, ["1", "2"])
    assert caught.value.asked == ("1", "2")
    assert len(panel.requests) == 1


@in_both
@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ("null", OutcomeUnknown),
        ({"error": "Rate limit exceeded"}, Rejected),
        ({"error": "try again later"}, Rejected),
    ],
)
async def test_what_ends_the_single_calls_says_which_id_it_was(
    action: str, failure: object, error: type
) -> None:
    def answer(sent: dict[str, str]) -> object:
        if alone(sent) is None:
            return {"error": "Incorrect order ID"}
        return DONE[action] if int(sent["order"]) < 4 else failure

    panel = FakePanel(answer)
    async with panel.client() as client:
        with pytest.raises(error) as caught:
            await CALLS[action](client, MANY)
    assert list(caught.value.gathered) == ["1", "2", "3"]
    assert caught.value.asked == ("4",)
    assert len(panel.requests) == 5


@in_both
@pytest.mark.parametrize(
    "said", ["Incorrect request", "Invalid action", "unknown_action", "Unsupported action: x"]
)
async def test_an_action_that_is_not_there_is_tried_twice_and_no_more(
    action: str, said: str
) -> None:
    panel = FakePanel({"error": said})
    ids = [str(number) for number in range(1, 251)]
    async with panel.client() as client:
        found = await CALLS[action](client, ids)
    assert found == dict.fromkeys(ids, ItemError(said, Meaning.UNSUPPORTED))
    assert [alone(sent) for sent in panel.sent] == [None, "1"]
