"""Topping up by hand: a customer asks for an amount.

Admins decide in handlers/admin/top_ups/routes.py.
"""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import CancelTopUp, ManualAmount, Menu, TopUpPage
from handlers.customer.top_ups import method_views as views
from handlers.customer.top_ups.routes import HowMuch
from handlers.prompts import answering, listen, listen_no_more
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError, ShopError
from shop.payments.manual import ManualTopUps
from shop.payments.top_ups import TopUps, read_amount

router = Router(name=__name__)


def _amounts(
    manual: ManualTopUps, top_ups: TopUps, ui: Ui, problem: ShopError | None = None
) -> Screen:
    back = TopUpPage(to="home") if top_ups.methods() else Menu(to="wallet")
    return views.manual_amounts(top_ups.terms.amounts, manual.note, ui, back=back, problem=problem)


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
    await listen(state, HowMuch.by_hand)
    return _amounts(manual, top_ups, ui)


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


@router.message(StateFilter(HowMuch.by_hand), ~F.text.startswith("/"))
async def typed(
    message: Message,
    person: CurrentUser,
    manual: ManualTopUps,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Take what was written as the amount; what is none, or too much, is asked again."""
    try:
        async with answering(state, HowMuch.by_hand):
            asked = await manual.ask(person.id, read_amount(message.text or "", ui.currency))
    except NotFoundError:
        await listen_no_more(state, HowMuch.by_hand)
        raise
    except ShopError as problem:
        return _amounts(manual, top_ups, ui, problem)
    return views.manual_open(asked, manual.note, ui.t)
