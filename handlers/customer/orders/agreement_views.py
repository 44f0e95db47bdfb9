"""Orders that are not sent: what their customers are asked."""

from datetime import UTC, datetime

from handlers.callbacks import (
    AgreeAgain,
    CancelOrder,
    Menu,
    OrderCard,
)
from handlers.components import isolated, local_time
from handlers.screens import Row, Screen, button, keyboard, truncate
from locales import Translator
from shop.ordering.agreement import Waiting
from shop.outbox.payloads import AgreementNotice
from storage.rows import Order


def agreement(told: AgreementNotice, order: Order, t: Translator) -> Screen:
    """Tell a customer that their order is not sent, and what they can do."""
    until = local_time(datetime.fromtimestamp(told.until, UTC))
    service = isolated(truncate(order.service_name, 80))
    show = [button(t.plain("button-show-order"), OrderCard(order=order.id))]
    if told.mass is not None:
        return Screen(t("push-agree-mass", mass=str(told.mass), until=until), keyboard(show))
    why = Waiting(told.why)
    text = t(f"push-agree-{why}", id=str(order.id), service=service, until=until)
    ways: list[Row] = []
    if why is Waiting.CHANGED:
        ways.append(again_button(order, t))
    if why is Waiting.DEBT:
        ways.append([button(t.plain("button-wallet"), Menu(to="wallet"), "primary")])
    ways.append([button(t.plain("button-agree-take-back"), CancelOrder(order=order.id)), *show])
    return Screen(text, keyboard(*ways))


def again_button(order: Order, t: Translator) -> Row:
    return [button(t.plain("button-agree-again"), AgreeAgain(order=order.id), "primary")]


def waits_for_its_customer(order: Order) -> bool:
    """Return whether an order can be confirmed anew."""
    return order.waiting == Waiting.CHANGED
