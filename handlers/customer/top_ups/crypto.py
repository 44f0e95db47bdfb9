"""Topping up by Crypto Pay: how much, and then a worker has the invoice made."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import CryptoAmount, TopUpPage
from handlers.customer.top_ups import method_views as views
from handlers.customer.top_ups.routes import HowMuch, amount_prompt
from handlers.prompts import Prompt, answering, answers_to
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError
from shop.payments.top_ups import TopUps, read_amount
from storage.enums import Method
from storage.rows import Invoice

router = Router(name=__name__)

_METHODS = TopUpPage(to="home")


def _crypto(top_ups: TopUps, state: FSMContext, ui: Ui) -> Prompt:
    return amount_prompt(
        state,
        HowMuch.crypto,
        lambda problem: views.crypto_amounts(
            top_ups.terms.amounts, ui, back=_METHODS, problem=problem
        ),
    )


@router.callback_query(TopUpPage.filter(F.to == "crypto"))
async def amounts(
    query: CallbackQuery, person: CurrentUser, top_ups: TopUps, state: FSMContext, ui: Ui
) -> Screen:
    top_ups.admit(person.id)
    if Method.CRYPTO not in top_ups.methods():
        raise NotFoundError("error-button-old")
    return await _crypto(top_ups, state, ui).open()


@router.callback_query(CryptoAmount.filter())
async def chosen(
    query: CallbackQuery,
    callback_data: CryptoAmount,
    person: CurrentUser,
    top_ups: TopUps,
    state: FSMContext,
    t: Translator,
) -> Screen:
    async with answering(state, HowMuch.crypto):
        invoice = await top_ups.ask_crypto(person.id, callback_data.amount)
    return views.crypto_asked(invoice.amount, invoice.currency, t)


@router.message(*answers_to(HowMuch.crypto))
async def typed(
    message: Message, person: CurrentUser, top_ups: TopUps, state: FSMContext, ui: Ui
) -> Screen:
    async def take() -> Invoice:
        return await top_ups.ask_crypto(person.id, read_amount(message.text or "", ui.currency))

    return await _crypto(top_ups, state, ui).answer(
        take, lambda invoice: views.crypto_asked(invoice.amount, invoice.currency, ui.t)
    )
