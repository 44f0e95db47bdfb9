"""Which function answers which method.

Names are matched without regard to case, as the real server does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playground.telegram.params import Params

if TYPE_CHECKING:
    from playground.telegram.core import BotApi

Handler = Callable[["BotApi", Params], Any]

METHODS: dict[str, Handler] = {}


def method(*names: str) -> Callable[[Handler], Handler]:
    def register(function: Handler) -> Handler:
        METHODS.update({name.lower(): function for name in names})
        return function

    return register
