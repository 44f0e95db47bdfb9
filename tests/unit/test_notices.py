"""What notices carry is read as it was always stored, and each kind has its words."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from handlers.notices import registry
from handlers.notices.registry import REGISTRY, About
from locales import Texts
from shop.outbox import DIGESTED, FOR_CUSTOMERS, PAYLOADS, PUSHED, Kind, payload_of
from shop.outbox.payloads import RefillNotice
from storage.enums import OrderState
from storage.queries.facts import named_user
from storage.rows import Order

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXTS = Texts()
IN_EVERY_LANGUAGE = pytest.mark.parametrize("language", ["en", "ru"])

# As every version up to now has written them; some kinds in more than one form.
STORED: list[tuple[Kind, dict[str, Any]]] = [
    (Kind.ORDER, {"state": "partial", "refund": 500_000}),
    (Kind.CARD, {}),
    (Kind.CREDITED, {"amount": -2_000_000, "reason": "a mistake"}),
    (Kind.SUPPORT, {"user": 1001, "name": "Ann", "text": "Where is it?"}),
    (Kind.UNKNOWN_ORDER, {"reason": "no answer", "evidence": "time-out"}),
    (Kind.CONFLICT, {"provider_order_id": "23501", "other": 7}),
    (Kind.FOUND_ORDER, {"provider_order_id": "23501"}),
    (Kind.LATE_ANSWER, {"provider_order_id": "23501"}),
    (Kind.NO_FUNDS, {"text": "Not enough funds"}),
    (Kind.BAD_KEY, {"text": "Invalid API key"}),
    (Kind.UNREACHABLE, {"text": "no connection"}),
    (Kind.FAILED_ORDER, {}),
    (
        Kind.UNCLEAR_REFUND,
        {
            "status": "Partial",
            "charge": "0.27",
            "remains": 40,
            "runs": None,
            "posts": None,
            "currency": "USD",
        },
    ),
    (Kind.REFUND_STANDS, {"amount": 1_000_000, "state": "completed"}),
    (Kind.TAKEN_BACK, {"amount": 1_000_000, "state": "completed"}),
    (Kind.BEYOND_HOLD, {"charged": "0.30", "posts": 2}),
    (Kind.CHARGE_CURRENCY, {"currency": "XAU"}),
    (Kind.STATUS_TEXT, {"text": "Frozen", "order": 7}),
    (Kind.SHORT_CATALOGUE, {"listed": 3, "known": 9, "left_out": 1}),
    (
        Kind.LEFT_OUT,
        {
            "left_out": 1,
            "limits": 0,
            "lines": [{"flaw": "rate", "id": "12", "name": "Likes", "said": "free"}],
        },
    ),
    (Kind.SYNCED, {"listed": 4, "added": 1, "changed": 0, "hidden": 0}),
    (
        Kind.SYNCED,
        {
            "listed": 4,
            "added": 1,
            "changed": 0,
            "hidden": 0,
            "left_out": 0,
            "limits": 1,
            "lines": [{"flaw": "limit", "id": "12", "name": "Likes", "said": "many"}],
        },
    ),
    (Kind.SYNC_FAILED, {"text": "no connection"}),
    (Kind.BALANCE, {"amount": "12.5", "currency": "USD", "in_work": 3}),
    (Kind.BALANCE_FAILED, {"text": "no connection", "in_work": 3}),
    (Kind.BALANCE_UNREADABLE, {"text": "unlimited", "in_work": 3}),
    (Kind.REFILL, {"result": "completed", "again": 1_795_000_000}),
    (Kind.REFILL, {"result": "rejected", "again": None}),
    (Kind.REFILL, {"counts": {"completed": 2, "rejected": 1}}),
    (Kind.CANCEL_REQUEST, {"result": "refused", "again": None}),
    (Kind.REQUESTS, {}),
    (Kind.MASS, {}),
    (
        Kind.MASS_DONE,
        {"mass": 3, "bad": 1, "spent": 5, "refunded": 0, "orders": {"completed": 4}},
    ),
    (Kind.UNKNOWN_TYPE, {"label": "special", "services": 2, "service": 9}),
    (Kind.TOPPED_UP, {"amount": 5, "method": "stars", "payment": 1, "balance": 5}),
    (Kind.TOPPED_UP, {"amount": 5, "method": "stars", "payment": 1, "balance": 5, "draft": 8}),
    (Kind.TOPPED_UP, {"amount": 5, "method": "stars", "payment": 1, "balance": -5, "order": 7}),
    (Kind.INVOICE, {"amount": 5, "currency": "USD", "url": "https://t.me/pay", "draft": None}),
    (Kind.INVOICE, {"amount": 5, "currency": "USD", "url": "", "draft": 8}),
    (Kind.PAID_BACK, {"amount": 5, "stars": 50, "payment": 1, "balance": 0}),
    (Kind.CHARGED_BACK, {"amount": 5, "stars": 50, "payment": 1, "balance": -5, "asked": 0}),
    (Kind.CHARGEBACK, {"user": 1001, "amount": 5, "stopped": 1, "asked": 2, "balance": -5}),
    (Kind.REFUND_FAILED, {"user": "1001", "payment": 1, "text": "CHARGE_NOT_FOUND"}),
    (Kind.STRAY_PAYMENT, {"user": "1001", "charge": "1-2-3", "stars": 5}),
    (Kind.STARS_DIFFER, {"total": 1_500_000_000, "balance": 2_000_000_000}),
    (
        Kind.TOP_UP_ASKED,
        {"top_up": 4, "user": "1001", "name": "Ann", "amount": 5, "currency": "USD"},
    ),
    (Kind.TOP_UP_DECIDED, {"top_up": 4, "amount": 5, "state": "approved"}),
    (Kind.CRYPTO_FAILED, {"text": "no connection"}),
    (
        Kind.CRYPTO_DIFFERS,
        {
            "invoice": 1,
            "user": "1001",
            "ours": "5 USD",
            "theirs": "4 USD",
            "payload": "1",
            "paid": None,
            "asset": None,
            "charge": "crypto:9",
        },
    ),
    (Kind.CRYPTO_MISSING, {"invoice": 1, "user": "1001", "external": "9"}),
    (Kind.CRYPTO_UNWATCHED, {"invoices": 2}),
    (
        Kind.MARGIN_LEAK,
        {
            "cost": 6,
            "paid": 5,
            "discount": 1,
            "scope": "category",
            "name": "Likes",
            "percent": "20",
            "fixed": 0,
            "minimum": 0,
            "held": True,
        },
    ),
    (Kind.AUDIT, {"count": 1}),
    (Kind.AUDIT, {"count": 1, "lines": ["wallet of 1001: 5, its entries 4"]}),
    (Kind.STUCK_ORDER, {"why": "quiet", "since": "2026-11-20T12:00:00+00:00"}),
    (
        Kind.CHECKED_ORDER,
        {
            "id": "23501",
            "status": "Pending",
            "charge": None,
            "remains": 40,
            "currency": "",
            "fits": True,
            "why": "",
            "evidence": 5,
        },
    ),
    (
        Kind.CHECKED_ORDER,
        {"id": "23501", "fits": False, "why": "taken", "other": 3, "evidence": 5},
    ),
    (Kind.CHECKED_ORDER, {"id": "23501", "fits": False, "why": "settled"}),
    (Kind.BACKUP_FAILED, {"text": "no room"}),
    (Kind.BACKUP_DIFFERS, {"text": "shop.db", "count": 2}),
    (Kind.RESTORED, {"orders": 1, "requests": 2, "lines": 3, "at": None}),
    (Kind.EARNED, {"amount": 5, "currency": "USD"}),
    (Kind.EARNED_BACK, {"amount": 5, "currency": "USD"}),
    (Kind.ALERT_OVER, {"of": "sending_held", "how": "waited", "count": 59, "seconds": 240}),
    (Kind.ALERT_OVER, {"of": "currency_differs", "how": "named", "named": "EUR"}),
    (Kind.ALERT_OVER, {"of": "numbers_anew", "how": "yes"}),
    (Kind.SENDING_HELD, {"why": "words", "text": "no more", "asked": 1_795_000_000_000}),
    (Kind.REFUSAL_WORDS, {"text": "no more"}),
    (Kind.LONG_WAIT, {"asked": 600, "wait": 60}),
    (Kind.ACCOUNT_CHANGED, {"count": 2}),
    (
        Kind.CURRENCY_DIFFERS,
        {"named": "EUR", "provider": "USD", "shop": "USD", "asked": 1, "house": False},
    ),
    (Kind.CURRENCY_ODD, {"text": "coins", "currency": "USD"}),
    (
        Kind.RATES_HELD,
        {
            "count": 12,
            "services": [{"id": 9, "name": "Likes", "old": "0.9", "new": "90"}],
            "asked": 1,
        },
    ),
    (
        Kind.NUMBERS_ANEW,
        {"number": "7", "other": 3, "when": "2025-11-20T12:00:00+00:00", "asked": 1},
    ),
    (Kind.AGREEMENT, {"why": "changed", "until": 1_795_000_000}),
    (Kind.AGREEMENT, {"why": "changed", "until": 1_795_000_000, "mass": 3}),
    (Kind.CLOCK_AHEAD, {"rows": 2}),
    (Kind.COUPON_GUESSES, {"wrong": 100}),
]
ORDER = Order(
    id=7,
    draft_id=7,
    user_id=1001,
    service_id=9,
    service_name="Likes",
    service_type="default",
    fields={},
    link="https://example.com/a",
    quantity=100,
    price=1_000_000,
    refunded=0,
    currency="USD",
    cost=Decimal("0.5"),
    billing="wallet",
    state=OrderState.IN_PROGRESS,
    provider_order_id="23501",
    status_text="In progress",
    charge=None,
    start_count=None,
    remains=40,
    created_at=NOON,
    submitted_at=NOON,
    changed_at=NOON,
    finished_at=None,
    waiting="",
    failure="",
    card_message_id=None,
    started_at=NOON,
    runs=None,
    posts=None,
    mass_id=None,
    exchange=Decimal(1),
    discount=0,
    booked_cost=0,
    bookings=0,
)
LIVE = {Kind.CARD, Kind.MASS, Kind.REQUESTS}
WORDS = [(kind, stored) for kind, stored in STORED if kind not in LIVE]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_payload_of_its_own_and_its_line(kind: Kind) -> None:
    assert PAYLOADS[kind].kind is kind
    assert REGISTRY[kind].payload is PAYLOADS[kind]
    assert (REGISTRY[kind].screen is None) == (kind in LIVE)
    assert kind in {one for one, _ in STORED}, "say here what it stores"


@pytest.mark.parametrize(("kind", "stored"), STORED)
def test_what_was_stored_is_read_and_stored_as_it_was(kind: Kind, stored: dict[str, Any]) -> None:
    told = payload_of(kind, stored)
    assert type(told) is PAYLOADS[kind]
    assert told.to_json() == stored
    assert payload_of(kind, told.to_json()) == told
    assert named_user(told.to_json()) == named_user(stored)


@pytest.mark.parametrize("kind", Kind)
def test_what_an_older_version_left_out_is_empty(kind: Kind) -> None:
    told = payload_of(kind, {"from a version to come": 1})
    assert not any(getattr(told, name) for name in getattr(told, "__dataclass_fields__", {}))


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize(("kind", "stored"), WORDS)
def test_every_kind_is_put_into_words(kind: Kind, stored: dict[str, Any], language: str) -> None:
    t = TEXTS.for_language(language)
    if kind == Kind.AUDIT:
        stored = {"lines": ["a line"], **stored}
    screen = registry.render(payload_of(kind, stored), About(ORDER, "USD", 5), t)
    assert screen.text
    assert "{$" not in screen.text
    assert "None" not in screen.text


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize("kind", sorted({kind for kind, _ in WORDS} - {Kind.ORDER, Kind.AGREEMENT}))
def test_an_order_that_is_gone_keeps_nobody_from_being_told(kind: Kind, language: str) -> None:
    stored = next(stored for one, stored in STORED if one == kind)
    t = TEXTS.for_language(language)
    stored = {"lines": [], **stored} if kind == Kind.AUDIT else stored
    assert registry.render(payload_of(kind, stored), About(None, "USD"), t).text


@pytest.mark.parametrize("kind", [Kind.REFUSAL_WORDS, Kind.SENDING_HELD, Kind.UNKNOWN_ORDER])
def test_an_alert_that_quoted_somebody_erased_is_still_told(kind: Kind) -> None:
    t = TEXTS.for_language("en")
    assert registry.render(payload_of(kind, {}), About(ORDER, "USD"), t).text


@pytest.mark.parametrize("kind", sorted(LIVE))
def test_a_live_message_has_no_words(kind: Kind) -> None:
    with pytest.raises(ValueError, match="has no words"):
        registry.render(payload_of(kind, {}), About(ORDER, "USD"), TEXTS.for_language("en"))


def test_a_kind_from_a_version_to_come_is_refused() -> None:
    with pytest.raises(ValueError, match="to_come"):
        payload_of("to_come", {})


def test_who_is_told_and_how_is_as_it_was() -> None:
    """Written out, so that a slip in one class is seen."""
    assert {
        Kind.ORDER,
        Kind.CREDITED,
        Kind.REFILL,
        Kind.CANCEL_REQUEST,
        Kind.MASS_DONE,
        Kind.EARNED,
        Kind.EARNED_BACK,
        Kind.AGREEMENT,
    } == PUSHED
    assert PUSHED - {Kind.CREDITED, Kind.AGREEMENT} == DIGESTED
    assert PUSHED <= FOR_CUSTOMERS
    assert (
        LIVE
        | {
            Kind.TOPPED_UP,
            Kind.INVOICE,
            Kind.PAID_BACK,
            Kind.CHARGED_BACK,
            Kind.TOP_UP_DECIDED,
        }
        == FOR_CUSTOMERS - PUSHED
    )
    replying = {kind for kind, one in PAYLOADS.items() if one.replies}
    assert replying == {Kind.REFILL, Kind.CANCEL_REQUEST, Kind.AGREEMENT}


def test_a_sum_of_refills_has_no_result_of_its_own() -> None:
    assert RefillNotice(counts={"completed": 2}).to_json() == {"counts": {"completed": 2}}
