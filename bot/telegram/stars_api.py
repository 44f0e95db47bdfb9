"""Telegram's methods about Stars, as shop.payments.stars wants them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
)
from aiogram.methods import TelegramMethod

from shop.payments.stars import NANO, RefundRefusedError, StarsUnreachableError, StarTransaction

_DONE = "CHARGE_ALREADY_REFUNDED"


class _GetStatement(TelegramMethod[dict[str, Any]]):
    """getStarTransactions without a type for each partner: one that aiogram doesn't know must not
    hide the others.
    """

    __returning__ = dict[str, Any]
    __api_method__ = "getStarTransactions"

    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class TelegramStars:
    bot: Bot

    async def transactions(self, *, offset: int, limit: int) -> Sequence[StarTransaction]:
        try:
            found = await self.bot(_GetStatement(offset=offset, limit=limit))
        except (TelegramAPIError, ClientDecodeError) as error:
            raise StarsUnreachableError(str(error)) from error
        return [read_transaction(line) for line in found.get("transactions", [])]

    async def balance(self) -> int:
        try:
            found = await self.bot.get_my_star_balance()
        except (TelegramAPIError, ClientDecodeError) as error:
            raise StarsUnreachableError(str(error)) from error
        return found.amount * NANO + (found.nanostar_amount or 0)

    async def refund(self, user_id: int, charge_id: str) -> None:
        try:
            await self.bot.refund_star_payment(user_id, charge_id)
        except TelegramRetryAfter as error:
            raise StarsUnreachableError(str(error)) from error
        except (TelegramBadRequest, TelegramForbiddenError, TelegramNotFound) as error:
            if _DONE not in error.message:
                raise RefundRefusedError(error.message) from error
        except (TelegramAPIError, ClientDecodeError) as error:
            raise StarsUnreachableError(str(error)) from error


def read_transaction(line: dict[str, Any]) -> StarTransaction:
    """Read a line of the statement; its partner counts where it is a person who pays an invoice, or
    gets that back.
    """
    came = "source" in line
    nano = _nano(line) if came else -_nano(line)
    at = datetime.fromtimestamp(line["date"], UTC)
    partner = line.get("source") or line.get("receiver") or {}
    if partner.get("type") != "user" or partner.get("transaction_type") != "invoice_payment":
        return StarTransaction(str(line["id"]), at, nano)
    # An affiliate's share never reaches the bot, but the customer has paid it.
    paid = _nano(line) + _nano(partner.get("affiliate") or {})
    return StarTransaction(
        str(line["id"]),
        at,
        nano,
        int(partner["user"]["id"]),
        str(partner["user"].get("first_name", "")),
        paid // NANO,
        str(partner.get("invoice_payload", "")),
    )


def _nano(amount: dict[str, Any]) -> int:
    return int(amount.get("amount", 0)) * NANO + int(amount.get("nanostar_amount", 0))
