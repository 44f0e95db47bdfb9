"""Who is writing, in which language, with which rights: asked anew for every update."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, User

from handlers.invitations import invite_of
from handlers.ordering import Desk
from locales import Texts
from shop.people import People


class Acquaint(BaseMiddleware):
    """Gives handlers `person`, `t` (the texts in their language) and `desk`."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        people: People = data["people"]
        texts: Texts = data["texts"]
        user: User = data["event_from_user"]
        # Set first: should the database fail, the apology is still in a language of theirs.
        data["t"] = texts.speak((user.language_code or "").split("-")[0])
        person = await people.meet(
            user.id,
            first_name=user.first_name,
            username=user.username,
            language_code=user.language_code,
            invite=invite_of(event),
        )
        data["person"] = person
        data["t"] = texts.speak(person.language)
        if "state" in data:
            data["desk"] = Desk(data["state"], data["prices"], data["watch"], data["difference"], data["t"])
        return await handler(event, data)
