"""An order's card says what came back and why."""

from dataclasses import fields
from typing import Any

import pytest

from handlers.customer.orders.views import given_back
from locales import Texts
from storage.enums import OrderState
from storage.rows import Order

TEXTS = Texts()
S = OrderState


def order(state: OrderState, **given: Any) -> Order:
    values: dict[str, Any] = dict.fromkeys(field.name for field in fields(Order))
    usual = {
        "id": 7,
        "state": state,
        "service_type": "default",
        "currency": "USD",
        "quantity": 100,
        "price": 300_000,
        "refunded": 300_000,
        "fields": {},
        "provider_order_id": "p7",
    }
    return Order(**values | usual | given)


@pytest.mark.parametrize(
    ("there", "why"),
    [
        (order(S.PARTIAL, remains=40, refunded=120_000), "not delivered: 40 of 100"),
        (order(S.PARTIAL, remains=250), "not delivered: 100 of 100"),
        # it was 40 before
        (order(S.PARTIAL, remains=20, refunded=120_000), "for what was not delivered"),
        (order(S.PARTIAL, remains=None, refunded=1), "for what was not delivered"),  # by the charge
        (order(S.CANCELED), "canceled by the provider"),
        # the provider keeps the rest
        (order(S.CANCELED, refunded=30_000), "for what was not delivered"),
        (order(S.CANCELED, refunded=30_000, settled_by=7), "we ended it"),
        (order(S.CANCELED, provider_order_id=None), "taken back before it was sent"),
        (order(S.REJECTED, provider_order_id=None), "not accepted"),
        (order(S.IN_PROGRESS, refunded=1), "when it had ended early; it is yours"),
        (order(S.COMPLETED, refunded=1), "when it had ended early; it is yours"),
        (
            order(S.COMPLETED, service_type="subscriptions", refunded=1),
            "for what was not delivered",
        ),
        (
            order(S.COMPLETED, fields={"runs": 5, "interval": 10}, refunded=1),
            "for what was not delivered",
        ),
    ],
)
def test_the_reason_is_the_orders_own(there: Order, why: str) -> None:
    english, russian = (given_back(there, TEXTS.for_language(code)) for code in ("en", "ru"))
    assert english.startswith("↩️ Given back: $0.")
    assert english.endswith(why)
    assert russian.startswith("↩️ Возвращено: ")
