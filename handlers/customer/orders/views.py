"""My orders, and the card of one."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup, Message

from handlers.callbacks import Again, Categories, Menu, OrderCard, Orders, SavePreset
from handlers.components import bar, count, duration, isolated, local_time, money, pager
from handlers.customer.catalogue import delivery_times
from handlers.customer.orders import aftercare_views, suborder_views
from handlers.customer.orders.agreement_views import again_button, waits_for_its_customer
from handlers.order_states import order_state, shown_state
from handlers.screens import Row, Screen, button, copy_button, keyboard, truncate
from locales import Translator
from shop.money import share
from shop.orders.details import OrderDetails
from shop.orders.history import MOST_COUNTED
from shop.orders.suborders import is_subscription, run_size, runs_of
from storage.enums import DONE, OrderState
from storage.rows import Order

ORDERS_A_PAGE = 6


def orders_page(
    found: Sequence[Order], page: int, totals: tuple[int, int], *, done: bool, t: Translator
) -> Screen:
    """Show a page of orders; `totals` count those in work and those done."""
    filters = [
        button(
            ("• " if not done else "") + t.plain("filter-in-work", count=_total(totals[0], t)),
            Orders(done=0, page=0),
        ),
        button(
            ("• " if done else "") + t.plain("filter-done", count=_total(totals[1], t)),
            Orders(done=1, page=0),
        ),
    ]
    back = [button(t.plain("button-back"), Menu(to="home"))]
    if not found:
        new = [button(t.plain("button-new-order"), Categories(page=0), "primary")]
        text = t("orders-empty") if totals == (0, 0) else t("orders-none-here")
        return Screen(text, keyboard(filters if totals != (0, 0) else [], new, back))
    lines = [_line(order, t) for order in found]
    rows: list[Row] = [
        [button(f"#{order.id} · {truncate(order.service_name, 44)}", OrderCard(order=order.id))]
        for order in found
    ]
    if totals[done] < MOST_COUNTED:
        pages = -(-totals[done] // ORDERS_A_PAGE)
        nav = pager(page, more=page < pages - 1, pages=pages, to=Orders, done=int(done))
    else:
        nav = pager(page, more=len(found) == ORDERS_A_PAGE, to=Orders, done=int(done))
    return Screen("\n\n".join([t("orders"), *lines]), keyboard(filters, *rows, nav, back))


def _total(number: int, t: Translator) -> int | str:
    return number if number < MOST_COUNTED else f"{count(number, t)}+"


def _line(order: Order, t: Translator) -> str:
    return t(
        "orders-line",
        id=str(order.id),
        state=order_state(order, t),
        service=isolated(truncate(order.service_name, 80)),
        quantity=suborder_views.amount(order, t),
        price=money(order.price, order.currency, t),
        at=local_time(order.created_at),
    )


def card(sheet: OrderDetails, t: Translator) -> Screen:
    """Show one order as it stands; the message is kept up to date from here on."""
    order = sheet.order
    parts = [
        t("order-title", id=str(order.id), state=shown_state(order, t)),
        suborder_views.progress(sheet, t)
        if sheet.parts or is_subscription(order)
        else _progress(order, t),
        _why(sheet, t),
        _facts(order, t),
        delivery_times.of_order(sheet, t),
        aftercare_views.section(sheet, t),
        t("order-times", placed=local_time(order.created_at), changed=local_time(order.changed_at)),
    ]
    return Screen("\n\n".join(filter(None, parts)), _buttons(sheet, t), card=order)


def shows_card(message: Message) -> bool:
    """Return whether a message in the chat is an order's card: only cards have Order again."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    mark = f"{Again.__prefix__}:"
    return any((button.callback_data or "").startswith(mark) for row in rows for button in row)


def _why(sheet: OrderDetails, t: Translator) -> str:
    """Return what a queued order waits for, what a check means, why an order was refused."""
    order = sheet.order
    if order.state is OrderState.UNKNOWN:
        return t("order-being-checked")
    if order.state is OrderState.REJECTED:
        key = f"rejected-{order.waiting.replace('_', '-')}"
        return t(key if t.has(key) else "rejected-other")
    if order.state is OrderState.QUEUED and order.waiting:
        key = f"waiting-{order.waiting.replace('_', '-')}"
        return t(key if t.has(key) else "waiting-turn")
    if sheet.is_behind:
        return t("waiting-behind")
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
    rows = [bar(done, order.quantity)]
    if order.start_count is not None:
        rows.append(t("order-start-count", count=count(order.start_count, t)))
    rows.append(
        t("order-delivered", delivered=count(done, t), remains=count(order.quantity - done, t))
    )
    return "\n".join(rows)


def _facts(order: Order, t: Translator) -> str:
    rows = [t("order-service", service=isolated(order.service_name))]
    price = money(order.price, order.currency, t)
    if is_subscription(order):
        rows += [*suborder_views.subscription_facts(order, t), t("parts-price", price=price)]
    else:
        rows += [*_what(order, t), t("order-price", price=price)]
    if order.discount:
        rows.append(t("order-discount", amount=money(order.discount, order.currency, t)))
    if order.refunded:
        rows.append(given_back(order, t))
    if order.provider_order_id:
        rows.append(t("order-provider-id", id=order.provider_order_id))
    return "\n".join(rows)


def given_back(order: Order, t: Translator) -> str:
    """Return what came back and why.

    An order that has reopened keeps what its earlier end gave back.
    """
    amount = money(order.refunded, order.currency, t)
    if order.state is OrderState.REJECTED:
        return t("order-refunded-rejected", amount=amount)
    if order.state is OrderState.CANCELED:
        return t(f"order-refunded-{_canceled(order)}", amount=amount)
    if is_subscription(order) or runs_of(order):
        return t("order-refunded-rest", amount=amount)
    if order.state is not OrderState.PARTIAL:
        return t("order-refunded-before", amount=amount)
    missing = min(max(order.remains or 0, 0), order.quantity)
    # by the charge, or by an earlier end
    if order.refunded != share(order.price, missing, order.quantity):
        return t("order-refunded-rest", amount=amount)
    shown = {"missing": count(missing, t), "quantity": count(order.quantity, t)}
    return t("order-refunded-partial", amount=amount, **shown)


def _canceled(order: Order) -> str:
    """Name why a canceled order gave back what it did.

    Of what nobody has sent, `waiting` may say it.
    """
    if order.settled_by is not None:
        return "settled"
    if order.provider_order_id is None:
        return order.waiting or "taken-back"
    return "canceled" if order.refunded >= order.price else "rest"


def _what(order: Order, t: Translator) -> list[str]:
    rows = [t("order-link", link=isolated(truncate(order.link, 300)))] if order.link else []
    rows.append(t("order-quantity", quantity=count(order.quantity, t)))
    if runs := runs_of(order):
        each, interval = count(run_size(order), t), duration(order.fields["interval"], t)
        rows.append(t("parts-plan", runs=count(runs, t), quantity=each, interval=interval))
    return rows


def _buttons(sheet: OrderDetails, t: Translator) -> InlineKeyboardMarkup:
    order = sheet.order
    copies = [copy_button(t.plain("button-copy-id"), str(order.id))]
    if order.provider_order_id:
        copies.append(copy_button(t.plain("button-copy-provider-id"), order.provider_order_id))
    return keyboard(
        again_button(order, t)
        if waits_for_its_customer(order) and order.state is OrderState.QUEUED
        else [],
        suborder_views.button_row(sheet, t),
        aftercare_views.button_row(sheet, t),
        [
            button(t.plain("button-order-again"), Again(order=order.id)),
            button(t.plain("button-preset-save"), SavePreset(order=order.id)),
        ],
        copies,
        [
            button(t.plain("button-refresh"), OrderCard(order=order.id)),
            button(t.plain("button-my-orders"), Orders(done=int(order.state in DONE), page=0)),
        ],
    )
