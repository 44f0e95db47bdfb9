"""The questions of an order, and its summary."""

from handlers.callbacks import Answer, CancelDraft, Confirm, Menu, Skip, StepBack
from handlers.screens import Row, Screen, button, cut, keyboard
from handlers.views.parts import count, duration, isolated, limits
from locales import Translator
from shop.errors import ShopError
from shop.forms import OPTIONAL, charged_is_package
from shop.links import platform_of
from shop.money import format_money
from shop.ordering import Form
from shop.pricing import Prices
from storage.rows import Service

_ROUND = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000)
_OFFERED = 6
_RUNS = (2, 3, 5, 10)
_INTERVALS = (30, 60, 180, 1_440)  # minutes
_SHOWN_LINK = 300


def question(
    form: Form,
    prices: Prices,
    currency: str,
    t: Translator,
    *,
    problem: ShopError | None = None,
) -> Screen:
    """Ask the form's next step, or show the summary. `problem` is said first, and the same is asked again."""
    problem = problem or form.problem
    if form.step is None:
        return summary(form, currency, t, problem=problem)
    parts = [
        problem_text(problem, t) if problem else "",
        _asked(form, prices, currency, t),
    ]
    rows = _offers(form, prices, currency, t)
    optional = [button(t.plain("button-skip"), Skip(draft=form.draft.id))] if form.step in OPTIONAL else []
    return Screen("\n\n".join(filter(None, parts)), keyboard(*rows, optional, _ways_out(form, t)))


def problem_text(problem: ShopError, t: Translator) -> str:
    values = {name: count(value, t) if isinstance(value, int) else value for name, value in problem.values.items()}
    return "⚠️ " + t(problem.key, **values)


def _ways_out(form: Form, t: Translator) -> Row:
    return [
        button(t.plain("button-back"), StepBack(draft=form.draft.id)),
        button(t.plain("button-cancel"), CancelDraft(draft=form.draft.id), "danger"),
    ]


def _asked(form: Form, prices: Prices, currency: str, t: Translator) -> str:
    service = form.service
    title = isolated(cut(service.name, 120))
    if form.step == "link":
        platform = platform_of(service.category, service.name)
        example = platform.profile.format("name") if platform else "https://example.com/page"
        return t("ask-link", service=title, example=example)
    if form.step == "quantity":
        listed = format_money(prices.listed(service), currency)
        return t("ask-quantity", service=title, limits=limits(service.min, service.max, t), price=listed)
    if form.step == "comments":
        listed = format_money(prices.of(service, 1), currency)
        return t("ask-comments", service=title, limits=limits(service.min, service.max, t), price=listed)
    if form.step == "runs":
        return t("ask-runs", quantity=count(form.draft.fields["quantity"], t), price=_price(form, currency))
    return t(
        "ask-interval",
        runs=count(form.draft.fields["runs"], t),
        quantity=count(form.draft.fields["quantity"], t),
        price=_price(form, currency),
    )


def _price(form: Form, currency: str) -> str:
    return format_money(form.price or 0, currency)


def _offers(form: Form, prices: Prices, currency: str, t: Translator) -> list[Row]:
    """Offer the answers that most people give."""
    draft, service = form.draft.id, form.service
    if form.step == "quantity":
        made = [
            button(
                f"{count(quantity, t)} · {format_money(prices.of(service, quantity), currency)}",
                Answer(draft=draft, step="quantity", value=quantity),
            )
            for quantity in offered_quantities(service)
        ]
        return [made[index : index + 2] for index in range(0, len(made), 2)]
    if form.step == "runs":
        quantity = int(form.draft.fields["quantity"])
        fitting = [runs for runs in _RUNS if not service.max or runs * quantity <= service.max]
        return [[button(f"× {runs}", Answer(draft=draft, step="runs", value=runs)) for runs in fitting]]
    if form.step == "interval":
        return [
            [button(duration(value, t), Answer(draft=draft, step="interval", value=value)) for value in _INTERVALS],
        ]
    return []


def offered_quantities(service: Service) -> list[int]:
    """Choose the least possible quantity and round ones above it, at most six."""
    least = max(service.min, 1)
    most = service.max or _ROUND[-1]
    above = [quantity for quantity in _ROUND if least < quantity <= most]
    return [least, *above[: _OFFERED - 1]]


def summary(form: Form, currency: str, t: Translator, *, problem: ShopError | None = None) -> Screen:
    """Show what will be ordered. What is no longer as the last summary showed is marked."""
    price = form.price or 0
    parts = [
        problem_text(problem, t) if problem else "",
        t("summary-changed") if form.changed and not problem else "",
        t(
            "summary",
            service=isolated(form.service.name),
            link=isolated(cut(str(form.draft.fields.get("link", "")), _SHOWN_LINK)),
        ),
        "\n".join([*_amount(form, t), _price_line(form, currency, t)]),
        _wallet_line(form, price, currency, t),
    ]
    too_little = form.pays_from_wallet and form.balance < price
    rows: list[Row] = [
        [button(t.plain("button-confirm"), Confirm(draft=form.draft.id), None if too_little else "success")],
    ]
    if too_little:
        rows.append([button(t.plain("button-wallet"), Menu(to="wallet"), "primary")])
    return Screen("\n\n".join(filter(None, parts)), keyboard(*rows, _ways_out(form, t)))


def _amount(form: Form, t: Translator) -> list[str]:
    fields = form.draft.fields
    if charged_is_package(form.service):
        return [t("summary-package")]
    if fields.get("comments") is not None:
        lines = fields["comments"]
        sample = isolated(cut(lines[0], 60))
        return [t("summary-comments", count=len(lines), shown=count(len(lines), t), sample=sample)]
    rows = [t("summary-quantity", quantity=count(form.quantity or 0, t))]
    if fields.get("runs"):
        each, runs = count(fields["quantity"], t), count(fields["runs"], t)
        rows.append(t("summary-runs", quantity=each, runs=runs, interval=duration(fields["interval"], t)))
    return rows


def _price_line(form: Form, currency: str, t: Translator) -> str:
    shown = _price(form, currency)
    if form.changed and form.changed.price != form.price:
        return t("summary-price-changed", price=shown, old=format_money(form.changed.price, currency))
    line = t("summary-price", price=shown)
    if form.changed:
        line += "\n" + t("summary-limits-changed", limits=limits(form.service.min, form.service.max, t))
    return line


def _wallet_line(form: Form, price: int, currency: str, t: Translator) -> str:
    if not form.pays_from_wallet:
        return t("summary-house")
    before = format_money(form.balance, currency)
    if form.balance < price:
        return t("summary-too-little", before=before, missing=format_money(price - form.balance, currency))
    return t("summary-wallet", before=before, after=format_money(form.balance - price, currency))
