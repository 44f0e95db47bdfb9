"""Settings of the whole suite: which databases there are, and that nothing is skipped unseen in CI."""

import os
from pathlib import Path

import pytest

from bot import quick_aiogram

quick_aiogram.prepare()  # as `python -m bot` does

ROOT = Path(__file__).parent.parent

# Why a test may be skipped, and on which machines. In CI nothing may be: .ci/run sets everything up.
KNOWN_REASONS = (
    "no PostgreSQL: set TEST_POSTGRES_URL",
    "no Chromium on this machine",
    "shared catalogues absent",
)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own .env and environment out of the tests."""
    for name in ("BOT_TOKEN", "PANEL_URL", "PANEL_KEY", "ADMIN_IDS", "ALLOWED_USER_IDS", "DATABASE_URL", "BILLING"):
        monkeypatch.delenv(name, raising=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped; pytest_sessionfinish makes it a failure where it must not be."""
    unknown = _unexpected(terminalreporter)
    if unknown:
        terminalreporter.section("skips that are not allowed")
        for line in unknown:
            terminalreporter.line(line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(reporter, pytest.TerminalReporter) and _unexpected(reporter) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unexpected(reporter: pytest.TerminalReporter) -> list[str]:
    in_ci = os.environ.get("CI") == "true"
    skipped = [str(report.longrepr) for report in reporter.stats.get("skipped", [])]
    return [text for text in skipped if in_ci or not any(reason in text for reason in KNOWN_REASONS)]
