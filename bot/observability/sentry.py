"""Errors sent to Sentry, without what people wrote. Imported only where SENTRY_DSN is set.

An event is built anew from what may leave the machine; what a later version of the package adds
stays here by itself.
"""

import builtins
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.dotenv import SettingsError
from bot.observability.logs import Redact

_OURS = ("bot", "handlers", "shop", "panel", "storage", "locales")
# What these say of themselves holds nothing that people wrote; see storage/engine/error_text.py for
# the first ones.
_KNOWN_ERRORS = (
    "sqlalchemy",
    "asyncpg",
    "sqlite3",
    "aiosqlite",
    "httpx",
    "httpcore",
    "aiohttp.client_exceptions",
)
_WHOLE = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "sdk")
_FRAME = ("filename", "function", "module", "lineno", "in_app")
_ADDRESS = re.compile(r"(?<!\w)(\w+://)(?:[^\s/@'\"]*@)?([^\s/?#'\"]+)[^\s'\"]*")
_LAST_SECONDS = 2  # to send what is left when the bot ends

Event = dict[str, Any]


def report_to(dsn: str, redact: Redact, transport: Any = None) -> None:
    """Send what is logged as an error from now on.

    Raises SettingsError where the package is missing.
    """
    try:
        import sentry_sdk  # noqa: PLC0415 - few want it
        from sentry_sdk.integrations.atexit import AtexitIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.dedupe import DedupeIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.excepthook import ExcepthookIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger  # noqa: PLC0415
    except ImportError:
        raise SettingsError(
            ["SENTRY_DSN is set, and the package sentry-sdk is not installed."]
        ) from None
    sentry_sdk.init(
        dsn=dsn,
        before_send=cleaning(redact),
        transport=transport,
        # The others would note requests, with tokens in their addresses, and statements.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            ExcepthookIntegration(),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda _pending, _timeout: None),
        ],
        # send_default_pii stays unset: that means False, and to write it is deprecated.
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        send_client_reports=False,
        auto_session_tracking=False,
        server_name="",
        release="panel-shop-bot",  # otherwise git is asked
        shutdown_timeout=_LAST_SECONDS,
    )
    ignore_logger("aiohttp.server")  # what strangers send to the webhook is no error of ours


def cleaning(redact: Redact) -> Callable[[Any, Any], Any]:
    """Return what makes an event that may be sent of one that Sentry's package has put together."""

    def clean(text: Any) -> str:
        return _ADDRESS.sub(r"\1\2/***", redact(str(text)))

    def before_send(event: Event, _hint: Any) -> Event:
        kept: Event = {name: event[name] for name in _WHOLE if name in event}
        if "logentry" in event:
            kept["logentry"] = {"message": clean(_message(event))}
        if "exception" in event:
            kept["exception"] = {
                "values": [_exception(one, clean) for one in event["exception"].get("values", [])]
            }
        return kept

    return before_send


def _message(event: Mapping[str, Any]) -> str:
    """Return the sentence of the log without what was filled into it; of other packages only one
    that has gaps.
    """
    logger, entry = str(event.get("logger", "")), event["logentry"]
    if logger.partition(".")[0] in _OURS or entry.get("params"):
        return str(entry.get("message", ""))
    return f"an error of {logger}"


def _exception(one: Mapping[str, Any], clean: Callable[[Any], str]) -> Event:
    kept: Event = {name: one[name] for name in ("type", "module", "mechanism") if name in one}
    if "mechanism" in kept:
        kept["mechanism"] = {name: kept["mechanism"].get(name) for name in ("type", "handled")}
    if _is_known(str(one.get("module") or ""), str(one.get("type"))):
        kept["value"] = clean(one.get("value") or "")
    frames = (one.get("stacktrace") or {}).get("frames", [])
    kept["stacktrace"] = {
        "frames": [{name: frame[name] for name in _FRAME if name in frame} for frame in frames]
    }
    return kept


def _is_known(module: str, kind: str) -> bool:
    """Return whether an error's own words may be sent: those of the database and of the network."""
    if module in {"", "builtins"}:
        found = getattr(builtins, kind, None)
        return isinstance(found, type) and issubclass(found, OSError)
    return any(module == known or module.startswith(f"{known}.") for known in _KNOWN_ERRORS)
