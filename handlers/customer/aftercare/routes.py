"""After the sale: refills, cancellations, and the same for many orders at once."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import AskCancel, CancelOrder, Refill
from handlers.customer.aftercare import views as list_views
from handlers.customer.orders import aftercare_views as views
from handlers.customer.orders import cards
from handlers.customer.orders import views as order_views
from handlers.screens import Screen, shown_on
from locales import Translator
from shop.aftercare.bulk import RequestLists, numbers_in
from shop.aftercare.service import Aftercare
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError
from shop.orders.eligibility import NotNowError
from shop.orders.history import OrderHistory
from storage.enums import RequestKind

router = Router(name=__name__)
_COMMANDS = {
    "refill": RequestKind.REFILL,
    "status": RequestKind.STATUS,
    "cancel_orders": RequestKind.CANCEL,
}


def _admit(person: CurrentUser) -> None:
    if not person.may_shop:
        raise NotFoundError("error-not-for-you")


async def _card(
    person: CurrentUser, order_id: int, book: OrderHistory, toast: str, t: Translator
) -> Screen:
    return replace(await cards.draw(book, person.id, order_id, t), toast=toast)


@router.callback_query(Refill.filter())
async def refill(
    query: CallbackQuery,
    callback_data: Refill,
    person: CurrentUser,
    aftercare: Aftercare,
    book: OrderHistory,
    t: Translator,
) -> Screen:
    """A press that comes too early, too late or twice shows the card as it is now, and why."""
    _admit(person)
    try:
        await aftercare.ask(person.id, callback_data.order, RequestKind.REFILL)
    except NotNowError as error:
        return await _card(person, callback_data.order, book, views.not_now(error, t), t)
    return await _card(person, callback_data.order, book, t.plain("refill-asked"), t)


@router.callback_query(AskCancel.filter())
async def ask_cancel(
    query: CallbackQuery,
    callback_data: AskCancel,
    person: CurrentUser,
    book: OrderHistory,
    t: Translator,
) -> Screen:
    _admit(person)
    sheet = await book.sheet(person.id, callback_data.order)
    if sheet.care.cancel is not None:
        refused = NotNowError(RequestKind.CANCEL, sheet.care.cancel)
        return replace(order_views.card(sheet, t), toast=views.not_now(refused, t))
    return views.ask_cancel(sheet.order, t)


@router.callback_query(CancelOrder.filter())
async def cancel_order(
    query: CallbackQuery,
    callback_data: CancelOrder,
    person: CurrentUser,
    aftercare: Aftercare,
    book: OrderHistory,
    t: Translator,
) -> Screen:
    _admit(person)
    try:
        verdict = await aftercare.ask(
            person.id, callback_data.order, RequestKind.CANCEL, card_message_id=shown_on(query)
        )
    except NotNowError as error:
        return await _card(person, callback_data.order, book, views.not_now(error, t), t)
    toast = t.plain("cancel-taken-back") if verdict.taken_back else t.plain("cancel-asked")
    return await _card(person, callback_data.order, book, toast, t)


@router.message(Command(*_COMMANDS))
async def many(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    lists: RequestLists,
    t: Translator,
) -> Screen:
    """Answer at once, with what can be said at once; the message goes on living as results come
    in.
    """
    _admit(person)
    kind = _COMMANDS[command.command]
    numbers = numbers_in(command.args or "")
    if not numbers:
        return list_views.usage(kind, t)
    return list_views.listing(await lists.ask(person.id, kind, numbers), t)
