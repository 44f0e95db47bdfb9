"""One answer of a provider: its leading JSON value, whatever Content-Type and code say, and its refusal."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from panel.errors import NotSent, OutcomeUnknown, Rejected, Unavailable
from panel.meanings import Meaning, definite_meaning, meaning_of, met_nothing
from panel.models import ItemError
from panel.redaction import Redactor
from panel.values import LONGEST_NUMBER, shown, text_of, words

BLANK = " \t\r\n\0\ufeff"  # before the value; scripts print newlines, included files a BOM
REDIRECT = 300
REQUEST_TIMEOUT = 408
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
NO_API = frozenset({300, 301, 302, 303, 307, 308, 404, 405})  # redirects are never followed
WALLS = frozenset({401, 403, 406, 407, 451})  # a page under one of these is a firewall's, or a password's
_CHALLENGE = re.compile(
    r"just a moment|checking your browser|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|captcha"
    r"|are you a robot|ddos protection|cdn-cgi|cf-chl|_incapsula_|sucuri|enable javascript and cookies|security check",
    re.IGNORECASE,
)
_LOOK_FOR_CHALLENGE = 20_000  # characters of a page
_PAGE = 200
ORDER_SIGNS = ("charge", "remains", "start_count", "start_counter", "runs", "orders")
# Only where the words say nothing: what the HTTP code of the strict family says.
CODE_MEANINGS = {401: Meaning.BAD_KEY, 402: Meaning.FUNDS, 429: Meaning.RATE_LIMIT}


class UnreadableError(ValueError):
    """The body doesn't begin with a JSON value."""


def _whole(digits: str) -> int | str:
    """An int, or the digits themselves where Python would refuse to convert them: one absurd number must not
    hide the order id beside it.
    """
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


# NaN and Infinity are read as nothing at all. strict=False lets raw newlines stand in strings.
DECODER = json.JSONDecoder(parse_int=_whole, parse_constant=lambda _: None, strict=False)


def leading_value(text: str) -> Any:
    """The JSON value that a text begins with; panels add debug output after it. Raises UnreadableError."""
    try:
        return DECODER.raw_decode(text.lstrip(BLANK))[0]
    except (ValueError, RecursionError):
        raise UnreadableError from None


def _failing(value: dict[str, Any]) -> bool:
    status = value.get("status")
    named = isinstance(status, str) and status.strip().lower() in {"error", "fail", "failed", "failure", "false"}
    denied = any(name in value and text_of(value[name]).lower() in {"0", "false"} for name in ("success", "ok"))
    return named or any(value.get(name) is False for name in ("status", "success", "ok", "result")) or denied


def _succeeding(value: dict[str, Any]) -> bool:
    return value.get("success") is True or text_of(value.get("status")).strip().lower() in {"success", "ok"}


def _is_state(value: dict[str, Any], message: str) -> bool:
    """Whether "Failed" is said of the order: it stands alone, or beside the figures of an order."""
    return not message or any(name in value for name in ORDER_SIGNS)


def _error_words(value: dict[str, Any], message: str) -> str | None:
    for name in ("error", "errors"):
        said = words(value.get(name))
        if said.lower() not in {"", "0", "false", "null", "none"}:
            return _joined("" if said.lower() in {"1", "true"} else said, message) or said
        if value.get(name) is True or (value.get(name) and isinstance(value.get(name), dict | list)):
            return message or "error"
    return None


def _joined(said: str, message: str) -> str:
    """Frameworks give the name of the HTTP code as `error`, and what happened beside it."""
    return said if message.lower() in said.lower() else ": ".join(filter(None, (said, message)))


def _inner(value: dict[str, Any]) -> Any:
    """What stands in `data`, alone or in a list of its own."""
    return only(value.get("data"))


def only(value: Any) -> Any:
    """The one object of a list; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict) else value


def refusal(value: Any, code: int = 200, *, of_status: bool = False) -> str | None:
    """The words of an explicit error in a parsed body, or None.

    `of_status`: in an answer to `status` and `refill_status`, "Error" may be the state.
    """
    value = only(value)
    if not isinstance(value, dict):
        return None
    message = words(value.get("message")) or words(value.get("msg"))
    said = _error_words(value, message)
    if said is not None:
        return said
    if _failing(value) and not (of_status and _is_state(value, message)):
        return message or words(_inner(value)) or words(value.get("code")) or "error"
    if isinstance(_inner(value), dict) and (said := refusal(_inner(value), of_status=of_status)) is not None:
        return said
    if code < REDIRECT or _succeeding(value):  # from here on only an HTTP code makes the words a refusal
        return None
    return words(value.get("detail")) or message or words(value.get("title")) or None


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
        """Whether the code is one that whatever stands between us and the provider gives too, after the action."""
        return self.code >= SERVER_ERROR or self.code == REQUEST_TIMEOUT

    def definite(self, error: ItemError) -> bool:
        """Whether the error is the provider's own for sure."""
        if not self.doubtful:
            return True
        meaning = definite_meaning(error.text, self.ordered or (), ordering=self.ordering)
        return meaning is error.meaning is not Meaning.OTHER

    @property
    def page(self) -> bool:
        """Whether it is a page or a plain text. "404 page not found" begins with a JSON value, and is one."""
        text = self.text.lstrip(BLANK)
        return bool(text) and text[0] not in "[{" and text.rstrip(BLANK).lower() != "null"

    @property
    def walled(self) -> bool:
        """Whether a firewall answered instead of the provider. Not under 5xx: such pages come from behind it too."""
        if self.doubtful or not self.page:
            return False
        return self.code in WALLS or bool(_CHALLENGE.search(self.text[:_LOOK_FOR_CHALLENGE]))

    def met_no_api(self, said: str | None) -> bool:
        """Whether nothing behind the address has read the request. `said`: the words of a refusal, if there are any."""
        if self.code not in NO_API:
            return False
        if said is not None:
            return self.ordering and met_nothing(said)
        return self.page or self.text.strip(BLANK) in {"", "null", "{}", "[]"}

    def rejected(self, error: ItemError) -> Rejected:
        return Rejected(error.text, error.meaning, self.retry_after, code=self.code)

    def not_taken(self) -> NotSent:
        return NotSent(self._reason(f"no API at this address: {self._evidence[:_PAGE]}".rstrip(": ")), code=self.code)

    def unknown(self, reason: str) -> OutcomeUnknown:
        return OutcomeUnknown(self._reason(reason), self._evidence, code=self.code, walled=self.walled)

    def unavailable(self, reason: str) -> Unavailable:
        # Without a code it counts as a network failure.
        code = None if self.cut else self.code
        return Unavailable(self._reason(reason), self._evidence, code=code, walled=self.walled)

    def unreadable(self, name: str, value: Any) -> Unavailable:
        """An answer whose value of this name can't be read."""
        said = self.redact.excerpt(shown(value), 100) or '""'
        return Unavailable(f"{name} {said} can't be read", self._evidence, code=self.code, unreadable=said)

    def _reason(self, reason: str) -> str:
        return f"HTTP {self.code}: {self.cut or reason}"

    @property
    def _evidence(self) -> str:
        return self.redact.excerpt(text_of(self.text[:1_000_000]).strip())
