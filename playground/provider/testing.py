"""For tests: a clock moved by hand, and calls without a socket."""

import json
from typing import Any

from playground.provider.provider import Provider


class HandClock:
    """`clock(); clock.pass_by(61)`: seconds pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


def call(provider: Provider, action: str, **fields: object) -> Any:
    """The decoded body of one call with the right key, faults met as far as they need no socket."""
    texts = {"key": provider.key, "action": action} | {
        name: str(value) for name, value in fields.items()
    }
    return json.loads(provider.answer(texts, provider.received(texts)).body)
