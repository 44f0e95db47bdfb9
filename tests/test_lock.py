"""The two locked files, installed as `make` does it, give an empty environment just what they name,
and say nothing.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
_OWN = {"pip", "setuptools", "wheel"}  # of the environment itself


def _locked(name: str) -> dict[str, str]:
    """Read what a file pins for this platform: name -> version."""
    lines = re.sub(r"\\\n\s*", " ", (ROOT / name).read_text()).splitlines()
    written = [
        line.partition(" --hash=")[0]
        for line in lines
        if line and not line.lstrip().startswith("#")
    ]
    wanted = [Requirement(line) for line in written]
    here = dict(default_environment()) | {"extra": ""}
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in wanted
        if one.marker is None or one.marker.evaluate(here)
    }


@pytest.mark.parametrize("name", LOCKS)
def test_everything_is_pinned_with_hashes_and_without_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    pins = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    assert pins
    assert all(re.fullmatch(r"[\w.-]+==[\w.!+]+( ; .+)? \\", line) for line in pins)
    assert text.count("\n    --hash=sha256:") >= len(pins)


def test_what_the_tests_need_agrees_with_what_the_bot_needs() -> None:
    bot, tests = map(_locked, LOCKS)
    assert bot.items() <= tests.items()


def test_both_files_install_into_an_empty_environment_from_the_lock_alone(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    made = subprocess.run(
        [
            "make",
            "--no-print-directory",
            f"PYTHON={sys.executable}",
            f"VENV={venv}",
            f"{venv}/dev.stamp",
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert made.stdout.splitlines() == [
        "Installing what the bot needs (once) ...",
        "Installing what the tests need (once) ...",
    ]
    assert made.stderr == ""
    listed = subprocess.run(
        [
            venv / "bin" / "python",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "list",
            "--format",
            "json",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    found = {canonicalize_name(one["name"]): one["version"] for one in json.loads(listed.stdout)}
    assert {name: version for name, version in found.items() if name not in _OWN} == _locked(
        "requirements-dev.txt"
    )


def test_an_environment_that_does_not_fit_together_is_said(tmp_path: Path) -> None:
    """A lock that lacks a package is not taken for a good one, although nothing is resolved."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "Makefile").write_text((ROOT / "Makefile").read_text())
    one = re.search(
        r"^alembic==.*\n(?:    .*\n)+", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE
    )
    assert one is not None
    (project / "requirements.txt").write_text(one.group())
    made = subprocess.run(
        ["make", "--no-print-directory", f"PYTHON={sys.executable}", ".venv/run.stamp"],
        cwd=project,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert made.returncode != 0
    assert "alembic" in made.stdout
    assert "requires" in made.stdout
    assert not (project / ".venv" / "run.stamp").exists()
