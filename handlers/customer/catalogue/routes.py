"""Browsing: categories, services, a service's card."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import Categories, CategoriesAround, ServiceCard, Services
from handlers.customer.catalogue import views
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.catalogue.browsing import Browser
from shop.customers.accounts import CurrentUser

router = Router(name=__name__)


@router.message(Command("order"))
async def order(message: Message, person: CurrentUser, browser: Browser, t: Translator) -> Screen:
    return views.categories(await browser.categories(person.id), 0, t)


@router.callback_query(Categories.filter())
async def categories(
    query: CallbackQuery,
    callback_data: Categories,
    person: CurrentUser,
    browser: Browser,
    t: Translator,
) -> Screen:
    return views.categories(await browser.categories(person.id), callback_data.page, t)


@router.callback_query(CategoriesAround.filter())
async def categories_around(
    query: CallbackQuery,
    callback_data: CategoriesAround,
    person: CurrentUser,
    browser: Browser,
    t: Translator,
) -> Screen:
    found = await browser.categories(person.id)
    return views.categories(found, views.page_of(callback_data.category, found), t)


@router.callback_query(Services.filter())
async def services(
    query: CallbackQuery, callback_data: Services, person: CurrentUser, browser: Browser, ui: Ui
) -> Screen:
    category, page = callback_data.category, callback_data.page
    found = await browser.services(person.id, category, page=page, size=views.SERVICES_A_PAGE)
    return views.services(found, category, page, ui)


@router.callback_query(ServiceCard.filter())
async def service(
    query: CallbackQuery, callback_data: ServiceCard, person: CurrentUser, browser: Browser, ui: Ui
) -> Screen:
    found = await browser.sheet(person.id, callback_data.service)
    return views.card(found, callback_data.page, ui)
