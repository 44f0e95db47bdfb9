"""One answer of a provider: its leading JSON value, whatever Content-Type and code say, and its
refusal.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from panel.error_codes import Meaning, definite_meaning, meaning_of
from panel.errors import NotSent, OutcomeUnknown, Rejected, Unavailable
from panel.models import ItemError
from panel.parsing import LONGEST_NUMBER, shown, text_of
from panel.redaction import Redactor
from panel.refusals import may_have_ordered, unflagged

BLANK = " \t\r\n\0\ufeff"  # before the value; scripts print newlines, included files a BOM
REQUEST_TIMEOUT = 408
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
NO_API = frozenset({300, 301, 302, 303, 307, 308, 404, 405})  # redirects are never followed
# a page under one of these is a firewall's, or a password's
WALLS = frozenset({401, 403, 406, 407, 451})
_CHALLENGE = re.compile(
    r"just a moment|checking your browser|attention required|verify(?:ing)? (?:that )?you "
    r"are (?:a )?human|captcha"
    r"|are you a robot|ddos protection|cdn-cgi|cf-chl|_incapsula_|sucuri|enable "
    r"javascript and cookies|security check",
    re.IGNORECASE,
)
_LOOK_FOR_CHALLENGE = 20_000  # characters of a page
_PAGE = 200
# Only where the words say nothing: what the HTTP code of the strict family says.
CODE_MEANINGS = {401: Meaning.BAD_KEY, 402: Meaning.FUNDS, 429: Meaning.RATE_LIMIT}


class UnreadableError(ValueError):
    """The body doesn't begin with a JSON value."""


def _whole(digits: str) -> int | str:
    """An int, or the digits themselves where Python would refuse to convert them: one absurd number
    must not hide the order id beside it.
    """
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


# NaN and Infinity are read as nothing at all. strict=False lets raw newlines stand in strings.
DECODER = json.JSONDecoder(parse_int=_whole, parse_constant=lambda _: None, strict=False)


def leading_value(text: str) -> Any:
    """The JSON value that a text begins with; panels add debug output after it.

    Raises UnreadableError.
    """
    try:
        return DECODER.raw_decode(text.lstrip(BLANK))[0]
    except (ValueError, RecursionError):
        raise UnreadableError from None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the errors it can turn into; every text in them is redacted."""

    code: int
    text: str = field(repr=False)
    redact: Redactor = field(repr=False)
    retry_after: float | None = None
    """Seconds, as the answer says."""
    cut: str = ""
    """Why the body ended early, if it did. What came before is still evidence."""
    ordered: Collection[str] | None = field(default=None, repr=False)
    """What the customer wrote, where this answers an `add`; None for every other action."""

    @property
    def ordering(self) -> bool:
        return self.ordered is not None

    def value(self) -> Any:
        return leading_value(self.text)

    def item_error(self, said: str) -> ItemError:
        # Without the key, which is no "demo-key" to go by either.
        meaning = meaning_of(self.redact(said), self.ordered or (), ordering=self.ordering)
        if self.code == TOO_MANY_REQUESTS or meaning is Meaning.OTHER:
            meaning = CODE_MEANINGS.get(self.code, meaning)
        return ItemError(self.redact.excerpt(text_of(said)), meaning)

    @property
    def doubtful(self) -> bool:
        """Whether the code is one that whatever stands between us and the provider gives too, after
        the action.
        """
        return self.code >= SERVER_ERROR or self.code == REQUEST_TIMEOUT

    def hinted(self, value: Any) -> str | None:
        """The words of what looks like an error and isn't called one; believed where they have a
        listed meaning.
        """
        said = unflagged(value)
        if said is None or self.item_error(said).meaning in {Meaning.OTHER, Meaning.TEMPORARY}:
            return None
        return said

    def definite(self, error: ItemError) -> bool:
        """Whether the error is the provider's own for sure."""
        anybody = self.doubtful or (self.ordering and self.code in NO_API)
        return not anybody or self._own(error)

    def _own(self, error: ItemError) -> bool:
        """Whether nobody but the provider can have said it."""
        meaning = definite_meaning(error.text, self.ordered or (), ordering=self.ordering)
        return meaning is error.meaning is not Meaning.OTHER

    @property
    def page(self) -> bool:
        """Whether it is a page or a plain text. "404 page not found" begins with a JSON value, and
        is one.
        """
        text = self.text.lstrip(BLANK)
        return bool(text) and text[0] not in "[{" and text.rstrip(BLANK).lower() != "null"

    @property
    def walled(self) -> bool:
        """Whether a firewall answered instead of the provider.

        Not under 5xx: such pages come from behind it too.
        """
        if self.doubtful or not self.page:
            return False
        return self.code in WALLS or bool(_CHALLENGE.search(self.text[:_LOOK_FOR_CHALLENGE]))

    def met_no_api(self, value: Any, error: ItemError | None) -> bool:
        """Whether nothing behind the address has read the request.

        `error`: a refusal, if there is one.

        Routers, frameworks and log-in pages speak JSON too, in any words and language; so of an
        `add` nothing but what only a provider can say is an answer of the API, and what may tell of
        an order.
        """
        if self.code not in NO_API:
            return False
        if self.ordering and isinstance(value, dict | list):
            return not (error is not None and self._own(error)) and not may_have_ordered(value)
        return error is None and (self.page or self.text.strip(BLANK) in {"", "null", "{}", "[]"})

    def rejected(self, error: ItemError) -> Rejected:
        return Rejected(error.text, error.meaning, self.retry_after, code=self.code)

    def not_taken(self) -> NotSent:
        return NotSent(
            self._reason(f"no API at this address: {self._evidence[:_PAGE]}".rstrip(": ")),
            code=self.code,
        )

    def unknown(self, reason: str) -> OutcomeUnknown:
        return OutcomeUnknown(
            self._reason(reason), self._evidence, code=self.code, walled=self.walled
        )

    def unavailable(self, reason: str) -> Unavailable:
        # Without a code it counts as a network failure.
        code = None if self.cut else self.code
        return Unavailable(self._reason(reason), self._evidence, code=code, walled=self.walled)

    def unreadable(self, name: str, value: Any) -> Unavailable:
        """An answer whose value of this name can't be read."""
        said = self.redact.excerpt(shown(value), 100) or '""'
        return Unavailable(
            f"{name} {said} can't be read", self._evidence, code=self.code, unreadable=said
        )

    def _reason(self, reason: str) -> str:
        return f"HTTP {self.code}: {self.cut or reason}"

    @property
    def _evidence(self) -> str:
        return self.redact.excerpt(text_of(self.text[:1_000_000]).strip())
