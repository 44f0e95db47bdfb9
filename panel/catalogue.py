"""Reading a catalogue: thousands of services, without holding up the event loop.

A thread would not help: json.loads keeps the interpreter's lock until it is through. So the list is
decoded one element at a time, and other tasks have their turn every few milliseconds.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from panel.answer import BLANK, DECODER, Answer
from panel.figures import count, money
from panel.models import Catalogue, Flaw, Flaws, Service, Unread
from panel.parsing import flag, shown, text_of, usable_id
from panel.reading import read_failure, read_value
from panel.redaction import Redactor
from panel.service_types import service_type

SLICE = 0.004  # seconds of work between two turns of the loop
MOST_ENTRIES = 200_000  # the largest catalogue seen has 6,200
# entries with a flaw that are shown, and characters of each of their texts
SHOWN, LONGEST_SHOWN = 10, 60
NO_LIMIT = frozenset({"unlimited", "no limit", "none", "null", "n/a", "∞", "-", "—"})
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(slots=True)
class _Reader:
    """Reads one entry after another, and keeps what can't be read."""

    redact: Redactor
    services: list[Service] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)
    _counts: Counter[Flaw] = field(default_factory=Counter)
    _left_out: list[Unread] = field(default_factory=list)
    _limits: list[Unread] = field(default_factory=list)
    _which: set[str] = field(default_factory=set)

    def read(self, entry: Any) -> None:
        if not isinstance(entry, dict):
            self._note(Flaw.NO_SERVICE, {}, entry)
        elif (key := usable_id(entry.get("service"))) is None:
            self._note(Flaw.NO_ID, entry, entry.get("service"))
        else:
            self._read(key, *money(entry.get("rate")), entry)

    def _read(
        self, key: str, rate: Decimal | None, currency: str | None, entry: Mapping[str, Any]
    ) -> None:
        if rate is None:
            self._note(Flaw.RATE, entry, entry.get("rate"))
        elif key in self._ids:
            self._note(Flaw.REPEATED, entry, "")
        else:
            self._ids.add(key)
            self.services.append(self._service(key, rate, currency or "", entry))

    def _service(self, key: str, rate: Decimal, currency: str, entry: Mapping[str, Any]) -> Service:
        label = text_of(entry.get("type"))
        least, most = self._limit(entry, "min"), self._limit(entry, "max")
        return Service(
            id=key,
            name=text_of(entry.get("name")),
            category=text_of(entry.get("category")),
            type_label=label,
            type=service_type(label),
            rate=rate,
            min=max(least or 0, 0),
            max=max(most or 0, 0),
            refill=flag(entry.get("refill")),
            cancel=flag(entry.get("cancel")),
            dripfeed=flag(entry.get("dripfeed", entry.get("drip_feed"))),
            description=text_of(entry.get("description") or entry.get("desc")),
            open_ended=most is None and bool(text_of(entry.get("max")).strip()),
            currency=currency,
        )

    def _limit(self, entry: Mapping[str, Any], name: str) -> int | None:
        written = entry.get(name)
        limit, said = count(written), text_of(written).strip()
        if limit is None and said and said.lower() not in NO_LIMIT:
            self._note(Flaw.LIMIT, entry, written)
        return limit

    def _note(self, flaw: Flaw, entry: Mapping[str, Any], said: Any) -> None:
        self._counts[flaw] += 1
        key, name = text_of(entry.get("service")), text_of(entry.get("name"))
        self._which.add(f"{flaw}\n{key or name}")
        first = self._limits if flaw is Flaw.LIMIT else self._left_out
        if len(first) < SHOWN:
            texts = (
                self.redact.excerpt(text.strip(), LONGEST_SHOWN)
                for text in (key, name, shown(said))
            )
            first.append(Unread(flaw, *texts))

    def catalogue(self) -> Catalogue:
        which = "\n".join(sorted(self._which))
        digest = sha256(which.encode("utf-8", "replace")).hexdigest() if which else ""
        return Catalogue(
            self.services,
            Flaws(dict(self._counts), tuple([*self._left_out, *self._limits][:SHOWN]), digest),
        )


def _elements(text: str, start: int) -> Iterable[Any]:
    """The elements of the JSON list at `start`.

    Raises ValueError or RecursionError where it is broken.
    """
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
    """The entries of an answer that is no plain list: an error, "Empty Data", or a list inside
    `data`.
    """
    value = read_value(answer)
    data = value.get("data") if isinstance(value, dict) else None
    if isinstance(data, list):
        return data
    if isinstance(data, str) and value.get("status") == "success":
        return []
    raise read_failure(answer, value, "no list of services in the answer")


async def services(answer: Answer) -> Catalogue:
    """The catalogue; what can't be read stands beside it.

    A list that breaks off is no answer at all: Unavailable.
    """
    start = len(answer.text) - len(answer.text.lstrip(BLANK))
    plain = answer.text[start : start + 1] == "["
    elements = _elements(answer.text, start) if plain else _other_elements(answer)
    reader = _Reader(answer.redact)
    entries = 0
    try:
        async for entry in _in_slices(elements):
            entries += 1
            if entries > MOST_ENTRIES:
                raise answer.unavailable("more services than any panel has")
            reader.read(entry)
    except (ValueError, RecursionError):
        raise answer.unavailable("the list of services breaks off") from None
    return reader.catalogue()
