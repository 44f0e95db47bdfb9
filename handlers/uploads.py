"""Texts that come as a message or as a file."""

from aiogram.types import Message

from shop.errors import BadAnswerError

_LARGEST = 256  # kB


async def text_of(message: Message) -> str:
    """Give what was written, as a message or as a .txt file. Raises BadAnswerError for the rest."""
    if message.text is not None:
        return message.text
    document = message.document
    if document is None or message.bot is None:
        raise BadAnswerError("not-a-text")
    named = (document.file_name or "").lower().endswith(".txt") or document.mime_type == "text/plain"
    if not named or (document.file_size or 0) > _LARGEST * 1024:
        raise BadAnswerError("file-not-text", most=_LARGEST)
    content = await message.bot.download(document)
    try:
        return content.read().decode("utf-8-sig") if content is not None else ""
    except UnicodeDecodeError:
        raise BadAnswerError("file-not-text", most=_LARGEST) from None
