"""The answer to a list of numbers names each of them, and always fits into a message."""

import random
import re
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from handlers.customer.aftercare.views import LONGEST, listing
from locales import Texts
from playground.telegram.html import parse_html, utf16_length
from shop.aftercare.bulk import MOST, BulkRequests, Item
from shop.bulk.live_messages import Live, LiveKind
from shop.orders.eligibility import Ineligibility, IneligibilityReason
from storage.enums import OrderState, RequestKind, RequestState
from storage.rows import Order, Request
from tests.harness.clock import Clock

NOW = Clock()()
TEXTS = Texts()
OBSTACLES = [
    Ineligibility(
        why,
        NOW
        if why
        in {
            IneligibilityReason.TOO_EARLY,
            IneligibilityReason.OVER,
            IneligibilityReason.AGAIN_LATER,
        }
        else None,
    )
    for why in IneligibilityReason
]


def order(number: int, state: OrderState = OrderState.COMPLETED) -> Order:
    values: dict[str, Any] = dict.fromkeys(field.name for field in fields(Order))
    return Order(
        **values | {"id": number, "state": state, "service_type": "default", "status_text": ""}
    )


def request(number: int, kind: RequestKind, state: RequestState, meaning: str = "") -> Request:
    values: dict[str, Any] = dict.fromkeys(field.name for field in fields(Request))
    return Request(
        **values | {"order_id": number, "kind": kind, "state": state, "meaning": meaning}
    )


def results(kind: RequestKind, number: int) -> list[Item]:
    """Everything that can become of one number."""
    text, refused = str(number), RequestState.REFUSED
    states = {
        RequestKind.REFILL: list(RequestState),
        RequestKind.CANCEL: [
            RequestState.WAITING,
            RequestState.SENDING,
            RequestState.ACCEPTED,
            RequestState.COMPLETED,
            RequestState.REJECTED,
            RequestState.REFUSED,
            RequestState.UNKNOWN,
        ],
        RequestKind.STATUS: [RequestState.WAITING, RequestState.COMPLETED, RequestState.FAILED],
    }[kind]
    found = [Item(text, order(number), request=request(number, kind, state)) for state in states]
    if kind is RequestKind.STATUS:
        return (
            found
            + [Item(text, order(number, state)) for state in OrderState]
            + [Item(text, None, OBSTACLES[0])]
        )
    found += [Item(text, order(number), obstacle) for obstacle in OBSTACLES]
    found.append(Item(text, order(number), request=request(number, kind, refused, "unsupported")))
    return [*found, Item(text, order(number), taken_back=True)]


def shown(items: list[Item], kind: RequestKind, language: str) -> str:
    screen = listing(BulkRequests(7, kind, items, None), TEXTS.for_language(language))
    text, _ = parse_html(screen.text)
    assert utf16_length(screen.text) <= LONGEST
    return text


@pytest.mark.parametrize("language", TEXTS.languages)
@pytest.mark.parametrize("kind", list(RequestKind))
@pytest.mark.parametrize(
    ("count", "first"), [(1, 12), (12, 12), (60, 1000), (MOST, 1), (MOST, 100_000)]
)
def test_no_number_is_lost(kind: RequestKind, language: str, count: int, first: int) -> None:
    chance = random.Random(f"{kind} {language} {count}")
    items = [chance.choice(results(kind, number)) for number in range(first, first + count)]
    text = shown(items, kind, language)
    named = [int(number) for number in re.findall(r"(?<![\d.])\d+(?![\d.])", text)]
    assert {number for number in named if first <= number < first + count} == set(
        range(first, first + count)
    )


def test_every_result_at_once_fits() -> None:
    for language in TEXTS.languages:
        for kind in RequestKind:
            every = results(kind, 1)
            assert (
                len(shown([every[number % len(every)] for number in range(MOST)], kind, language))
                > MOST
            )


def test_a_short_list_has_a_line_and_a_time_for_each() -> None:
    items = [
        Item("12", order(12), request=request(12, RequestKind.REFILL, RequestState.ACCEPTED)),
        Item(
            "15", order(15), Ineligibility(IneligibilityReason.TOO_EARLY, NOW + timedelta(hours=3))
        ),
        Item("19", None, Ineligibility(IneligibilityReason.NO_ORDER)),
    ]
    text = shown(items, RequestKind.REFILL, "en").splitlines()
    assert text[2:] == [
        "#12 · ✅ accepted",
        "#15 · 🕓 too early 2026-11-22 15:00 UTC",
        "#19 · ❔ no such order",
    ]


def test_a_list_in_which_nothing_can_happen_is_not_kept_up_to_date() -> None:
    t = TEXTS.for_language("en")
    gone = Item("19", None, Ineligibility(IneligibilityReason.NO_ORDER))
    asked = Item("12", order(12), request=request(12, RequestKind.REFILL, RequestState.WAITING))
    assert listing(BulkRequests(7, RequestKind.REFILL, [gone], None), t).live is None
    assert listing(BulkRequests(7, RequestKind.REFILL, [gone, asked], None), t).live == Live(
        LiveKind.REQUESTS, 7
    )
