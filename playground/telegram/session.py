"""The face for in-process tests: an aiogram session that talks to the core directly.

Parameters go the way they go over HTTP: prepared by aiogram into form strings, the answer back
through JSON.
"""

import json
from collections.abc import AsyncGenerator
from enum import Enum
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile

from playground.telegram.bot_api import BotApi
from playground.telegram.errors import Dropped
from playground.telegram.params import Upload


class EmulatorSession(BaseSession):
    """`Bot(api.token, session=EmulatorSession(api))` talks to `api` without a socket."""

    def __init__(self, api: BotApi) -> None:
        super().__init__()
        self.emulator = api

    async def close(self) -> None:
        """Nothing is open."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ARG002, ASYNC109 - the base class's signature
    ) -> TelegramType:
        attached: dict[str, InputFile] = {}
        params = {
            name: prepared.value if isinstance(prepared, Enum) else prepared
            for name, value in method.model_dump(warnings=False).items()
            if (prepared := self.prepare_value(value, bot=bot, files=attached)) is not None
        }
        files = {name: await _read(bot, name, file) for name, file in attached.items()}
        try:
            answer = await self.emulator.serve(bot.token, method.__api_method__, params, files)
        except Dropped:
            raise TelegramNetworkError(method=method, message="Request timeout error") from None
        status, body = answer
        response = self.check_response(bot, method, status, json.dumps(body))
        result: TelegramType = response.result  # type: ignore[assignment]  # an answer that is ok has one
        return result

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,  # noqa: ARG002
        timeout: int = 30,  # noqa: ARG002, ASYNC109
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: ARG002, FBT001, FBT002
    ) -> AsyncGenerator[bytes, None]:
        kept = self.emulator.files.at(url.partition("/file/bot")[2].partition("/")[2])
        if kept is None:
            raise FileNotFoundError(url)
        for start in range(0, len(kept.content), chunk_size):
            yield kept.content[start : start + chunk_size]


async def _read(bot: Bot, name: str, file: InputFile) -> Upload:
    content = b"".join([chunk async for chunk in file.read(bot)])
    return Upload(file.filename or name, content)
