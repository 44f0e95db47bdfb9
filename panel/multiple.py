"""Calls about many ids: in batches, and so that a bad id never stops the others."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from panel.error_codes import Meaning
from panel.errors import PanelError, Rejected, Unavailable
from panel.models import ItemError

T = TypeVar("T")

# These are about the account or the moment, not about an id: more calls would only make them worse.
GENERAL = frozenset({Meaning.BAD_KEY, Meaning.RATE_LIMIT, Meaning.FUNDS})
GENERAL_CODES = frozenset({*range(300, 400), 401, 402, 403, 405, 407, 408, 429})
SERVER_ERROR = 500
GIVEN_UP = "given up after as many calls as were allowed"
PATIENCE = 8  # useless answers, beside those of halving, before the provider as a whole is given up


def batches(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """Lists of at most `size` ids, each id once."""
    once = list(dict.fromkeys(ids))
    return (once[start : start + size] for start in range(0, len(once), size))


def about_an_id(error: Rejected | Unavailable) -> bool:
    """Whether one bad id may have failed the whole call; network failures, firewalls, limits aren't
    that.
    """
    if error.code is None or error.code in GENERAL_CODES or error.code > SERVER_ERROR:
        return False
    if isinstance(error, Unavailable):
        return not error.walled
    if error.meaning is Meaning.TEMPORARY:
        return error.code == SERVER_ERROR
    return error.meaning not in GENERAL


@dataclass(slots=True)
class BatchReader(Generic[T]):
    """One multiple read. A batch that failed as a whole is halved, down to single calls.

    A bad id costs two calls per halving. Where a pair fails although both of its ids answer one by
    one, the provider has no multiple form: the rest is asked one by one. Where nothing answers, it
    is given up soon.
    """

    many: Callable[[list[str]], Awaitable[dict[str, T | ItemError]]]
    one: Callable[[str], Awaitable[T]]
    most_calls: int | None = None
    gathered: dict[str, T | ItemError] = field(default_factory=dict)
    _failure: Rejected | Unavailable | None = None
    _fruitless: int = 0
    _answered: bool = False
    _pair: set[str] = field(default_factory=set)
    _singly: bool = False

    async def read(self, ids: Iterable[str], size: int) -> dict[str, T | ItemError]:
        """Ids that the provider left out, or whose single answer is unusable, are absent.

        Raises Rejected for what is about the account, Unavailable when there is no answer;
        `gathered` of the error has what was learnt before. After `most_calls` it raises Unavailable
        too, with GIVEN_UP.
        """
        pending = list(batches(ids, size))[::-1]
        calls = 0
        try:
            while pending:
                if calls == self.most_calls:
                    raise Unavailable(GIVEN_UP)
                calls += 1
                chunk = pending.pop()
                pending += await (self._batch(chunk) if len(chunk) > 1 else self._single(chunk[0]))
                self._lose_patience(PATIENCE + size.bit_length())
            if self._failure and not self.gathered:
                raise self._failure
        except PanelError as error:
            error.gathered = self.gathered
            raise
        return self.gathered

    async def _batch(self, chunk: list[str]) -> list[list[str]]:
        """What remains to be asked, last first."""
        if self._singly:
            return [[key] for key in reversed(chunk)]
        try:
            self.gathered |= await self.many(chunk)
        except (Rejected, Unavailable) as error:
            self._note(error)
        else:
            self._answered = True
            return []
        half = len(chunk) // 2
        if half == 1:
            self._pair = set(chunk[:2])
        return [chunk[half:], chunk[:half]]

    async def _single(self, key: str) -> list[list[str]]:
        try:
            self.gathered[key] = await self.one(key)
        except (Rejected, Unavailable) as error:
            self._note(error)
            if isinstance(error, Rejected) and error.meaning is not Meaning.TEMPORARY:
                self.gathered[key] = ItemError(error.text, error.meaning)
                # Words in a language that we don't know may be about the key as well as about this
                # id.
                self._answered |= error.meaning not in {Meaning.OTHER, Meaning.UNSUPPORTED}
            return []
        self._answered = True
        if key in self._pair:
            self._pair.remove(key)
            self._singly = not self._pair
        return []

    def _note(self, error: Rejected | Unavailable) -> None:
        if not about_an_id(error):
            raise error
        self._failure = error
        self._fruitless += 1

    def _lose_patience(self, limit: int) -> None:
        if self._failure and not self._answered and self._fruitless > limit:
            raise self._failure


async def write_many(
    ids: Iterable[str], size: int, many: Callable[[list[str]], Awaitable[dict[str, T | ItemError]]]
) -> dict[str, T | ItemError]:
    """Each id once in a request that may have worked, whatever comes of it.

    A batch that was refused as a whole in words did nothing: its ids are sent one by one, so that a
    bad one doesn't stop the others and a provider without the multiple form is served. An action
    that it doesn't have for a single id either isn't tried for the next. Raises Rejected for what
    is about the account or the moment, NotSent, OutcomeUnknown; `gathered` of the error has the
    answers before, `asked` the ids of the request that failed.
    """
    gathered: dict[str, T | ItemError] = {}
    pending = list(batches(ids, size))[::-1]
    while pending:
        chunk = pending.pop()
        try:
            gathered |= await many(chunk)
        except Rejected as error:
            if not about_an_id(error) or error.meaning is Meaning.TEMPORARY:
                error.gathered, error.asked = gathered, tuple(chunk)
                raise
            if len(chunk) > 1:
                pending += [[key] for key in reversed(chunk)]
                continue
            gathered |= {key: ItemError(error.text, error.meaning) for key in chunk}
            if error.meaning is Meaning.UNSUPPORTED and all(
                isinstance(one, ItemError) for one in gathered.values()
            ):
                return gathered | {
                    key: ItemError(error.text, error.meaning) for keys in pending for key in keys
                }
        except PanelError as error:
            error.gathered, error.asked = gathered, tuple(chunk)
            raise
    return gathered
