"""One name, one thing: among the public classes of the product, and among the states that the
database keeps.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from aiogram.fsm.state import StatesGroup

from handlers import routers

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "shop", "panel", "storage", "locales")


def _classes() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    yield node.name, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_no_two_public_classes_share_a_name() -> None:
    places = defaultdict(list)
    for name, place in _classes():
        places[name].append(place)
    assert len(places) > 100
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def _groups() -> list[type[StatesGroup]]:
    assert routers.ALL  # all handlers are imported
    return [
        group for group in StatesGroup.__subclasses__() if group.__module__.startswith("handlers.")
    ]


def test_no_two_groups_of_states_share_a_name() -> None:
    names = [group.__name__ for group in _groups()]
    assert names
    assert len(names) == len(set(names))


def test_no_two_states_are_stored_alike() -> None:
    stored = [state.state for group in _groups() for state in group.__states__]
    assert len(stored) == len(set(stored))


# What is in the databases of running shops; a line is added for a new state, never changed.
STORED = {
    "Asking:answer",
    "Counting:units",
    "HowMuch:by_hand",
    "HowMuch:crypto",
    "HowMuch:stars",
    "Making:line",
    "Naming:id",
    "Naming:name",
    "Pricing:numbers",
    "Pricing:pattern",
    "Pricing:service",
    "Redeeming:code",
    "Telling:clock",
    "Writing:lines",
}


def test_states_are_stored_as_they_were() -> None:
    assert {str(state.state) for group in _groups() for state in group.__states__} == STORED
