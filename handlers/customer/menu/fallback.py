"""What no other handler wanted: every update gets an answer."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import Nothing
from handlers.customer.catalogue import views as catalog_views
from handlers.customer.menu import views
from handlers.screens import Screen, Toast
from handlers.ui import Ui
from locales import Translator
from shop.access import Access, Billing
from shop.catalogue.browsing import Browser
from shop.customers.accounts import CurrentUser

router = Router(name=__name__)

_LONGEST_SEARCH = 64


@router.callback_query(Nothing.filter())
async def nothing(query: CallbackQuery) -> Toast:
    return Toast("")


@router.callback_query()
async def old_button(query: CallbackQuery, t: Translator) -> Toast:
    return Toast(t.plain("error-button-old"), alert=True)


@router.message(F.text, ~F.text.startswith("/"))
async def search(
    message: Message, person: CurrentUser, browser: Browser, access: Access, ui: Ui
) -> Screen:
    """Words that nobody has asked for are looked for in the catalogue."""
    if person.may_shop and len(str(message.text)) <= _LONGEST_SEARCH:
        hits, total = await browser.search(
            person.id, str(message.text), most=catalog_views.SERVICES_A_PAGE
        )
        if hits:
            return catalog_views.found(hits, total, ui)
    return _shrug(person, access, ui.t)


@router.message()
async def not_understood(
    message: Message, person: CurrentUser, access: Access, t: Translator
) -> Screen:
    return _shrug(person, access, t)


def _shrug(person: CurrentUser, access: Access, t: Translator) -> Screen:
    home = views.home(person, t, wallet=access.billing is Billing.WALLET)
    return Screen(t("fallback"), home.keyboard) if person.may_shop else home
