"""Favourites and presets: what people order again and again is one press away."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import (
    DropPreset,
    Favourite,
    FavouritesPage,
    NamePreset,
    SavePreset,
    UsePreset,
)
from handlers.customer.catalogue import views as catalog_views
from handlers.customer.favourites import views
from handlers.customer.menu import views as menu_views
from handlers.customer.ordering.desk import Desk
from handlers.customer.orders import cards
from handlers.prompts import Prompt, SolePrompt, answers_to, cancels
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.catalogue.browsing import Browser
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError, ShopError
from shop.ordering.favourites import Favourites
from shop.orders.history import OrderHistory

router = Router(name=__name__)


class PresetNameStates(StatesGroup):
    """A preset's name is awaited; the order that it comes from is kept beside."""

    name = State(group_name="Naming")


async def _shelf(
    person: CurrentUser, favourites: Favourites, ui: Ui, page: int = 0, toast: str | None = None
) -> Screen:
    kept = await favourites.shelf(person.id, page=page, size=views.KEPT_A_PAGE)
    return views.shelf(kept, ui, toast=toast)


@router.message(Command("favourites"))
async def favourites_command(
    message: Message, person: CurrentUser, favourites: Favourites, ui: Ui
) -> Screen:
    return await _shelf(person, favourites, ui)


@router.callback_query(FavouritesPage.filter())
async def favourites_page(
    query: CallbackQuery,
    callback_data: FavouritesPage,
    person: CurrentUser,
    favourites: Favourites,
    ui: Ui,
) -> Screen:
    return await _shelf(person, favourites, ui, callback_data.page)


@router.callback_query(Favourite.filter())
async def keep(
    query: CallbackQuery,
    callback_data: Favourite,
    person: CurrentUser,
    favourites: Favourites,
    browser: Browser,
    ui: Ui,
) -> Screen:
    """Keep a service or not, and show its card again; what is no longer sold has none and is in the
    list only.
    """
    on = callback_data.on == 1
    await favourites.keep(person.id, callback_data.service, on=on)
    toast = ui.t.plain("favourite-added" if on else "favourite-removed")
    try:
        found = await browser.sheet(person.id, callback_data.service)
    except NotFoundError:
        return await _shelf(person, favourites, ui, callback_data.page, toast)
    card = catalog_views.card(found, callback_data.page, ui)
    return replace(card, toast=toast)


def _name(
    order_id: int, person: CurrentUser, favourites: Favourites, state: FSMContext, t: Translator
) -> Prompt:
    """Ask for a preset's name; what is none is asked for again, another refusal ends it."""

    async def ask(problem: ShopError | None) -> Screen:
        order = await favourites.suggestion(person.id, order_id)
        return views.naming(order, t, problem=problem)

    return SolePrompt(state, PresetNameStates.name, ask, ends=ShopError, data={"order": order_id})


@router.callback_query(SavePreset.filter())
async def ask_name(
    query: CallbackQuery,
    callback_data: SavePreset,
    person: CurrentUser,
    favourites: Favourites,
    state: FSMContext,
    t: Translator,
) -> Screen:
    return await _name(callback_data.order, person, favourites, state, t).open()


@router.callback_query(NamePreset.filter())
async def ready_name(
    query: CallbackQuery,
    callback_data: NamePreset,
    person: CurrentUser,
    favourites: Favourites,
    book: OrderHistory,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Take the name that was suggested, or go back to the order."""
    t = ui.t
    if await state.get_value("order") == callback_data.order:
        await state.clear()
    if callback_data.keep != 1:
        return await cards.draw(book, person.id, callback_data.order, t)
    name = await favourites.save(
        person.id, callback_data.order, lambda order: views.ready_name(order, t)
    )
    return await _shelf(person, favourites, ui, toast=t.plain("preset-saved", name=name))


@router.message(*cancels(PresetNameStates.name))
async def cancel(message: Message, state: FSMContext, t: Translator) -> Screen:
    await state.clear()
    return menu_views.page(t("preset-not-saved"), t)


@router.message(*answers_to(PresetNameStates.name))
async def named(
    message: Message, person: CurrentUser, favourites: Favourites, state: FSMContext, ui: Ui
) -> Screen:
    order_id = int((await state.get_data())["order"])
    return await _name(order_id, person, favourites, state, ui.t).answer(
        lambda: favourites.save(person.id, order_id, message.text or ""),
        lambda _name: _shelf(person, favourites, ui),
    )


@router.callback_query(UsePreset.filter())
async def use(
    query: CallbackQuery,
    callback_data: UsePreset,
    person: CurrentUser,
    favourites: Favourites,
    desk: Desk,
) -> Screen:
    return await desk.open(favourites.use, person.id, callback_data.preset)


@router.callback_query(DropPreset.filter())
async def drop(
    query: CallbackQuery,
    callback_data: DropPreset,
    person: CurrentUser,
    favourites: Favourites,
    ui: Ui,
) -> Screen:
    await favourites.drop(person.id, callback_data.preset)
    return await _shelf(person, favourites, ui, toast=ui.t.plain("preset-removed"))
