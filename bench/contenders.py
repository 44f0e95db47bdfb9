"""Who is measured: the shop's dispatcher, and a bare one that makes the same Telegram calls."""

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, Update

from bot.app import App, build
from bot.settings import Settings
from bot.telegram.pacing import Pacing
from panel import SERVICE_TYPES, Service
from playground.telegram import BotApi
from playground.telegram.session import EmulatorSession
from storage.migrate import upgrade

TOKEN = "42:BENCH"
MANY = 1_000_000


@dataclass
class Timed:
    """Feeds updates to a dispatcher, and keeps how long each took while `on`."""

    dispatcher: Dispatcher
    bot: Bot
    on: bool = False
    seconds: list[float] = field(default_factory=list)

    async def __call__(self, raw: dict[str, Any]) -> None:
        start = time.perf_counter()
        await self.dispatcher.feed_update(
            self.bot, Update.model_validate(raw, context={"bot": self.bot})
        )
        if self.on:
            self.seconds.append(time.perf_counter() - start)


def shop(
    folder: Path,
    api: BotApi,
    pacing: Pacing | None = None,
    *,
    provider: str = "http://provider.test",
    **given: Any,
) -> App:
    """Build the shop as the run command does, on a database in `folder`; Telegram is in this
    process.

    Without `pacing` nothing is held back. `given` are other settings.
    """
    settings = Settings(
        _env_file=None,
        bot_token=TOKEN,
        panel_url=f"{provider}/api/v2",
        panel_key="key",
        database_url=f"sqlite+aiosqlite:///{folder}/shop.db",
        welcome_credit=Decimal(MANY),
        **given,
    )
    app = build(
        settings,
        session=EmulatorSession(api),
        pacing=pacing or Pacing(overall=MANY, burst=MANY),
        leads=lambda: True,
    )
    gc.collect()
    gc.freeze()  # as the run command does: the collector leaves alone what a start has made
    return app


async def stock(app: App, services: int = 2_000) -> None:
    """Give the shop its tables and a catalogue of so many services in 80 categories."""
    await upgrade(app.database)
    kind = SERVICE_TYPES["default"]
    await app.features.catalogue.services.synchroniser.store(
        [
            Service(
                id=str(number),
                name=f"Service {number}",
                category=f"Category {number % 80}",
                type_label="Default",
                type=kind,
                rate=Decimal("0.90"),
                min=10,
                max=100_000,
                refill=True,
                description="Starts within the hour.\nDelivers evenly.",
            )
            for number in range(1, services + 1)
        ],
    )


@dataclass(frozen=True)
class Said:
    """What the shop once said: the text and the buttons."""

    text: str
    keyboard: InlineKeyboardMarkup | None


def said_in(calls: Sequence[tuple[str, dict[str, Any]]]) -> list[Said]:
    """Read the texts and buttons of calls that the emulator has seen."""
    return [
        Said(params["text"], InlineKeyboardMarkup.model_validate_json(params["reply_markup"]))
        for method, params in calls
        if method in ("sendMessage", "editMessageText")
    ]


class Bare:
    """A dispatcher without middlewares and database.

    It says what the shop said, by the same calls.
    """

    def __init__(self, api: BotApi) -> None:
        self.script: list[Said] = []
        self._turn = 0
        defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
        self.bot = Bot(TOKEN, session=EmulatorSession(api), default=defaults)
        self.dispatcher = Dispatcher()
        self.dispatcher.message()(self._message)
        self.dispatcher.callback_query()(self._press)

    def _next(self) -> Said:
        self._turn += 1
        return self.script[self._turn % len(self.script)]

    async def _message(self, message: Message) -> None:
        said = self._next()
        await message.answer(said.text, reply_markup=said.keyboard)

    async def _press(self, query: CallbackQuery) -> None:
        said = self._next()
        if isinstance(query.message, Message):
            await query.message.edit_text(said.text, reply_markup=said.keyboard)
        await query.answer()
