"""Logging to the console, with the secrets taken out of everything, traces included."""

import logging
from collections.abc import Iterable
from urllib.parse import quote

_SHORTEST = 4  # what is shorter is no secret, and would blacken half of every line


class Redacting(logging.Formatter):
    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        found = {form for secret in secrets if len(secret) >= _SHORTEST for form in (secret, quote(secret, safe=""))}
        self._secrets = sorted(found, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def configure(level: str, secrets: Iterable[str]) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "aiohttp.access", "alembic", "aiogram.event"):
        logging.getLogger(chatty).setLevel(max(logging.getLevelName(level), logging.WARNING))
