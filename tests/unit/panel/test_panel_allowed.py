"""A client whose maker may say no at the last moment: nothing is sent, and an answer to a read is
dropped.
"""

import httpx
import pytest

from panel import Accepted, NotSent, PanelClient, Profile, Unavailable, Withheld

ANSWERS = {
    "action=add": {"order": 7},
    "action=balance": {"balance": "1", "currency": "USD"},
    "action=cancel": [],
}


class Line:
    """`allowed` is what is answered to each question whether a request may be sent."""

    def __init__(self, *allowed: bool) -> None:
        self.sent = 0
        self._allowed = iter(allowed)
        profile = Profile(url="https://panel.example/api", key="secret")
        transport = httpx.MockTransport(self._answer)
        self.client = PanelClient(profile, transport=transport, allowed=lambda: next(self._allowed))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        asked = request.content.decode()
        return httpx.Response(
            200, json=next(answer for name, answer in ANSWERS.items() if name in asked)
        )


async def test_what_is_not_allowed_is_not_sent() -> None:
    line = Line(False, False)
    with pytest.raises(Withheld) as refused:
        await line.client.add("1", {"link": "x"})
    assert isinstance(refused.value, NotSent)
    with pytest.raises(Unavailable):
        await line.client.balance()
    assert line.sent == 0


async def test_a_read_that_is_not_allowed_any_more_has_no_answer() -> None:
    line = Line(True, False)
    with pytest.raises(Unavailable, match="came too late"):
        await line.client.balance()
    assert line.sent == 1


async def test_the_answer_to_a_write_counts_whenever_it_comes() -> None:
    line = Line(True)
    assert await line.client.add("1", {"link": "x"}) == Accepted(order="7")


async def test_what_was_answered_before_is_kept() -> None:
    line = Line(True, False)
    with pytest.raises(NotSent) as stopped:
        await line.client.cancel([str(number) for number in range(101)])
    assert (line.sent, list(stopped.value.asked)) == (1, ["100"])
