"""The log: text or JSON, and no secret in either."""

import io
import json
import logging
import sys
from datetime import UTC, datetime

import pytest

from bot.observability.logs import JsonLines, configure, redaction
from bot.settings import load

SECRETS = ["42:very/hidden", 'key"with\\hidden', "ключ-hidden"]


def record(message: str, *values: object, trace: bool = False) -> logging.LogRecord:
    info = sys.exc_info() if trace else None
    made = logging.LogRecord("shop.payments.service", logging.ERROR, "p", 1, message, values, info)
    made.created = datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC).timestamp()
    return made


def test_a_line_is_an_object() -> None:
    line = JsonLines([]).format(record("order %s of %s", 12, "Аня"))
    assert json.loads(line) == {
        "time": "2026-11-22T12:00:00.123+00:00",
        "level": "ERROR",
        "logger": "shop.payments.service",
        "message": "order 12 of Аня",
    }
    assert "Аня" in line


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x1c"])
def test_it_stays_one_line_whatever_is_in_it(end: str) -> None:
    line = JsonLines([]).format(record(f'one{end}"two"'))
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == f'one{end}"two"'


def fail(words: str) -> None:
    raise ValueError(words)


def test_a_trace_is_a_field() -> None:
    try:
        fail("it broke")
    except ValueError:
        found = json.loads(JsonLines([]).format(record("failed", trace=True)))
    assert found["message"] == "failed"
    assert found["exception"].startswith("Traceback (most recent call last):\n")
    assert found["exception"].endswith("ValueError: it broke")


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_taken_out_before_they_look_different(secret: str) -> None:
    formatter = JsonLines(SECRETS)
    try:
        fail(f"https://x/bot{secret}/getMe")
    except ValueError:
        line = formatter.format(record(f"key={secret}, %s", secret, trace=True))
    assert "hidden" not in line
    found = json.loads(line)
    assert found["message"] == "key=***, ***"
    assert found["exception"].endswith("ValueError: https://x/bot***/getMe")


def test_what_is_too_short_is_no_secret() -> None:
    assert redaction(["", "abc", "abcd"])("abc abcd") == "abc ***"


@pytest.mark.parametrize(("given", "is_json"), [(None, False), ("text", False), ("JSON", True)])
def test_the_setting_decides(monkeypatch, given: str | None, is_json: bool) -> None:
    needed = {
        "BOT_TOKEN": "42:abc",
        "PANEL_URL": "https://provider.example/api/v2",
        "PANEL_KEY": "key",
    }
    for name, value in (needed | ({} if given is None else {"LOG_FORMAT": given})).items():
        monkeypatch.setenv(name, value)
    before, level = logging.root.handlers[:], logging.root.level
    stream = io.StringIO()
    try:
        settings = load(_env_file=None)
        configure(settings.log_level, settings.secrets, settings.log_format)
        (handler,) = logging.root.handlers
        handler.setStream(stream)
        logging.getLogger("shop").info("hello 42:abc")
    finally:
        logging.root.handlers[:] = before
        logging.root.setLevel(level)
    assert stream.getvalue().startswith("{") is is_json
    assert "hello ***" in stream.getvalue()
