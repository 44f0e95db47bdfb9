"""What no other handler wanted: every update gets an answer."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import Nothing
from handlers.screens import Screen, Toast
from handlers.views import menu as views
from locales import Translator
from shop.access import Access, Billing
from shop.people import Person

router = Router(name=__name__)


@router.callback_query(Nothing.filter())
async def nothing(query: CallbackQuery) -> Toast:
    del query
    return Toast("")


@router.callback_query()
async def old_button(query: CallbackQuery, t: Translator) -> Toast:
    del query
    return Toast(t.plain("error-button-old"), alert=True)


@router.message(F.chat.type == ChatType.PRIVATE)
async def not_understood(message: Message, person: Person, access: Access, t: Translator) -> Screen:
    del message
    home = views.home(person, t, wallet=access.billing is Billing.WALLET)
    return Screen(t("fallback"), home.keyboard) if person.may_shop else home
