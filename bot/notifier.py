"""From notice rows to messages. A row is done when Telegram has said so; a crash loses none.

Several changes of one order become one message. 429 waits as long as Telegram says, 403 marks the person as gone.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
)
from aiogram.types import ReplyParameters
from sqlalchemy.exc import SQLAlchemyError

from bot.pacing import Urgency, urgency
from handlers.screens import Screen
from handlers.views import notices as views
from handlers.views import orders as order_views
from locales import Texts, Translator
from shop.book import OrderBook
from shop.clock import Clock, utc_now
from shop.notices import Kind
from shop.people import People
from shop.provider_balance import BalanceWatch
from storage import Database, notices, orders
from storage.rows import Notice, Order
from storage.states import OrderState

log = logging.getLogger(__name__)

_BATCH = 300
_CHATS_AT_ONCE = 16
_LONGEST_WAIT = timedelta(minutes=10)
_ADMIN_WAIT = timedelta(seconds=30)
_ALERTS_KEPT = timedelta(days=7)
_ABOUT_ORDERS = frozenset({Kind.ORDER, Kind.CARD})
_CARD_IS_GONE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")


@dataclass(slots=True)
class Notifier:
    bot: Bot
    database: Database
    texts: Texts
    people: People
    watch: BalanceWatch
    clock: Clock = utc_now

    async def step(self) -> bool:
        """Say what is due; True when there may be more."""
        urgency.set(Urgency.NOTICE)
        async with self.database.read() as connection:
            due = await notices.due(connection, self.clock(), limit=_BATCH)
        chats: dict[int, list[Notice]] = {}
        for notice in due:
            chats.setdefault(notice.user_id, []).append(notice)
        slots = asyncio.Semaphore(_CHATS_AT_ONCE)

        async def serve(rows: list[Notice]) -> None:
            async with slots:
                await self._serve_chat(rows)

        await asyncio.gather(*(serve(rows) for rows in chats.values()))
        return len(due) == _BATCH

    async def pause(self) -> float:
        """Give the seconds until something is due that is not now; at most five."""
        async with self.database.read() as connection:
            turn = await notices.next_due(connection)
        return 5.0 if turn is None else min(max((turn - self.clock()).total_seconds(), 0.05), 5.0)

    async def _serve_chat(self, rows: Sequence[Notice]) -> None:
        """Say a chat's notices one after another; what Telegram wants held back ends the turn."""
        for group in _grouped(rows):
            if not await self._deliver(group):
                return

    async def _deliver(self, group: Sequence[Notice]) -> bool:
        ids, user_id = [notice.id for notice in group], group[0].user_id
        try:
            await self._say(group)
        except TelegramRetryAfter as error:
            async with self.database.write() as connection:
                await notices.postpone_chat(connection, user_id, self.clock() + timedelta(seconds=error.retry_after))
            return False
        except (TelegramForbiddenError, TelegramNotFound) as error:
            await self._gone(user_id, str(error))
            return False
        except TelegramBadRequest as error:
            if "chat not found" in error.message:
                await self._gone(user_id, str(error))
                return False
            log.exception("notices %s can't be said", ids)
            await self._finish(ids, f"refused: {error.message}")
        except (TelegramAPIError, SQLAlchemyError) as error:
            await self._again_later(group, error)
            return False
        except Exception:
            log.exception("notices %s could not be put into words", ids)
            await self._finish(ids, "broken")
        else:
            await self._finish(ids, "said")
        return True

    async def _say(self, group: Sequence[Notice]) -> None:
        last = group[-1]
        t = self.texts.speak(await self.people.language_of(last.user_id))
        order = None
        if last.order_id is not None:
            async with self.database.read() as connection:
                order = await orders.get(connection, last.order_id)
        if last.kind in _ABOUT_ORDERS and order is not None:
            await self._say_order(group, order, t)
        elif last.kind == Kind.CREDITED:
            await self._send(last.user_id, views.credited(last.payload, self.watch.shop_currency(), t))
        else:
            await self._send(last.user_id, views.alert(last.kind, last.payload, order, t))

    async def _say_order(self, group: Sequence[Notice], order: Order, t: Translator) -> None:
        """Bring the card up to date; if the state changed, say so in a message that replies to it."""
        if order.card_message_id is not None:
            await self._edit_card(order, t)
        changes = [notice for notice in group if notice.kind == Kind.ORDER]
        if changes:
            refund = sum(int(notice.payload.get("refund", 0)) for notice in changes)
            # What the notice tells of: the order may have moved on, and that change has a notice of its own.
            told = replace(order, state=OrderState(changes[-1].payload["state"]))
            await self._send(order.user_id, views.push(told, refund, t), reply_to=order.card_message_id)

    async def _edit_card(self, order: Order, t: Translator) -> None:
        card = order_views.card(order, t)
        try:
            await self.bot.edit_message_text(
                card.text, chat_id=order.user_id, message_id=order.card_message_id, reply_markup=card.keyboard,
            )  # fmt: skip
        except TelegramBadRequest as error:
            if any(words in error.message for words in _CARD_IS_GONE):
                await OrderBook(self.database).shown(order.user_id, order.card_message_id or 0, None)
            elif "message is not modified" not in error.message:
                raise

    async def _send(self, chat_id: int, screen: Screen, reply_to: int | None = None) -> None:
        reply = None if reply_to is None else ReplyParameters(message_id=reply_to, allow_sending_without_reply=True)
        await self.bot.send_message(
            chat_id, screen.text, reply_markup=screen.keyboard, reply_parameters=reply,
            message_effect_id=screen.effect,
        )  # fmt: skip

    async def _finish(self, ids: Sequence[int], outcome: str) -> None:
        async with self.database.write() as connection:
            await notices.finish(connection, ids, self.clock(), outcome[:128])

    async def _again_later(self, group: Sequence[Notice], error: Exception) -> None:
        """Try again after a fault between us and Telegram; a time-out may have delivered, a loss is worse."""
        wait = min(timedelta(seconds=2 ** (group[0].attempts + 1)), _LONGEST_WAIT)
        log.warning("notices for %s wait %s: %s", group[0].user_id, wait, error)
        async with self.database.write() as connection:
            await notices.postpone(connection, [notice.id for notice in group], self.clock() + wait)
            await notices.postpone_chat(connection, group[0].user_id, self.clock() + wait)

    async def _gone(self, user_id: int, why: str) -> None:
        """Stop writing to somebody who can't be reached; an admin's alerts wait until they can be."""
        now, outcome = self.clock(), f"gone: {why}"
        if self.people.access.is_admin(user_id):
            log.warning("admin %s can't be reached, alerts wait until they press Start: %s", user_id, why)
            async with self.database.write() as connection:
                await notices.drop_chat(connection, user_id, now, outcome, written_before=now - _ALERTS_KEPT)
                await notices.postpone_chat(connection, user_id, now + _ADMIN_WAIT)
            return
        log.info("%s can't be reached: %s", user_id, why)
        await self.people.gone(user_id)
        async with self.database.write() as connection:
            await notices.drop_chat(connection, user_id, now, outcome)


def _grouped(rows: Sequence[Notice]) -> list[list[Notice]]:
    """Put the notices about one order together, at the place of the first; the rest stays as it is."""
    groups: dict[tuple[str, int], list[Notice]] = {}
    for row in rows:
        key = ("order", row.order_id) if row.kind in _ABOUT_ORDERS and row.order_id is not None else ("row", row.id)
        groups.setdefault(key, []).append(row)
    return list(groups.values())
