"""Types that nobody knows: an admin says in two taps which known one to treat them as."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers.admin.service_types import views
from handlers.callbacks import ChooseType, MapType
from handlers.customer.catalogue import views as catalog_views
from handlers.filters import IsAdmin
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.catalogue.browsing import Browser
from shop.catalogue.service_types import TypeMappings
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError

router = Router(name=__name__)
router.callback_query.filter(IsAdmin())


@router.callback_query(ChooseType.filter())
async def choose(
    query: CallbackQuery, callback_data: ChooseType, types: TypeMappings, t: Translator
) -> Screen:
    return views.choose(await types.service(callback_data.service), t)


@router.callback_query(MapType.filter())
async def choose_this(
    query: CallbackQuery,
    callback_data: MapType,
    person: CurrentUser,
    types: TypeMappings,
    browser: Browser,
    ui: Ui,
) -> Screen:
    """Map every service with that label, and show the card again, if the service can still be
    seen.
    """
    mapped = await types.map(person.id, callback_data.service, callback_data.type)
    said = views.mapped(mapped, ui.t)
    try:
        sheet = await browser.sheet(person.id, mapped.service.id)
    except NotFoundError:
        return Screen(said)
    card = catalog_views.card(sheet, 0, ui)
    return replace(card, text=f"{said}\n\n{card.text}")
