"""Topping up: how, how much, and the invoice over Stars. What comes of it is in payments.py."""

from collections.abc import Callable

from aiogram import F, Router
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import AskStars, TopUpPage
from handlers.customer.menu import views as menu_views
from handlers.customer.top_ups import views
from handlers.prompts import Prompt, answering, answers_to, cancels, listen_no_more
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError, ShopError
from shop.payments.top_ups import TopUps
from shop.payments.wallet import Wallet
from storage.enums import Method
from storage.rows import Invoice

router = Router(name=__name__)


class HowMuch(StatesGroup):
    """An amount is awaited as a text; what was awaited before goes on afterwards."""

    stars = State()
    crypto = State()  # see crypto.py
    by_hand = State()  # see manual_top_ups.py


async def wait_no_more(state: FSMContext) -> None:
    """Await no amount any more, whichever way it was to be paid."""
    for question in (HowMuch.stars, HowMuch.crypto, HowMuch.by_hand):
        await listen_no_more(state, question)


async def _home(
    person: CurrentUser, wallet: Wallet, top_ups: TopUps, state: FSMContext, ui: Ui
) -> Screen:
    top_ups.admit(person.id)
    await wait_no_more(state)
    balance = (await wallet.balance(person.id)).available
    return views.home(balance, top_ups.methods(), ui)


@router.message(CommandStart(deep_link=True, magic=F.args == "topup"))
async def from_a_copy(
    message: Message,
    person: CurrentUser,
    wallet: Wallet,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Somebody pressed the button of an invoice that was forwarded to them: it leads here."""
    return await _home(person, wallet, top_ups, state, ui)


@router.callback_query(TopUpPage.filter(F.to == "home"))
async def home(
    query: CallbackQuery,
    person: CurrentUser,
    wallet: Wallet,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    return await _home(person, wallet, top_ups, state, ui)


@router.message(*cancels(HowMuch))
async def cancel(message: Message, state: FSMContext, t: Translator) -> Screen:
    """Take nothing; an order that is being filled in stays as it is."""
    await wait_no_more(state)
    return menu_views.page(t("top-up-not-wanted"), t)


def amount_prompt(
    state: FSMContext, question: State, ask: Callable[[ShopError | None], Screen]
) -> Prompt:
    """Ask for an amount; what is none, or too much, is asked again.

    A right that is lost, or a method that is not taken any more, ends the question.
    """
    return Prompt(state, question, ask, again=ShopError, ends=NotFoundError)


def _stars(top_ups: TopUps, state: FSMContext, ui: Ui) -> Prompt:
    return amount_prompt(
        state, HowMuch.stars, lambda problem: views.stars(top_ups, ui, problem=problem)
    )


@router.callback_query(TopUpPage.filter(F.to == "stars"))
async def stars(
    query: CallbackQuery, person: CurrentUser, top_ups: TopUps, state: FSMContext, ui: Ui
) -> Screen:
    top_ups.admit(person.id)
    if Method.STARS not in top_ups.methods():
        raise NotFoundError("error-button-old")
    return await _stars(top_ups, state, ui).open()


@router.callback_query(AskStars.filter())
async def stars_chosen(
    query: CallbackQuery,
    callback_data: AskStars,
    person: CurrentUser,
    top_ups: TopUps,
    state: FSMContext,
    t: Translator,
) -> Screen:
    async with answering(state, HowMuch.stars):
        invoice = await top_ups.ask_stars(person.id, callback_data.stars)
    return views.stars_invoice(invoice, t)


@router.message(*answers_to(HowMuch.stars))
async def stars_told(
    message: Message, person: CurrentUser, top_ups: TopUps, state: FSMContext, ui: Ui
) -> Screen:
    async def take() -> Invoice:
        return await top_ups.ask_stars(person.id, top_ups.read_stars(message.text or ""))

    return await _stars(top_ups, state, ui).answer(
        take, lambda invoice: views.stars_invoice(invoice, ui.t)
    )
