"""What has to be true after hard times: every order once, the books, and everybody told of
everything.
"""

import re
from collections import Counter
from typing import Any

from storage.enums import OrderState, Pushes
from storage.schema.catalogue import services
from storage.schema.customers import users
from storage.schema.messages import notices
from storage.schema.orders import order_events, requests
from tests.chaos.hard_times import Chaos
from tests.harness.books import differences

SILENT = {OrderState.QUEUED, OrderState.SUBMITTING}
ON_THE_WAY = {*SILENT, OrderState.PENDING, OrderState.PROCESSING, OrderState.IN_PROGRESS}
_PUSH = re.compile(r"^(\S+) (?:The provider reports a problem with order|Order) #(\d+)")
_LIST, _LINE = "📬", re.compile(r"^(\S+) [^#\n]*#(\d+) ", re.MULTILINE)
_RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d )", re.MULTILINE)
_ERROR = re.compile(r"\S+(Error|Exception|RetryAfter|BadRequest)\b")
SIGNS = {
    "🔎": "unknown",
    "📨": "pending",
    "⚙️": "processing",
    "🚀": "in_progress",
    "✅": "completed",
    "🟡": "partial",
    "↩️": "canceled",
    "🛠": "failed",
    "✖️": "rejected",
}
# What a locked database, a full disk and a Telegram in trouble may leave in the log; anything else
# is a mistake.
_EXPECTED = (
    "database is locked",
    "disk is full",
    "disk I/O error",
    "LockNotAvailable",
    "TelegramServerError",
    "TelegramNetworkError",
    "TelegramRetryAfter",
)


async def reckon(chaos: Chaos) -> list[str]:
    """List what is wrong, a line each."""
    return [
        *await _one_each(chaos),
        *await _no_request_twice(chaos),
        *(f"books: {line}" for line in await differences(chaos.shop.database)),
        *await _all_was_noted(chaos),
        *await _all_was_told(chaos),
        *_no_strange_trace(chaos),
    ]


async def _one_each(chaos: Chaos) -> list[str]:
    """Every order at the provider is one of ours, and the other way round; what was given back has
    none.
    """
    wrong = []
    there = {str(order.number): order for order in chaos.shop.pg.provider.book.orders.values()}
    offered = {row.id: row.provider_id for row in await chaos.shop.rows(services)}
    rows = await chaos.shop.rows()
    ours = Counter(row.provider_order_id for row in rows if row.provider_order_id is not None)
    wrong += [f"{key} is {count} of our orders" for key, count in ours.items() if count > 1]
    wrong += [
        f"{key} ({there[key].link}) at the provider is none of ours"
        for key in there.keys() - ours.keys()
    ]
    wrong += [f"{key} is not at the provider" for key in ours.keys() - there.keys()]
    for row in rows:
        order = there.get(row.provider_order_id)
        if order is None:
            if (
                row.state not in {OrderState.REJECTED, OrderState.CANCELED}
                or row.refunded != row.price
            ):
                wrong.append(f"order {row.id} is {row.state} without an order at the provider")
        elif (order.link, order.quantity, order.service.id) != (
            row.link,
            row.quantity,
            offered[row.service_id],
        ):
            wrong.append(f"order {row.id} is not {row.provider_order_id}")
        elif order.state(chaos.shop.pg.provider.now).status.lower() != row.state:
            wrong.append(f"order {row.id} is {row.state}, at the provider {order.state(0).status}")
    return wrong


async def _no_request_twice(chaos: Chaos) -> list[str]:
    """A press asks for one refill at most."""
    asked = Counter(row.order_id for row in await chaos.shop.rows(requests) if row.kind == "refill")
    ids = {row.id: row.provider_order_id for row in await chaos.shop.rows()}
    made = len(chaos.shop.pg.provider.refills._refills)
    known = Counter(
        row.provider_refill_id for row in await chaos.shop.rows(requests) if row.provider_refill_id
    )
    wrong = [f"refill {key} was written {count} times" for key, count in known.items() if count > 1]
    if made > asked.total():
        wrong.append(f"{made} refills for {asked.total()} requests of {len(ids)} orders")
    return wrong


async def _all_was_noted(chaos: Chaos) -> list[str]:
    """Each event of an order has its notice, in the same order, and Telegram has taken it.

    Only what is on the way is not told, and only to those who want results.
    """
    wrong = []
    events = _by_order((row.order_id, row.state) for row in await chaos.shop.rows(order_events))
    rows = [row for row in await chaos.shop.rows(notices) if row.kind == "order"]
    said = _by_order((row.order_id, row.payload["state"]) for row in rows)
    for number, states in events.items():
        if said.get(number, []) != states:
            wrong.append(f"order {number} was {states}, told was {said.get(number)}")
    results_only = {row.id for row in await chaos.shop.rows(users) if row.pushes == Pushes.ENDS}
    for row in rows:
        silent = (
            row.user_id in results_only
            and row.payload["state"] in ON_THE_WAY
            and not row.payload["refund"]
        )
        if row.outcome != ("quiet" if silent else "said"):
            wrong.append(f"notice {row.id} of order {row.order_id}: {row.outcome}")
    return wrong


async def _all_was_told(chaos: Chaos) -> list[str]:
    """The chats have the end of each order, nothing that was not so, and nothing twice without a
    reason.
    """
    events = _by_order((row.order_id, row.state) for row in await chaos.shop.rows(order_events))
    owners = {row.id: row.user_id for row in await chaos.shop.rows()}
    pushed: Counter[tuple[int, str]] = Counter()
    wrong = []
    for person in chaos.customers:
        for view in person.from_bot:
            said = _told_in(view.text)
            # A list that is said again is one message, however long it is.
            chaos.happened["said again"] += any(
                pushed[number, state] >= max(events.get(number, []).count(state), 1)
                for number, state in said
            )
            pushed.update(said)
            wrong += [
                f"{person.id} was told of order {number}"
                for number, _ in said
                if owners.get(number) != person.id
            ]
    for number, states in events.items():
        if states and not pushed[number, states[-1]]:
            wrong.append(
                f"order {number} has ended {states[-1]}, and its customer was not told: {states}"
            )
    for number, state in pushed:
        if state not in events.get(number, []):
            wrong.append(f"order {number} was said to be {state}")
    reasons = len(chaos.shop.pg.api.unanswered) + sum(chaos.happened[one] for one in _INTERRUPTIONS)
    if chaos.happened["said again"] > reasons:
        wrong.append(f"{chaos.happened['said again']} pushes again, for {reasons} lost answers")
    return wrong


def _told_in(text: str) -> list[tuple[int, str]]:
    """Read what a message tells: an order and its state, or many of them in a list."""
    found = _LINE.findall(text) if text.startswith(_LIST) else _PUSH.findall(text)
    return [(int(number), SIGNS[sign]) for sign, number in found if sign in SIGNS]


# Between a message and its row: the process ends, or the row can't be written, or Telegram's answer
# comes too late.
_INTERRUPTIONS = ("kill", "stop", "pause", "disk_is_full", "database_is_locked")


def _by_order(pairs: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, state in pairs:
        known = found.setdefault(number, [])
        if state not in SILENT:
            known.append(str(state))
    return found


def _no_strange_trace(chaos: Chaos) -> list[str]:
    wrong = []
    records = [
        record
        for bot in chaos.shop.bots
        for record in _RECORD.split(bot.said)
        if "Traceback" in record
    ]
    for record in records:
        last = next(filter(_ERROR.match, reversed(record.splitlines())), "?")
        chaos.happened[f"trace: {last.partition(':')[0]}"] += 1
        if not any(words in record for words in _EXPECTED):
            wrong.append(f"a trace: {last}\n{record[-3000:]}")
    return wrong
