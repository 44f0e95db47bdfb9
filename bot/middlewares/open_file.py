"""Sending a file that is open and has no name, a piece at a time."""

import asyncio
from collections.abc import AsyncGenerator
from typing import BinaryIO

from aiogram import Bot
from aiogram.types import InputFile


class OpenFile(InputFile):
    """Reads from the file's beginning each time: what Telegram did not take is sent again."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        super().__init__(filename=name)
        self._file = file

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:
        del bot
        await asyncio.to_thread(self._file.seek, 0)
        while piece := await asyncio.to_thread(self._file.read, self.chunk_size):
            yield piece
