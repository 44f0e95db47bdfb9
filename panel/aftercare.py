"""Readings of `refill` and `cancel`: both change something, both answer per order."""

from collections.abc import Sequence
from typing import Any

from panel.answer import TOO_MANY_REQUESTS, Answer
from panel.envelopes import by_id, only_item
from panel.error_codes import Meaning
from panel.models import CancelRequested, ItemError
from panel.parsing import flag, text_of, usable_id, words
from panel.reading import ORDER_NAMES, refused, write_failure, written_value
from panel.refusals import refusal


def refill_item(answer: Answer, item: Any) -> str | ItemError | None:
    """The id of a refill.

    Id 0, "" and null are refusals: panels answer them for orders that don't exist.
    """
    inner = item.get("refill") if isinstance(item, dict) else item
    if refill := usable_id(inner):
        return refill
    said = refusal(item, answer.code) or refusal(inner)
    if said is not None:
        return answer.item_error(said)
    if (
        isinstance(inner, dict | list)
        or inner is True
        or (isinstance(item, dict) and "refill" not in item)
    ):
        return None
    text = words(inner)
    if text.strip("0"):
        return answer.item_error(text)
    return ItemError(f"no refill id: {text or 'nothing'}", Meaning.REFILL)


def refill(answer: Answer, order: str) -> str:
    value = written_value(answer)
    # "500 Internal Server Error" begins with a JSON value too: a bare number is no id.
    known = isinstance(value, dict | list)
    found = refill_item(answer, only_item(value, order, ORDER_NAMES)) if known else None
    if isinstance(found, str):
        return found
    if isinstance(found, ItemError):
        raise refused(answer, found)
    raise write_failure(answer, value, "no refill id in the answer")


CANCEL_WORDS = frozenset(
    {"requested", "success", "ok", "true", "pending", "accepted", "canceled", "cancelled"}
)


def cancel_item(answer: Answer, item: Any) -> CancelRequested | ItemError | None:
    inner = item.get("cancel", item.get("status")) if isinstance(item, dict) else item
    said = refusal(item, answer.code) or refusal(inner)
    if said is not None:
        return answer.item_error(said)
    if isinstance(inner, dict | list):
        return None
    text = text_of(inner).strip()
    if flag(inner) or text.lower() in CANCEL_WORDS or usable_id(inner):
        return CancelRequested(text or "1")
    return answer.item_error(text or "not canceled")


def _items(answer: Answer, value: Any, asked: Sequence[str]) -> dict[str, Any] | None:
    items = by_id(value, asked, ORDER_NAMES)
    return None if answer.code == TOO_MANY_REQUESTS and not items else items


def cancellations(answer: Answer, asked: Sequence[str]) -> dict[str, CancelRequested | ItemError]:
    """Every shape that `cancel` was seen in; an id without a word about it is absent."""
    value = written_value(answer)
    if isinstance(value, dict):
        listed = value.get("canceled", value.get("cancelled"))
        if isinstance(listed, list):
            ids = set(filter(None, map(usable_id, listed)))
            return {order: CancelRequested("canceled") for order in asked if order in ids}
    items = _items(answer, value, asked)
    if items is None and len(asked) == 1 and isinstance(value, dict) and "cancel" in value:
        items = {asked[0]: value}
    if items is None:
        raise write_failure(answer, value, "nothing about the orders in the answer")
    return {
        order: read
        for order, item in items.items()
        if (read := cancel_item(answer, item)) is not None
    }


def refills(answer: Answer, asked: Sequence[str]) -> dict[str, str | ItemError]:
    value = written_value(answer)
    items = _items(answer, value, asked)
    if items is None:
        raise write_failure(answer, value, "nothing about the orders in the answer")
    return {
        order: read
        for order, item in items.items()
        if (read := refill_item(answer, item)) is not None
    }
