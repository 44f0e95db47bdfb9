"""Fair turns: one person's work one at a time, many people's side by side, and no more of one
person's than is right.

A person who forwards a hundred messages used to take all the slots, each of them waiting for that
person's own lock: somebody else's /start took 35.7 s instead of 0.5. Here whoever waits for their
own turn holds no slot, and of one person only so much is kept; the rest is refused, and it is for
the caller to say so.
"""

import asyncio
import heapq
import itertools
from collections import Counter
from collections.abc import Hashable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from enum import Enum, auto
from types import TracebackType
from typing import Self

SLOTS = 64  # handlers at work at once
_NEXT = -1  # before every number that waits


class Share(Enum):
    """What a piece of work counts as.

    Of each share one person has so much under way and waiting, and no more.
    """

    ORDINARY = auto()
    PIECE = auto()  # of a long text
    ALWAYS = auto()  # never refused
    URGENT = auto()  # never refused either, and next: it needs no slot


# An album has ten messages. A long text of the most characters has 64 messages that are full, or 88
# of those that clients cut at a line's end (shop.customers.long_texts).
MOST = {Share.ORDINARY: 16, Share.PIECE: 96}


@dataclass(eq=False)
class _Line:
    """One person's places: the one at work, and those that wait, the smallest number first."""

    queue: "FairQueue"
    person: Hashable
    at_work: "Place | None" = None
    waiting: list[tuple[int, int, "Place"]] = field(default_factory=list)
    kept: Counter[Share] = field(default_factory=Counter)
    told: bool = False
    # the oldest of what was refused, until it is taken note of
    lost: tuple[int, object] | None = None

    def first(self) -> "Place | None":
        """Return whose turn it is, while nobody is at work."""
        return self.waiting[0][2] if self.waiting and self.at_work is None else None

    def remove(self, place: "Place") -> None:
        self.waiting = [entry for entry in self.waiting if entry[2] is not place]
        heapq.heapify(self.waiting)

    def wake(self) -> None:
        if (place := self.first()) is not None:
            place.ready.set()


class Place:
    """A place in a person's line; without a line, a pass that waits for nobody.

    Leaving gives it up.
    """

    def __init__(
        self, line: _Line | None = None, share: Share = Share.URGENT, *, kept: bool = True
    ) -> None:
        self._line, self.share, self.kept = line, share, kept
        self.ready = asyncio.Event()
        self._left = line is None or not kept

    @property
    def waits(self) -> bool:
        """Whether there is a turn to wait for."""
        return self._line is not None and self.kept

    @property
    def is_first(self) -> bool:
        return self._line is None or self._line.at_work is self or self._line.first() is self

    async def reach_the_front(self) -> None:
        """Wait until it is this one's turn; an older one that comes before it is taken goes
        first.
        """
        while not self.is_first:
            self.ready.clear()
            await self.ready.wait()

    def take(self) -> None:
        """Be at work; only for who is first."""
        line = self._line
        if line is not None and line.at_work is not self:
            line.remove(self)
            line.at_work = self

    async def turn(self) -> None:
        await self.reach_the_front()
        self.take()

    def tell(self) -> bool:
        """Whether the person is to hear of what was refused: once a burst, which ends with an empty
        line.
        """
        line = self._line
        if line is None or line.told:
            return False
        line.told = True
        return True

    def lost(self) -> object | None:
        """Take the oldest thing refused, once all that was kept and is older than it has been at
        work.
        """
        line = self._line
        if (
            line is None
            or line.lost is None
            or (line.waiting and line.waiting[0][0] < line.lost[0])
        ):
            return None
        _, what = line.lost
        line.lost = None
        return what

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        line = self._line
        if line is None or self._left:
            return
        self._left = True
        line.kept[self.share] -= 1
        if line.at_work is self:
            line.at_work = None
        else:
            line.remove(self)
        line.wake()
        if not line.waiting and line.at_work is None:
            line.queue.forget(line.person)


class FairQueue:
    """The lines of those who have something under way; who is quiet has none."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._lines: dict[Hashable, _Line] = {}
        self._arrivals = itertools.count()

    def __len__(self) -> int:
        return len(self._lines)

    def join(
        self, person: Hashable, number: int, share: Share = Share.ORDINARY, *, what: object = None
    ) -> Place:
        """Return a place behind all smaller numbers, or one that is not kept; of that `what` is
        remembered.
        """
        line = self._lines.get(person) or _Line(self, person)
        if share in MOST and line.kept[share] >= MOST[share]:
            if what is not None and line.lost is None:
                line.lost = (number, what)
            return Place(line, share, kept=False)
        self._lines[person] = line
        place = Place(line, share)
        line.kept[share] += 1
        heapq.heappush(
            line.waiting, (_NEXT if share is Share.URGENT else number, next(self._arrivals), place)
        )
        return place

    def slot(self, place: Place) -> AbstractAsyncContextManager[object]:
        """Hold one of the slots, where the place needs one."""
        return nullcontext() if place.share is Share.URGENT else self._slots

    def forget(self, person: Hashable) -> None:
        self._lines.pop(person, None)
