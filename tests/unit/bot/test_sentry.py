"""What is sent to Sentry of an error, and what is not."""

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from pydantic import BaseModel, ValidationError
from sentry_sdk.transport import Transport
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.dotenv import SettingsError
from bot.observability.logs import redaction
from bot.observability.sentry import report_to
from bot.settings import load
from storage import Database

DSN = "https://0123456789abcdef@sentry.example/1"
TOKEN, KEY = "42:a-very-hidden-token", "the-hidden-panel-key"
WRITTEN = "hush hush"
log = logging.getLogger("shop.test_sentry")


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[Any] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.envelopes.append(envelope)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for envelope in self.envelopes if (event := envelope.get_event()) is not None]

    @property
    def said(self) -> str:
        """Everything, as it goes over the wire."""
        return "\n".join(
            envelope.serialize().decode("utf-8", "replace") for envelope in self.envelopes
        )


@pytest.fixture
def sent() -> Iterator[Kept]:
    kept, hook = Kept(), sys.excepthook
    report_to(DSN, redaction([TOKEN, KEY]), transport=kept)
    yield kept
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)
    sys.excepthook = hook


def fail(error: Exception, local: str = WRITTEN) -> None:
    assert local
    try:
        raise error  # noqa: TRY301
    except Exception:
        log.exception("order %s of %s failed", 12, WRITTEN)


def test_an_error_is_sent_by_its_kind_its_trace_and_the_log_s_sentence(sent: Kept) -> None:
    fail(ValueError(WRITTEN))
    (event,) = sent.events
    assert event["logentry"] == {"message": "order %s of %s failed"}
    assert (event["level"], event["logger"]) == ("error", "shop.test_sentry")
    (error,) = event["exception"]["values"]
    assert error["type"] == "ValueError"
    assert "value" not in error
    frame = error["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["lineno"] > 0) == ("fail", True)
    assert set(frame) <= {"filename", "function", "module", "lineno", "in_app"}
    assert "hush" not in sent.said


def test_an_event_has_nothing_else(sent: Kept) -> None:
    sentry_sdk.set_user({"id": 1001, "username": WRITTEN})
    sentry_sdk.set_tag("who", WRITTEN)
    sentry_sdk.set_extra("what", WRITTEN)
    sentry_sdk.add_breadcrumb(message=WRITTEN)
    log.warning(WRITTEN)
    log.error("no order", extra={"link": WRITTEN})
    (event,) = sent.events
    assert set(event) <= {
        *(
            "event_id",
            "timestamp",
            "level",
            "logger",
            "platform",
            "release",
            "environment",
            "sdk",
            "logentry",
        ),
    }
    assert "hush" not in sent.said
    sentry_sdk.get_isolation_scope().clear()


def test_tokens_keys_and_addresses_are_taken_out(sent: Kept) -> None:
    address = (
        f"https://olga:{KEY}@api.example/bot{TOKEN}/getMe?key={KEY}&"
        f"link={WRITTEN.replace(' ', '+')}"
    )
    fail(ConnectionError(f"{TOKEN} at {address} with {KEY}"))
    log.error(f"asked {address}")  # noqa: G004
    network, plain = sent.events
    assert network["exception"]["values"][0]["value"] == "*** at https://api.example/*** with ***"
    assert plain["logentry"]["message"] == "asked https://api.example/***"
    for secret in ("hidden", "olga", "hush"):
        assert secret not in sent.said


def test_what_a_validation_quotes_stays_here(sent: Kept) -> None:
    class Update(BaseModel):
        number: int

    with pytest.raises(ValidationError) as caught:
        Update(number=WRITTEN)  # type: ignore[arg-type]
    assert "hush" in str(caught.value)
    fail(caught.value)
    assert sent.events[0]["exception"]["values"][0]["type"] == "ValidationError"
    assert "hush" not in sent.said


async def test_a_database_error_says_what_failed_without_values(sent: Kept, tmp_path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    try:
        await database.read(
            lambda tx: tx.execute(
                text("SELECT * FROM nowhere WHERE words = :words"), {"words": WRITTEN}
            )
        )
    except OperationalError:
        log.exception("failed")
    await database.close()
    errors = sent.events[0]["exception"]["values"]
    assert any("no such table: nowhere" in error.get("value", "") for error in errors)
    assert "hush" not in sent.said


async def test_what_other_packages_write_is_told_by_their_name(sent: Kept) -> None:
    async def broken() -> None:
        raise ValueError(WRITTEN)

    task = asyncio.get_running_loop().create_task(broken())
    await asyncio.wait({task})
    asyncio.get_running_loop().call_exception_handler(
        {"message": WRITTEN, "exception": task.exception(), "task": task}
    )
    logging.getLogger("aiogram.dispatcher").error("failed: %s", WRITTEN)
    logging.getLogger("aiohttp.server").error("a stranger's request")
    assert [event["logentry"]["message"] for event in sent.events] == [
        "an error of asyncio",
        "failed: %s",
    ]
    assert "hush" not in sent.said


def test_it_is_off_by_default_and_a_wrong_dsn_is_a_sentence(monkeypatch) -> None:
    needed = {
        "BOT_TOKEN": "42:abc",
        "PANEL_URL": "https://provider.example/api/v2",
        "PANEL_KEY": "key",
    }
    for name, value in needed.items():
        monkeypatch.setenv(name, value)
    assert load(_env_file=None).sentry_dsn is None
    monkeypatch.setenv("SENTRY_DSN", "")
    assert load(_env_file=None).sentry_dsn is None
    monkeypatch.setenv("SENTRY_DSN", DSN)
    assert {DSN, "0123456789abcdef"} <= set(load(_env_file=None).secrets)
    assert "0123456789abcdef" not in repr(load(_env_file=None))
    for wrong in (
        "sentry.example",
        "https://sentry.example/1",
        "https://key@sentry.example",
        "ftp://key@x/1",
    ):
        monkeypatch.setenv("SENTRY_DSN", wrong)
        with pytest.raises(SettingsError) as caught:
            load(_env_file=None)
        said = (
            "SENTRY_DSN is wrong: must be as Sentry gives it, such as https://key@sentry.example/1."
        )
        assert caught.value.sentences == [said]


def test_without_the_package_it_is_a_sentence(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(SettingsError, match="the package sentry-sdk is not installed"):
        report_to(DSN, str)


def test_the_wire_is_json_that_can_be_read(sent: Kept) -> None:
    fail(ValueError(WRITTEN))
    lines = sent.said.splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines if line)
