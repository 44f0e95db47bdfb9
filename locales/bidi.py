"""Keeping what people and providers write from turning the line around it.

A right-to-left name swaps the numbers beside it, and an override in one would turn all that
follows. An isolate ends both: what is open in it is closed with it.
"""

import re

_FIRST, _LAST = "\u2068", "\u2069"  # an isolate that finds its own direction
_BEGINS = "\u2066\u2067\u2068"
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_MARKS = "\u061c\u200e\u200f\u202a-\u202e"  # marks, embeddings, overrides
_TURNS = re.compile(f"[{_RIGHT_TO_LEFT}{_MARKS}]")
_ISOLATES = re.compile(f"[{_BEGINS}{_LAST}]")
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # an isolate ends there, too
_CODE = re.compile(r"<(code|pre)>([^<]*)</\1>")


def isolated(text: str) -> str:
    """Return the text with every line in an isolate that could turn what stands beside it.

    Others stay as they are.
    """
    text = _OTHER_LINE_ENDS.sub(" ", text)
    if text.isascii():
        return text
    if not _are_in_pairs(text):  # cut off, or somebody's attempt to end ours
        text = _ISOLATES.sub("", text)
    return "\n".join(_line(line) for line in text.split("\n")) if _TURNS.search(text) else text


def with_bare_codes(markup: str) -> str:
    """Move isolates from within <code> around it: what is copied from there must be what was filled
    in.
    """
    return _CODE.sub(_bare, markup) if _FIRST in markup else markup


def _depth(character: str) -> int:
    return (character in _BEGINS) - (character == _LAST)


def _are_in_pairs(text: str) -> bool:
    depth = 0
    for character in text:
        depth += _depth(character)
        if depth < 0:
            return False
    return depth == 0


def _line(line: str) -> str:
    """Isolate a line where something outside of its own isolates could turn it."""
    depth = 0
    for character in line:
        depth += _depth(character)
        if depth <= 0 and _TURNS.match(character):
            return f"{_FIRST}{line}{_LAST}"
    return line


def _bare(found: re.Match[str]) -> str:
    tag, text = found.groups()
    bare = _ISOLATES.sub("", text)
    return found[0] if bare == text else f"{_FIRST}<{tag}>{bare}</{tag}>{_LAST}"
