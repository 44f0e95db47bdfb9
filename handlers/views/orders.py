"""My orders, and the card of one."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup, Message

from handlers.callbacks import Again, Categories, Menu, OrderCard, Orders
from handlers.screens import Row, Screen, button, copy_button, cut, keyboard
from handlers.views.parts import count, duration, isolated, local_time, pager
from locales import Translator
from shop.money import format_money
from storage.rows import Order
from storage.states import DONE, OrderState

ORDERS_A_PAGE = 6
_BAR = 12
_ICONS = {
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


def state_words(state: OrderState, t: Translator) -> str:
    """Say a state in the reader's words. Queued and being sent are one thing to them."""
    return f"{_ICONS[state]} {t.plain(f'state-{state}')}"


def orders_page(found: Sequence[Order], page: int, totals: tuple[int, int], *, done: bool, t: Translator) -> Screen:
    """Show a page of orders; `totals` count those in work and those done."""
    filters = [
        button(("• " if not done else "") + t.plain("filter-in-work", count=totals[0]), Orders(done=0, page=0)),
        button(("• " if done else "") + t.plain("filter-done", count=totals[1]), Orders(done=1, page=0)),
    ]
    back = [button(t.plain("button-back"), Menu(to="home"))]
    if not found:
        new = [button(t.plain("button-new-order"), Categories(page=0), "primary")]
        text = t("orders-empty") if totals == (0, 0) else t("orders-none-here")
        return Screen(text, keyboard(filters if totals != (0, 0) else [], new, back))
    lines = [_line(order, t) for order in found]
    rows: list[Row] = [
        [button(f"#{order.id} · {cut(order.service_name, 44)}", OrderCard(order=order.id))] for order in found
    ]
    pages = -(-totals[done] // ORDERS_A_PAGE)
    nav = pager(page, more=page < pages - 1, pages=pages, to=Orders, done=int(done))
    return Screen("\n\n".join([t("orders"), *lines]), keyboard(filters, *rows, nav, back))


def _line(order: Order, t: Translator) -> str:
    return t(
        "orders-line",
        id=str(order.id),
        state=state_words(order.state, t),
        service=isolated(cut(order.service_name, 80)),
        quantity=count(order.quantity, t),
        price=format_money(order.price, order.currency),
        at=local_time(order.created_at),
    )


def card(order: Order, t: Translator) -> Screen:
    """Show one order as it stands; the message is kept up to date from here on."""
    parts = [
        t("order-title", id=str(order.id), state=_shown_state(order, t)),
        _progress(order, t),
        _why(order, t),
        _facts(order, t),
        t("order-times", placed=local_time(order.created_at), changed=local_time(order.changed_at)),
    ]
    return Screen("\n\n".join(filter(None, parts)), _buttons(order, t), card=order)


def shows_card(message: Message) -> bool:
    """Say whether a message in the chat is an order's card: only cards have Order again."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    mark = f"{Again.__prefix__}:"
    return any((button.callback_data or "").startswith(mark) for row in rows for button in row)


def _shown_state(order: Order, t: Translator) -> str:
    """Show a status that nobody knows as the provider wrote it; the order is still in work."""
    known = state_words(order.state, t)
    if order.state in (OrderState.IN_PROGRESS, OrderState.PROCESSING, OrderState.PENDING) and order.status_text:
        said = order.status_text.replace("_", " ").strip()
        if not said.isdigit() and said.casefold() not in _ORDINARY:
            return f"{known} ({cut(isolated(said), 40)})"
    return known


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


def _why(order: Order, t: Translator) -> str:
    """Tell what a queued order waits for, what a check means, why an order was refused."""
    if order.state is OrderState.UNKNOWN:
        return t("order-being-checked")
    if order.state is OrderState.REJECTED:
        key = f"rejected-{order.waiting.replace('_', '-')}"
        return t(key if t.has(key) else "rejected-other")
    if order.state is OrderState.QUEUED and order.waiting:
        return t("waiting-busy-link") if order.waiting == "busy_link" else t("waiting-turn")
    return t("order-failed") if order.state is OrderState.FAILED else ""


def delivered(order: Order) -> int | None:
    """Count what is delivered; None before delivery has begun or where the provider doesn't say.

    Remains may be negative, larger than the quantity, or 0 on an order that has not begun.
    """
    if order.state is OrderState.COMPLETED:
        return order.quantity
    if order.remains is None or order.quantity <= 1:
        return None
    begun = order.state is OrderState.PARTIAL or (
        order.state is OrderState.IN_PROGRESS and 0 < order.remains <= order.quantity
    )
    return order.quantity - min(max(order.remains, 0), order.quantity) if begun else None


def _progress(order: Order, t: Translator) -> str:
    done = delivered(order)
    if done is None:
        return ""
    filled = done * _BAR // order.quantity
    bar = "▰" * filled + "▱" * (_BAR - filled)
    rows = [f"{bar} {done * 100 // order.quantity} %"]
    if order.start_count is not None:
        rows.append(t("order-start-count", count=count(order.start_count, t)))
    rows.append(t("order-delivered", delivered=count(done, t), remains=count(order.quantity - done, t)))
    return "\n".join(rows)


def _facts(order: Order, t: Translator) -> str:
    rows = [t("order-service", service=isolated(order.service_name))]
    if order.link:
        rows.append(t("order-link", link=isolated(cut(order.link, 300))))
    rows.append(t("order-quantity", quantity=count(order.quantity, t)))
    if order.fields.get("runs"):
        rows.append(
            t("order-runs", runs=count(order.fields["runs"], t), interval=duration(order.fields["interval"], t))
        )
    rows.append(t("order-price", price=format_money(order.price, order.currency)))
    if order.refunded:
        rows.append(t("order-refunded", amount=format_money(order.refunded, order.currency)))
    if order.provider_order_id:
        rows.append(t("order-provider-id", id=order.provider_order_id))
    return "\n".join(rows)


def _buttons(order: Order, t: Translator) -> InlineKeyboardMarkup:
    copies = [copy_button(t.plain("button-copy-id"), str(order.id))]
    if order.provider_order_id:
        copies.append(copy_button(t.plain("button-copy-provider-id"), order.provider_order_id))
    return keyboard(
        [button(t.plain("button-order-again"), Again(order=order.id))],
        copies,
        [
            button(t.plain("button-refresh"), OrderCard(order=order.id)),
            button(t.plain("button-my-orders"), Orders(done=int(order.state in DONE), page=0)),
        ],
    )
