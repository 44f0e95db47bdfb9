"""A call's parameters, whichever way they came: form strings, JSON values, multipart parts."""

import json
from dataclasses import dataclass, field
from typing import Any

from playground.telegram.errors import bad_request


@dataclass(frozen=True)
class Upload:
    """A part of a multipart body."""

    filename: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Params:
    """Readers as tolerant as the real server: numbers may be strings, objects may be JSON
    strings.
    """

    raw: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.raw.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.raw.get(name) or default)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return str(self.raw.get(name) or "").lower() in {"true", "1", "yes", "t", "y"}

    def json(self, name: str, expected: type, what: str) -> Any:
        """An object or a list, or None when it isn't given; `what` names it in the complaint."""
        value = self.raw.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {what} JSON object") from None
        if not isinstance(value, expected):
            kind = "object" if expected is dict else "array"
            raise bad_request(f"{kind} expected as {what}")
        return value

    def obj(self, name: str, what: str | None = None) -> dict[str, Any] | None:
        value: dict[str, Any] | None = self.json(name, dict, what or name.replace("_", " "))
        return value

    def array(self, name: str, what: str | None = None) -> list[Any] | None:
        value: list[Any] | None = self.json(name, list, what or name.replace("_", " "))
        return value
