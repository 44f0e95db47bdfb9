"""The four families of panels: one behaviour, four ways to say it."""

from playground.provider.dialects.documented import Documented
from playground.provider.dialects.numeric import Numeric
from playground.provider.dialects.snake import Snake
from playground.provider.dialects.strict import Strict

DIALECTS: dict[str, Documented] = {
    each.name: each for each in (Documented(), Snake(), Numeric(), Strict())
}

__all__ = ["DIALECTS", "Documented"]
