"""One HTTP answer, before any socket."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reply:
    """Body, code and type, ready for a web server to send."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
