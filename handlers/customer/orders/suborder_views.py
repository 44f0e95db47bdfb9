"""Drip-feeds and subscriptions: what their cards say, and the page that lists the orders the
provider made.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from handlers.callbacks import OrderCard, Parts
from handlers.components import bar, count, duration, isolated, limits, local_time, money, pager
from handlers.order_states import ICONS, shown_state, state_words
from handlers.screens import Row, Screen, button, keyboard, truncate
from locales import Translator
from shop.fulfilment.refunds import used
from shop.orders.details import OrderDetails
from shop.orders.suborders import (
    delivered_by,
    has_begun,
    is_parent,
    is_subscription,
    run_size,
    runs_of,
)
from storage.enums import AT_PROVIDER, DONE, OrderState
from storage.rows import Order, Part

PARTS_A_PAGE = 8
_ICONS_A_LINE = 20
_TO_COME, _NOT_ASKED = "▫️", "❔"
_SAYS_REMAINS = frozenset({OrderState.IN_PROGRESS, OrderState.PARTIAL})


def has_parts(order: Order) -> bool:
    """Return whether the provider makes orders of this one, or is going to."""
    return is_parent(order) and order.provider_order_id is not None


def amount(order: Order, t: Translator) -> str:
    """Say in a word how much an order is of, for a list of orders."""
    if is_subscription(order):
        return t.plain(
            "parts-posts-short",
            made=count(order.posts or 0, t),
            posts=count(posts_wanted(order), t),
        )
    quantity = count(order.quantity, t)
    if runs_of(order) and order.provider_order_id:
        made, runs = count(order.runs or 0, t), count(runs_of(order), t)
        return t.plain("parts-runs-short", quantity=quantity, made=made, runs=runs)
    return quantity


def posts_wanted(order: Order) -> int:
    return int(order.fields.get("posts") or 0) + int(order.fields.get("old_posts") or 0)


def progress(sheet: OrderDetails, t: Translator) -> str:
    """Return how far a parent is; "" where there is nothing to tell yet."""
    if sheet.order.provider_order_id is None:
        return ""
    rows = _posts(sheet, t) if is_subscription(sheet.order) else _runs(sheet, t)
    return "\n".join(filter(None, rows))


def _runs(sheet: OrderDetails, t: Translator) -> list[str]:
    order, runs = sheet.order, runs_of(sheet.order)
    ended = sum(part.state is OrderState.COMPLETED for part in sheet.parts)
    done = order.quantity - min(max(order.remains or 0, 0), order.quantity)
    return [
        bar(done, order.quantity),
        ""
        if order.start_count is None
        else t("order-start-count", count=count(order.start_count, t)),
        t("order-delivered", delivered=count(done, t), remains=count(order.quantity - done, t)),
        t("parts-runs-done", done=count(ended, t), runs=count(runs, t)),
        _row_of_icons(sheet.parts, runs if order.state in AT_PROVIDER else len(sheet.parts)),
        _expected(order, sheet.parts, runs, t),
    ]


def _posts(sheet: OrderDetails, t: Translator) -> list[str]:
    order, posts, made = sheet.order, posts_wanted(sheet.order), len(sheet.parts)
    spent = t(
        "parts-used",
        used=money(used(order, sheet.parts), order.currency, t),
        price=money(order.price, order.currency, t),
    )
    comes_back = t("parts-rest-comes-back") if order.state in AT_PROVIDER else ""
    return [
        bar(min(made, posts), posts) if posts else "",
        t("parts-posts-done", made=count(made, t), posts=count(posts, t)),
        _row_of_icons(sheet.parts, posts if order.state in AT_PROVIDER else made),
        spent,
        comes_back,
    ]


def _row_of_icons(parts: Sequence[Part], whole: int) -> str:
    """Draw each part, and those to come; where there are too many, count them."""
    icons = [_icon(part) for part in parts] + [_TO_COME] * (whole - len(parts))
    if len(icons) <= _ICONS_A_LINE:
        return "".join(icons)
    return " · ".join(f"{icon} {number}" for icon, number in Counter(icons).items())


def _icon(part: Part) -> str:
    return _NOT_ASKED if part.state is None else ICONS[part.state]


def _expected(order: Order, parts: Sequence[Part], runs: int, t: Translator) -> str:
    """Return when the next run begins and when the last one ends, as far as the runs up to now tell
    it.
    """
    interval = order.fields.get("interval")
    if order.state not in AT_PROVIDER or not parts or not interval or len(parts) > runs:
        return ""
    newest = parts[-1].first_seen_at
    step = timedelta(minutes=int(interval))
    ends = newest + step * (runs - len(parts)) + _usual_time(parts)
    rows = [t("parts-ends", at=local_time(ends))]
    if len(parts) < runs:
        rows.insert(0, t("parts-next-run", at=local_time(newest + step)))
    return "\n".join(rows)


def _usual_time(parts: Sequence[Part]) -> timedelta:
    """Return how long a run took, from those that are completed."""
    took = [
        part.changed_at - part.first_seen_at for part in parts if part.state is OrderState.COMPLETED
    ]
    return sum(took, timedelta()) / len(took) if took else timedelta()


def subscription_facts(order: Order, t: Translator) -> list[str]:
    """Return what was subscribed to."""
    given = order.fields
    least, most, posts = int(given.get("min") or 0), int(given.get("max") or 0), posts_wanted(order)
    rows = [
        t(
            "parts-username",
            username=isolated(truncate(str(given.get("username") or order.link), 100)),
        ),
        t("parts-each-post", count=posts, shown=count(posts, t), limits=limits(least, most, t)),
    ]
    if given.get("old_posts"):
        rows.append(
            t(
                "parts-old-posts",
                count=int(given["old_posts"]),
                shown=count(int(given["old_posts"]), t),
            )
        )
    delay = int(given.get("delay") or 0)
    rows.append(t("parts-delay", delay=duration(delay, t)) if delay else t("parts-no-delay"))
    if given.get("expiry"):
        rows.append(t("parts-expiry", date=isolated(str(given["expiry"]))))
    return rows


def button_row(sheet: OrderDetails, t: Translator) -> Row:
    """Make the button that leads to the parts; none for orders without."""
    if not has_parts(sheet.order):
        return []
    made = count(len(sheet.parts), t)
    key = "button-posts-made" if is_subscription(sheet.order) else "button-runs"
    return [button(t.plain(key, count=made), Parts(order=sheet.order.id, page=0))]


def parts_page(sheet: OrderDetails, page: int, t: Translator) -> Screen:
    """List the orders that the provider made of this one."""
    order, of_posts = sheet.order, is_subscription(sheet.order)
    pages = max(-(-len(sheet.parts) // PARTS_A_PAGE), 1)
    page = min(page, pages - 1)
    shown = sheet.parts[page * PARTS_A_PAGE : (page + 1) * PARTS_A_PAGE]
    title = t(
        "parts-title-posts" if of_posts else "parts-title-runs",
        id=str(order.id),
        state=shown_state(order, t),
    )
    lines = [_line(order, part, t) for part in shown] or [_nothing(order, t)]
    return Screen(
        "\n\n".join([title, *lines]),
        keyboard(
            pager(page, more=page < pages - 1, pages=pages, to=Parts, order=order.id),
            [
                button(t.plain("button-refresh"), Parts(order=order.id, page=page)),
                button(t.plain("button-back"), OrderCard(order=order.id)),
            ],
        ),
    )


def _nothing(order: Order, t: Translator) -> str:
    if order.state in DONE:
        return t("parts-none-made")
    return t("parts-no-posts-yet") if is_subscription(order) else t("parts-no-runs-yet")


def _line(order: Order, part: Part, t: Translator) -> str:
    rows = [
        t(
            "parts-line",
            number=count(part.number, t),
            state=_part_state(part, t),
            id=part.provider_order_id,
            at=local_time(part.first_seen_at),
        ),
        " · ".join(filter(None, (_delivered(order, part, t), _start_count(part, t)))),
    ]
    return "\n".join(filter(None, rows))


def _part_state(part: Part, t: Translator) -> str:
    if part.state is not None:
        return state_words(part.state, t)
    return (
        f"{_NOT_ASKED} "
        f"{truncate(isolated(part.status_text), 40) if part.status_text else t.plain('parts-just-made')}"  # noqa: E501
    )


def _delivered(order: Order, part: Part, t: Translator) -> str:
    """Return what a run has delivered; a post's order doesn't say how large it is, only what
    remains.
    """
    if not has_begun(part) or (part.state in _SAYS_REMAINS and part.remains is None):
        return ""
    if is_subscription(order):
        return (
            t("parts-remains", remains=count(max(part.remains or 0, 0), t))
            if part.state in _SAYS_REMAINS
            else ""
        )
    done = delivered_by(order, part)
    if done is None:
        return ""
    return t("order-delivered", delivered=count(done, t), remains=count(run_size(order) - done, t))


def _start_count(part: Part, t: Translator) -> str:
    if part.start_count is None or not has_begun(part):
        return ""
    return t("order-start-count", count=count(part.start_count, t))
