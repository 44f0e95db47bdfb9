"""People who block the bot, and who come back."""

from aiogram import Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import ChatMemberUpdated

from shop.customers.accounts import People

router = Router(name=__name__)


@router.my_chat_member()
async def blocked_or_back(update: ChatMemberUpdated, people: People) -> None:
    """Nothing is sent to somebody who blocked the bot; their next message brings them back."""
    if (
        update.chat.type == ChatType.PRIVATE
        and update.new_chat_member.status == ChatMemberStatus.KICKED
    ):
        await people.gone(update.chat.id)
