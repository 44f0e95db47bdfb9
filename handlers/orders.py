"""My orders, and the card of one."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import OrderCard, Orders, Parts
from handlers.screens import Screen
from handlers.views import orders as views
from handlers.views import parts_of_orders
from locales import Translator
from shop.book import OrderBook
from shop.errors import NotFoundError
from shop.people import Person

router = Router(name=__name__)


async def _page(person: Person, book: OrderBook, t: Translator, *, done: bool, page: int) -> Screen:
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")
    found, totals = await book.page(person.id, done=done, page=page, size=views.ORDERS_A_PAGE)
    return views.orders_page(found, page, totals, done=done, t=t)


@router.message(Command("orders"))
async def orders(message: Message, person: Person, book: OrderBook, t: Translator) -> Screen:
    del message
    return await _page(person, book, t, done=False, page=0)


@router.callback_query(Orders.filter())
async def orders_page(
    query: CallbackQuery, callback_data: Orders, person: Person, book: OrderBook, t: Translator,
) -> Screen:  # fmt: skip
    del query
    return await _page(person, book, t, done=callback_data.done == 1, page=callback_data.page)


@router.callback_query(OrderCard.filter())
async def order(
    query: CallbackQuery, callback_data: OrderCard, person: Person, book: OrderBook, t: Translator,
) -> Screen:  # fmt: skip
    del query
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")
    return views.card(await book.sheet(person.id, callback_data.order), t)


@router.callback_query(Parts.filter())
async def parts(
    query: CallbackQuery, callback_data: Parts, person: Person, book: OrderBook, t: Translator,
) -> Screen:  # fmt: skip
    """Show the runs of a drip-feed, or the orders that a subscription made."""
    del query
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")
    return parts_of_orders.parts_page(await book.sheet(person.id, callback_data.order), callback_data.page, t)
