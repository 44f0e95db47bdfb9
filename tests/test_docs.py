"""What the documents promise is there, and what is there is in the documents."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.settings import Settings
from bot.telegram.menu_commands import _ADMIN_EXTRA, EVERYBODY
from handlers import routers

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = ("bot", "handlers", "shop", "panel", "storage", "locales", "playground", "bench")
FOLDERS = (
    *PACKAGES,
    "handlers/customer",
    "handlers/admin",
    "storage/migrations",
    "locales/en",
    "locales/ru",
    "deploy",
    "docs",
    "docs/decisions",
    "tests/unit",
    "tests/integration",
    "tests/conversations",
    "tests/faults",
    "tests/browser",
)
# Deployments rely on these names.
FIXED = (
    "BOT_TOKEN",
    "TELEGRAM_API_URL",
    "ADMIN_IDS",
    "ALLOWED_USER_IDS",
    "PANEL_URL",
    "PANEL_KEY",
    "DATABASE_URL",
    "BILLING",
    "MARKUP_PERCENT",
    "PRICE_STEP",
    "WELCOME_CREDIT",
    "STATUS_INTERVAL",
    "CATALOG_INTERVAL",
    "PANEL_TIMEOUT",
    "DEFAULT_LANGUAGE",
    "LOG_LEVEL",
    "HEALTH_PORT",
    "CATEGORY_ALLOW",
    "CATEGORY_DENY",
)
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")])


def settings() -> dict[str, Any]:
    """Name every setting; its value is the default as written in a file, None where there is
    none.
    """
    return {name.upper(): _written(field) for name, field in Settings.model_fields.items()}


def _written(field: Any) -> str | None:
    if field.is_required():
        return None
    default = field.default
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return str(getattr(default, "value", default)) if default not in (None, frozenset(), "") else ""


def description(name: str) -> str:
    return str(Settings.model_fields[name.lower()].description)


def section(title: str) -> str:
    """Give the README's text between a heading and the next of its level."""
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_names_that_deployments_rely_on_exist() -> None:
    assert set(FIXED) <= set(settings())


def test_the_readme_has_every_setting_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", section("Settings"), re.MULTILINE)
    shown = {None: "required", "": "empty"}
    expected = [
        (name, shown.get(value, f"`{value}`"), description(name))
        for name, value in settings().items()
    ]
    assert sorted(rows) == sorted(expected)


def test_the_example_has_every_setting_and_no_other() -> None:
    """A required one is a line to be filled in; the others are commented out and show their
    defaults.
    """
    paragraphs = (ROOT / ".env.example").read_text(encoding="utf-8").strip().split("\n\n")
    found = {}
    for paragraph in paragraphs:
        *comment, last = paragraph.splitlines()
        if match := re.fullmatch(r"(# )?([A-Z_]+)=(.*)", last):
            said = " ".join(line.removeprefix("# ") for line in comment)
            found[match[2]] = (None if match[1] is None else match[3], said)
    assert found == {name: (value, description(name)) for name, value in settings().items()}


@pytest.mark.parametrize("command", [*EVERYBODY, *_ADMIN_EXTRA])
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"| `/{command}` |" in section("Commands")


def test_the_readme_has_no_command_that_nobody_answers() -> None:
    answered = {
        str(name)
        for router in routers.ALL
        for handler in router.message.handlers
        for filter_ in handler.filters or []
        for name in getattr(filter_.callback, "commands", ())
    }
    assert set(re.findall(r"^\| `/(\w+)` \|", section("Commands"), re.MULTILINE)) <= answered


def test_every_make_target_of_the_documents_exists() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = {
        name
        for page in PAGES
        for name in re.findall(r"(?m)(?:^|`)make ([a-z]+)", page.read_text("utf-8"))
    }
    assert named
    assert named <= targets
    assert targets - named == {"help"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert pages
    numbers = [int(name[:4]) for name in pages]
    assert numbers == list(range(1, len(numbers) + 1))
    for name in pages:
        assert f"(decisions/{name})" in index


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folders_of_the_plan_exist(folder: str) -> None:
    assert any((ROOT / folder).iterdir())


def test_the_files_of_the_exercises_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?|\w+\.(?:md|toml))`", text))
    assert len(named) > 25
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert len(re.findall(r"^### ", text, re.MULTILINE)) == 4


@pytest.mark.parametrize("name", ["rooms", "order"])
def test_the_pictures_are_well_formed_and_shown(name: str) -> None:
    picture = ET.parse(ROOT / "docs" / f"{name}.svg").getroot()
    assert picture.find("{http://www.w3.org/2000/svg}title") is not None
    assert f"({name}.svg)" in (ROOT / "docs" / "README.md").read_text(encoding="utf-8")


def test_before_a_commit_runs_what_make_check_runs() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"entry: (.+)", hooks) == ["make check"]


def test_no_document_names_a_machine() -> None:
    for page in [*PAGES, ROOT / ".env.example", *(ROOT / "deploy").iterdir()]:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"/(?:work|root|home|tmp)/\w", text), page
