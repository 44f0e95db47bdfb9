"""My orders, and the card of one."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import OrderCard, Orders, Parts
from handlers.customer.orders import cards, suborder_views, views
from handlers.screens import Screen
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError
from shop.orders.history import OrderHistory

router = Router(name=__name__)


async def _page(
    person: CurrentUser, book: OrderHistory, t: Translator, *, done: bool, page: int
) -> Screen:
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")
    found, totals = await book.page(person.id, done=done, page=page, size=views.ORDERS_A_PAGE)
    return views.orders_page(found, page, totals, done=done, t=t)


@router.message(Command("orders"))
async def orders(
    message: Message, person: CurrentUser, book: OrderHistory, t: Translator
) -> Screen:
    return await _page(person, book, t, done=False, page=0)


@router.callback_query(Orders.filter())
async def orders_page(
    query: CallbackQuery,
    callback_data: Orders,
    person: CurrentUser,
    book: OrderHistory,
    t: Translator,
) -> Screen:
    return await _page(person, book, t, done=callback_data.done == 1, page=callback_data.page)


@router.callback_query(OrderCard.filter())
async def order(
    query: CallbackQuery,
    callback_data: OrderCard,
    person: CurrentUser,
    book: OrderHistory,
    t: Translator,
) -> Screen:
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")
    return await cards.draw(book, person.id, callback_data.order, t)


@router.callback_query(Parts.filter())
async def parts(
    query: CallbackQuery,
    callback_data: Parts,
    person: CurrentUser,
    book: OrderHistory,
    t: Translator,
) -> Screen:
    """Show the runs of a drip-feed, or the orders that a subscription made."""
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")
    return suborder_views.parts_page(
        await book.sheet(person.id, callback_data.order), callback_data.page, t
    )
