"""Margin rules: what they are, how a price comes about, and what a change would do."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from handlers.callbacks import AddMargin, MarginPercent, MarginRule, MarginsPage, SaveMargin
from handlers.components import count, isolated, money, pager
from handlers.screens import Row, Screen, button, keyboard, truncate
from handlers.ui import Ui
from locales import Markup, Translator
from shop.catalogue.margins import Listed, Numbers, Preview
from shop.catalogue.pricing import Scope, is_package
from shop.money import to_decimal
from shop.outbox.payloads import MarginLeakNotice
from storage.rows import Margin, Order, ServiceRow

RULES_A_PAGE = 10
_NAME, _CATEGORIES = 60, 6
_PERCENTS = (10, 25, 50, 100)


def percent(value: Decimal, t: Translator) -> str:
    text = f"{value.normalize():f}"
    return (text.replace(".", ",") if t.language == "ru" else text) + "\u00a0%"


def on_top(rule: Numbers | Margin, currency: str, t: Translator) -> str:
    """Return what a rule puts on top, such as `25 % + $0.10, at least $0.20`."""
    parts = [percent(rule.percent, t)] if rule.percent or not rule.fixed else []
    if rule.fixed:
        parts.append(money(rule.fixed, currency, t))
    text = " + ".join(parts)
    return (
        t.plain("margin-at-least", margin=text, minimum=money(rule.minimum, currency, t))
        if rule.minimum
        else text
    )


def about(rule: Margin, service: ServiceRow | None, t: Translator) -> str:
    """Name what a rule is about."""
    if rule.scope == Scope.SERVICE:
        if service is None:
            return t("margin-about-gone", id=rule.about)
        return t(
            "margin-about-service",
            name=isolated(truncate(service.name, _NAME)),
            id=service.provider_id,
        )
    if rule.scope == Scope.CATEGORY:
        return t("margin-about-category", pattern=isolated(rule.about))
    return t("margin-about-global")


def home(listed: Sequence[Listed], page: int, ui: Ui) -> Screen:
    """List the rules in the order in which they are asked."""
    t = ui.t
    pages = max(-(-len(listed) // RULES_A_PAGE), 1)
    page = min(page, pages - 1)
    shown = list(enumerate(listed, 1))[page * RULES_A_PAGE : (page + 1) * RULES_A_PAGE]
    lines = [_listed(number, one, ui) for number, one in shown]
    if page == pages - 1 and ui.prices.rules.everything is None:
        lines.append(t("margin-line-default", margin=percent(ui.prices.markup_percent, t)))
    rows: list[Row] = [
        [button(f"{number}. {_label(one, t)}", MarginRule(margin=one.rule.id, act="show"))]
        for number, one in shown
    ]
    return Screen(
        "\n\n".join([t("margins"), "\n".join(lines), _rounded(ui)]),
        keyboard(
            *rows,
            pager(page, more=page < pages - 1, pages=pages, to=MarginsPage),
            [button(t.plain("button-margin-add"), AddMargin(scope="any", service=0), "primary")],
        ),
    )


def _listed(number: int, one: Listed, ui: Ui) -> str:
    t = ui.t
    return t(
        "margin-line",
        number=str(number),
        about=Markup(about(one.rule, one.service, t)),
        margin=on_top(one.rule, ui.currency, t),
    )


def _label(one: Listed, t: Translator) -> str:
    if one.rule.scope == Scope.SERVICE:
        return truncate(one.service.name, 48) if one.service else f"#{one.rule.about}"
    return (
        truncate(one.rule.about, 48)
        if one.rule.scope == Scope.CATEGORY
        else t.plain("margin-about-global")
    )


def _rounded(ui: Ui) -> str:
    text = ui.t("margins-step", step=ui.money(ui.prices.step))
    if ui.prices.exchange == 1 and ui.currency == ui.provider_currency:
        return text
    return (
        text
        + "\n"
        + ui.t("margins-exchange", one=ui.theirs(Decimal(1)), rate=ui.ours(ui.prices.exchange))
    )


def choose_scope(t: Translator) -> Screen:
    return Screen(
        t("margin-choose-scope"),
        keyboard(
            [button(t.plain("button-margin-service"), AddMargin(scope=Scope.SERVICE, service=0))],
            [button(t.plain("button-margin-category"), AddMargin(scope=Scope.CATEGORY, service=0))],
            [button(t.plain("button-margin-global"), AddMargin(scope=Scope.GLOBAL, service=0))],
            [button(t.plain("button-back"), MarginsPage(page=0))],
        ),
    )


def ask(question: str, t: Translator, *, problem: str = "") -> Screen:
    """Ask for a text; `question` is one, `problem` says why the last one was none."""
    return Screen("\n\n".join(filter(None, [problem, question])), keyboard(_cancel(t)))


def ask_numbers(rule: Margin, preview: Preview, ui: Ui, *, problem: str = "") -> Screen:
    """Ask what is to come on top; `rule` says of what."""
    t = ui.t
    parts = [
        problem,
        t("margin-ask-title", about=Markup(about(rule, preview.service, t))),
        _fitting(preview, t),
        "" if preview.service is None else _sum(preview.service, ui),
        t("margin-ask-numbers", currency=ui.currency),
    ]
    ready: Row = [
        button(percent(Decimal(value), t), MarginPercent(percent=value)) for value in _PERCENTS
    ]
    return Screen("\n\n".join(filter(None, parts)), keyboard(ready, _cancel(t)))


def _fitting(preview: Preview, t: Translator) -> str:
    """Name the categories that a pattern fits."""
    found = preview.categories
    if not found:
        return ""
    named = ", ".join(isolated(truncate(name, _NAME)) for name in found[:_CATEGORIES])
    text = t("margin-fits", count=len(found), shown=count(len(found), t), names=named)
    rest = len(found) - _CATEGORIES
    return text + (
        " " + t("margin-fits-more", count=rest, shown=count(rest, t)) if rest > 0 else ""
    )


def preview(found: Preview, key: int, ui: Ui) -> Screen:
    """Show what would change, before it is saved."""
    t = ui.t
    return Screen(
        "\n\n".join(["👀 " + _title(found, ui), *_examples(found, ui), t("margin-preview-hint")]),
        keyboard(
            [button(t.plain("button-margin-save"), SaveMargin(key=key), "success")], _cancel(t)
        ),
    )


def rule(found: Preview, ui: Ui, *, asks: bool = False) -> Screen:
    """Show one rule and what it does; `asks` whether it is to be removed."""
    t, margin_id = ui.t, found.rule.id
    # What it does is in the prices already; what is new is how they were without it.
    shown = replace(found, now=found.then, then=found.now if asks else found.then)
    parts = ["💹 " + _title(found, ui), *_examples(shown, ui)]
    if asks:
        yes = button(
            t.plain("button-margin-remove-yes"),
            MarginRule(margin=margin_id, act="remove"),
            "danger",
        )
        no = button(t.plain("button-margin-remove-no"), MarginRule(margin=margin_id, act="show"))
        return Screen("\n\n".join([*parts, t("margin-remove-ask")]), keyboard([yes], [no]))
    rows: list[Row] = [
        [
            button(t.plain("button-margin-edit"), MarginRule(margin=margin_id, act="edit")),
            button(t.plain("button-margin-remove"), MarginRule(margin=margin_id, act="ask")),
        ],
        [button(t.plain("button-back"), MarginsPage(page=0))],
    ]
    return Screen("\n\n".join(parts), keyboard(*rows))


def _title(found: Preview, ui: Ui) -> str:
    t = ui.t
    text = t(
        "margin-title",
        about=Markup(about(found.rule, found.service, t)),
        margin=on_top(found.rule, ui.currency, t),
    )
    if found.service is not None and found.touched:
        return text
    key = "margin-touches-none" if not found.touched else "margin-touches"
    return text + "\n" + t(key, count=found.touched, shown=count(found.touched, t))


def _examples(found: Preview, ui: Ui) -> list[str]:
    return [_example(service, found, ui) for service in found.examples]


def _example(service: ServiceRow, found: Preview, ui: Ui) -> str:
    t, then = ui.t, found.then.explained(service)
    was, is_now = (ui.money(units) for units in (found.now.listed(service), then.price))
    price = f"{was} → <b>{is_now}</b>" if was != is_now else f"<b>{is_now}</b>"
    return t(
        "margin-example",
        name=isolated(truncate(service.name, _NAME)),
        cost=_cost(service, then.cost, ui),
        price=Markup(_per(service, price, t)),
        earns=ui.ours(to_decimal(then.price) - then.cost),
    )


def _cost(service: ServiceRow, cost: Decimal, ui: Ui) -> str:
    """Write the provider's rate, and what it is in our currency where that is another."""
    rate, ours = ui.theirs(service.rate), ui.ours(cost)
    return rate if rate == ours else f"{rate} = {ours}"


def _per(service: ServiceRow, amount: str, t: Translator) -> str:
    return t.plain("price-package" if is_package(service) else "price-per-thousand", amount=amount)


def explain(service: ServiceRow, ui: Ui) -> Screen:
    """Return which rule prices a service, and do the sum in the open."""
    t = ui.t
    head = t("margin-explain", name=isolated(truncate(service.name, 200)), id=service.provider_id)
    return Screen(
        head + "\n\n" + _sum(service, ui),
        keyboard(
            [
                button(
                    t.plain("button-margin-own"), AddMargin(scope=Scope.SERVICE, service=service.id)
                )
            ],
            [button(t.plain("button-margins"), MarginsPage(page=0))],
        ),
    )


def _sum(service: ServiceRow, ui: Ui) -> str:
    t, found = ui.t, ui.prices.explained(service)
    lines = [t("margin-sum-rate", rate=_per(service, ui.theirs(service.rate), t))]
    if ui.theirs(service.rate) != ui.ours(found.cost):
        exchange = f"{ui.prices.exchange.normalize():f}"
        lines.append(t("margin-sum-cost", exchange=exchange, cost=ui.ours(found.cost)))
    lines.append(_rule_of(found.rule, service, ui))
    if found.at_least:
        short = ui.ours(found.by_percent + found.fixed)
        lines.append(t("margin-sum-minimum", short=short, margin=ui.ours(found.margin)))
    price = ui.money(found.price)
    cost, margin = ui.ours(found.cost), ui.ours(found.margin)
    lines.append(t("margin-sum-price", cost=cost, margin=margin, price=_per(service, price, t)))
    return "\n".join(lines)


def _rule_of(found: Margin | None, service: ServiceRow, ui: Ui) -> str:
    t = ui.t
    if found is None:
        return t("margin-sum-default", margin=percent(ui.prices.markup_percent, t))
    if found.scope == Scope.SERVICE:
        return t("margin-sum-own", margin=on_top(found, ui.currency, t))
    return t(
        "margin-sum-rule",
        about=Markup(about(found, service, t)),
        margin=on_top(found, ui.currency, t),
    )


def leak(told: MarginLeakNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    """Return the values of the alert about an order that brought less than it cost."""
    currency = "" if order is None else order.currency
    paid, cost = told.paid, told.cost
    numbers = Numbers(Decimal(told.percent), told.fixed, told.minimum)
    rules = {
        Scope.SERVICE: "margin-leak-service",
        Scope.CATEGORY: "margin-leak-category",
        Scope.GLOBAL: "margin-leak-global",
        "": "margin-leak-default",
    }
    discount = told.discount
    taken = t("margin-leak-discount", amount=money(discount, currency, t)) if discount else ""
    return {
        "id": "—" if order is None else str(order.id),
        "service": "—" if order is None else isolated(truncate(order.service_name, 100)),
        "paid": money(paid, currency, t),
        "cost": money(cost, currency, t),
        "lost": money(cost - paid, currency, t),
        "discount": Markup(taken),
        "rule": Markup(
            t(
                rules[told.scope],
                name=isolated(told.name),
                margin=on_top(numbers, currency, t),
            )
        ),
    }


def leak_button(order: Order, t: Translator) -> Row:
    return [
        button(
            t.plain("button-margin-own"),
            AddMargin(scope=Scope.SERVICE, service=order.service_id),
            "primary",
        )
    ]


def _cancel(t: Translator) -> Row:
    return [button(t.plain("button-cancel"), MarginsPage(page=0))]
