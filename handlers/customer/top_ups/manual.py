"""Topping up by hand: a customer asks for an amount.

Admins decide in handlers/admin/top_ups/routes.py.
"""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import CancelTopUp, ManualAmount, Menu, TopUpPage
from handlers.customer.top_ups import method_views as views
from handlers.customer.top_ups.routes import HowMuch, amount_prompt
from handlers.prompts import Prompt, answering, answers_to, listen_no_more
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError
from shop.payments.manual import ManualTopUps
from shop.payments.top_ups import TopUps, read_amount
from storage.rows import TopUp

router = Router(name=__name__)


def _by_hand(manual: ManualTopUps, top_ups: TopUps, state: FSMContext, ui: Ui) -> Prompt:
    back = TopUpPage(to="home") if top_ups.methods() else Menu(to="wallet")
    return amount_prompt(
        state,
        HowMuch.by_hand,
        lambda problem: views.manual_amounts(
            top_ups.terms.amounts, manual.note, ui, back=back, problem=problem
        ),
    )


@router.callback_query(TopUpPage.filter(F.to == "manual"))
async def amounts(
    query: CallbackQuery,
    person: CurrentUser,
    manual: ManualTopUps,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Ask for the amount, or show the request that is open."""
    waiting = await manual.open_of(person.id)
    if waiting is not None:
        await listen_no_more(state, HowMuch.by_hand)
        return views.manual_open(waiting, manual.note, ui.t)
    return await _by_hand(manual, top_ups, state, ui).open()


@router.callback_query(ManualAmount.filter())
async def chosen(
    query: CallbackQuery,
    callback_data: ManualAmount,
    person: CurrentUser,
    manual: ManualTopUps,
    state: FSMContext,
    t: Translator,
) -> Screen:
    async with answering(state, HowMuch.by_hand):
        asked = await manual.ask(person.id, callback_data.amount)
    return views.manual_open(asked, manual.note, t)


@router.callback_query(CancelTopUp.filter())
async def take_back(
    query: CallbackQuery,
    callback_data: CancelTopUp,
    person: CurrentUser,
    manual: ManualTopUps,
    t: Translator,
) -> Screen:
    if not await manual.cancel(person.id, callback_data.top_up):
        raise NotFoundError("manual-gone")
    return views.manual_canceled(t)


@router.message(*answers_to(HowMuch.by_hand))
async def typed(
    message: Message,
    person: CurrentUser,
    manual: ManualTopUps,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    async def take() -> TopUp:
        return await manual.ask(person.id, read_amount(message.text or "", ui.currency))

    return await _by_hand(manual, top_ups, state, ui).answer(
        take, lambda asked: views.manual_open(asked, manual.note, ui.t)
    )
