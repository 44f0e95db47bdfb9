"""Mass orders: many lines in one message or file, one table to agree to, one message that follows
them.
"""

from collections.abc import Sequence

from aiogram import Router
from aiogram.filters import BaseFilter, Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers import text_input
from handlers.callbacks import MassCancel, MassConfirm, MassPage, MassStart
from handlers.customer.bulk import views
from handlers.customer.menu import views as menu_views
from handlers.prompts import Prompt, SolePrompt, answers_to, cancels
from handlers.screens import Screen, Toast, shown_on
from handlers.ui import Ui
from locales import Translator
from shop.access import Access, Billing
from shop.bulk.orders import MassOrders, MassProgress
from shop.bulk.parsing import is_list
from shop.customers.accounts import CurrentUser
from storage.queries.bulk_orders import Mass

router = Router(name=__name__)


class Writing(StatesGroup):
    """The lines are awaited, as a text or as a file."""

    lines = State()


class LooksLikeLines(BaseFilter):
    """What nobody has asked for is a mass order when it is a table, or a text with several `a | b`
    lines.
    """

    async def __call__(self, message: Message) -> bool:
        return is_list(message.text or "") or text_input.is_table(message.document)


def _lines(state: FSMContext, t: Translator, latest: Sequence[Mass] = ()) -> Prompt:
    """Ask for the lines; with what was wrong with them, no list of earlier orders is shown."""
    return SolePrompt(
        state,
        Writing.lines,
        lambda problem: views.start([] if problem else latest, t, problem=problem),
    )


async def _ask(person: CurrentUser, mass: MassOrders, state: FSMContext, t: Translator) -> Screen:
    return await _lines(state, t, await mass.latest(person.id)).open()


@router.message(Command("mass"))
async def ask(
    message: Message, person: CurrentUser, mass: MassOrders, state: FSMContext, t: Translator
) -> Screen:
    return await _ask(person, mass, state, t)


@router.callback_query(MassStart.filter())
async def ask_pressed(
    query: CallbackQuery,
    person: CurrentUser,
    mass: MassOrders,
    state: FSMContext,
    t: Translator,
) -> Screen:
    return await _ask(person, mass, state, t)


@router.message(*cancels(Writing.lines))
async def cancel_command(message: Message, state: FSMContext, t: Translator) -> Screen:
    await state.clear()
    return menu_views.page(t("mass-canceled"), t)


@router.message(*answers_to(Writing.lines))
@router.message(StateFilter(None), LooksLikeLines())
async def written(
    message: Message, person: CurrentUser, mass: MassOrders, state: FSMContext, ui: Ui
) -> Screen:
    """Show the lines as a table; what can't be read as lines is asked for again."""

    async def take() -> Mass:
        return await mass.read(person.id, await text_input.table_of(message))

    return await _lines(state, ui.t).answer(
        take, lambda found: _show(person, mass, ui, mass_id=found.id)
    )


@router.callback_query(MassPage.filter())
async def page(
    query: CallbackQuery, callback_data: MassPage, person: CurrentUser, mass: MassOrders, ui: Ui
) -> Screen:
    return await _show(person, mass, ui, mass_id=callback_data.mass, page=callback_data.page)


@router.callback_query(MassConfirm.filter())
async def confirm(
    query: CallbackQuery, callback_data: MassConfirm, person: CurrentUser, mass: MassOrders, ui: Ui
) -> Screen:
    """A second press shows the same message; where prices have moved, the table is shown again."""
    place = await mass.confirm(person.id, callback_data.mass, message_id=shown_on(query))
    if place is None:
        return await _show(person, mass, ui, mass_id=callback_data.mass)
    table = await mass.table(
        person.id,
        callback_data.mass,
        page=place // views.LINES_A_PAGE,
        size=views.LINES_A_PAGE,
        changed=True,
    )
    return views.table(table, ui)


@router.callback_query(MassCancel.filter())
async def cancel(
    query: CallbackQuery,
    callback_data: MassCancel,
    person: CurrentUser,
    mass: MassOrders,
    access: Access,
    state: FSMContext,
    t: Translator,
) -> Screen | Toast:
    """Throw the lines away; without any, only stop waiting for them."""
    if await state.get_state() == Writing.lines.state:
        await state.clear()
    if not callback_data.mass:
        return menu_views.home(person, t, wallet=access.billing is Billing.WALLET)
    if not await mass.cancel(person.id, callback_data.mass):
        return Toast(t.plain("mass-too-late"), alert=True)
    return menu_views.page(t("mass-canceled"), t)


async def _show(
    person: CurrentUser,
    mass: MassOrders,
    ui: Ui,
    *,
    mass_id: int,
    page: int = 0,
) -> Screen:
    """Show a page of a table; of a confirmed one the progress stands before its pages."""
    found = await mass.page(person.id, mass_id, page=page, size=views.LINES_A_PAGE)
    if isinstance(found, MassProgress):
        return views.progress(found, ui.currency, ui.t)
    return views.table(found, ui)
