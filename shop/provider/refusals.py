"""The words of a refusal, without what differs from order to order: two of the same kind have the
same words.
"""

import re
from collections.abc import Iterable

from panel.harmless_words import HARMLESS
from panel.refusal_words import ECHO
from panel.wording import echoes_of, folded, without_echoes

_LONGEST, _NOTHING = 200, "-"
_WORD = re.compile(r"[^\W_]+")
# these are the provider's, whoever has written them too
_USUAL = frozenset(map(folded, HARMLESS.split()))
_DATES = """
jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october
november december mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday am pm utc gmt
"""  # noqa: E501
_OF_DATES = frozenset(_DATES.split())


def words_of(text: str, written: Iterable[str] = ()) -> str:
    """Return the words of a text of any length, in lower case: no numbers, ids, dates, addresses,
    marks.

    `written`: what the customer wrote, and whatever else is the order's own. None of its words is
    among them, unless it is one that such texts are made of.
    """
    values = [value for value in written if value]
    own = frozenset(word for value in values for word in _WORD.findall(folded(value))) - _USUAL
    echoes = [value for value in values if own.intersection(_WORD.findall(folded(value)))]
    plain = folded(without_echoes(text, echoes_of(echoes, _USUAL)).replace(ECHO, " "))
    return (
        " ".join(word for word in _WORD.findall(plain) if _counts(word, own))[:_LONGEST] or _NOTHING
    )


def _counts(word: str, own: frozenset[str]) -> bool:
    if any(map(str.isdigit, word)) or (len(word) == 1 and word.isascii()):
        return False
    return word not in _OF_DATES and word not in own
