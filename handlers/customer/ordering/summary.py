"""The last screen of a form: everything that was answered, and what it costs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.callbacks import Confirm, Menu
from handlers.components import count, duration, isolated, limits, local_time, money, span
from handlers.customer.promotions.components import discounted
from handlers.customer.top_ups.method_views import ways_to_pay
from handlers.screens import Row, Screen, button, keyboard, truncate
from handlers.ui import Ui
from locales import Translator
from shop.fulfilment.drip_feed import plan_of
from shop.ordering.forms import charged_is_package, is_subscription, steps
from shop.ordering.links import is_invitation
from shop.ordering.placement import Form
from shop.parsing import parse_date
from shop.payments.shortfall import Way

_LINK = 300
_TEXT = 120
_SAMPLE = 60
_NAMES = 3

Say = Callable[[Any, Translator], str]


def summary(
    form: Form,
    ui: Ui,
    *,
    said: Sequence[str],
    ways: Sequence[Way],
    ways_out: Row,
    is_problem: bool,
) -> Screen:
    """Show what will be ordered. What is no longer as the last summary showed is marked.

    `said` comes first: what went wrong, or what became of a list. `ways`: how what is missing can
    be paid.
    """
    t = ui.t
    price = form.price or 0
    fields = form.draft.fields
    given = [
        name
        for name in steps(form.service, fields)
        if name in _ROWS and fields.get(name) is not None
    ]
    parts = [
        *said,
        t("summary-changed") if form.changed and not is_problem else "",
        t("summary-replaces", id=str(form.draft.replaces)) if form.draft.replaces else "",
        t("summary", service=isolated(form.service.name)),
        _changed_lines(form, ui),
        "\n".join(_ROWS[name](fields[name], t) for name in given),
        "\n".join(
            [
                *_amount(form, t),
                *discounted(form.discount, ui),
                _price_line(form, ui),
            ]
        ),
        _overlap_line(form, t),
        t("summary-invitation") if is_invitation(str(fields.get("link") or "")) else "",
        _wallet_line(form, price, ui, payable=bool(ways)),
    ]
    too_little = form.pays_from_wallet and form.balance < price
    rows: list[Row] = [
        [
            button(
                t.plain("button-confirm"),
                Confirm(draft=form.draft.id),
                None if too_little else "success",
            )
        ],
    ]
    if too_little:
        rows += ways_to_pay(form, ways, ui)
        rows.append(
            [button(t.plain("button-wallet"), Menu(to="wallet"), None if ways else "primary")]
        )
    return Screen("\n\n".join(filter(None, parts)), keyboard(*rows, ways_out))


def _text(key: str, most: int = _TEXT) -> Say:
    return lambda value, t: t(key, value=isolated(truncate(value, most)))


def _lines(key: str, names: int = _NAMES) -> Say:
    """Return how many lines there are, and show the first."""

    def say(lines: list[str], t: Translator) -> str:
        first = ", ".join(truncate(line, _SAMPLE) for line in lines[:names])
        sample = isolated(first + (" …" if len(lines) > names > 1 else ""))
        return t(key, count=len(lines), shown=count(len(lines), t), sample=sample)

    return say


def _choice(key: str, name: str) -> Say:
    return lambda value, t: t(key, value=t.plain(f"choice-{name}-{value}"))


# The answers with a line of their own, by field; what an order comes to is said below them.
_ROWS: Mapping[str, Say] = {
    "link": _text("summary-link", _LINK),
    "comments": _lines("summary-comments", 1),
    "keywords": _lines("summary-keywords"),
    "usernames": _lines("summary-usernames"),
    "hashtags": _lines("summary-hashtags"),
    "groups": _lines("summary-groups"),
    "username": _text("summary-username"),
    "hashtag": _text("summary-hashtag"),
    "media": _text("summary-media", _LINK),
    "answer_number": lambda value, t: t("summary-answer-number", value=count(value, t)),
    "country": _text("summary-country"),
    "device": _choice("summary-device", "device"),
    "type_of_traffic": _choice("summary-traffic", "type_of_traffic"),
    "google_keyword": _text("summary-google-keyword"),
    "referring_url": _text("summary-referring-url", _LINK),
}


def _amount(form: Form, t: Translator) -> list[str]:
    if charged_is_package(form.service):
        return [t("summary-package")]
    if is_subscription(form.service):
        return _subscription(form, t)
    plan = plan_of(form.draft.fields)
    if plan is None:
        return [t("summary-quantity", quantity=count(form.quantity or 0, t))]
    each, runs = count(plan.quantity, t), count(plan.runs, t)
    return [
        t("summary-runs", quantity=each, runs=runs, interval=duration(plan.interval, t)),
        t(
            "summary-plan-ends",
            at=local_time(plan.last_begins(form.at), "Dt"),
            whole=span(plan.minutes, t),
        ),
        t("summary-total", quantity=count(plan.total, t)),
    ]


def _subscription(form: Form, t: Translator) -> list[str]:
    fields = form.draft.fields
    rows = [
        t("summary-per-post", limits=limits(fields["min"], fields["max"], t)),
        t("summary-delay", delay=duration(fields["delay"], t))
        if fields["delay"]
        else t("summary-delay-none"),
        t("summary-posts", value=count(fields["posts"], t)),
    ]
    if fields.get("old_posts"):
        rows.append(t("summary-old-posts", value=count(fields["old_posts"], t)))
    day = parse_date(fields.get("expiry") or "")
    if day is not None:
        rows.append(
            t(
                "summary-expiry",
                date=fields["expiry"],
                left=t.plain("days", count=(day - form.at.date()).days),
            )
        )
    return [*rows, t("summary-most", quantity=count(form.quantity or 0, t))]


def _price_line(form: Form, ui: Ui) -> str:
    t = ui.t
    shown = ui.money(form.price or 0)
    if form.changed and form.changed.price != form.price:
        old = money(form.changed.price, form.changed.currency or ui.currency, t)
        line = t("summary-price-changed", price=shown, old=old)
    else:
        line = t("summary-price", price=shown)
        if form.changed and (form.changed.min, form.changed.max) != (
            form.service.min,
            form.service.max,
        ):
            line += "\n" + t(
                "summary-limits-changed", limits=limits(form.service.min, form.service.max, t)
            )
    return f"{line}\n{t('summary-comes-back')}" if is_subscription(form.service) else line


def _changed_lines(form: Form, ui: Ui) -> str:
    """Mark another name or currency than the last summary had shown."""
    shown, rows = form.changed, []
    if shown is not None and shown.name and shown.name != form.service.name:
        names = (isolated(truncate(name, _TEXT)) for name in (form.service.name, shown.name))
        rows.append(ui.t("summary-name-changed", **dict(zip(("name", "old"), names, strict=True))))
    if shown is not None and shown.currency and shown.currency != ui.currency:
        rows.append(ui.t("summary-other-currency", currency=ui.currency))
    return "\n".join(rows)


def _overlap_line(form: Form, t: Translator) -> str:
    """Warn of an order that is in work on the link. They may go on."""
    if form.overlap is None:
        return ""
    own = form.overlap.own
    return t("summary-overlap") if own is None else t("summary-overlap-own", id=str(own))


def _wallet_line(form: Form, price: int, ui: Ui, *, payable: bool) -> str:
    t = ui.t
    if not form.pays_from_wallet:
        return t("summary-house")
    before = ui.money(form.balance)
    if form.balance < price:
        missing = ui.money(price - form.balance)
        if payable:
            return t("summary-pay", before=before, missing=missing)
        return t("summary-too-little", before=before, missing=missing)
    return t("summary-wallet", before=before, after=ui.money(form.balance - price))
