"""Who is writing, in which language, with which rights: asked anew for every update."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.middlewares.arrival import Arrival
from handlers.customer.ordering.desk import Desk
from handlers.customer.orders.views import shows_card
from handlers.customer.promotions.invitations import invite_of
from handlers.ui import ui_now
from locales import Texts
from shop.customers.accounts import People


class LoadUser(BaseMiddleware):
    """Gives handlers `person`, `t` (the texts in their language), `ui` (these, the prices and the
    currencies) and `desk`.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        people: People = data["people"]
        arrival: Arrival = data["arrival"]
        texts: Texts = data["texts"]
        user: User = data["event_from_user"]
        # Set first: should the database fail, the apology is still in a language of theirs.
        data["t"] = texts.for_language((user.language_code or "").split("-")[0])
        person = await people.get_or_create(
            user.id,
            first_name=user.first_name,
            username=user.username,
            language_code=user.language_code,
            invite=invite_of(event),
            known=arrival.user,
        )
        data["person"] = person
        data["t"] = texts.for_language(person.language)
        data["ui"] = ui_now(data["t"], data["prices"], data["watch"])
        data["desk"] = Desk(
            data["state"],
            arrival.conversation,
            data["ui"],
            data["difference"],
            leaves=_card_of(event),
        )
        return await handler(event, data)


def _card_of(event: TelegramObject) -> Message | None:
    """Return the order's card whose button was pressed."""
    message = event.message if isinstance(event, CallbackQuery) else None
    return message if isinstance(message, Message) and shows_card(message) else None
