"""The shapes of multiple answers: an object keyed by id, or a list of objects that name their
id.
"""

from collections.abc import Collection
from typing import Any

from panel.parsing import usable_id


def unwrapped(value: Any) -> Any:
    """What is inside `{"status": "success", "data": {...}}`."""
    if isinstance(value, dict) and isinstance(value.get("data"), dict | list):
        return value["data"]
    return value


def _named(item: Any, names: tuple[str, ...]) -> str | None:
    return next(filter(None, (usable_id(item.get(name)) for name in names)), None)


def by_id(value: Any, asked: Collection[str], names: tuple[str, ...]) -> dict[str, Any] | None:
    """The answer's items by the ids that were asked for; ids that were left out are absent.

    `names` are the keys under which an item gives its id. None: this is no multiple answer.
    """
    value = unwrapped(value)
    if value in ([], {}):  # PHP writes an empty object as []
        return {}
    if isinstance(value, list):
        items = {_named(item, names): item for item in value if isinstance(item, dict)}
        return {wanted: items[wanted] for wanted in asked if wanted in items} or None
    if not isinstance(value, dict):
        return None
    if found := {wanted: value[wanted] for wanted in asked if wanted in value}:
        return found
    named = _named(value, names)
    return {named: value} if named in asked and named else None


def only_item(value: Any, asked: str, names: tuple[str, ...]) -> Any:
    """The item of a single call, in its own shape or wrapped like one of many."""
    if found := by_id(value, [asked], names):
        return found[asked]
    value = unwrapped(value)
    return value[0] if isinstance(value, list) and len(value) == 1 else value
