"""The wallet, and a customer's `/balance`."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import Menu, WalletPage
from handlers.coupons import Redeeming
from handlers.listening import listen_no_more
from handlers.screens import Row, Screen
from handlers.topping_up import HowMuch
from handlers.views import menu as menu_views
from handlers.views import wallet as views
from handlers.views.gifts import gift_row
from handlers.views.parts import money
from handlers.views.topping_up import way_in
from locales import Translator
from shop.access import Access, Billing
from shop.errors import NotFoundError
from shop.people import Person
from shop.provider_balance import BalanceWatch
from shop.topping_up import TopUps
from shop.wallet import Wallet

router = Router(name=__name__)


def _admit(person: Person, access: Access) -> None:
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")
    if access.billing is not Billing.WALLET:
        raise NotFoundError("error-no-wallet")


async def _page(
    person: Person, access: Access, wallet: Wallet, top_ups: TopUps, state: FSMContext, t: Translator,
    page: int,
) -> Screen:  # fmt: skip
    _admit(person, access)
    await listen_no_more(state, HowMuch.stars)
    await listen_no_more(state, Redeeming.code)
    found = await wallet.page(person.id, page=page, size=views.MOVES_A_PAGE)
    ways: list[Row] = [[way_in(top_ups.methods(), t)], gift_row(found.gifts, t)]
    return views.wallet(found.balance, found.moves, page, top_ups.currency(), ways, t, more=found.more)


@router.message(Command("wallet"))
async def wallet_command(
    message: Message, person: Person, access: Access, wallet: Wallet, top_ups: TopUps, state: FSMContext,
    t: Translator,
) -> Screen:  # fmt: skip
    del message
    return await _page(person, access, wallet, top_ups, state, t, 0)


@router.callback_query(Menu.filter(F.to == "wallet"))
async def wallet_pressed(
    query: CallbackQuery, person: Person, access: Access, wallet: Wallet, top_ups: TopUps,
    state: FSMContext, t: Translator,
) -> Screen:  # fmt: skip
    del query
    return await _page(person, access, wallet, top_ups, state, t, 0)


@router.callback_query(WalletPage.filter())
async def wallet_page(
    query: CallbackQuery,
    callback_data: WalletPage,
    person: Person,
    access: Access,
    wallet: Wallet,
    top_ups: TopUps,
    state: FSMContext,
    t: Translator,
) -> Screen:
    del query
    return await _page(person, access, wallet, top_ups, state, t, callback_data.page)


@router.message(Command("balance"))
async def balance(
    message: Message, person: Person, access: Access, wallet: Wallet, watch: BalanceWatch, t: Translator,
) -> Screen:  # fmt: skip
    """A customer's own balance; never a question to the provider."""
    del message
    _admit(person, access)
    available = (await wallet.balance(person.id)).available
    return menu_views.page(t("balance-own", balance=money(available, watch.shop_currency(), t)), t)
