"""What goes into the next transaction that is written, whoever writes it.

A press changes something of the shop's and, often, which text is awaited next. Both are one commit
this way, and neither is kept without the other.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from storage.engine.transaction import Work


@dataclass(frozen=True, slots=True)
class Addition:
    """`write` runs at the end of the transaction, `written` after it was committed."""

    write: Work[None]
    written: Callable[[], None]


class Companion(Protocol):
    def addition(self) -> Addition | None:
        """Return what is to be written along now; None for nothing."""


companion: ContextVar[Companion | None] = ContextVar("what is written along", default=None)
