"""Filling in an order. A button carries ids; the database carries everything else.

The conversation's state holds only that an answer is awaited, and for which draft: which question
is open follows from the draft itself, so it survives a restart and can't disagree with it.
"""

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers import text_input
from handlers.callbacks import (
    Again,
    AgreeAgain,
    AnswerChoice,
    CancelDraft,
    Confirm,
    Skip,
    StartOrder,
    StepBack,
)
from handlers.customer.catalogue import views as catalog_views
from handlers.customer.menu import views as menu_views
from handlers.customer.ordering import views
from handlers.customer.ordering.desk import Asking, Desk
from handlers.customer.orders import views as order_views
from handlers.prompts import answers_to
from handlers.screens import Screen, shown_on
from handlers.ui import Ui
from locales import Translator
from shop.catalogue.browsing import Browser
from shop.customers.accounts import CurrentUser
from shop.errors import BadAnswerError, NotFoundError, QuoteChangedError
from shop.ordering.placement import Ordering

router = Router(name=__name__)


@router.callback_query(StartOrder.filter())
async def start(
    query: CallbackQuery,
    callback_data: StartOrder,
    person: CurrentUser,
    ordering: Ordering,
    desk: Desk,
) -> Screen:
    return await desk.open(ordering.start, person.id, callback_data.service)


@router.callback_query(Again.filter())
async def again(
    query: CallbackQuery,
    callback_data: Again,
    person: CurrentUser,
    ordering: Ordering,
    desk: Desk,
) -> Screen:
    return await desk.open(ordering.again, person.id, callback_data.order)


@router.callback_query(AgreeAgain.filter())
async def agree_again(
    query: CallbackQuery,
    callback_data: AgreeAgain,
    person: CurrentUser,
    ordering: Ordering,
    desk: Desk,
) -> Screen:
    """Show what an order would be now; it takes the other one's place when it is confirmed."""
    return await desk.open(ordering.agree_again, person.id, callback_data.order)


@router.callback_query(AnswerChoice.filter())
async def answer_pressed(
    query: CallbackQuery,
    callback_data: AnswerChoice,
    person: CurrentUser,
    ordering: Ordering,
    desk: Desk,
) -> Screen:
    draft = callback_data.draft
    try:
        form = await ordering.answer(
            person.id, draft, str(callback_data.value), step=callback_data.step
        )
    except BadAnswerError as problem:
        return await desk.ask(await ordering.form(person.id, draft), problem)
    return await desk.ask(form)


@router.callback_query(Skip.filter())
async def skip(
    query: CallbackQuery,
    callback_data: Skip,
    person: CurrentUser,
    ordering: Ordering,
    desk: Desk,
) -> Screen:
    return await desk.ask(await ordering.skip(person.id, callback_data.draft))


@router.callback_query(StepBack.filter())
async def back(
    query: CallbackQuery,
    callback_data: StepBack,
    person: CurrentUser,
    ordering: Ordering,
    browser: Browser,
    desk: Desk,
    ui: Ui,
) -> Screen:
    form = await desk.back(ordering, person.id, callback_data.draft)
    if isinstance(form, Screen):
        return form
    return catalog_views.card(await browser.sheet(person.id, form.service.id), 0, ui)


@router.callback_query(CancelDraft.filter())
async def cancel(
    query: CallbackQuery,
    callback_data: CancelDraft,
    person: CurrentUser,
    ordering: Ordering,
    desk: Desk,
    t: Translator,
) -> Screen:
    async with desk.finishing(callback_data.draft):
        await ordering.cancel(person.id, callback_data.draft)
    return menu_views.page(t("cancelled"), t)


@router.callback_query(Confirm.filter())
async def confirm(
    query: CallbackQuery,
    callback_data: Confirm,
    person: CurrentUser,
    ordering: Ordering,
    desk: Desk,
    t: Translator,
) -> Screen:
    """A second press shows the same order."""
    try:
        async with desk.finishing(callback_data.draft):
            sheet = await ordering.submit(
                person.id, callback_data.draft, card_message_id=shown_on(query)
            )
    except QuoteChangedError:
        return await desk.ask(await ordering.form(person.id, callback_data.draft))
    return order_views.card(sheet, t)


@router.message(*answers_to(Asking.answer))
async def answered(
    message: Message,
    person: CurrentUser,
    ordering: Ordering,
    state: FSMContext,
    desk: Desk,
    t: Translator,
) -> Screen:
    """Take whatever was sent as the answer to the open question; what can't be used is asked
    again.
    """
    draft = int((await state.get_data())["draft"])
    try:
        words = views.choice_words(t)
        return await desk.ask(
            await ordering.answer(person.id, draft, await text_input.text_of(message), words=words)
        )
    except BadAnswerError as problem:
        return await desk.ask(await ordering.form(person.id, draft), problem)
    except NotFoundError:
        await state.clear()
        raise
