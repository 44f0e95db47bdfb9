"""`/mydata` and `/delete_me`: what we keep about somebody is theirs to have and theirs to end."""

from datetime import UTC, datetime

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import DeleteMe
from handlers.customer.privacy import views
from handlers.screens import Screen
from locales import Translator
from shop.access import Access, Billing
from shop.customers.accounts import CurrentUser
from shop.customers.privacy import Privacy
from shop.errors import NotFoundError

router = Router(name=__name__)

_LAST_SECOND = 2**32  # that a button of ours can carry


@router.message(Command("mydata"))
async def my_data(message: Message, person: CurrentUser, privacy: Privacy, t: Translator) -> Screen:
    return Screen(t("mydata"), file=await privacy.export(person.id))


@router.message(Command("delete_me"))
async def delete_me(
    message: Message, person: CurrentUser, privacy: Privacy, access: Access, t: Translator
) -> Screen:
    """Ask once more; nothing is erased by a command alone."""
    return views.question(
        await privacy.farewell(person.id), t, wallet=access.billing is Billing.WALLET
    )


@router.callback_query(DeleteMe.filter())
async def deleted(
    query: CallbackQuery,
    callback_data: DeleteMe,
    person: CurrentUser,
    privacy: Privacy,
    t: Translator,
) -> Screen:
    """Erase them. Nothing of this conversation is written afterwards; it would be kept again."""
    if callback_data.at > _LAST_SECOND:
        raise NotFoundError("error-erase-late")
    await privacy.erase(person.id, datetime.fromtimestamp(callback_data.at, UTC))
    return views.goodbye(t)
