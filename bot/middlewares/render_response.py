"""How what a handler gives back reaches the chat; and what is said when it fails.

The one place that edits, sends and answers presses: every press is answered, every message gets a
reply.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import CallbackQuery, LabeledPrice, Message, TelegramObject

from bot.cards import NOT_MODIFIED, catch_up
from bot.middlewares.open_file import OpenFile
from handlers.components import format_error
from handlers.customer.bulk import views as mass_views
from handlers.problems import problem_text
from handlers.screens import Screen, StarsInvoice, Toast, truncate
from locales import Translator
from shop.bulk.live_messages import LiveMessages
from shop.errors import ShopError
from shop.orders.history import OrderHistory

log = logging.getLogger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_TOO_OLD = "query is too old"
_TOAST = 200


class RenderResponse(BaseMiddleware):
    """Shows what the handler gave back, when what it changed of the conversation is written.

    A refusal may have changed that, too. After anything unforeseen what was awaited before still
    is.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            result = await handler(event, data)
        except ShopError as error:
            result = _told(error, event, data["t"])
        if (
            isinstance(event, CallbackQuery)
            and isinstance(event.message, Message)
            and isinstance(result, Screen)
        ):
            await _remember_first(event.message, result, data)
        if (arrival := data.get("arrival")) is not None:
            # if no transaction has taken it along
            await arrival.conversations.write(data["database"])
        if isinstance(event, CallbackQuery):
            await _after_press(event, result, data)
        elif isinstance(event, Message) and isinstance(result, Screen):
            await send(event, result, data)
        return result


class ErrorHandler(BaseMiddleware):
    """Stands outermost: an exception is logged with a number, and the user is told that number.

    `count` is called for each.
    """

    def __init__(self, count: Callable[[], None] = lambda: None) -> None:
        self._count = count

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except TelegramForbiddenError:
            log.info("the user has blocked the bot meanwhile")
        except Exception:
            number = secrets.token_hex(4)
            log.exception("error %s", number)
            self._count()
            await self._apologise(event, data, number)
        return None

    async def _apologise(self, event: TelegramObject, data: dict[str, Any], number: str) -> None:
        t: Translator = data.get("t") or data["texts"].for_language("en")
        try:
            if isinstance(event, CallbackQuery):
                await event.answer(
                    truncate(t.plain("error-oops-toast", id=number), _TOAST), show_alert=True
                )
            elif isinstance(event, Message):
                await event.answer(t("error-oops", id=number))
        except Exception:
            log.exception("error %s could not be told", number)


def _told(error: ShopError, event: TelegramObject, t: Translator) -> Screen | Toast:
    if isinstance(event, CallbackQuery):
        return Toast(t.plain(error.key, **format_error(error, t)), alert=True)
    return Screen(problem_text(error, t))


async def _after_press(query: CallbackQuery, result: Any, data: dict[str, Any]) -> None:
    if isinstance(result, Screen) and result.invoice is not None and query.bot is not None:
        await send_invoice(query.bot, query.from_user.id, result.invoice)  # nor can an invoice
        await _answer(query, result.toast)
    elif isinstance(result, Screen) and result.file and isinstance(query.message, Message):
        await send(query.message, result, data)  # a file can't take the place of a text
        await _answer(query, result.toast)
    elif isinstance(result, Screen):
        await _redraw(query, result, data)
        await _answer(query, result.toast)
    elif isinstance(result, Toast):
        await _answer(query, result.text, alert=result.alert)
    else:
        await _answer(query, None)


async def _redraw(query: CallbackQuery, screen: Screen, data: dict[str, Any]) -> None:
    """Edit the message that was pressed; where Telegram no longer lets us, send a new one."""
    message = query.message
    if isinstance(message, Message):
        message = await _edit(message, screen, data)
    elif message is not None and query.bot is not None:  # too old to be edited
        message = await query.bot.send_message(
            message.chat.id, screen.text, reply_markup=screen.keyboard
        )
        await _remember(message, screen, data)
    if screen.card is not None and isinstance(message, Message):
        redraw = partial(_edit, data=data)
        await catch_up(data["book"], message, screen, screen.card, data["t"], redraw)
    if screen.live is not None:
        await data["live"].drawn(screen.live, query.from_user.id)


async def _remember_first(message: Message, screen: Screen, data: dict[str, Any]) -> None:
    """Note what the message is about to show: a change of the order that comes in between then
    finds its card.
    """
    if screen.invoice is not None or screen.file:
        return  # that is another message
    if screen.card is not None or screen.live is not None or data["desk"].leaves is not None:
        await _remember(message, screen, data)
    if screen.live is None and mass_views.shows_progress(message):
        await data["live"].left(message.chat.id, message.message_id)


async def _edit(message: Message, screen: Screen, data: dict[str, Any]) -> Message:
    """Return the message that shows the screen: the one edited, or a new one where that one can't
    be.
    """
    try:
        await message.edit_text(screen.text, reply_markup=screen.keyboard)
    except TelegramBadRequest as error:
        if NOT_MODIFIED in error.message:
            return message
        sent = await message.answer(screen.text, reply_markup=screen.keyboard)
        await _remember(sent, screen, data)
        return sent
    return message


async def send(message: Message, screen: Screen, data: dict[str, Any]) -> None:
    """Answer with a new message."""
    if screen.invoice is not None and message.bot is not None:
        await send_invoice(message.bot, message.chat.id, screen.invoice)
        return
    if screen.file is not None:
        name, file = screen.file
        with file:
            document = OpenFile(file, name)
            await message.answer_document(
                document, caption=screen.text, reply_markup=screen.keyboard
            )
        return
    sent = await message.answer(
        screen.text, reply_markup=screen.keyboard, message_effect_id=screen.effect
    )
    if screen.card is not None or screen.live is not None:
        await _remember(sent, screen, data)
    if screen.live is not None:
        await data["live"].drawn(screen.live, message.chat.id)


async def send_invoice(bot: Bot, chat_id: int, invoice: StarsInvoice) -> None:
    """Send an invoice.

    Its start parameter makes the Pay button of a forwarded copy a link to us.
    """
    await bot.send_invoice(
        chat_id,
        title=truncate(invoice.title, 32),
        description=truncate(invoice.description, 255),
        payload=invoice.payload,
        currency="XTR",
        prices=[LabeledPrice(label=truncate(invoice.title, 32), amount=invoice.stars)],
        provider_token="",
        start_parameter="topup",
    )


async def _remember(message: Message, screen: Screen, data: dict[str, Any]) -> None:
    """Note which message shows which order's card, or that this one shows none any more."""
    book: OrderHistory = data["book"]
    card = screen.card
    if screen.live is not None:
        live: LiveMessages = data["live"]
        if screen.live.message_id != message.message_id:
            await live.shown(screen.live, message.chat.id, message.message_id)
    elif card is None or card.card_message_id != message.message_id:
        await book.shown(message.chat.id, message.message_id, None if card is None else card.id)


async def _answer(query: CallbackQuery, text: str | None, *, alert: bool = False) -> None:
    try:
        await query.answer(truncate(text, _TOAST) if text else None, show_alert=alert)
    except TelegramBadRequest as error:
        # The press waited longer than Telegram keeps it open; the screen is right all the same.
        if _TOO_OLD not in error.message:
            raise
