"""Somebody's day in one message."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.callbacks import Orders
from handlers.components import isolated, money
from handlers.order_states import state_words
from handlers.screens import Screen, button, keyboard, truncate, utf16_length
from locales import Translator
from shop.access import Billing
from storage.enums import OrderState
from storage.rows import Order

_MOST = 4_096  # of Telegram's units: an emoji is two
_ROOM = 80  # for "and N more"


@dataclass(frozen=True, slots=True)
class Refunds:
    """What a day gave back, in millionths: one sum for each currency, and for who was paid."""

    sums: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, order: Order, amount: int) -> None:
        if amount:
            self.sums[order.billing, order.currency] += amount


def line(order: Order, state: OrderState, t: Translator) -> str:
    """Say in a line what an order has become."""
    return t(
        "digest-line",
        id=str(order.id),
        state=state_words(state, t),
        service=isolated(truncate(order.service_name, 60)),
    )


def digest(lines: Sequence[str], refunds: Refunds, t: Translator, *, day: bool) -> Screen:
    """Show as many lines as a message holds, and say how many there are besides: of a day, or of
    just now.
    """
    head, tail = t("digest" if day else "digest-now", count=len(lines)), _given_back(refunds, t)
    room = _MOST - utf16_length(head) - utf16_length(tail) - _ROOM
    shown: list[str] = []
    for one in lines:
        room -= utf16_length(one) + 1
        if room < 0:
            break
        shown.append(one)
    left = len(lines) - len(shown)
    more = t("digest-more", count=left) if left else ""
    body = "\n".join(filter(None, [*shown, more]))
    buttons = keyboard([button(t.plain("button-my-orders"), Orders(done=0, page=0))])
    return Screen("\n\n".join(filter(None, [head, body, tail])), buttons)


def _given_back(refunds: Refunds, t: Translator) -> str:
    rows = []
    for (billing, currency), amount in refunds.sums.items():
        key = "push-refund" if billing == Billing.WALLET else "push-refund-house"
        rows.append(t(key, amount=money(amount, currency, t)))
    return "\n".join(rows)
