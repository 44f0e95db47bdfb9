"""Refusals: where the words of an error stand in a parsed body, and what makes them one."""

import re
from typing import Any

from panel.parsing import text_of, words

REDIRECT = 300
ORDER_SIGNS = ("charge", "remains", "start_count", "start_counter", "runs", "orders")
_FAILED = frozenset({"error", "fail", "failed", "failure", "false"})
# Where the words of an error stand, in any case of letters.
_MESSAGES = (
    *(
        "message",
        "msg",
        "reason",
        "error_message",
        "errormessage",
        "error_msg",
        "errormsg",
        "errmsg",
        "err_msg",
    ),
    *("error_description", "description", "err", "response"),
)
_ERRORS = (
    "error",
    "errors",
    "err",
    "error_message",
    "errormessage",
    "error_msg",
    "errormsg",
    "errmsg",
    "err_msg",
)
_CODES = (
    "code",
    "status",
    "statuscode",
    "status_code",
    "error_code",
    "errorcode",
    "errcode",
    "errno",
)
_INNER = ("data", "result", "response")
_DEPTH = 5  # of bodies in bodies
_HTTP_ERROR = re.compile(r"-\d+|[45]\d\d")
_ORDERED = re.compile(r"success|\b(?:created|placed|accepted|completed|received)\b", re.IGNORECASE)
_REFUSED = re.compile(r"\bnot\b|n['\u2019]t\b|\bno\b|\bun", re.IGNORECASE)


def only(value: Any) -> Any:
    """The one object of a list; anything else as it is."""
    return (
        value[0]
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)
        else value
    )


def refusal(
    value: Any, code: int = 200, *, of_status: bool = False, depth: int = _DEPTH
) -> str | None:
    """The words of an explicit error in a parsed body, or None.

    `of_status`: in an answer to `status` and `refill_status`, "Error" may be the state.
    """
    value = only(value)
    if not isinstance(value, dict) or not depth:
        return None
    names = _any_case(value)
    message = _first(names, _MESSAGES)
    said = _error_words(value, message)
    if said is not None:
        return said
    if _failing(names) and not (of_status and _is_state(names)):
        return message or _first(names, (*_ERRORS, *_INNER, "code")) or "error"
    for name in _INNER:
        inner = only(names.get(name))
        said = (
            refusal(inner, of_status=of_status, depth=depth - 1)
            if isinstance(inner, dict)
            else None
        )
        if said is not None:
            return said
    # from here on only an HTTP code makes the words a refusal
    if code < REDIRECT or _succeeding(names):
        return None
    return words(names.get("detail")) or message or words(names.get("title")) or unflagged(value)


def unflagged(value: Any) -> str | None:
    """The words of what looks like an error and isn't called one as it should be.

    `{"Error": ...}`, `{"err": ...}`, `{"code": -1, "message": ...}`.
    """
    value = only(value)
    if not isinstance(value, dict):
        return None
    names = _any_case(value)
    if _succeeding(names):
        return None
    if said := _first(names, _ERRORS):
        return said
    if any(_HTTP_ERROR.fullmatch(text_of(names.get(name)).strip()) for name in _CODES) or any(
        text_of(names.get(name)).strip().lower() in _FAILED for name in ("code", "type", "result")
    ):
        return _first(names, (*_MESSAGES, "text", *_INNER)) or None
    return None


def may_have_ordered(value: Any, depth: int = _DEPTH) -> bool:
    """Whether a body without a usable id and without an order's error may tell of an order
    nevertheless.
    """
    if not depth:
        return True
    if isinstance(value, list):
        return any(may_have_ordered(item, depth - 1) for item in value)
    if not isinstance(value, dict):
        return False
    names = _any_case(value)
    if _succeeding(names) or any(names.get(name) for name in ("order", "order_id", *ORDER_SIGNS)):
        return True
    said = _first(names, (*_MESSAGES, *_ERRORS, "detail", "title"))
    if (names.get("id") and not said) or (_ORDERED.search(said) and not _REFUSED.search(said)):
        return True
    return any(may_have_ordered(names.get(name), depth - 1) for name in _INNER)


def _any_case(value: dict[str, Any]) -> dict[str, Any]:
    return {name.lower(): inner for name, inner in reversed(value.items())} | value


def _first(names: dict[str, Any], wanted: tuple[str, ...]) -> str:
    return next((said for name in wanted if name in names and (said := _said(names[name]))), "")


def _said(value: Any) -> str:
    said = words(value)
    return "" if said.lower() in {"0", "1", "true", "false", "null", "none"} else said


def _failing(names: dict[str, Any]) -> bool:
    status = names.get("status")
    named = isinstance(status, str) and status.strip().lower() in _FAILED
    denied = any(
        name in names and text_of(names[name]).lower() in {"0", "false"}
        for name in ("success", "ok")
    )
    return (
        named
        or any(names.get(name) is False for name in ("status", "success", "ok", "result"))
        or denied
    )


def _succeeding(names: dict[str, Any]) -> bool:
    return names.get("success") is True or text_of(names.get("status")).strip().lower() in {
        "success",
        "ok",
    }


def _is_state(names: dict[str, Any]) -> bool:
    """Whether "Failed" is said of the order: it stands alone, or beside the figures of an order."""
    return not _first(names, ("message", "msg")) or any(name in names for name in ORDER_SIGNS)


def _error_words(value: dict[str, Any], message: str) -> str | None:
    for name in ("error", "errors"):
        said = words(value.get(name))
        if said.lower() not in {"", "0", "false", "null", "none"}:
            return _joined("" if said.lower() in {"1", "true"} else said, message) or said
        if value.get(name) is True or (
            value.get(name) and isinstance(value.get(name), dict | list)
        ):
            return message or "error"
    return None


def _joined(said: str, message: str) -> str:
    """Frameworks give the name of the HTTP code as `error`, and what happened beside it."""
    return said if message.lower() in said.lower() else ": ".join(filter(None, (said, message)))
