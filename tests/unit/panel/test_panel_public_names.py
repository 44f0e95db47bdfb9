"""What other rooms may use, and the examples that tell them how."""

import doctest
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from panel import Meaning, PanelClient, PanelError, Profile

panel = importlib.import_module("panel")

NAMES = [
    "ACTIONS",
    "SERVICE_TYPES",
    "Accepted",
    "Balance",
    "CancelRequested",
    "Catalogue",
    "Field",
    "FieldKind",
    "Flaw",
    "Flaws",
    "ItemError",
    "Meaning",
    "NotAsked",
    "NotSent",
    "OrderStatus",
    "OutcomeUnknown",
    "PanelClient",
    "PanelError",
    "Permit",
    "Pricing",
    "Priority",
    "Profile",
    "RateLimiter",
    "RefillState",
    "RefillStatus",
    "Rejected",
    "Service",
    "ServiceType",
    "State",
    "Unavailable",
    "Unread",
    "Unsupported",
    "Withheld",
    "meaning_of",
    "normalised_label",
    "order_fields",
    "service_type",
]

ASKED = "priority: panel.rate_limit.Priority = <Priority.SWEEP: 2>"
ALLOWED = "permit: panel.rate_limit.Permit | None = None"
SIGNATURES = {
    "services": f"(self, *, {ASKED}) -> panel.models.Catalogue",
    "balance": f"(self, *, {ASKED}) -> panel.models.Balance",
    "add": (
        "(self, service: str, fields: collections.abc.Mapping[str, str], *, "
        f"{ALLOWED}) -> panel.models.Accepted"
    ),
    "status": f"(self, order: str, *, {ASKED}) -> panel.models.OrderStatus",
    "statuses": "(self, orders: collections.abc.Sequence[str], *, most_calls: int | None = None, "
    f"{ASKED}) -> dict[str, panel.models.OrderStatus | panel.models.ItemError]",
    "changes": "(self, orders: collections.abc.Sequence[str], "
    f"seen: collections.abc.Mapping[str, panel.models.Seen], *, {ASKED}) -> "
    "dict[str, panel.models.OrderStatus | panel.models.Same | panel.models.ItemError]",
    "refill": f"(self, order: str, *, {ALLOWED}) -> str",
    "refills": f"(self, orders: collections.abc.Sequence[str], *, {ALLOWED}) -> "
    "dict[str, str | panel.models.ItemError]",
    "refill_status": "(self, refill: str) -> panel.models.RefillStatus",
    "refill_statuses": "(self, refills: collections.abc.Sequence[str]) -> "
    "dict[str, panel.models.RefillStatus | panel.models.ItemError]",
    "cancel": f"(self, orders: collections.abc.Sequence[str], *, {ALLOWED}) -> "
    "dict[str, panel.models.CancelRequested | panel.models.ItemError]",
    "aclose": "(self) -> None",
}


def test_public_names() -> None:
    assert sorted(panel.__all__) == sorted(NAMES)


def test_public_methods() -> None:
    methods = {
        name: str(inspect.signature(method))
        for name, method in inspect.getmembers(PanelClient, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == SIGNATURES


def test_the_docstring_example() -> None:
    assert doctest.testmod(importlib.import_module("panel.client")) == (0, 5)


def test_every_error_derives_from_one_base() -> None:
    errors = [
        panel.Rejected("no", Meaning.OTHER, 1.5),
        panel.NotSent("no"),
        panel.OutcomeUnknown("no", "evidence"),
        panel.Unavailable("no"),
        panel.Unsupported("cancel"),
    ]
    assert all(isinstance(error, PanelError) and str(error) for error in errors)
    assert all(error.gathered == {} for error in errors)


def test_the_key_is_not_in_the_profile_s_representation() -> None:
    assert "s3cret" not in repr(Profile(url="https://panel.example", key="s3cret"))


@pytest.mark.parametrize(
    "wrong", [{"user_agent": "a\nb"}, {"ids_per_call": 0}, {"actions": frozenset({"fly"})}]
)
def test_a_profile_that_no_call_could_repair(wrong: dict) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Profile(url="https://panel.example", key="k", **wrong)


def test_it_stands_alone() -> None:
    """Importing the client loads none of the other rooms."""
    script = (
        "import sys, panel; print([m for m in sys.modules if m.split('.')[0] in set(sys.argv[1:])])"
    )
    rooms = ["bot", "handlers", "shop", "storage", "locales", "aiogram", "sqlalchemy"]
    root = Path(panel.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script, *rooms], cwd=root, capture_output=True, check=True
    )
    assert done.stdout.strip() == b"[]"
