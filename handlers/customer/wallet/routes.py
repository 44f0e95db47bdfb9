"""The wallet, and a customer's `/balance`."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import Menu, WalletPage
from handlers.customer.menu import views as menu_views
from handlers.customer.promotions.components import gift_row
from handlers.customer.promotions.coupons import Redeeming
from handlers.customer.top_ups.routes import HowMuch
from handlers.customer.top_ups.views import way_in
from handlers.customer.wallet import views
from handlers.prompts import listen_no_more
from handlers.screens import Row, Screen
from handlers.ui import Ui
from shop.access import Access, Billing
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError
from shop.payments.top_ups import TopUps
from shop.payments.wallet import Wallet

router = Router(name=__name__)


def _admit(person: CurrentUser, access: Access) -> None:
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")
    if access.billing is not Billing.WALLET:
        raise NotFoundError("error-no-wallet")


async def _page(
    person: CurrentUser,
    access: Access,
    wallet: Wallet,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
    page: int,
) -> Screen:
    _admit(person, access)
    await listen_no_more(state, HowMuch.stars)
    await listen_no_more(state, Redeeming.code)
    found = await wallet.page(person.id, page=page, size=views.MOVES_A_PAGE)
    ways: list[Row] = [[way_in(top_ups.methods(), ui.t)], gift_row(found.gifts, ui.t)]
    return views.wallet(found.balance, found.moves, page, ways, ui, more=found.more)


@router.message(Command("wallet"))
async def wallet_command(
    message: Message,
    person: CurrentUser,
    access: Access,
    wallet: Wallet,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    return await _page(person, access, wallet, top_ups, state, ui, 0)


@router.callback_query(Menu.filter(F.to == "wallet"))
async def wallet_pressed(
    query: CallbackQuery,
    person: CurrentUser,
    access: Access,
    wallet: Wallet,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    return await _page(person, access, wallet, top_ups, state, ui, 0)


@router.callback_query(WalletPage.filter())
async def wallet_page(
    query: CallbackQuery,
    callback_data: WalletPage,
    person: CurrentUser,
    access: Access,
    wallet: Wallet,
    top_ups: TopUps,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    return await _page(person, access, wallet, top_ups, state, ui, callback_data.page)


@router.message(Command("balance"))
async def balance(
    message: Message, person: CurrentUser, access: Access, wallet: Wallet, ui: Ui
) -> Screen:
    """A customer's own balance; never a question to the provider."""
    _admit(person, access)
    available = (await wallet.balance(person.id)).available
    return menu_views.page(ui.t("balance-own", balance=ui.money(available)), ui.t)
