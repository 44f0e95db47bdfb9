"""One answer of a provider: its leading JSON value, whatever Content-Type and code say, and its refusal."""

import json
from dataclasses import dataclass, field
from typing import Any

from panel.errors import OutcomeUnknown, Rejected, Unavailable
from panel.meanings import Meaning, meaning_of
from panel.models import ItemError
from panel.redaction import Redactor
from panel.values import LONGEST_NUMBER, text_of, words

BLANK = " \t\r\n\0\ufeff"  # before the value; scripts print newlines, included files a BOM
REQUEST_TIMEOUT = 408
SERVER_ERROR = 500
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
    named = isinstance(status, str) and status.strip().lower() in {"error", "fail", "failed", "false"}
    return named or status is False or value.get("success") is False


def _is_state(value: dict[str, Any], message: str) -> bool:
    """Whether "Failed" is said of the order: it stands alone, or beside the figures of an order."""
    return not message or any(name in value for name in ORDER_SIGNS)


def _error_words(value: dict[str, Any], message: str) -> str | None:
    for name in ("error", "errors"):
        said = words(value.get(name))
        if said.lower() not in {"", "0", "false", "null", "none"}:
            return message if message and said in {"1", "true"} else said
        if value.get(name) is True or (value.get(name) and isinstance(value.get(name), dict | list)):
            return message or "error"
    return None


def refusal(value: Any, code: int = 200, *, of_status: bool = False) -> str | None:
    """The words of an explicit error in a parsed body, or None.

    `of_status`: in an answer to `status` and `refill_status`, "Error" may be the state.
    """
    if not isinstance(value, dict):
        return None
    message = words(value.get("message")) or words(value.get("msg"))
    said = _error_words(value, message)
    if said is not None:
        return said
    if _failing(value) and not (of_status and _is_state(value, message)):
        return message or "error"
    if code < 400:  # noqa: PLR2004 - from here on only an HTTP code makes the words a refusal
        return None
    if detail := words(value.get("detail")):
        return detail
    # A 408 may come from a proxy in between, after the panel has begun.
    return message if message and code < SERVER_ERROR and code != REQUEST_TIMEOUT else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the errors it can turn into; every text in them is redacted."""

    code: int
    text: str = field(repr=False)
    redact: Redactor = field(repr=False)
    retry_after: float | None = None
    """Seconds."""
    cut: str = ""
    """Why the body ended early, if it did. What came before is still evidence."""

    def value(self) -> Any:
        return leading_value(self.text)

    def item_error(self, said: str) -> ItemError:
        meaning = meaning_of(said)
        if meaning is Meaning.OTHER:
            meaning = CODE_MEANINGS.get(self.code, meaning)
        return ItemError(self.redact.excerpt(text_of(said)), meaning)

    def rejected(self, error: ItemError) -> Rejected:
        return Rejected(error.text, error.meaning, self.retry_after, code=self.code)

    def unknown(self, reason: str) -> OutcomeUnknown:
        return OutcomeUnknown(self._reason(reason), self._evidence, code=self.code)

    def unavailable(self, reason: str) -> Unavailable:
        # Without a code it counts as a network failure.
        return Unavailable(self._reason(reason), self._evidence, code=None if self.cut else self.code)

    def _reason(self, reason: str) -> str:
        return f"HTTP {self.code}: {self.cut or reason}"

    @property
    def _evidence(self) -> str:
        return self.redact.excerpt(text_of(self.text[:1_000_000]).strip())
