"""Texts that Telegram's clients cut into several messages: put together again before anybody reads
them.

A message holds 4,096 UTF-16 units. What is longer comes in pieces: some clients cut anywhere, some
at the last line's or word's end before that, and the blank there is lost. A piece that stood alone
was an answer, and the next one the answer to the next question.

Everything is in the database: the pieces may come to several processes, and a restart loses none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from itertools import pairwise
from typing import Any

from shop.clock import Clock
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries import long_texts
from storage.queries.long_texts import LongText

MOST = 256 * 1024  # characters, as of a file
WAIT = timedelta(seconds=2)  # for the next piece
_LIMIT = 4_096  # UTF-16 units of a message
# clients that cut at a line's end leave that much, where lines are no longer than a comment can be
_NEAR = 3_000
_MARKS = 2  # in a line of a mass order
# what comes until then, and was to be expected, is told that it came too late
_LATER = timedelta(seconds=10)
_LEASE = timedelta(seconds=30)
_BATCH = 50


class TextState(StrEnum):
    OPEN = "open"  # pieces are waited for, until `due_at`
    TAKEN = "taken"  # somebody is reading it; who has not come back by `due_at` has lost it
    CLOSED = "closed"  # read; until `due_at` what belongs to it comes too late


class PieceKind(Enum):
    """What a text is to a long one."""

    NOTHING = auto()
    PIECE = auto()  # kept
    LATE = auto()  # would have been one
    TOO_MUCH = auto()  # with it there are more than MOST characters: all of it is thrown away


def is_near_the_limit(text: str) -> bool:
    """Return whether a client may have cut the text, and more of it follows."""
    return _units(text) >= _NEAR


def joined(pieces: Sequence[Sequence[Any]]) -> str:
    """Put pieces ([message's id, text]) together in the order in which they were sent."""
    texts = [str(text) for _, text in sorted(pieces, key=lambda piece: int(piece[0]))]
    whole = texts[0]
    for before, text in pairwise(texts):
        whole += _seam(before, text) + text
    return whole


def _seam(before: str, after: str) -> str:
    """Return what was lost between two pieces: nothing where a full message was cut, else a line's
    end or a space.
    """
    last, first = before.rpartition("\n")[2], after.partition("\n")[0]
    if min(last.count("|"), first.count("|")) >= _MARKS:
        return "\n"  # two lines of a mass order, not halves of one
    # One unit is left where a character of two did not fit.
    if _units(before) >= _LIMIT - (after[:1] > "\uffff"):
        return ""
    return "\n" if "\n" in before[len(before) // 2 :] else " "


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class LongTexts:
    database: Database
    bells: Wakeups
    clock: Clock

    async def begin(
        self,
        user_id: int,
        message_id: int,
        text: str,
        *,
        message: Mapping[str, Any],
        awaited: Mapping[str, Any],
    ) -> None:
        """Keep a first piece.

        `message`: its sender and chat, as Telegram tells them; `awaited`: what it answers.
        """
        await self.database.write(
            long_texts.put,
            user_id,
            state=TextState.OPEN,
            message=dict(message),
            pieces=[[message_id, text]],
            awaited=dict(awaited),
            last_id=message_id,
            more=True,
            due_at=self.clock() + WAIT,
        )
        self.bells.long_texts.set()

    async def hear(self, user_id: int, message_id: int, text: str) -> PieceKind:
        """Return what a text is to the person's long one, and keep it if it is a piece."""

        def transaction(tx: Transaction) -> PieceKind:
            found = long_texts.hold(tx, user_id)
            heard = PieceKind.NOTHING if found is None else self._belongs(found, message_id, text)
            if found is not None and heard is not PieceKind.NOTHING:
                long_texts.change(tx, user_id, **self._with(found, heard, message_id, text))
            return heard

        heard = await self.database.write(transaction)
        self.bells.long_texts.set()
        return heard

    def _belongs(self, found: LongText, message_id: int, text: str) -> PieceKind:
        if found.state == TextState.OPEN:
            size = sum(len(piece[1]) for piece in found.pieces) + len(text)
            return PieceKind.PIECE if size <= MOST else PieceKind.TOO_MUCH
        over = found.state == TextState.CLOSED and found.due_at <= self.clock()
        next_in_line = message_id == found.last_id + 1  # nothing was said in between
        return PieceKind.LATE if not over and (found.more or next_in_line) else PieceKind.NOTHING

    def _with(
        self, found: LongText, heard: PieceKind, message_id: int, text: str
    ) -> dict[str, Any]:
        """Return what changes of the row with this text."""
        now, newest = self.clock(), message_id > found.last_id
        values: dict[str, Any] = {
            "last_id": max(found.last_id, message_id),
            "more": is_near_the_limit(text) if newest else found.more,
        }
        if heard is PieceKind.PIECE:
            others = [piece for piece in found.pieces if piece[0] != message_id]
            values |= {"pieces": [*others, [message_id, text]], "due_at": now + WAIT}
        elif heard is PieceKind.TOO_MUCH:
            values |= {
                "state": TextState.CLOSED,
                "pieces": [],
                "message": {},
                "more": True,
                "due_at": now + _LATER,
            }
        return values

    async def expect_rest(self, user_id: int, message_id: int) -> None:
        """Note a long text that was read at once: what was cut off it, and follows it directly, is
        no answer.
        """
        await self.database.write(
            long_texts.put,
            user_id,
            state=TextState.CLOSED,
            message={},
            pieces=[],
            awaited={},
            last_id=message_id,
            more=False,
            due_at=self.clock() + _LATER,
        )
        self.bells.long_texts.set()

    async def spoil(self, user_id: int, message_id: int, text: str) -> bool:
        """Throw away what a message belonged to that nobody has read; True when a text was being
        waited for.

        With a hole in it a text would be ordered as if it were whole. What follows a first piece
        comes too late.
        """

        def transaction(tx: Transaction) -> bool:
            found = long_texts.hold(tx, user_id)
            open_now = found is not None and found.state == TextState.OPEN
            if open_now or (
                is_near_the_limit(text) and (found is None or found.state == TextState.CLOSED)
            ):
                long_texts.put(
                    tx,
                    user_id,
                    state=TextState.CLOSED,
                    message={},
                    pieces=[],
                    awaited={},
                    last_id=message_id if found is None else max(message_id, found.last_id),
                    more=True,
                    due_at=self.clock() + _LATER,
                )
            return open_now

        open_now = await self.database.write(transaction)
        self.bells.long_texts.set()
        return open_now

    async def drop(self, user_id: int) -> None:
        """Throw away what is still waited for."""

        def transaction(tx: Transaction) -> None:
            found = long_texts.hold(tx, user_id)
            if found is not None and found.state == TextState.OPEN:
                long_texts.forget(tx, user_id)

        await self.database.write(transaction)

    async def take(self) -> LongText | None:
        """Take a text whose last piece has been waited for long enough, and forget what is over.

        It is given as it was before: one that somebody else had taken, and lost, says so by its
        state.
        """
        now = self.clock()
        due = await self.database.read(long_texts.due, now, limit=_BATCH)
        for user_id in due:
            found = await self.database.write(_take, user_id, now)
            if found is not None:
                return found
        return None

    async def close(self, user_id: int, *, refused: bool) -> None:
        """Note that a text was read.

        `refused`: its question is still open, so whatever comes next may answer it.
        """

        def transaction(tx: Transaction) -> None:
            found = long_texts.hold(tx, user_id)
            if found is not None and found.state == TextState.TAKEN:
                long_texts.change(
                    tx,
                    user_id,
                    state=TextState.CLOSED,
                    message={},
                    pieces=[],
                    awaited={},
                    more=found.more and not refused,
                    due_at=self.clock() + _LATER,
                )

        await self.database.write(transaction)

    async def seconds_left(self) -> float | None:
        """Say in how many seconds something is due; None when nothing is."""
        when = await self.database.read(long_texts.next_due)
        return None if when is None else (when - self.clock()).total_seconds()


def _take(tx: Transaction, user_id: int, now: datetime) -> LongText | None:
    """Take somebody's text as it was before; None where somebody was faster, or where it is over,
    and forgotten.
    """
    found = long_texts.hold(tx, user_id)
    if found is None or found.due_at > now:
        return None
    if found.state == TextState.CLOSED:
        long_texts.forget(tx, user_id)
        return None
    long_texts.change(tx, user_id, state=TextState.TAKEN, due_at=now + _LEASE)
    return found
