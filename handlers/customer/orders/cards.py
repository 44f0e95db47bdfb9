"""An order's card, read and drawn: for a press, behind a push, after a payment."""

from handlers.customer.orders import views
from handlers.screens import Screen
from locales import Translator
from shop.orders.history import OrderHistory


async def draw(book: OrderHistory, user_id: int, order_id: int, t: Translator) -> Screen:
    """Return the card as the order is now. Raises NotFoundError where it is not theirs."""
    return views.card(await book.sheet(user_id, order_id), t)
