"""Readings: from an answer to a result, or to the error that says what may follow."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from panel.answer import TOO_MANY_REQUESTS, Answer, UnreadableError
from panel.envelopes import by_id, only_item, unwrapped
from panel.error_codes import Meaning
from panel.errors import PanelError
from panel.figures import count, money
from panel.models import (
    Accepted,
    Balance,
    ItemError,
    OrderStatus,
    RefillStatus,
    Same,
    Seen,
    refill_state_of,
    state_of,
)
from panel.parsing import text_of, usable_id
from panel.refusals import ORDER_SIGNS, REDIRECT, only, refusal

BAD_REQUEST = 400
ORDER_NAMES = ("order", "order_id", "id")
REFILL_NAMES = ("refill", "refill_id", "id")
PARENT_SIGNS = ("runs", "posts", "orders")
# Of these none but the first five is read, and none can be a refusal under a code of success.
_PLAIN_ITEM = frozenset(
    {
        "charge",
        "start_count",
        "status",
        "remains",
        "currency",
        "order",
        "id",
        "service",
        "link",
        "quantity",
    }
)


def read_value(answer: Answer) -> Any:
    """The value of a read's answer. Raises Unavailable; Rejected for a 429 in whatever dress."""
    try:
        value = answer.value()
    except UnreadableError:
        value = None
    if value is None:
        raise read_failure(answer, None, "no JSON in the answer")
    return value


def read_failure(answer: Answer, value: Any, reason: str, *, of_status: bool = False) -> PanelError:
    said = refusal(value, answer.code, of_status=of_status)
    if answer.code == TOO_MANY_REQUESTS and not answer.cut:
        return answer.rejected(answer.item_error(said or "HTTP 429"))
    said = answer.hinted(value) if said is None else said
    return (
        answer.unavailable(reason)
        if said is None
        else read_refused(answer, answer.item_error(said))
    )


def read_refused(answer: Answer, error: ItemError) -> PanelError:
    """What an explicit error in the answer to a read means.

    Under a 5xx unlisted words may be a gateway's.
    """
    if answer.doubtful and error.meaning in {Meaning.OTHER, Meaning.TEMPORARY}:
        return answer.unavailable(error.text)
    return answer.rejected(error)


def written_value(answer: Answer) -> Any:
    """The value of the answer to `add`, `refill` or `cancel`. Raises as `write_failure` says."""
    try:
        value = answer.value()
    except UnreadableError:
        raise write_failure(answer, None, "no JSON in the answer") from None
    if value is None:
        raise write_failure(answer, None, "the answer is null")
    return value


def refused(answer: Answer, error: ItemError) -> PanelError:
    """What an explicit error in the answer to a write means for the ledger."""
    # Gateways and frameworks answer in JSON too, and a crash says nothing about how far the order
    # had come.
    if not answer.definite(error):
        return answer.unknown("words that may be another's than the provider's")
    return answer.rejected(error)


def write_failure(answer: Answer, value: Any, reason: str) -> PanelError:
    """What the answer to a write means that gives nothing to go on with."""
    said = refusal(value, answer.code)
    if answer.code == TOO_MANY_REQUESTS:
        return answer.rejected(answer.item_error(said or "HTTP 429"))
    said = answer.hinted(value) if said is None else said
    error = None if said is None else answer.item_error(said)
    if answer.met_no_api(value, error):
        return answer.not_taken()
    if error is None:
        return answer.unknown(reason)
    return refused(answer, error)


def balance(answer: Answer) -> Balance:
    value = read_value(answer)
    held = unwrapped(value)
    answered = answer.code < BAD_REQUEST and refusal(value, answer.code) is None
    named = text_of(held.get("currency")).strip() if isinstance(held, dict) else ""
    read, currency = (
        money(held.get("balance"), named) if answered and isinstance(held, dict) else (None, None)
    )
    if read is None:
        if isinstance(held, dict) and "balance" in held and answered:
            raise answer.unreadable("balance", held["balance"])
        raise read_failure(answer, value, "no balance in the answer")
    return Balance(read, currency or "")


def accepted(answer: Answer) -> Accepted:
    """An answer with a usable order id is an order, even with an error beside it; but not under a
    429.
    """
    value = only(written_value(answer))
    if answer.code != TOO_MANY_REQUESTS and isinstance(value, dict):
        data = only(value.get("data"))
        for place in (value, data if isinstance(data, dict) else {}):
            for name in ("order", "order_id"):
                if order := usable_id(place.get(name)):
                    return Accepted(
                        order, *money(place.get("charge"), text_of(place.get("currency")))
                    )
        if refusal(value, answer.code) is None and refusal(value.get("order")) is not None:
            value = value["order"]
    raise write_failure(answer, value, "no usable order id in the answer")


def _children(value: Any) -> tuple[str, ...] | None:
    """The ids of a list, each once; None for what is no list.

    PHP writes one with gaps as an object.
    """
    items = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(items, list):
        return None
    ids = (usable_id(item.get("order") if isinstance(item, dict) else item) for item in items)
    return tuple(dict.fromkeys(filter(None, ids)))


def _envelope(item: dict[str, Any], text: str) -> bool:
    """`{"status": "success", "message": ...}` speaks of the call; as a state it would end the
    order.
    """
    wrapped = any(name in item for name in ("data", "message", "msg"))
    return text.lower() == "success" and wrapped and not any(name in item for name in ORDER_SIGNS)


def status_item(answer: Answer, item: Any) -> OrderStatus | ItemError | None:
    """One order's status; None for what can't be read.

    A bare string is an error: the snake family's.
    """
    if isinstance(item, str) and item.strip():
        return answer.item_error(item.strip())
    if not isinstance(item, dict):
        return None
    said = refusal(item, answer.code, of_status=True) or refusal(item.get("status"))
    if said is not None:
        return answer.item_error(said)
    text = text_of(item.get("status")).strip()
    if not text or _envelope(item, text):
        return None
    charge, currency = money(item.get("charge"), text_of(item.get("currency")))
    return OrderStatus(
        state=state_of(text, parent=any(name in item for name in PARENT_SIGNS)),
        text=answer.redact.excerpt(text),
        charge=charge,
        start_count=count(item.get("start_count", item.get("start_counter"))),
        remains=count(item.get("remains")),
        currency=currency,
        runs=count(item.get("runs")),
        posts=count(item.get("posts")),
        orders=_children(item.get("orders")),
    )


def repeats(answer: Answer, item: Any, seen: Seen) -> bool:
    """Whether an item would be read as a status that says just what was seen; False where it has to
    be read to tell.

    It is the documented item and nothing else, so that no word of it can be a refusal, and each of
    its figures is there as it was kept. What is left out is not news, and neither is the currency
    of a charge that is the same.
    """
    if type(item) is not dict or answer.code >= REDIRECT or not item.keys() <= _PLAIN_ITEM:
        return False
    text, charge = item.get("status"), item.get("charge")
    return (
        text == seen.status_text
        and state_of(text) == seen.state
        and (charge is None or (charge if type(charge) is str else str(charge)) == seen.charge)
        and _is_count(item.get("start_count"), seen.start_count)
        and _is_count(item.get("remains"), seen.remains)
    )


def _is_count(said: Any, seen: int | None) -> bool:
    return said is None or (
        seen is not None and (said == str(seen) if type(said) is str else said == seen)
    )


def refill_status_item(answer: Answer, item: Any) -> RefillStatus | ItemError | None:
    if isinstance(item, str) and refill_state_of(item):
        item = {"status": item}
    found = status_item(answer, item)
    return (
        RefillStatus(refill_state_of(found.text), found.text)
        if isinstance(found, OrderStatus)
        else found
    )


Read = TypeVar("Read")
ItemReader = Callable[[Answer, Any], Read | ItemError | None]


def read_one(answer: Answer, asked: str, names: tuple[str, ...], item_of: ItemReader[Read]) -> Read:
    """Raises Rejected when the provider refuses the id, Unavailable when there is nothing to
    read.
    """
    value = read_value(answer)
    found = item_of(answer, only_item(value, asked, names))
    if found is None:
        raise read_failure(answer, value, "no status in the answer", of_status=True)
    if isinstance(found, ItemError):
        raise read_refused(answer, found)
    return found


def read_each(
    answer: Answer, asked: Sequence[str], names: tuple[str, ...], item_of: ItemReader[Read]
) -> dict[str, Read | ItemError]:
    """Ids that were left out, or whose item can't be read, are absent.

    Raises as `read_one` for the whole.
    """
    items = items_by_id(answer, asked, names)
    return {key: read for key, item in items.items() if (read := item_of(answer, item)) is not None}


def read_changes(
    answer: Answer, asked: Sequence[str], seen: Mapping[str, Seen]
) -> dict[str, OrderStatus | Same | ItemError]:
    """The statuses of orders, as `read_each`; SAME for those that only repeat what was seen."""
    found: dict[str, OrderStatus | Same | ItemError] = {}
    for key, item in items_by_id(answer, asked, ORDER_NAMES).items():
        known = seen.get(key)
        if known is not None and repeats(answer, item, known):
            found[key] = Same.SAME
        elif (read := status_item(answer, item)) is not None:
            found[key] = read
    return found


def items_by_id(answer: Answer, asked: Sequence[str], names: tuple[str, ...]) -> dict[str, Any]:
    """The items of a multiple answer, unread. Raises as `read_one`."""
    value = read_value(answer)
    items = by_id(value, asked, names)
    if items is None:
        raise read_failure(answer, value, "no statuses by id in the answer", of_status=True)
    return items
