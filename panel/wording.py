"""Error texts as words: unescaped, without addresses and without what the customer wrote, and
matched by rules.

The rules' notation is in panel.refusal_words.
"""

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Self
from urllib.parse import unquote

from panel.refusal_words import ECHO

LONGEST_TEXT = 500  # characters of an error that are read for its meaning
# Letters and digits of what the customer wrote that are recognised where the rest is cut off: with
# dots, and without.
_SHORTEST_CUT, _SHORTEST_UNMARKED = 2, 12
_NEVER = 1_000_000
_FEW = 8

_ADDRESS = re.compile(
    r"(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:)?//\S+"  # https://t.me/api_key_news
    r"|\bwww\.\S+"
    r"|(?<![\w.-])[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*|[?#]\S+)"  # t.me/api_key_news
    r"|(?<![\w.+-])[\w.+-]*@[\w.-]+",  # a person's name, an e-mail address
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"[\[(]?\.\.|[*~\u2022]")
_ESCAPES = frozenset("%&\\")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
_NO_SPACES = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_RUN = re.compile(f"([{_NO_SPACES}]+)")
_WORD = re.compile(rf"{ECHO}|[^\W_]+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SENTENCE = re.compile(r"(?<!\bmin)(?<!\bmax)(?<!\.)[.!?;](?=\s|$)|[\n\r。！？；]+", re.IGNORECASE)
_CONTRACTED = re.compile(
    r"n['’]t\b|(?<=\bcan)not\b|(?<=\b(?:do|is))nt\b|(?<=\b(?:does|have))nt\b", re.IGNORECASE
)
# Letters that differ by language or keyboard and mean the same here; most accents go by
# decomposition.
_ALIKE = str.maketrans(
    {"ı": "i", "đ": "d", "ł": "l", "ø": "o", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None}
)


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in decomposed if not unicodedata.category(mark).startswith("M"))


def folded(text: str) -> str:
    """The text in lower case, without accents."""
    if text.isascii():
        return text.lower()
    return _without_marks(_without_marks(text).casefold()).translate(_ALIKE)


def _escaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


_DECODINGS: tuple[Callable[[str], str], ...] = (
    html.unescape,
    lambda text: _UNICODE_ESCAPE.sub(_escaped, text.replace("\\/", "/").replace("\\n", "\n")),
    unquote,
)


def _unescaped(text: str, step: Callable[[str], str] = lambda text: text) -> str:
    """Without the escapes of HTML, JSON and URLs, one in another too; `step` is done before each is
    undone.

    An address has to go while it is escaped: in `https://t.me/not%20enough%20funds` it has no
    spaces yet.
    """
    for _ in range(2):
        for decode in _DECODINGS:
            text = decode(step(text))
    return step(text).encode("utf-8", "replace").decode()


def without_echoes(text: str, echoed: Iterable[str] = ()) -> str:
    """The text without addresses and without what `echoes_of` gave, each replaced by ECHO."""
    plain = _without_marks(_unescaped(text[:LONGEST_TEXT], lambda part: _ADDRESS.sub(ECHO, part)))[
        : 4 * LONGEST_TEXT
    ]
    kept, done = [], 0
    for first, end in sorted(_echoes(plain, echoed)):
        if end > done:
            kept += [plain[done:first], f" {ECHO} "]
            done = end
    return "".join([*kept, plain[done:]])


def echoes_of(written: Iterable[str], common: frozenset[str] = frozenset()) -> frozenset[str]:
    """The letters and digits of whatever may be repeated of what the customer wrote.

    These are values, their lines, the parts of an address (a host without its ending is one), and
    every word of all these. Nobody repeats a word such as "not" out of a comment: `common` words
    have to stand there alone.
    """
    return _echoes_of(tuple(written), common)


# one answer is looked at several times, and what was written may be 480 KB of comments
@lru_cache(maxsize=2)
def _echoes_of(written: tuple[str, ...], common: frozenset[str]) -> frozenset[str]:
    values = {line.strip() for value in written for line in (value, *value.splitlines())}
    values = {_unescaped(value) if _ESCAPES & set(value) else value for value in values} | values
    for address in [value for value in values if "/" in value or "?" in value]:
        values.add(re.sub(r"^\w+://(?:www\.)?", "", address))
        parts = re.split(r"[/?&=#]+", re.sub(r"^\w+://", "", address))
        values |= {piece for part in parts for piece in (part, *part.split("."))}
    squeezed = {"".join(filter(str.isalnum, folded(value))) for value in values}
    squeezed |= {word for value in values for word in _plain_words(value) if word not in common}
    # Digits decide nothing, nor does a single letter.
    return frozenset(value for value in squeezed if len(value) > 1 and any(map(str.isalpha, value)))


def _plain_words(text: str) -> Iterator[str]:
    for word in _WORD.findall(re.sub(r"^\w+://", "", text)):
        yield folded(word)
        yield from map(folded, _CAMEL.split(word))


def _echoes(text: str, values: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where values begin and end in a text, whatever stands between their words; also where they
    are cut off.

    Of those that begin at the same place the longest.
    """
    letters = [
        (mark, at) for at, whole in enumerate(text) for mark in folded(whole) if mark.isalnum()
    ]
    for mirrored, row in ((False, letters), (True, letters[::-1])):
        squeezed, ats = "".join(mark for mark, _ in row), [at for _, at in row]
        pairs = {squeezed[at : at + _SHORTEST_CUT] for at in range(len(squeezed))}
        turned = (value[::-1] if mirrored else value for value in values)
        # A form may have 100,000 words; a text of 500 characters has few of them.
        complete = frozenset(value for value in turned if value[:_SHORTEST_CUT] in pairs)
        wanted, lengths = sorted(complete), frozenset(map(len, complete))
        begun = {value[:_SHORTEST_CUT] for value in wanted}
        edges = [
            edge for edge in range(len(ats) + 1) if _is_edge(text, ats[max(edge - 1, 0) : edge + 1])
        ]
        cuts = {
            edge: _shortest_cut(_after(text, ats[edge - 1], mirrored=mirrored))
            for edge in edges
            if edge
        }
        for number, start in enumerate(edges):
            if squeezed[start : start + _SHORTEST_CUT] not in begun:
                continue
            following = edges[number + 1 :]
            reach = bisect_left(
                following, 1, key=lambda end: int(not _begins(wanted, squeezed[start:end]))
            )
            for end in reversed(following[:reach]):
                length = end - start
                if length >= cuts[end] or (length in lengths and squeezed[start:end] in complete):
                    first, last = sorted((ats[start], ats[end - 1]))
                    yield first, last + 1
                    break


def _begins(wanted: Sequence[str], piece: str) -> bool:
    """Whether one of these, which are sorted, begins with a piece.

    Then one does with the beginning of that, too.
    """
    following = bisect_left(wanted, piece)
    return following < len(wanted) and wanted[following].startswith(piece)


def _after(text: str, last: int, *, mirrored: bool) -> str:
    """A few characters after the spaces that follow, or that stand before."""
    if mirrored:
        return text[max(last - _FEW, 0) : last].rstrip()[::-1]
    return text[last + 1 : last + 1 + _FEW].lstrip()


def _is_edge(text: str, pair: Sequence[int]) -> bool:
    """Whether a word may end at the first place and begin at the last; where there are no spaces,
    it may anywhere.
    """
    return not pair[1:] or abs(pair[-1] - pair[0]) > 1 or any(_RUN.match(text[at]) for at in pair)


def _shortest_cut(rest: str) -> int:
    """How long what stands before `rest` has to be to be taken for the beginning of more."""
    if _CUT_OFF.match(rest):
        return _SHORTEST_CUT
    return _NEVER if rest[:1].isalnum() else _SHORTEST_UNMARKED


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is folded; scripts without spaces are looked for in it."""

    words: frozenset[str]
    text: str

    @classmethod
    def of(cls, text: str) -> Self:
        spaced = folded(_CAMEL.sub(" ", _CONTRACTED.sub(" not", text)))
        return cls(frozenset(_WORD.findall(_RUN.sub(r" \1 ", spaced))), spaced)

    def has(self, word: str) -> bool:
        if word.endswith("*"):
            return any(mine.startswith(word[:-1]) for mine in self.words)
        return word in self.words or (bool(_RUN.match(word)) and word in self.text)


def sentences(text: str) -> list[Sentence]:
    """Of a text that `without_echoes` gave."""
    return [Sentence.of(part) for part in _SENTENCE.split(text) if part.strip()]


@cache
def _parsed(rule: str) -> tuple[tuple[bool, tuple[tuple[str, ...], ...]], ...]:
    """For each group whether it has to be there, and its alternatives."""
    return tuple(
        (
            not group.startswith("!"),
            tuple(_words(one) for one in group.removeprefix("!").split("|")),
        )
        for group in rule.split()
    )


def _words(alternative: str) -> tuple[str, ...]:
    return tuple(folded(word) for word in alternative.split("_"))


def fits(rule: str, sentence: Sentence) -> bool:
    return all(
        any(all(map(sentence.has, words)) for words in alternatives) is wanted
        for wanted, alternatives in _parsed(rule)
    )


def words_of(rules: Iterable[str]) -> frozenset[str]:
    """Every word, folded, that rules want to be there."""
    parsed = (group for rule in rules for group in _parsed(rule))
    return frozenset(
        word
        for wanted, alternatives in parsed
        if wanted
        for words in alternatives
        for word in words
    )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of words."""

    words: frozenset[str]
    stems: tuple[str, ...]
    unspaced: re.Pattern[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        known = frozenset(map(folded, words))
        pieces = sorted((word for word in known if _RUN.match(word)), key=len, reverse=True)
        return cls(
            known,
            tuple(word[:-1] for word in known if word.endswith("*")),
            re.compile("|".join(pieces) or "(?!)"),
        )

    def covers(self, found: Sequence[Sentence]) -> bool:
        """Whether there is no word but those of the list, numbers, and what was cut out."""
        return all(self._knows(word) for sentence in found for word in sentence.words)

    def _knows(self, word: str) -> bool:
        if word in self.words or word == ECHO or word.isdecimal() or word.startswith(self.stems):
            return True
        return bool(_RUN.match(word)) and not self.unspaced.sub("", word)
