"""Inputs from the wild with their right outcomes. They stand beside the project, not in it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("SHARED_CASES") or Path(__file__).parents[3] / "shared" / "cases")


def cases(name: str, *, by: str) -> list[Any]:
    """Give the cases of a file as parameters, named by one of their values; one that is skipped
    without the file.
    """
    if not (FOLDER / f"{name}.json").is_file():
        return [pytest.param({}, marks=pytest.mark.skip(reason="shared cases absent"), id="absent")]
    listed = json.loads((FOLDER / f"{name}.json").read_text())["cases"]
    return [
        pytest.param(case, id=f"{number}-{str(case.get(by))[:40]}")
        for number, case in enumerate(listed)
    ]
