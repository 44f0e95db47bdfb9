"""The answers that stand in for the right one: pages, nothing, garbage."""

import json

from playground.provider.faults import Fault
from playground.provider.reply import Reply

PAGE = b"""<!DOCTYPE html>
<html><head><title>%s</title></head>
<body><center><h1>%s</h1></center><hr><center>gateway</center></body></html>
"""
TRAILING = b'string(76) "Failed to connect to notify.example port 443: Connection timed out"'


def page(title: str, status: int) -> Reply:
    text = title.encode()
    return Reply(PAGE % (text, text), status, "text/html")


def replacement(fault: Fault) -> Reply:
    """The answer of a fault that sends another answer. `fault.text` replaces its sentence."""
    sentence = fault.text or "Something went wrong"
    answers = {
        "html_502": page("502 Bad Gateway", 502),
        "html_403": page("Attention required", 403),
        "html_after": page("Maintenance", 200),
        "null": Reply(b"null"),
        "empty": Reply(b""),
        "error_500_empty": Reply(b"", 500, "text/html"),
        "garbage": Reply(b"Warning: mysqli_connect(): (HY000/2002): Connection refused", 200, "text/html"),
        "status_error": Reply(json.dumps({"status": "error", "message": sentence}).encode()),
        "detail_422": Reply(
            json.dumps({"detail": [{"loc": ["body", "link"], "msg": sentence, "type": "value_error"}]}).encode(),
            422,
        ),
    }
    return answers[fault.kind]
