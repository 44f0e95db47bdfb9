"""Settings of the whole suite: which databases there are, and that nothing is skipped unseen in
CI.
"""

import logging
import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import pytest
from coverage import Coverage

from bot.observability.logs import CHATTY
from bot.telegram import aiogram_patches
from tests.runtime import engines

aiogram_patches.prepare()  # as `python -m bot` does
engines.prepare()

ROOT = Path(__file__).parent.parent

# Why a test may be skipped, and on which machines. In CI nothing may be: .ci/run sets everything
# up. Of the versions of Python a machine has those that it has.
ALSO_IN_CI = ("no Python 3.",)
KNOWN_REASONS = (
    *ALSO_IN_CI,
    "no PostgreSQL: set TEST_POSTGRES_URL",
    "no Chromium on this machine",
    "shared catalogues absent",
    "shared cases absent",
)

# What these run is not the product, or not in this process: the coverage has nothing from them.
ELSEWHERE = tuple(
    ROOT / "tests" / part for part in ("browser", "faults", "unit/playground", "unit/test_bench.py")
)
# These wait for processes, browsers and timers more than they compute.
WAITING = tuple(ROOT / "tests" / part for part in ("browser", "faults"))
_measured = pytest.StashKey[bool]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _choose_measured(items)
    items[:] = _spread(items)


def _spread(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Put the tests that wait evenly among those that compute: workers are handed them in this
    order.

    Otherwise all workers would wait at one time, and share two cores at another. Each kind keeps
    its own order, and a group of tests stays together.
    """
    units: dict[str, list[pytest.Item]] = {}
    for item in items:
        group = item.get_closest_marker("xdist_group")
        units.setdefault(f"group {group.args[0]}" if group else item.nodeid, []).append(item)
    waiting, computing = [], []
    for unit in units.values():
        (
            waiting if any(unit[0].path.is_relative_to(part) for part in WAITING) else computing
        ).append(unit)
    # By where in its kind a test is; of the last ones none is long.
    places = [(place / len(waiting) * 0.95, unit) for place, unit in enumerate(waiting)]
    places += [(place / len(computing), unit) for place, unit in enumerate(computing)]
    return [item for _, unit in sorted(places, key=lambda placed: placed[0]) for item in unit]


def _choose_measured(items: Sequence[pytest.Item]) -> None:
    """Choose what the coverage is measured of: every test once, with the first of its parameters.

    Measuring doubles the time of a test. To leave some out can only lower the figure, never raise
    it.
    """
    known: set[str] = set()
    for item in items:
        name = item.nodeid.partition("[")[0]
        item.stash[_measured] = name not in known and not any(
            item.path.is_relative_to(part) for part in ELSEWHERE
        )
        known.add(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Don't measure where that was not chosen, from the test's first fixture to its last."""
    coverage = Coverage.current()
    if coverage is None or item.stash[_measured]:
        return (yield)
    coverage.stop()
    try:
        return (yield)
    finally:
        coverage.start()


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    """Let no test that configures the logs silence a library for those that come after it."""
    before = {name: logging.getLogger(name).level for name in CHATTY}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own .env and environment out of the tests."""
    for name in (
        "BOT_TOKEN",
        "PANEL_URL",
        "PANEL_KEY",
        "ADMIN_IDS",
        "ALLOWED_USER_IDS",
        "DATABASE_URL",
        "BILLING",
    ):
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
    if (
        isinstance(reporter, pytest.TerminalReporter)
        and _unexpected(reporter)
        and session.exitstatus == 0
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unexpected(reporter: pytest.TerminalReporter) -> list[str]:
    in_ci = os.environ.get("CI") == "true"
    skipped = [str(report.longrepr) for report in reporter.stats.get("skipped", [])]
    allowed = ALSO_IN_CI if in_ci else KNOWN_REASONS
    return [text for text in skipped if not any(reason in text for reason in allowed)]
