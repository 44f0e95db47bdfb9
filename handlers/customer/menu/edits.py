"""Messages that are changed after they were sent. What was read of them before has been read."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.types import Message

from handlers.screens import Screen
from locales import Texts
from shop.customers.accounts import People

router = Router(name=__name__)


@router.edited_message(~StateFilter(None), F.text | F.caption | F.document)
async def edited(message: Message, people: People, texts: Texts) -> Screen:
    """Say to somebody who is answering questions that the change does not count."""
    return Screen(texts.for_language(await people.language_of(message.chat.id))("edited-message"))
