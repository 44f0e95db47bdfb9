"""Keeping the API key out of errors, representations and logs.

Panels echo it in error texts, and httpx logs every URL at INFO, which holds the key when a profile
sends parameters in the query string.
"""

import html
import json
import logging
import re
from urllib.parse import quote, quote_plus

HIDDEN = "***"
EXCERPT = 500  # characters of a provider's words that an error may carry
# httpcore's DEBUG prints the headers of answers: a redirect's Location may repeat the whole query.
LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11")


class Redactor:
    """Replaces the key, as it is and as URL, JSON and HTML write it, by `***`."""

    def __init__(self, key: str) -> None:
        in_json = json.dumps(key)[1:-1]
        forms = {
            key,
            key.strip(),
            key.replace("/", "\\/"),
            in_json,
            in_json.replace("/", "\\/"),
            html.escape(key),
        }
        for encode in (quote, quote_plus):
            forms |= {encode(key, errors="replace"), encode(key, safe="", errors="replace")}
        forms.discard("")
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = (
            re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if forms else None
        )
        self._longest = max(map(len, forms), default=1)

    def __call__(self, text: str) -> str:
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def excerpt(self, text: str, limit: int = EXCERPT) -> str:
        """The redacted beginning of a text of any length, at most `limit` characters."""
        # Cutting first could leave half a key at the end. A key shrinks to three characters, so
        # this much of the text always fills the limit before the place of the cut.
        return self(text[: limit * max(self._longest, 3)])[:limit]


class RedactingFilter(logging.Filter):
    """Takes the key out of the records of a logger."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = self._redact(said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True

    def install(self) -> None:
        for name in LOGGERS:
            logging.getLogger(name).addFilter(self)

    def remove(self) -> None:
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(self)
