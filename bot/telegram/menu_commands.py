"""The commands in Telegram's menu: per language, and the admins' ones in the admins' chats only."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)

from locales import Texts, Translator
from locales.loader import FALLBACK

log = logging.getLogger(__name__)

EVERYBODY = (
    "start",
    "order",
    "orders",
    "status",
    "refill",
    "cancel_orders",
    "mass",
    "favourites",
    "wallet",
    "balance",
    "coupon",
    "invite",
    "settings",
    "language",
    "help",
    "support",
    "paysupport",
    "privacy",
    "mydata",
    "delete_me",
    "terms",
    "cancel",
)
_WALLET_ONLY = frozenset(
    {"wallet", "balance", "credit", "debit", "margins", "paysupport", "payments", "topups"}
) | {
    "coupon",
    "invite",
    "coupons",
    "invitations",
}
_LOOK, _RETRY = 600.0, 15.0
_ADMIN_EXTRA = (
    "sync",
    "triage",
    "margins",
    "coupons",
    "invitations",
    "credit",
    "debit",
    "payments",
    "topups",
)


@dataclass(slots=True)
class MenuCommands:
    """Registers the commands; an admin whose chat does not exist yet is tried again at the next
    step.
    """

    bot: Bot
    texts: Texts
    admins: Collection[int]
    wallet: bool
    _done: set[int] = field(default_factory=set)
    _general: bool = False

    async def step(self) -> None:
        if not self._general:
            try:
                await self._register_for_everybody()
            except TelegramAPIError as error:
                log.warning("the commands could not be registered: %s", error)
                return
            self._general = True
        for admin in sorted(set(self.admins) - self._done):
            try:
                await self._register_for_admin(admin)
            except (TelegramBadRequest, TelegramForbiddenError) as error:
                log.info("admin %s has not started the bot yet: %s", admin, error)
            else:
                self._done.add(admin)

    async def pause(self) -> float:
        """Return the seconds until the next look: soon while Telegram has not been reached."""
        return _LOOK if self._general else _RETRY

    async def _register_for_everybody(self) -> None:
        await self.bot.delete_my_commands(scope=BotCommandScopeDefault())
        for language in self.texts.languages:
            t = self.texts.for_language(language)
            await self.bot.set_my_commands(
                self._commands(t, admin=False),
                scope=BotCommandScopeAllPrivateChats(),
                language_code=_code(language),
            )

    async def _register_for_admin(self, admin: int) -> None:
        scope = BotCommandScopeChat(chat_id=admin)
        for language in self.texts.languages:
            t = self.texts.for_language(language)
            await self.bot.set_my_commands(
                self._commands(t, admin=True), scope=scope, language_code=_code(language)
            )

    def _commands(self, t: Translator, *, admin: bool) -> list[BotCommand]:
        names = [*EVERYBODY, *_ADMIN_EXTRA] if admin else list(EVERYBODY)
        if not self.wallet:
            kept = {"balance"} if admin else set()
            names = [name for name in names if name not in _WALLET_ONLY - kept]
        return [
            BotCommand(command=name, description=self._description(name, t, admin=admin))
            for name in names
        ]

    def _description(self, name: str, t: Translator, *, admin: bool) -> str:
        return t.plain(
            "command-balance-admin" if admin and name == "balance" else f"command-{name}"
        )


def _code(language: str) -> str | None:
    """The fallback language is registered for everybody who speaks none of the others."""
    return None if language == FALLBACK else language
