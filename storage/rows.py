"""What comes back from the database: frozen dataclasses, one per table that the shop reads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Row as SqlRow

from storage.enums import (
    InvoiceState,
    Method,
    OrderState,
    PaymentState,
    RequestKind,
    RequestState,
    TopUpState,
)

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class User:
    id: int
    first_name: str
    username: str | None
    language: str
    created_at: datetime
    gone_at: datetime | None
    pushes: str
    digest_hour: int
    quiet_from: int | None
    quiet_until: int | None
    utc_offset: int | None
    coupon_id: int | None
    heir_id: int | None = None


@dataclass(frozen=True, slots=True)
class Category:
    id: int
    name: str
    services: int  # how many can be seen


@dataclass(frozen=True, slots=True)
class ServiceRow:
    id: int
    provider_id: str
    category_id: int
    category: str
    position: int
    name: str
    description: str
    type_label: str
    type: str | None
    rate: Decimal
    min: int
    max: int
    refill: bool
    cancel: bool
    dripfeed: bool
    sold: bool
    hidden_at: datetime | None
    warranty_days: int | None = None
    held_at: datetime | None = None
    held_why: str = ""
    held_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    id: int
    user_id: int
    service_id: int
    fields: dict[str, Any]
    quote: dict[str, Any] | None
    closed_at: datetime | None
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Money (`price`, `refunded`, `discount`, `booked_cost`) in millionths of `currency`; `cost`
    and `charge` in the provider's, of which one was `exchange` of ours.
    """

    ENUMS: ClassVar = {"state": OrderState}
    id: int
    draft_id: int
    user_id: int
    service_id: int
    service_name: str
    service_type: str
    fields: dict[str, Any]
    link: str
    quantity: int
    price: int
    refunded: int
    currency: str
    cost: Decimal
    billing: str
    state: OrderState
    provider_order_id: str | None
    status_text: str
    charge: Decimal | None
    start_count: int | None
    remains: int | None
    created_at: datetime
    submitted_at: datetime | None
    changed_at: datetime
    finished_at: datetime | None
    waiting: str
    failure: str
    card_message_id: int | None
    started_at: datetime | None
    runs: int | None
    posts: int | None
    mass_id: int | None
    exchange: Decimal
    discount: int
    booked_cost: int
    bookings: int
    look_at: datetime | None = None
    missing_since: datetime | None = None
    settled_by: int | None = None
    account: str = ""
    service_category: str = ""
    waits_since: datetime | None = None
    full_charge: Decimal | None = None
    unclear_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found out about an order whose `add` had no definite answer, or which is stuck: see
    shop.fulfilment.
    """

    id: int
    order_id: int
    kind: str
    payload: dict[str, Any]
    at: datetime
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the orders that the provider made of ours: a run, or a post's.

    `charge` in its currency.
    """

    ENUMS: ClassVar = {"state": OrderState}
    id: int
    order_id: int
    provider_order_id: str
    number: int
    state: OrderState | None
    status_text: str
    charge: Decimal | None
    start_count: int | None
    remains: int | None
    first_seen_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A refill or a cancellation that somebody asked for."""

    ENUMS: ClassVar = {"kind": RequestKind, "state": RequestState}
    id: int
    order_id: int
    user_id: int
    list_id: int | None
    kind: RequestKind
    state: RequestState
    provider_refill_id: str | None
    status_text: str
    failure: str
    meaning: str
    created_at: datetime
    sent_at: datetime | None
    changed_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of `amount` millionths from one account of a user to another."""

    id: int
    user_id: int
    source: str
    target: str
    amount: int
    order_id: int | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Invoice:
    """What somebody was asked to pay; `amount` (millionths) is credited for it."""

    ENUMS: ClassVar = {"method": Method, "state": InvoiceState}
    id: int
    user_id: int
    method: Method
    amount: int
    currency: str
    stars: int | None
    draft_id: int | None
    state: InvoiceState
    external_id: str | None
    pay_url: str | None
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    checkouts: int = 0
    checked_out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came; `amount` (millionths) was credited for it."""

    ENUMS: ClassVar = {"method": Method, "state": PaymentState}
    id: int
    user_id: int
    invoice_id: int | None
    method: Method
    charge_id: str
    amount: int
    currency: str
    stars: int | None
    paid: Decimal | None
    asset: str | None
    state: PaymentState
    at: datetime
    refund_by: int | None
    refund_asked_at: datetime | None
    refunds: int
    refunded_at: datetime | None
    bot_id: int = 0


@dataclass(frozen=True, slots=True)
class TopUp:
    """What somebody asked the admins to credit, in millionths."""

    ENUMS: ClassVar = {"state": TopUpState}
    id: int
    user_id: int
    amount: int
    currency: str
    state: TopUpState
    created_at: datetime
    decided_by: int | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Margin:
    """One rule of what comes on top of a rate; `fixed` and `minimum` in millionths per 1,000, or
    per package.
    """

    id: int
    scope: str
    about: str
    percent: Decimal
    fixed: int
    minimum: int
    set_by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Coupon:
    """Either `percent` off an order, or `amount` millionths into the wallet.

    A percentage takes off at most `most` millionths, and leaves the cost of the order unless it may
    go `below_cost`.
    """

    id: int
    code: str
    percent: Decimal | None
    amount: int | None
    per_user: int
    total: int | None
    used: int
    expires_at: datetime | None
    created_by: int
    created_at: datetime
    ended_at: datetime | None
    most: int | None = None
    below_cost: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    id: int
    user_id: int
    kind: str
    order_id: int | None
    live_id: int | None
    payload: dict[str, Any]
    attempts: int
    created_at: datetime
    outcome: str  # storage.queries.notices.HELD while it waits for its reader's hour
    alert: str | None = None
    message_id: int | None = None


def from_row(kind: type[R], row: SqlRow[Any]) -> R:
    """Build the dataclass `kind` from the columns of the same names; its `ENUMS` are read as those
    enums.
    """
    made: R = _reader(kind, row._fields)(row)  # type: ignore[arg-type]
    return made


def from_rows(kind: type[R], rows: Iterable[SqlRow[Any]]) -> list[R]:
    found = list(rows)
    read = _reader(kind, found[0]._fields) if found else None  # type: ignore[arg-type]
    return [read(row) for row in found] if read is not None else []


@cache
def _reader(kind: Any, columns: tuple[str, ...]) -> Callable[[SqlRow[Any]], Any]:
    """Make what builds a `kind` from a row with these columns."""
    names = [field.name for field in fields(kind)]
    places = [columns.index(name) for name in names]
    words = getattr(kind, "ENUMS", {})
    enums = [(place, words[name]) for place, name in enumerate(names) if name in words]

    def read(row: SqlRow[Any]) -> Any:
        values = [row[place] for place in places]
        for place, enum in enums:
            if values[place] is not None:
                values[place] = enum(values[place])
        return kind(*values)

    return read
