"""The demo's catalogue: the documentation's two services and 2,000 more in 80 categories, fixed by
a seed.
"""

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from playground.provider import catalogue_words as words
from playground.provider.catalogue_showcase import DOCUMENTED, NATURES, SHOWCASE
from playground.provider.chance import dice

__all__ = ["NATURES", "demo_catalogue"]

CATEGORIES = 80
PER_CATEGORY = 25
NOT_SOLD = "99999999"
_RARE = tuple(words.TYPE_WORDS)


def demo_catalogue(seed: int = 1) -> list[dict[str, Any]]:
    """Raw services, as `services` answers them; the caller's to change."""
    return [dict(raw) for raw in _services(seed)]


@cache  # tests start many providers, and the words fall the same way every time
def _services(seed: int) -> tuple[dict[str, Any], ...]:
    known = (*DOCUMENTED, *SHOWCASE)
    first = len(known) + 1
    return (
        *known,
        *({"service": number} | raw for number, raw in enumerate(_generated(seed), first)),
    )


def _generated(seed: int) -> Iterator[dict[str, Any]]:
    """The showcase is one of the eighty categories, so the last topic goes without its last
    thing.
    """
    pairs = [(platform, thing) for platform, things in words.TOPICS.items() for thing in things]
    for index, (platform, thing) in enumerate(pairs[: CATEGORIES - 1]):
        chance = dice(seed, "catalogue", platform, thing)
        for position in range(PER_CATEGORY):
            if position == 0 and index % 10 == 5:
                yield _divider(platform, thing, index // 10)
            else:
                yield _service(platform, thing, _type(index, position, thing), chance)


def _type(index: int, position: int, thing: str) -> str:
    """Mostly Default; every other type has its places, so that each occurs whatever the seed."""
    if position == 12:
        return _RARE[index % len(_RARE)]
    if position == 20:
        return "Package"
    written = thing.endswith(("comments", "reviews", "replies", "messages"))
    return "Custom Comments" if written and position % 3 == 1 else "Default"


def _service(platform: str, thing: str, label: str, chance: Random) -> dict[str, Any]:
    """One raw service without its id."""
    refill = label == "Default" and chance.random() < 0.45
    least, most = _limits(label, chance)
    raw = {
        "name": _name(platform, words.TYPE_WORDS.get(label, thing), chance, refill=refill),
        "type": label,
        "category": _category(platform, thing),
        "rate": _rate(label, chance),
        "min": str(least),
        "max": str(most),
        "refill": refill,
        "cancel": chance.random() < 0.6,
        "dripfeed": label == "Default" and chance.random() < 0.4,
    }
    if chance.random() < 0.7:
        raw["desc"] = "\r\n".join(
            chance.sample(words.SENTENCES, chance.randint(1, len(words.SENTENCES)))
        )
    return raw


def _divider(platform: str, thing: str, turn: int) -> dict[str, Any]:
    """A row that real panels use as a heading: it can't be ordered sensibly."""
    return {
        "name": words.DIVIDERS[turn % len(words.DIVIDERS)],
        "type": "Default",
        "category": _category(platform, thing),
        "rate": ("0", NOT_SOLD)[turn % 2],
        "min": "1",
        "max": "1",
        "refill": False,
        "cancel": False,
        "dripfeed": False,
    }


def _category(platform: str, thing: str) -> str:
    return f"{platform} | {thing.capitalize()}"


def _name(platform: str, thing: str, chance: Random, *, refill: bool) -> str:
    separator = chance.choice(words.SEPARATORS)
    details = [
        chance.choice(words.QUALITIES),
        chance.choice(words.STARTS),
        chance.choice(words.PACES),
        chance.choice(words.REFILLS if refill else words.NO_REFILL),
    ]
    shown = [
        detail for detail in details if detail and (detail == details[-1] or chance.random() < 0.75)
    ]
    closing = "]" if separator == " [" else ""
    name = f"{platform} {thing}" + "".join(f"{separator}{detail}{closing}" for detail in shown)
    return chance.choice(words.FLOURISHES).format(name) if chance.random() < 0.06 else name


def _limits(label: str, chance: Random) -> tuple[int, int]:
    if label in {"Package", "Custom Comments Package"}:
        return 1, 1
    if label in {"Custom Comments", "Comment Replies", "Mentions Custom List"}:
        return chance.choice((1, 2, 5, 10)), chance.choice((100, 500, 1000))
    return chance.choice((10, 20, 50, 100, 100, 250, 500)), chance.choice(
        (5000, 10000, 50000, 100000, 1000000)
    )


def _rate(label: str, chance: Random) -> str:
    """Per 1000 units 0.05 to 40, cheap ones more often; a package costs 0.50 to 40."""
    cheapest = 0.5 if label in {"Package", "Custom Comments Package"} else 0.05
    dollars = cheapest * (40 / cheapest) ** chance.random()
    return f"{dollars:.{chance.choice((2, 2, 3, 4))}f}"
