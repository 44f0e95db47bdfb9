"""Which function answers which method.

Names are matched without regard to case, as the real server does.
"""

from collections.abc import Callable
from typing import Any

from playground.telegram.params import Params
from playground.telegram.state import State

Handler = Callable[[State, Params], Any]

METHODS: dict[str, Handler] = {}


def method(*names: str) -> Callable[[Handler], Handler]:
    def register(function: Handler) -> Handler:
        METHODS.update({name.lower(): function for name in names})
        return function

    return register
