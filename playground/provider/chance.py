"""Chance that repeats itself: the same seed and subject always fall the same way."""

from random import Random


def dice(*subject: object) -> Random:
    """A generator for one subject, such as `dice(seed, "order", 23501)`, whatever was drawn
    before.
    """
    return Random(":".join(map(str, subject)))  # noqa: S311  (a simulation, no secret depends on it)
