"""Inviting: one's own link, and arriving by somebody's.

Whose link it was is noted when people are first met.
"""

import re

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, TelegramObject

from handlers.callbacks import Invite
from handlers.customer.menu import views as menu_views
from handlers.customer.promotions import invitation_views as views
from handlers.screens import Screen
from handlers.ui import Ui
from shop.access import Access, Billing
from shop.customers.accounts import CurrentUser
from shop.promotions.invitations import Invitations

router = Router(name=__name__)

_LINK = re.compile(r"/start(?:@\w+)? r_([\w-]{1,62})", re.ASCII)


def invite_of(event: TelegramObject) -> str | None:
    """Return the code of the invitation that a first message comes with."""
    if not isinstance(event, Message) or event.chat.type != ChatType.PRIVATE:
        return None
    found = _LINK.fullmatch(event.text or "")
    return found[1] if found else None


async def link_to(bot: Bot, payload: str) -> str:
    """Return the address that starts the bot with a payload; its user name is known after the first
    look.
    """
    return f"https://t.me/{(await bot.me()).username}?start={payload}"


async def _standing(person: CurrentUser, invitations: Invitations, bot: Bot, ui: Ui) -> Screen:
    found = await invitations.standing(person.id)
    return views.standing(found, await link_to(bot, f"r_{found.code}"), ui)


@router.message(Command("invite"))
async def invite_command(
    message: Message, person: CurrentUser, invitations: Invitations, bot: Bot, ui: Ui
) -> Screen:
    return await _standing(person, invitations, bot, ui)


@router.callback_query(Invite.filter())
async def invite_pressed(
    query: CallbackQuery, person: CurrentUser, invitations: Invitations, bot: Bot, ui: Ui
) -> Screen:
    return await _standing(person, invitations, bot, ui)


@router.message(CommandStart(deep_link=True, magic=F.args.regexp(r"^r_[\w-]{1,62}$")))
async def from_a_link(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    invitations: Invitations,
    access: Access,
    bot: Bot,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Greet who was invited; everybody else is told kindly why the link does nothing for them."""
    t = ui.t
    await state.clear()
    wallet = access.billing is Billing.WALLET
    if person.invited:
        return menu_views.home_with(t("invite-welcome"), person, t, wallet=wallet)
    owns = await invitations.owns(person.id, str(command.args)[2:]) if person.may_shop else None
    if owns is None:
        return menu_views.home(person, t, wallet=wallet)
    if owns:
        return await _standing(person, invitations, bot, ui)
    return menu_views.home_with(t("invite-not-new"), person, t, wallet=wallet)
