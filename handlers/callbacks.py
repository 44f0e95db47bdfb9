"""Every button's data. Telegram keeps buttons for ever, so a class that shipped never changes its fields.

Buttons carry ids only; names, prices and rights are read again on every press. 64 bytes, no `:` in a value.
"""

from aiogram.filters.callback_data import CallbackData


class Menu(CallbackData, prefix="m"):
    """The main menu's screens: home, orders, wallet, language, help."""

    to: str


class Categories(CallbackData, prefix="c"):
    page: int


class Services(CallbackData, prefix="s"):
    category: int
    page: int


class ServiceCard(CallbackData, prefix="v"):
    """A service, and the list it was reached from (`page` of its category)."""

    service: int
    page: int


class StartOrder(CallbackData, prefix="o"):
    service: int


class Answer(CallbackData, prefix="a"):
    """A ready-made answer to a step of a draft."""

    draft: int
    step: str
    value: int


class Skip(CallbackData, prefix="k"):
    draft: int


class StepBack(CallbackData, prefix="b"):
    draft: int


class Confirm(CallbackData, prefix="y"):
    draft: int


class CancelDraft(CallbackData, prefix="n"):
    draft: int


class Orders(CallbackData, prefix="l"):
    """A page of one's orders; `done` 0 is in work, 1 is done."""

    done: int
    page: int


class OrderCard(CallbackData, prefix="i"):
    order: int


class Again(CallbackData, prefix="g"):
    order: int


class WalletPage(CallbackData, prefix="w"):
    page: int


class Language(CallbackData, prefix="t"):
    code: str


class Nothing(CallbackData, prefix="z"):
    """A button that only shows something, such as the page number."""
