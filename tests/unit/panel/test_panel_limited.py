"""What the client makes of the calls of a minute: whose turn it is, and what a refusal says of all
actions.
"""

import asyncio
from typing import Any

import pytest

from panel import NotAsked, PanelError, Priority, Profile, Rejected, Withheld
from tests.fakes.panel import FakePanel

LINK = {"link": "https://example.com/p", "quantity": "100"}
ANSWERS: dict[str, Any] = {
    "add": {"order": 5},
    "status": {"status": "Pending"},
    "balance": {"balance": "1", "currency": "USD"},
    "cancel": [{"order": 5, "cancel": 1}],
    "refill": {"refill": 7},
}


def answering() -> FakePanel:
    return FakePanel(lambda asked: ANSWERS[asked["action"]])


@pytest.mark.parametrize(
    "answer", [(429, {"error": "slow"}), (429, "<html>"), (200, {"error": "Too many requests"})]
)
@pytest.mark.parametrize(
    "action", ["add", "status", "statuses", "balance", "services", "refill", "cancel"]
)
async def test_too_many_of_whatever_action_lowers_the_limit_of_all(
    answer: Any, action: str
) -> None:
    given: dict[str, tuple[Any, ...]] = {
        "add": ("1", LINK),
        "status": ("5",),
        "statuses": (["5", "6"],),
        "balance": (),
        "services": (),
        "refill": ("5",),
        "cancel": (["5"],),
    }
    panel = FakePanel(answer)
    async with panel.client(calls_per_minute=80) as client:
        with pytest.raises(Rejected):
            await getattr(client, action)(*given[action])
        assert (client.limiter.limit, len(panel.requests)) == (40, 1)
        assert client.limiter.try_acquire(Priority.ADD) is None


@pytest.mark.parametrize(
    "answer", [(502, "<html>"), (200, {"error": "Incorrect link"}), (200, {"error": "No funds"})]
)
async def test_another_failure_lowers_nothing(answer: Any) -> None:
    async with FakePanel(answer).client(calls_per_minute=80) as client:
        with pytest.raises(PanelError):
            await client.add("1", LINK)
        assert (client.limiter.limit, client.limiter.is_lowered) == (80, False)


async def test_every_action_counts() -> None:
    panel = answering()
    async with panel.client() as client:
        await client.add("1", LINK)
        await client.status("5")
        await client.balance()
        await client.cancel(["5"])
        await client.refill("5")
        assert client.limiter.called == len(panel.requests) == 5


async def test_a_permit_is_for_one_call() -> None:
    panel = answering()
    async with panel.client(calls_per_minute=1) as client:
        permit = await client.limiter.acquire(Priority.ADD)
        async with asyncio.timeout(2):
            assert (await client.add("1", LINK, permit=permit)).order == "5"
        assert client.limiter.called == 1
        client.limiter.stop()
        with pytest.raises(Withheld):
            await client.add("1", LINK, permit=permit)
    assert len(panel.requests) == 1


async def test_what_can_not_wait_any_more_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panel.client._WRITE_WAITS", 0.05)
    panel = answering()
    async with panel.client(calls_per_minute=1) as client:
        await client.add("1", LINK)
        for write in (client.add("1", LINK), client.cancel(["5"]), client.refill("5")):
            with pytest.raises(Withheld):
                await write
        client.limiter.stop()
        with pytest.raises(NotAsked):
            await client.balance()
    assert len(panel.requests) == 1


async def test_what_is_not_allowed_after_all_gives_its_call_back() -> None:
    panel = answering()
    async with panel.client(calls_per_minute=1) as client:
        client._allowed = lambda: False
        with pytest.raises(Withheld):
            await client.add("1", LINK)
        assert client.limiter.called == 0


@pytest.mark.parametrize("name", ["calls_per_minute", "add_connections"])
def test_less_than_one_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Profile(url="https://panel.example", key="k", **{name: 0})  # type: ignore[arg-type]
