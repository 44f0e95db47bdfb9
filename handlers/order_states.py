"""Where an order is, in the reader's words."""

from handlers.components import isolated
from handlers.screens import truncate
from locales import Translator
from shop.orders.suborders import is_subscription
from storage.enums import OrderState
from storage.rows import Order

ICONS = {
    OrderState.QUEUED: "🕓",
    OrderState.SUBMITTING: "🕓",
    OrderState.UNKNOWN: "🔎",
    OrderState.PENDING: "📨",
    OrderState.PROCESSING: "⚙️",
    OrderState.IN_PROGRESS: "🚀",
    OrderState.COMPLETED: "✅",
    OrderState.PARTIAL: "🟡",
    OrderState.CANCELED: "↩️",
    OrderState.FAILED: "🛠",
    OrderState.REJECTED: "✖️",
}
_ORDINARY = frozenset(
    {
        "pending",
        "awaiting",
        "queued",
        "submitted",
        "processing",
        "in progress",
        "inprogress",
        "active",
        "running",
    },
)


def state_words(state: OrderState, t: Translator) -> str:
    """Say a state in the reader's words. Queued and being sent are one thing to them."""
    return f"{ICONS[state]} {t.plain(f'state-{state}')}"


def order_state(order: Order, t: Translator) -> str:
    """Say an order's state. A subscription is not delivered, it waits for posts."""
    if is_subscription(order):
        said = order.status_text.strip().casefold()
        if order.state is OrderState.IN_PROGRESS:
            return (
                f"⏸ {t.plain('state-paused')}"
                if said == "paused"
                else f"🔔 {t.plain('state-active')}"
            )
        if order.state is OrderState.COMPLETED and said == "expired":
            return f"⌛ {t.plain('state-expired')}"
    return state_words(order.state, t)


def shown_state(order: Order, t: Translator) -> str:
    """Show a status that nobody knows as the provider wrote it; the order is still in work."""
    known = order_state(order, t)
    if (
        order.state in (OrderState.IN_PROGRESS, OrderState.PROCESSING, OrderState.PENDING)
        and order.status_text
    ):
        said = order.status_text.replace("_", " ").strip()
        ordinary = _ORDINARY | {"paused"} if is_subscription(order) else _ORDINARY
        if not said.isdigit() and said.casefold() not in ordinary:
            return f"{known} ({truncate(isolated(said), 40)})"
    return known
