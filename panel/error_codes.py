"""What a provider's error text means, by its words.

Numeric codes aren't reliable: one family uses 113 for both a busy link and missing funds.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

from panel import further_words, harmless_words, refusal_words
from panel.refusal_words import ECHO
from panel.wording import (
    LONGEST_TEXT,
    Sentence,
    Vocabulary,
    echoes_of,
    fits,
    folded,
    sentences,
    without_echoes,
    words_of,
)


class Meaning(StrEnum):
    """What an error is about, for whoever decides what to do next."""

    BAD_KEY = "bad_key"  # the operator's key or account
    BAD_SERVICE = "bad_service"
    FUNDS = "funds"  # the operator's balance at the provider, never the customer's
    QUANTITY = "quantity"
    LINK = "link"
    BUSY_LINK = "busy_link"  # an active order has this link: wait and send later
    ORDER_ID = "order_id"  # soon after `add` it can mean "not indexed yet"
    REFILL = "refill"
    RATE_LIMIT = "rate_limit"
    TEMPORARY = "temporary"
    UNSUPPORTED = "unsupported"  # the provider has no such action, or not in this form
    OTHER = "other"  # unlisted


Rules = Sequence[tuple[Meaning, Sequence[str]]]


def _rules(table: Iterable[tuple[str, str]]) -> Rules:
    return [
        (Meaning(name), [line.strip() for line in lines.strip().splitlines()])
        for name, lines in table
    ]


DEFINITE = _rules(refusal_words.DEFINITE)
OF_AN_ORDER = _rules(refusal_words.OF_AN_ORDER)
OF_THE_ACCOUNT = _rules(refusal_words.OF_THE_ACCOUNT)
USUAL = _rules((*refusal_words.USUAL, *further_words.FURTHER))
# From the narrow to the wide; FUNDS stands before QUANTITY for "insufficient balance, minimum 5".
_ORDER = (
    *(
        Meaning.RATE_LIMIT,
        Meaning.BUSY_LINK,
        Meaning.FUNDS,
        Meaning.BAD_KEY,
        Meaning.REFILL,
        Meaning.ORDER_ID,
    ),
    *(Meaning.BAD_SERVICE, Meaning.QUANTITY, Meaning.LINK, Meaning.UNSUPPORTED, Meaning.TEMPORARY),
)
ALL: Rules = sorted([*DEFINITE, *OF_AN_ORDER, *USUAL], key=lambda row: _ORDER.index(row[0]))
_OF_AN_ADD = {Meaning.BUSY_LINK, Meaning.BAD_SERVICE, Meaning.QUANTITY, Meaning.LINK}
_ELSEWHERE: Rules = [*OF_THE_ACCOUNT, *(row for row in ALL if row[0] not in _OF_AN_ADD)]
# Where an address is a matter of course; beside any other words it may be the address of who
# speaks.
_WITH_ADDRESS = {Meaning.LINK, Meaning.BUSY_LINK}

_HARMLESS = Vocabulary.of(
    [
        *words_of(rule for _, rules in (*DEFINITE, *OF_AN_ORDER) for rule in rules),
        *harmless_words.HARMLESS.split(),
    ]
)
_COMMON = frozenset(map(folded, harmless_words.COMMON.split()))
# What keeps more than the one order back.
STOPPING = {Meaning.BAD_KEY, Meaning.FUNDS, Meaning.RATE_LIMIT}


def meaning_of(text: str, written: Iterable[str] = (), *, ordering: bool = True) -> Meaning:
    """The meaning of an error text; OTHER for what nobody has listed, in any language.

    `written` are the customer's own words, which decide nothing when they are repeated: what is
    left without them does. What stops the shop has to be said by the rest and by the whole, since a
    word can also take a meaning away. Where that is nothing, and the customer has by chance written
    a common word such as "link", the text with the common words back may mean something, but
    nothing that stops the shop. `ordering`: it is an answer to `add`, where "User not found" is
    about the link; elsewhere nothing is about a link, a quantity or a service, and it can only be
    the operator's account.
    """
    whole = _known_meaning(text[:LONGEST_TEXT], ordering=ordering)
    own = tuple(written)
    if not own:
        return whole
    echoes = echoes_of(own, _COMMON)
    meaning = _meaning(text, echoes, ordering=ordering)
    if meaning is not Meaning.OTHER and (meaning not in STOPPING or whole in STOPPING):
        return meaning
    meaning = _meaning(text, echoes - _COMMON, ordering=ordering)
    return Meaning.OTHER if meaning in STOPPING else meaning


def _meaning(text: str, echoes: Iterable[str], *, ordering: bool) -> Meaning:
    return _first(ALL if ordering else _ELSEWHERE, sentences(without_echoes(text, echoes)))


@lru_cache(maxsize=256)
def _known_meaning(text: str, *, ordering: bool) -> Meaning:
    """A batch of a hundred ids may have the same error a hundred times."""
    return _meaning(text, (), ordering=ordering)


def definite_meaning(text: str, written: Iterable[str] = (), *, ordering: bool = True) -> Meaning:
    """The meaning of an error under an HTTP code that gateways and frameworks use too; OTHER where
    they may speak.
    """
    if len(text) >= LONGEST_TEXT:
        return Meaning.OTHER
    found = sentences(without_echoes(text, echoes_of(written, _COMMON)))
    if not _HARMLESS.covers(found):
        return Meaning.OTHER
    rules = DEFINITE if ordering else [*DEFINITE, *OF_AN_ORDER]
    meaning = _first(rules, found)
    if meaning is not _first(rules, sentences(without_echoes(text))):
        return Meaning.OTHER
    strange = meaning not in _WITH_ADDRESS and any(sentence.has(ECHO) for sentence in found)
    return Meaning.OTHER if strange else meaning


def _first(rules: Rules, found: Sequence[Sentence]) -> Meaning:
    for meaning, lines in rules:
        if any(fits(line, sentence) for line in lines for sentence in found):
            return meaning
    return Meaning.OTHER
