"""Every button's data. Telegram keeps buttons for ever, so a class that shipped never changes its fields.

Buttons carry ids only; names, prices and rights are read again on every press. 64 bytes, no `:` in a value.
"""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

# A modified client can send any number; what no database can hold is no button of ours.
Key = Annotated[int, Field(ge=0, le=2**53)]
Page = Annotated[int, Field(ge=0, le=100_000)]


class Menu(CallbackData, prefix="m"):
    """The main menu's screens: home, wallet, language, help."""

    to: str


class Categories(CallbackData, prefix="c"):
    page: Page


class CategoriesAround(CallbackData, prefix="d"):
    """The page of the categories that a category is on now."""

    category: Key


class Services(CallbackData, prefix="s"):
    category: Key
    page: Page


class ServiceCard(CallbackData, prefix="v"):
    """A service, and the list it was reached from (`page` of its category)."""

    service: Key
    page: Page


class StartOrder(CallbackData, prefix="o"):
    service: Key


class Answer(CallbackData, prefix="a"):
    """A ready-made answer to a step of a draft."""

    draft: Key
    step: str
    value: Key


class Skip(CallbackData, prefix="k"):
    draft: Key


class StepBack(CallbackData, prefix="b"):
    draft: Key


class Confirm(CallbackData, prefix="y"):
    draft: Key


class CancelDraft(CallbackData, prefix="n"):
    draft: Key


class Orders(CallbackData, prefix="l"):
    """A page of one's orders; `done` 0 is in work, 1 is done."""

    done: Key
    page: Page


class OrderCard(CallbackData, prefix="i"):
    order: Key


class Again(CallbackData, prefix="g"):
    order: Key


class WalletPage(CallbackData, prefix="w"):
    page: Page


class Language(CallbackData, prefix="t"):
    code: str


class Nothing(CallbackData, prefix="z"):
    """A button that only shows something, such as the page number."""
