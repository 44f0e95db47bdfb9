"""An `add` to a fake panel, and its outcome in the words of the shared cases."""

from typing import Any

from panel import Accepted, Meaning, NotSent, OutcomeUnknown, PanelError, Rejected
from tests.fakes.panel import FakePanel

LINK = {"link": "https://example.com/p", "quantity": "100"}
WAITING = {Meaning.FUNDS, Meaning.BAD_KEY, Meaning.BUSY_LINK, Meaning.RATE_LIMIT}


async def add(answer: Any, code: int, **headers: str) -> Accepted | PanelError:
    panel = FakePanel(answer, code, **headers)
    async with panel.client() as client:
        try:
            outcome: Accepted | PanelError = await client.add("1", LINK)
        except PanelError as error:
            outcome = error
    assert len(panel.requests) == 1
    return outcome


def in_the_words_of_the_table(outcome: Accepted | PanelError) -> str:
    if isinstance(outcome, Accepted):
        return f"accepted:{outcome.order}"
    if isinstance(outcome, Rejected):
        return f"{'wait' if outcome.meaning in WAITING else 'rejected'}:{outcome.meaning}"
    if isinstance(outcome, NotSent) or (isinstance(outcome, OutcomeUnknown) and outcome.walled):
        return "wait:unreachable"
    assert isinstance(outcome, OutcomeUnknown)
    return "unknown"
