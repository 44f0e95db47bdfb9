"""docs/proof.md has every cell of the fault matrix, and no other."""

import re
from pathlib import Path

import pytest

from tests.chaos.matrix import ACTIONS, FAULTS, MOMENTS

PAGE = (Path(__file__).parent.parent / "docs" / "proof.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("action", ACTIONS)
def test_every_cell_is_there(action: str) -> None:
    section = PAGE.split(f"\n## {action}\n", 1)[1].split("\n## ", 1)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if "|" in line
    ][2:]
    assert [row[0] for row in rows] == list(FAULTS)
    for name, *cells in rows:
        assert len(cells) == len(MOMENTS)
        fault = FAULTS[name]
        for cell in cells:
            assert (cell == f"n/a: {fault.why_only}") != fault.applies_to(action)
            assert cell
            assert cell != "not run"


def test_nothing_was_wrong() -> None:
    assert re.search(r"^\d+ cells, 0 of them wrong\.$", PAGE, re.MULTILINE)
    assert "WRONG" not in PAGE


def test_there_is_something_beside_it() -> None:
    assert "not run" not in PAGE
    assert "given back" in PAGE.split("\n## Beside it\n", 1)[1]
    assert "\n## Hard times at random\n" in PAGE
