"""Ways to put money into the wallet; each has a row of its own on the first page."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from handlers.callbacks import AskStars, Menu, TopUpPage
from handlers.components import count, money
from handlers.problems import problem_text
from handlers.screens import Row, Screen, StarsInvoice, button, keyboard
from handlers.ui import Ui
from locales import Translator
from shop.errors import ShopError
from shop.payments.top_ups import TopUps
from storage.enums import Method
from storage.rows import Invoice

_A_ROW = 2
_WAYS = {Method.STARS: "button-by-stars", Method.CRYPTO: "button-by-crypto"}


def way_in(methods: Sequence[Method], t: Translator) -> InlineKeyboardButton:
    """Make the button that leads here; where only the admins can help it leads to them."""
    return button(
        t.plain("button-top-up"), TopUpPage(to="home" if methods else "manual"), "success"
    )


def home(balance: int, methods: Sequence[Method], ui: Ui) -> Screen:
    """Ask how somebody wants to pay. `balance` in millionths."""
    t = ui.t
    rows: list[Row] = [
        [button(t.plain(_WAYS[method]), TopUpPage(to=str(method)))] for method in methods
    ]
    rows.append([button(t.plain("button-by-hand"), TopUpPage(to="manual"))])
    back = [button(t.plain("button-back"), Menu(to="wallet"))]
    return Screen(t("top-up", balance=ui.money(balance)), keyboard(*rows, back))


def stars(top_ups: TopUps, ui: Ui, *, problem: ShopError | None = None) -> Screen:
    """Ask how many Stars."""
    t, value = ui.t, top_ups.star_value()
    text = t("top-up-stars", value=ui.money(value))
    if problem is not None:
        text = problem_text(problem, t) + "\n\n" + text
    buttons = [
        button(f"{count(number, t)} ⭐ · {ui.money(number * value)}", AskStars(stars=number))
        for number in top_ups.terms.star_presets
    ]
    rows = [buttons[start : start + _A_ROW] for start in range(0, len(buttons), _A_ROW)]
    return Screen(text, keyboard(*rows, [button(t.plain("button-back"), TopUpPage(to="home"))]))


def stars_invoice(invoice: Invoice, t: Translator) -> Screen:
    """Show an invoice over Stars that can be paid."""
    amount, number = money(invoice.amount, invoice.currency, t), invoice.stars or 0
    description = t.plain("invoice-stars", amount=amount, stars=count(number, t))
    return Screen(
        "", invoice=StarsInvoice(t.plain("invoice-title"), description, str(invoice.id), number)
    )
