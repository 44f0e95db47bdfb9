"""The answers that stand in for the right one: pages, nothing, garbage."""

import json
from dataclasses import replace

from playground.provider.faults import Fault
from playground.provider.reply import Reply

PAGE = b"""<!DOCTYPE html>
<html><head><title>%s</title></head>
<body><center><h1>%s</h1></center><hr><center>gateway</center></body></html>
"""
ELSEWHERE = "https://elsewhere.example/api/v2"
TRAILING = b'string(76) "Failed to connect to notify.example port 443: Connection timed out"'


def page(title: str, status: int) -> Reply:
    text = title.encode()
    return Reply(PAGE % (text, text), status, "text/html")


def _error(status: int, **said: str) -> Reply:
    return Reply(json.dumps(said).encode(), status)


def replacement(fault: Fault) -> Reply:
    """The answer of a fault that sends another answer. `fault.text` replaces its sentence."""
    sentence = fault.text or "Something went wrong"
    retry = {"Retry-After": str(round(fault.seconds or 1))}
    answers = {
        "redirect_301": replace(
            page("301 Moved Permanently", 301), headers={"Location": ELSEWHERE}
        ),
        "html_404": page("404 Not Found", 404),
        "html_405": page("405 Not Allowed", 405),
        "page_429": Reply(b"error code: 1015", 429, "text/html", retry),
        "gateway_504": _error(504, error=fault.text or "Gateway Timeout"),
        "gateway_408": _error(408, detail=fault.text or "Request Timeout"),
        "error_500": _error(500, error=fault.text or "Server Error"),
        "html_502": page("502 Bad Gateway", 502),
        "html_403": page("Attention required", 403),
        "html_after": page("Maintenance", 200),
        "null": Reply(b"null"),
        "empty": Reply(b""),
        "error_500_empty": Reply(b"", 500, "text/html"),
        "garbage": Reply(
            b"Warning: mysqli_connect(): (HY000/2002): Connection refused", 200, "text/html"
        ),
        "status_error": Reply(json.dumps({"status": "error", "message": sentence}).encode()),
        "detail_422": Reply(
            json.dumps(
                {"detail": [{"loc": ["body", "link"], "msg": sentence, "type": "value_error"}]}
            ).encode(),
            422,
        ),
    }
    return answers[fault.kind]
