"""Error texts as words: unescaped, without addresses and without what the customer wrote, and matched by rules.

The rules' notation is in panel.refusal_words.
"""

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Self
from urllib.parse import unquote

from panel.refusal_words import ECHO

LONGEST_TEXT = 500  # characters of an error that are read for its meaning
# Letters and digits of what the customer wrote that are recognised where the rest is cut off: with dots, and without.
_SHORTEST_CUT, _SHORTEST_UNMARKED = 6, 12

_ADDRESS = re.compile(
    r"(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:)?//\S+"  # https://t.me/api_key_news
    r"|\bwww\.\S+"
    r"|(?<![\w.-])[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*|[?#]\S+)"  # t.me/api_key_news
    r"|(?<![\w.+-])[\w.+-]*@[\w.-]+",  # a person's name, an e-mail address
    re.IGNORECASE,
)
_ESCAPES = frozenset("%&\\")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
_NO_SPACES = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"([{_NO_SPACES}]+)")
_WORD = re.compile(rf"{ECHO}|[^\W_]+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SENTENCE = re.compile(r"(?<!\bmin)(?<!\bmax)(?<!\.)[.!?;](?=\s|$)|[\n\r。！？；]+", re.IGNORECASE)
_CONTRACTED = re.compile(r"n['’]t\b|(?<=\bcan)not\b|(?<=\b(?:do|is))nt\b|(?<=\b(?:does|have))nt\b", re.IGNORECASE)
# Letters that differ by language or keyboard and mean the same here; most accents go by decomposition.
_ALIKE = str.maketrans({"ı": "i", "đ": "d", "ł": "l", "ø": "o", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None})


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
    """Without the escapes of HTML, JSON and URLs, one in another too; `step` is done before each is undone.

    An address has to go while it is escaped: in `https://t.me/not%20enough%20funds` it has no spaces yet.
    """
    for _ in range(2):
        for decode in _DECODINGS:
            text = decode(step(text))
    return step(text).encode("utf-8", "replace").decode()


def without_echoes(text: str, written: Iterable[str]) -> str:
    """The text without addresses and without what the customer `written`, each replaced by ECHO."""
    plain = _without_marks(_unescaped(text[:LONGEST_TEXT], lambda part: _ADDRESS.sub(ECHO, part)))
    kept, done = [], 0
    for first, end in sorted(_echoes(plain, _echoed(written))):
        if end > done:
            kept += [plain[done:first], f" {ECHO} "]
            done = end
    return "".join([*kept, plain[done:]])


def _echoed(written: Iterable[str]) -> list[str]:
    """The letters and digits of what may be repeated: values, their lines, parts of an address of several words."""
    values = {line.strip() for value in written for line in (value, *value.splitlines())}
    for address in [value for value in values if "/" in value or "?" in value]:
        values.add(re.sub(r"^\w+://(?:www\.)?", "", address))
        parts = re.split(r"[/?&=#]", _unescaped(address))
        values |= {part for part in parts if len(_WORD.findall(_CAMEL.sub(" ", part).replace("_", " "))) > 1}
    plain = {_unescaped(value) if _ESCAPES & set(value) else value for value in values}
    squeezed = {"".join(filter(str.isalnum, folded(value))) for value in plain}
    # Digits alone decide nothing.
    return [value for value in squeezed if any(map(str.isalpha, value))]


def _echoes(text: str, values: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where values begin and end in a text, whatever stands between their words; also where they are cut off."""
    letters = [(mark, at) for at, whole in enumerate(text) for mark in folded(whole) if mark.isalnum()]
    for mirrored, row in ((False, letters), (True, letters[::-1])):
        squeezed = "".join(mark for mark, _ in row)
        ats = [-9, *(at for _, at in row)]
        starts = [start for start in range(len(row)) if abs(ats[start + 1] - ats[start]) > 1]
        for value in values:
            wanted = value[::-1] if mirrored else value
            if wanted[:_SHORTEST_CUT] not in squeezed:
                continue
            for start in starts:
                if squeezed.startswith(wanted[:_SHORTEST_CUT], start):
                    length = _common(wanted, squeezed, start)
                    first, last = sorted((row[start][1], row[start + length - 1][1]))
                    if _is_echo(text, first, last + 1, length, whole=length == len(value), mirrored=mirrored):
                        yield first, last + 1


def _common(value: str, squeezed: str, start: int) -> int:
    """How many characters of the value stand at a place."""
    lengths = range(1, min(len(value), len(squeezed) - start) + 1)
    return bisect_left(lengths, x=True, key=lambda length: not squeezed.startswith(value[:length], start))


def _is_echo(text: str, first: int, end: int, length: int, *, whole: bool, mirrored: bool) -> bool:
    if text[:first][-1:].isalnum() or text[end : end + 1].isalnum():
        return False
    rest = text[:first].rstrip()[::-1] if mirrored else text[end:].lstrip()
    if whole or rest.startswith(".."):
        return True
    return length >= _SHORTEST_UNMARKED and not rest[:1].isalnum()


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
        (not group.startswith("!"), tuple(_words(one) for one in group.removeprefix("!").split("|")))
        for group in rule.split()
    )


def _words(alternative: str) -> tuple[str, ...]:
    return tuple(folded(word) for word in alternative.split("_"))


def fits(rule: str, sentence: Sentence) -> bool:
    return all(
        any(all(map(sentence.has, words)) for words in alternatives) is wanted for wanted, alternatives in _parsed(rule)
    )


def words_of(rules: Iterable[str]) -> frozenset[str]:
    """Every word, folded, that rules want to be there."""
    parsed = (group for rule in rules for group in _parsed(rule))
    return frozenset(word for wanted, alternatives in parsed if wanted for words in alternatives for word in words)


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
            known, tuple(word[:-1] for word in known if word.endswith("*")), re.compile("|".join(pieces) or "(?!)")
        )

    def covers(self, found: Sequence[Sentence]) -> bool:
        """Whether there is no word but those of the list, numbers, and what was cut out."""
        return all(self._knows(word) for sentence in found for word in sentence.words)

    def _knows(self, word: str) -> bool:
        if word in self.words or word == ECHO or word.isdecimal() or word.startswith(self.stems):
            return True
        return bool(_RUN.match(word)) and not self.unspaced.sub("", word)
