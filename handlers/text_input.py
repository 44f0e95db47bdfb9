"""Texts that come as a message or as a file."""

import codecs

from aiogram.types import Document, Message

from shop.errors import BadAnswerError

_LARGEST = 256  # kB


async def text_of(message: Message) -> str:
    """Return what was written, as a message or as a .txt file.

    Raises BadAnswerError for the rest.
    """
    content = await _content(message, (".txt",), ("text/plain",), "file-not-text")
    return (
        _decoded(content, "utf-8-sig", "file-not-text") if isinstance(content, bytes) else content
    )


async def table_of(message: Message) -> str:
    """Return a table that was written, as a message, a .txt or a .csv file.

    Raises BadAnswerError for the rest.
    """
    content = await _content(
        message, (".txt", ".csv"), ("text/plain", "text/csv"), "file-not-table"
    )
    if isinstance(content, str):
        return content
    # Spreadsheets call it Unicode text, and mark it at the beginning.
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return _decoded(content, "utf-16" if marked else "utf-8-sig", "file-not-table")


def is_table(document: Document | None) -> bool:
    """Return whether there is a file, and it is a table by its name or its kind."""
    if document is None:
        return False
    return (document.file_name or "").lower().endswith(".csv") or document.mime_type == "text/csv"


async def _content(
    message: Message, endings: tuple[str, ...], kinds: tuple[str, ...], refusal: str
) -> str | bytes:
    """Return the text of a message, or the bytes of its file.

    Raises BadAnswerError, `refusal` for another file.
    """
    if message.text is not None:
        return message.text
    document = message.document
    if document is None or message.bot is None:
        raise BadAnswerError("not-a-text")
    named = (document.file_name or "").lower().endswith(endings) or document.mime_type in kinds
    if not named or (document.file_size or 0) > _LARGEST * 1024:
        raise BadAnswerError(refusal, most=_LARGEST)
    content = await message.bot.download(document)
    return content.read() if content is not None else ""


def _decoded(content: bytes, encoding: str, refusal: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise BadAnswerError(refusal, most=_LARGEST) from None
