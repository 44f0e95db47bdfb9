"""The menu and the plain pages."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import Language, Menu
from handlers.customer.catalogue import views as catalog_views
from handlers.customer.menu import views
from handlers.screens import Screen, Toast
from handlers.ui import Ui
from locales import Texts, Translator
from shop.access import Access, Billing
from shop.catalogue.browsing import Browser
from shop.customers import support as support_rules
from shop.customers.accounts import CurrentUser, People
from shop.customers.support import Support
from shop.errors import NotFoundError
from shop.ordering.placement import Ordering

router = Router(name=__name__)


@router.message(CommandStart(deep_link=True, magic=F.args.regexp(r"^s_\d{1,12}$")))
async def start_at_service(
    message: Message, command: CommandObject, person: CurrentUser, browser: Browser, ui: Ui
) -> Screen:
    """`/start s_12` opens a service's card: a link that can be shared."""
    found = await browser.sheet(person.id, int(str(command.args)[2:]))
    return catalog_views.card(found, 0, ui)


@router.message(CommandStart())
async def start(
    message: Message, person: CurrentUser, state: FSMContext, access: Access, t: Translator
) -> Screen:
    await state.clear()
    return views.home(person, t, wallet=access.billing is Billing.WALLET)


@router.callback_query(Menu.filter(F.to == "home"))
async def home(query: CallbackQuery, person: CurrentUser, access: Access, t: Translator) -> Screen:
    return views.home(person, t, wallet=access.billing is Billing.WALLET)


@router.message(Command("help"))
async def help_command(
    message: Message, person: CurrentUser, access: Access, t: Translator
) -> Screen:
    return views.help_page(person, t, wallet=access.billing is Billing.WALLET)


@router.callback_query(Menu.filter(F.to == "help"))
async def help_pressed(
    query: CallbackQuery, person: CurrentUser, access: Access, t: Translator
) -> Screen:
    return views.help_page(person, t, wallet=access.billing is Billing.WALLET)


@router.message(Command("language"))
async def language(message: Message, texts: Texts, t: Translator) -> Screen:
    return views.languages(t, texts)


@router.callback_query(Menu.filter(F.to == "language"))
async def language_pressed(query: CallbackQuery, texts: Texts, t: Translator) -> Screen:
    return views.languages(t, texts)


@router.callback_query(Language.filter())
async def language_chosen(
    query: CallbackQuery,
    callback_data: Language,
    person: CurrentUser,
    people: People,
    access: Access,
    texts: Texts,
    t: Translator,
) -> Screen | Toast:
    if not await people.choose_language(person.id, callback_data.code):
        return Toast(t.plain("error-button-old"), alert=True)
    chosen = texts.for_language(callback_data.code)
    screen = views.home(person, chosen, wallet=access.billing is Billing.WALLET)
    return Screen(screen.text, screen.keyboard, toast=chosen.plain("language-chosen"))


@router.message(Command("support"))
async def support(
    message: Message, command: CommandObject, person: CurrentUser, support: Support, t: Translator
) -> Screen:
    text = (command.args or "").strip()
    if not text:
        contact = "\n\n" + t("support-contact", contact=support.contact) if support.contact else ""
        return views.page(t("support-ask") + contact, t)
    return await write_to_us(text, person, support, t)


async def write_to_us(text: str, person: CurrentUser, support: Support, t: Translator) -> Screen:
    """Pass on what somebody writes to the admins."""
    if len(text) > support_rules.LONGEST:
        return views.page(t("support-too-long", most=support_rules.LONGEST), t)
    await support.write(person.id, person.first_name, text)
    return views.page(t("support-sent"), t)


@router.message(Command("privacy"))
async def privacy(message: Message, t: Translator) -> Screen:
    return views.page(t("privacy"), t)


@router.message(Command("terms"))
async def terms(message: Message, t: Translator) -> Screen:
    return views.page(t("terms"), t)


@router.message(Command("cancel"))
async def cancel(
    message: Message, person: CurrentUser, state: FSMContext, ordering: Ordering, t: Translator
) -> Screen:
    draft_id = (await state.get_data()).get("draft")
    await state.clear()
    try:
        if draft_id is not None:
            await ordering.cancel(person.id, draft_id)
            return views.page(t("cancelled"), t)
    except NotFoundError:  # it was closed meanwhile
        pass
    return views.page(t("cancel-nothing"), t)
