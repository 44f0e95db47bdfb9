"""The answer to /refill, /status and /cancel_orders: each number with its result, in one
message.
"""

from collections.abc import Sequence

from handlers.components import local_time
from handlers.order_states import order_state
from handlers.screens import Screen, utf16_length
from locales import Translator
from shop.aftercare.bulk import BulkRequests, Item
from shop.aftercare.results import result_of
from shop.bulk.live_messages import Live, LiveKind
from storage.enums import REQUEST_OPEN, RequestKind, RequestState

LONGEST = 4_096  # of Telegram's units: an emoji is two


def usage(kind: RequestKind, t: Translator) -> Screen:
    """Return how the command is written."""
    return Screen(t(f"list-usage-{kind}"))


def listing(found: BulkRequests, t: Translator) -> Screen:
    """Give each number its line; where a message can't hold them, the numbers of each result in
    one.
    """
    title = t(f"list-title-{found.kind}")
    lines = [f"<b>#{item.text}</b> · {_line(item, found.kind, t)}" for item in found.items]
    text = "\n".join([title, "", *lines])
    if utf16_length(text) > LONGEST:
        text = "\n".join([title, *_grouped(found.items, found.kind, t)])
    goes_on = any(item.request is not None for item in found.items)
    return Screen(text, live=Live(LiveKind.REQUESTS, found.id) if goes_on else None)


def _line(item: Item, kind: RequestKind, t: Translator) -> str:
    words = _words(item, kind, t)
    if item.obstacle is not None and item.obstacle.at is not None:
        return f"{words} {local_time(item.obstacle.at)}"
    return words


def _grouped(items: Sequence[Item], kind: RequestKind, t: Translator) -> list[str]:
    groups: dict[str, list[str]] = {}
    for item in items:
        groups.setdefault(_words(item, kind, t), []).append(item.text)
    return [f"{words}: {' '.join(numbers)}" for words, numbers in groups.items()]


def _words(item: Item, kind: RequestKind, t: Translator) -> str:
    """Say one result in a few words; the order's own state where it was only looked at."""
    if item.obstacle is not None:
        return t(f"list-no-{item.obstacle.why}")
    if item.taken_back:
        return t("list-taken-back")
    request = item.request
    if kind is RequestKind.STATUS and item.order is not None:
        words = order_state(item.order, t)
        asking = request is not None and request.state in REQUEST_OPEN
        silent = request is not None and request.state is RequestState.FAILED
        return words + (" ⏳" if asking else " 🔌" if silent else "")
    if request is None:
        return t("list-no-open")
    state = RequestState.WAITING if request.state is RequestState.SENDING else request.state
    return t(f"list-{kind}-{result_of(state, request.meaning)}")
