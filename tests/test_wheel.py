"""The wheel: what is in it, and the demo from it, on every Python that is at hand and far from any
checkout.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from shutil import which
from typing import Any

import httpx
import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
_LOCK = ROOT / "requirements.txt"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHONS = [
    name.removeprefix("Programming Language :: Python :: ")
    for name in PROJECT["project"]["classifiers"]
    if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", name)
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the locked backend."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip(
        Path(sys.executable),
        "wheel",
        "--no-build-isolation",
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    )
    (built,) = folder.glob("*.whl")
    return built


def _pip(python: Path, *arguments: str) -> None:
    run = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(run, check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


@cache
def _python(version: str) -> str | None:
    """Find a Python of this version: the one that runs the tests, one on the path, or one of
    pyenv's.
    """
    if version == HERE:
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for found in (which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python"))):
        if (
            found
            and subprocess.run(
                [found, "-c", "import venv"], check=False, capture_output=True
            ).returncode
            == 0
        ):
            return str(found)
    return None


def test_whatever_lies_in_the_packages_is_in_the_wheel_and_nothing_else(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    there = {name for name in listed if (ROOT / name).is_file()}
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert names == there
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    kinds = {Path(name).suffix for name in names}
    assert {".ftl", ".html", ".js", ".css", ".mako"} <= kinds


def test_the_version_is_the_newest_in_the_changelog() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (.+)$", changes, re.MULTILINE)
    assert newest is not None
    assert re.fullmatch(
        rf"{re.escape(PROJECT['project']['version'])} \((unreleased|\d{{4}}-\d\d-\d\d)\)", newest[1]
    )


def test_what_the_wheel_requires_is_what_is_locked() -> None:
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    locked = {
        str(Requirement(line.partition("#")[0]))
        for line in lines
        if line and not line.startswith("#")
    }
    needed = {str(Requirement(one)) for one in PROJECT["project"]["dependencies"]}
    optional = {
        str(Requirement(one))
        for extra in PROJECT["project"]["optional-dependencies"].values()
        for one in extra
    }
    assert needed | optional == locked
    lines = (ROOT / "requirements-dev.in").read_text(encoding="utf-8").splitlines()
    tests = {line.partition("#")[0].strip() for line in lines if line and line[0] not in "#-"}
    assert set(PROJECT["dependency-groups"]["dev"]) == tests


@pytest.mark.parametrize("version", PYTHONS)
async def test_the_demo_runs_from_the_wheel_outside_any_checkout(
    wheel: Path, tmp_path: Path, version: str
) -> None:
    """Installed on top of what is locked: the page is served, the bot answers in it, and it ends
    when it is told to.
    """
    python = _python(version)
    if python is None:
        pytest.skip(f"no Python {version} at hand")
    venv = tmp_path / "venv"
    subprocess.run([python, "-m", "venv", venv], check=True, timeout=120)
    if version == HERE:  # what is locked stands beside the tests already
        (venv / "lib" / f"python{version}" / "site-packages" / "locked.pth").write_text(
            sysconfig.get_path("purelib")
        )
    else:
        _pip(
            venv / "bin/python",
            "install",
            "--no-deps",
            "--no-compile",
            "--require-hashes",
            "-r",
            str(_LOCK),
        )
    _pip(venv / "bin/python", "install", "--no-deps", "--no-index", str(wheel))
    told = await asyncio.create_subprocess_exec(
        venv / "bin/panel-shop-bot",
        "--help",
        cwd=tmp_path,
        env=_bare(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert b"usage: panel-shop-bot " in (await told.communicate())[0]
    await _try_the_demo(venv / "bin/panel-shop-bot", tmp_path)


def _bare() -> dict[str, str]:
    """Give the environment without what could lead back to the checkout, or to somebody's
    settings.
    """
    return {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }


async def _try_the_demo(command: Path, folder: Path) -> None:
    log = folder / "log"
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            command,
            "demo",
            "--port",
            "0",
            cwd=folder,
            env=_bare(),
            stdout=written,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        url = await _address(log, process)
        async with httpx.AsyncClient(base_url=url, timeout=20) as client:
            page = await client.get("/")
            assert page.status_code == 200
            assert "<html" in page.text.lower()
            for linked in re.findall(r'(?:src|href)="([^":]+\.(?:js|css))"', page.text):
                assert (await client.get(linked)).status_code == 200
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0, log.read_text()
    assert "Traceback" not in log.read_text()


async def _address(log: Path, process: asyncio.subprocess.Process) -> str:
    """Wait for the address that the demo prints."""
    for _ in range(600):
        if found := re.search(r"http://\S+", log.read_text()):
            return found[0]
        assert process.returncode is None, log.read_text()
        await asyncio.sleep(0.1)
    raise AssertionError(log.read_text())
