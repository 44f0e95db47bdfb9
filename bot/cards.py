"""The messages that show orders' cards: how one is sent, edited, and caught up with its order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Message

from handlers.customer.orders import cards
from handlers.screens import Screen
from locales import Translator
from shop.orders.history import OrderHistory
from storage.rows import Order

NOT_MODIFIED = "message is not modified"
_IS_GONE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> bool:
    """Edit a message that shows something live; False where there is none to edit any more."""
    try:
        await bot.edit_message_text(
            screen.text, chat_id=chat_id, message_id=message_id, reply_markup=screen.keyboard
        )
    except TelegramBadRequest as error:
        if any(words in error.message for words in _IS_GONE):
            return False
        if NOT_MODIFIED not in error.message:
            raise
    return True


@dataclass(frozen=True, slots=True)
class CardMessages:
    """What draws cards that nobody has pressed for. Raises NotFoundError for an order that is
    gone.
    """

    bot: Bot
    book: OrderHistory

    async def refresh(self, user_id: int, order_id: int, t: Translator) -> None:
        """Bring the message that shows an order's card up to date; without one nothing is sent."""
        screen = await cards.draw(self.book, user_id, order_id, t)
        message_id = None if screen.card is None else screen.card.card_message_id
        if message_id is None:
            return
        if not await edit(self.bot, user_id, message_id, screen):
            await self.book.shown(user_id, message_id, None)

    async def send(self, user_id: int, order_id: int, t: Translator) -> None:
        """Send a card; it is kept up to date from then on."""
        screen = await cards.draw(self.book, user_id, order_id, t)
        sent = await self.bot.send_message(
            user_id,
            screen.text,
            reply_markup=screen.keyboard,
            message_effect_id=screen.effect,
        )
        await self.book.shown(user_id, sent.message_id, order_id)


async def catch_up(
    book: OrderHistory,
    message: Message,
    drawn: Screen,
    order: Order,
    t: Translator,
    redraw: Callable[[Message, Screen], Awaitable[Message]],
) -> None:
    """Draw a card that was pressed for again while it changes faster than it is drawn: ours must
    not be the older picture. `redraw` returns the message that shows it then.
    """
    latest = await cards.draw(book, order.user_id, order.id, t)
    while (latest.text, latest.keyboard) != (drawn.text, drawn.keyboard):
        drawn = latest
        message = await redraw(message, drawn)
        latest = await cards.draw(book, order.user_id, order.id, t)
