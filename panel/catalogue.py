"""Reading a catalogue: thousands of services, without holding up the event loop.

A thread would not help: json.loads keeps the interpreter's lock until it is through. So the list is decoded
one element at a time, and other tasks have their turn every few milliseconds.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable
from typing import Any

from panel.answer import BLANK, DECODER, Answer
from panel.models import Service
from panel.reading import read_failure, read_value
from panel.service_types import service_type
from panel.values import flag, integer, number, text_of, usable_id

SLICE = 0.004  # seconds of work between two turns of the loop
MOST_ENTRIES = 200_000  # the largest catalogue seen has 6,200
_SPACE = re.compile(r"[ \t\r\n]*")


def service(entry: Any) -> Service | None:
    """One service, or None for an entry without an id or with an unreadable rate."""
    if not isinstance(entry, dict):
        return None
    key, rate = usable_id(entry.get("service")), number(entry.get("rate"))
    if key is None or rate is None:
        return None
    label = text_of(entry.get("type"))
    return Service(
        id=key,
        name=text_of(entry.get("name")),
        category=text_of(entry.get("category")),
        type_label=label,
        type=service_type(label),
        rate=rate,
        min=max(integer(entry.get("min")) or 0, 0),
        max=max(integer(entry.get("max")) or 0, 0),
        refill=flag(entry.get("refill")),
        cancel=flag(entry.get("cancel")),
        dripfeed=flag(entry.get("dripfeed", entry.get("drip_feed"))),
        description=text_of(entry.get("description") or entry.get("desc")),
    )


def _elements(text: str, start: int) -> Iterable[Any]:
    """The elements of the JSON list at `start`. Raises ValueError or RecursionError where it is broken."""
    at = _after_space(text, start + 1)
    if text[at : at + 1] == "]":
        return
    while True:
        element, at = DECODER.raw_decode(text, at)
        yield element
        at = _after_space(text, at)
        mark, at = text[at : at + 1], _after_space(text, at + 1)
        if mark == "]":
            return
        if mark != ",":
            raise ValueError("a list that doesn't end")


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


async def _in_slices(elements: Iterable[Any]) -> AsyncIterator[Any]:
    begun = time.perf_counter()
    for element in elements:
        yield element
        if time.perf_counter() - begun > SLICE:
            await asyncio.sleep(0)
            begun = time.perf_counter()


def _other_elements(answer: Answer) -> list[Any]:
    """The entries of an answer that is no plain list: an error, "Empty Data", or a list inside `data`."""
    value = read_value(answer)
    data = value.get("data") if isinstance(value, dict) else None
    if isinstance(data, list):
        return data
    if isinstance(data, str) and value.get("status") == "success":
        return []
    raise read_failure(answer, value, "no list of services in the answer")


async def services(answer: Answer) -> list[Service]:
    """The catalogue; bad entries are skipped. A list that breaks off is no answer at all: Unavailable."""
    start = len(answer.text) - len(answer.text.lstrip(BLANK))
    plain = answer.text[start : start + 1] == "["
    elements = _elements(answer.text, start) if plain else _other_elements(answer)
    found: list[Service] = []
    count = 0
    try:
        async for entry in _in_slices(elements):
            count += 1
            if count > MOST_ENTRIES:
                raise answer.unavailable("more services than any panel has")
            if (read := service(entry)) is not None:
                found.append(read)
    except (ValueError, RecursionError):
        raise answer.unavailable("the list of services breaks off") from None
    return found
