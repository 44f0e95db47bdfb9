"""Logging to the console, as text or JSON, with the secrets taken out of everything, traces
included.
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

_SHORTEST = 4  # what is shorter is no secret, and would blacken half of every line
# JSON leaves them as they are, and some readers take them for the end of a line.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}

Redact = Callable[[str], str]


def redaction(secrets: Iterable[str]) -> Redact:
    """Return what takes these secrets out of a text, also as they stand in an address."""
    found = {
        form
        for secret in secrets
        if len(secret) >= _SHORTEST
        for form in (secret, quote(secret, safe=""))
    }
    longest_first = sorted(found, key=len, reverse=True)

    def redact(text: str) -> str:
        for secret in longest_first:
            text = text.replace(secret, "***")
        return text

    return redact


class Redacting(logging.Formatter):
    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redact = redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class JsonLines(logging.Formatter):
    """One object a line: time in UTC, level, logger, message, and the trace of an exception where
    there is one.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._redact = redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redact(
                record.getMessage()
            ),  # before it is JSON, where a quote in a secret looks different
        }
        if trace := self._trace(record):
            said["exception"] = self._redact(trace)
        return json.dumps(said, ensure_ascii=False).translate(_LINE_ENDS)

    def _trace(self, record: logging.LogRecord) -> str:
        parts = [record.exc_text or "", record.stack_info or ""]
        if record.exc_info and not record.exc_text:
            parts[0] = self.formatException(record.exc_info)
        return "\n".join(part for part in parts if part)


# Libraries that say more than anybody reads.
CHATTY = ("httpx", "httpcore", "aiohttp.access", "alembic", "aiogram.event")


def configure(level: str, secrets: Iterable[str], form: Literal["text", "json"] = "text") -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(secrets) if form == "json" else Redacting(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.getLevelName(level), logging.WARNING))
