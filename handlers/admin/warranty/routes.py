"""An admin says for how long a service refills, where its own words don't, or are wrong."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers.admin.warranty import views
from handlers.callbacks import ChooseWarranty, SetWarranty
from handlers.customer.catalogue import views as catalog_views
from handlers.filters import IsAdmin
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.catalogue.browsing import Browser
from shop.catalogue.warranty import PRESETS, Warranties
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError

router = Router(name=__name__)
router.callback_query.filter(IsAdmin())


@router.callback_query(ChooseWarranty.filter())
async def choose(
    query: CallbackQuery,
    callback_data: ChooseWarranty,
    person: CurrentUser,
    browser: Browser,
    t: Translator,
) -> Screen:
    return views.choose(await browser.service(person.id, callback_data.service), t)


@router.callback_query(SetWarranty.filter())
async def choose_this(
    query: CallbackQuery,
    callback_data: SetWarranty,
    person: CurrentUser,
    browser: Browser,
    warranties: Warranties,
    ui: Ui,
) -> Screen:
    """Write it down and show the card again, as customers see it from now on."""
    days = None if callback_data.days == views.BY_WORDS else callback_data.days
    if days is not None and days not in PRESETS:
        raise NotFoundError("error-button-old")
    await warranties.set(callback_data.service, days)
    sheet = await browser.sheet(person.id, callback_data.service)
    card = catalog_views.card(sheet, 0, ui)
    return replace(card, toast=ui.t.plain("warranty-set"))
