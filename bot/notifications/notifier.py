"""From notice rows to messages. A row is done when Telegram has said so; a crash loses none.

Several changes of one order become one message. 429 waits as long as Telegram says, 403 marks the
person as gone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum, auto
from functools import partial

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

from bot.cards import CardMessages, edit
from bot.notifications.batching import ABOUT_ORDERS, Batch, Schedule, grouped, sort
from bot.notifications.payment_news import NEWS, PaymentNews
from bot.notifications.places import Places
from bot.telegram.pacing import Urgency, urgency
from bot.workers.leadership import NotLeadingError
from handlers.customer.aftercare import views as list_views
from handlers.customer.bulk import views as mass_views
from handlers.notices import digest as digest_views
from handlers.notices import registry
from handlers.notices.registry import About
from handlers.screens import Screen
from locales import Texts, Translator
from shop.aftercare.bulk import RequestLists
from shop.bulk.live_messages import Live, LiveKind, LiveMessages
from shop.bulk.orders import follow
from shop.clock import Clock
from shop.customers.accounts import People
from shop.customers.quiet_hours import Quiet
from shop.errors import NotFoundError
from shop.orders.history import OrderHistory
from shop.outbox import PAYLOADS, Kind
from shop.outbox.payloads import OrderNotice
from shop.provider.balance import BalanceWatch
from storage import Database
from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import notices, orders, users
from storage.rows import Notice, Order

log = logging.getLogger(__name__)

_CARDS_AT_ONCE = 2  # of a chat; then it is looked whether there is news
_LOOK_SECONDS = 0.5  # while chats are served: news of others begins within this
_LONGEST_WAIT = timedelta(minutes=10)
_ADMIN_WAIT = timedelta(seconds=30)
_ALERTS_KEPT = timedelta(days=7)
Saying = tuple[Batch, Callable[[], Awaitable[Collection[int]]]]


class Delivered(Enum):
    """What became of saying something: said, or refused for good; postponed; or left to another
    process.
    """

    DONE = auto()
    LATER = auto()
    NOT_OURS = auto()


@dataclass(slots=True)
class Notifier:
    bot: Bot
    database: Database
    texts: Texts
    people: People
    watch: BalanceWatch
    book: OrderHistory
    lists: RequestLists
    news: PaymentNews
    clock: Clock
    _unreached: set[int] = field(default_factory=set)
    _places: Places = field(default_factory=Places)

    async def step(self) -> bool:
        """Say what is due, until nothing is: each chat by itself, so that a slow one keeps nobody
        back.
        """
        urgency.set(Urgency.NOTICE)
        served: dict[asyncio.Task[bool], int] = {}
        goes_on = True
        try:
            while (goes_on and await self._begin(served)) or served:
                done, _ = await asyncio.wait(
                    served, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                goes_on = goes_on and all(
                    task.exception() is None and task.result() for task in done
                )
                for task in done:
                    self._places.leave(served.pop(task))
                    task.result()
        except asyncio.CancelledError:
            for task in served:
                task.cancel()
            raise
        finally:
            if served:  # they end what they are saying: it would be said again otherwise
                await asyncio.wait(served)
                for chat in served.values():
                    self._places.leave(chat)
        return False

    async def _begin(self, served: "dict[asyncio.Task[bool], int]") -> bool:
        """Begin with the chats whose turn it is; False where none is served then."""
        if room := self._places.room:
            chats = await self.database.read(
                notices.chats_due,
                self.clock(),
                limit=room,
                but=list(served.values()),
                last=Kind.CARD,
            )
            for chat, only_cards in chats:
                if self._places.take(chat, only_cards=only_cards):
                    served[asyncio.create_task(self._serve_chat(chat))] = chat  # noqa: TID251 - awaited by step()
        return bool(served)

    async def pause(self) -> float:
        """Give the seconds until something is due that is not now; at most five."""
        turn = await self.database.read(notices.next_due)
        return 5.0 if turn is None else min(max((turn - self.clock()).total_seconds(), 0.05), 5.0)

    async def _serve_chat(self, user_id: int) -> bool:
        """Say what is due in a chat, then draw some cards; False where another process is to go
        on.
        """
        due, quiet, language = await self.database.read(self._due_of, user_id)
        if user_id < 0:
            await self._finish([notice.id for notice in due], "erased")
            return True
        t, turns = self.texts.for_language(language), sort(due, quiet, self.clock())
        saying: list[Saying] = [
            (turn, partial(self._say, turn, t)) for turn in turns.now if not turn.is_drawing
        ]
        for rows, day in ((turns.listed, False), (turns.digest, True)):
            if rows:
                saying.append((Batch(rows, rows), partial(self._say_list, rows, t, day=day)))
        how = await self._deliver_all(saying)
        if how is Delivered.DONE:
            drawings = [turn for turn in turns.now if turn.is_drawing and turn.draws]
            told = [card for turn, _ in saying for card in turn.cards] + [
                turn for turn in drawings if turn.told
            ]
            silent = [turn for turn in drawings if not turn.told]
            if saying or told:
                how = await self._draw_told(turns, told, silent, t)
            else:
                how = await self._draw_silent(user_id, turns, silent, t)
        return how is not Delivered.NOT_OURS

    async def _draw_told(
        self, turns: Schedule, told: Sequence[Batch], silent: Sequence[Batch], t: Translator
    ) -> Delivered:
        """Draw the cards of what was told right behind it; in a crowd they wait, as the others do
        in any case.
        """
        wait = told if self._places.is_crowded else ()
        await self._put_by(turns, [*wait, *silent])
        return await self._deliver_all(
            [(turn, partial(self._draw, turn, t)) for turn in told[:_CARDS_AT_ONCE] if not wait]
        )

    async def _draw_silent(
        self, user_id: int, turns: Schedule, silent: Sequence[Batch], t: Translator
    ) -> Delivered:
        """Draw cards of which nothing is told, if one of their places is free."""
        drawn = silent[:_CARDS_AT_ONCE] if self._places.move(user_id) else ()
        how = await self._deliver_all([(turn, partial(self._draw, turn, t)) for turn in drawn])
        if how is Delivered.DONE:
            await self._put_by(turns, silent[len(drawn) :])
        return how

    async def _deliver_all(self, saying: Sequence[Saying]) -> Delivered:
        for turn, say in saying:
            how = await self._deliver(turn, say())
            if how is not Delivered.DONE:
                return how
        return Delivered.DONE

    async def _draw(self, turn: Batch, t: Translator) -> Sequence[int]:
        """Draw a card: right behind what was told of its order, otherwise after all news."""
        urgency.set(Urgency.CARD if turn.told else Urgency.BROADCAST)
        last = turn.last
        try:
            await CardMessages(self.bot, self.book).refresh(last.user_id, last.order_id or 0, t)
        except NotFoundError:  # its owner has just been erased
            return ()
        return ()

    def _due_of(self, tx: Transaction, user_id: int) -> tuple[list[Notice], Quiet, str]:
        user = users.get(tx, user_id)
        language = user.language if user else self.people.default_language
        return notices.due_of(tx, user_id, self.clock()), Quiet.of(user), language

    async def _put_by(self, turns: Schedule, undrawn: Sequence[Batch]) -> None:
        """Keep what waits for its reader's hour, and end what they don't want to be told.

        `undrawn`: cards that are drawn behind all news. Each gets a notice of its own, unless there
        is one.
        """
        told = [row.id for turn in undrawn for row in turn.told]
        cards = [
            (turn.last.user_id, turn.last.order_id or 0)
            for turn in undrawn
            if all(row.id in told for row in turn.said)
        ]
        if not (turns.later or turns.unwanted or told or cards):
            return

        def transaction(tx: Transaction) -> None:
            for until, ids in turns.later.items():
                notices.hold(tx, ids, until)
            if turns.unwanted:
                notices.finish(tx, turns.unwanted, self.clock(), "quiet")
            if told:
                notices.finish(tx, told, self.clock(), "said")
            notices.add_many(tx, cards, kind=Kind.CARD, now=self.clock())

        await self.database.write(transaction)

    async def _deliver(self, turn: Batch, saying: Awaitable[Collection[int]]) -> Delivered:
        """Await the saying of a turn, which returns the orders whose cards are to be drawn then."""
        ids, user_id = [notice.id for notice in turn.said], turn.last.user_id
        try:
            cards = await saying
        except NotLeadingError:
            log.warning("notices %s are left to whoever has taken over", ids)
            return Delivered.NOT_OURS
        except TelegramRetryAfter as error:
            await self.database.write(
                notices.postpone_chat, user_id, self.clock() + timedelta(seconds=error.retry_after)
            )
            return Delivered.LATER
        except (TelegramForbiddenError, TelegramNotFound) as error:
            await self._gone(user_id, str(error))
            return Delivered.LATER
        except TelegramBadRequest as error:
            if "chat not found" in error.message:
                await self._gone(user_id, str(error))
                return Delivered.LATER
            log.exception("notices %s can't be said", ids)
            await self._finish(ids, f"refused: {error.message}")
        except (TelegramAPIError, SQLAlchemyError) as error:
            await self._again_later(turn.rows, error)
            return Delivered.LATER
        except Exception:
            log.exception("notices %s could not be put into words", ids)
            await self._finish(ids, "broken")
        else:
            await self._said(turn, cards)
        return Delivered.DONE

    async def _said(self, turn: Batch, orders_shown: Collection[int]) -> None:
        """Note that it is said.

        Cards of these orders are drawn next; in a crowd each has a notice and waits.
        """
        if self._places.is_crowded:
            leave, begun = [(turn.last.user_id, order) for order in orders_shown], []
        else:
            leave, begun = [], [row for row in turn.said if row.order_id in orders_shown]
        ended = [row.id for row in turn.said if row not in begun]
        if not ended and not begun:  # only a card was drawn
            return

        def transaction(tx: Transaction) -> None:
            if begun:
                notices.begin(tx, [row.id for row in begun])
            if ended:
                notices.finish(tx, ended, self.clock(), "said")
            notices.add_many(tx, leave, kind=Kind.CARD, now=self.clock())

        await self.database.write(transaction)
        turn.cards = grouped([replace(row, outcome=notices.BEGUN) for row in begun])
        for card in turn.cards:
            card.said = card.rows

    async def _say(self, turn: Batch, t: Translator) -> Collection[int]:
        """Say what a turn has to tell; return the orders whose cards are to be drawn with it."""
        last = turn.last
        order = await self._order_of(last)
        if last.kind in ABOUT_ORDERS and order is not None:
            if order.user_id == last.user_id:  # or its owner has just been erased
                return await self._say_order(turn, order, t)
        elif last.kind == Kind.MASS and last.live_id is not None:
            await self._draw_mass(turn, last.live_id, t)
        elif last.kind == Kind.REQUESTS and last.live_id is not None:
            await self._draw_list(turn, last.live_id, t)
        elif last.kind in NEWS:
            await self.news.say(last, t)
        elif last.kind == Kind.ALERT_OVER and last.alert is not None:
            await self._end_alert(last, last.alert, t)
        elif turn.said:
            replies = PAYLOADS[Kind(last.kind)].replies
            card = order.card_message_id if order is not None and replies else None
            sent = await self._send(last.user_id, self._words(last, order, t), reply_to=card)
            if last.alert is not None:
                await self.database.write(notices.told_in, last.id, sent)
        return ()

    async def _end_alert(self, notice: Notice, alert: str, t: Translator) -> None:
        """Say that what an alert told of is over, in its message; where that is gone, in one of its
        own.
        """
        message_id = await self.database.read(notices.message_of, alert, notice.user_id)
        screen = self._words(notice, None, t)
        if message_id is None or not await edit(self.bot, notice.user_id, message_id, screen):
            await self._send(notice.user_id, screen)

    async def _order_of(self, notice: Notice) -> Order | None:
        if notice.order_id is None:
            return None
        return await self.database.read(orders.get, notice.order_id)

    def _words(self, notice: Notice, order: Order | None, t: Translator) -> Screen:
        return registry.render_notice(notice, About(order, self.watch.shop_currency()), t)

    async def _say_list(
        self, rows: Sequence[Notice], t: Translator, *, day: bool
    ) -> Collection[int]:
        """Say many pushes in one message: a line for each order, and the others in their own words.

        Return the orders whose cards are to be drawn with it: none of a day's, which have been.
        """
        known = await self.database.read(
            orders.get_many, [row.order_id for row in rows if row.order_id is not None]
        )
        lines: list[str] = []
        refunds = digest_views.Refunds()
        for turn in grouped(
            [row for row in rows if row.kind != Kind.CARD and row.outcome != notices.BEGUN]
        ):
            order = known.get(turn.last.order_id or 0)
            if turn.last.kind in ABOUT_ORDERS and order is not None:
                state = OrderState(OrderNotice.from_json(turn.last.payload).state)
                lines.append(digest_views.line(order, state, t))
                refunds.add(order, _refund(turn.rows))
            else:
                lines.append(self._words(turn.last, order, t).text)
        await self._send(rows[0].user_id, digest_views.digest(lines, refunds, t, day=day))
        if day:
            return []
        changed = {row.order_id for row in rows if row.outcome != notices.HELD}
        return [
            one.id
            for one in known.values()
            if one.id in changed and one.card_message_id is not None
        ]

    async def _say_order(self, turn: Batch, order: Order, t: Translator) -> Collection[int]:
        """Say an order's change in a message that replies to its card; return the order if that is
        to be drawn.
        """
        last = OrderNotice.from_json(turn.changes[-1].payload)
        told = replace(last, refund=_refund(turn.changes))
        screen = registry.render(told, About(order, order.currency), t)
        await self._send(order.user_id, screen, reply_to=order.card_message_id)
        return [order.id] if order.card_message_id is not None and turn.draws else []

    async def _draw_mass(self, turn: Batch, mass_id: int, t: Translator) -> None:
        """Bring a mass order's message up to date; where its owner has removed that, a new one is
        sent.
        """
        shown = await follow(
            self.database, mass_id, [notice.id for notice in turn.rows], self.clock()
        )
        if shown.mass.message_id is None:
            return
        screen = mass_views.progress(shown, self.watch.shop_currency(), t)
        user_id = shown.mass.user_id
        if not await edit(self.bot, user_id, shown.mass.message_id, screen):
            sent = await self.bot.send_message(user_id, screen.text, reply_markup=screen.keyboard)
            await LiveMessages(self.database, self.clock).shown(
                Live(LiveKind.MASS, mass_id), user_id, sent.message_id
            )

    async def _draw_list(self, turn: Batch, list_id: int, t: Translator) -> None:
        """Bring a list of results up to date; where its reader has removed the message, they don't
        want it.
        """
        await self.database.write(notices.begin, [notice.id for notice in turn.rows])
        found = await self.lists.listing(turn.last.user_id, list_id)
        if found.message_id is None:
            return
        screen = Screen(list_views.listing(found, t).text)
        await edit(self.bot, turn.last.user_id, found.message_id, screen)

    async def _send(self, chat_id: int, screen: Screen, reply_to: int | None = None) -> int:
        """Send a message; give its number in the chat."""
        reply = (
            None
            if reply_to is None
            else ReplyParameters(message_id=reply_to, allow_sending_without_reply=True)
        )
        sent = await self.bot.send_message(
            chat_id,
            screen.text,
            reply_markup=screen.keyboard,
            reply_parameters=reply,
            message_effect_id=screen.effect,
        )
        return sent.message_id

    async def _finish(self, ids: Sequence[int], outcome: str) -> None:
        if not ids:  # only a card was drawn
            return
        await self.database.write(notices.finish, ids, self.clock(), outcome[:128])

    async def _again_later(self, group: Sequence[Notice], error: Exception) -> None:
        """Try again after a fault between us and Telegram; a time-out may have delivered, a loss is
        worse.
        """
        wait = min(timedelta(seconds=2 ** (group[0].attempts + 1)), _LONGEST_WAIT)
        log.warning("notices for %s wait %s: %s", group[0].user_id, wait, error)

        def transaction(tx: Transaction) -> None:
            notices.postpone(tx, [notice.id for notice in group], self.clock() + wait)
            notices.postpone_chat(tx, group[0].user_id, self.clock() + wait)

        await self.database.write(transaction)

    async def _gone(self, user_id: int, why: str) -> None:
        """Stop writing to somebody who can't be reached; an admin's alerts wait until they can
        be.
        """
        now, outcome = self.clock(), f"gone: {why}"
        if self.people.access.is_admin(user_id):
            if user_id not in self._unreached:  # said once: it is looked at again every half minute
                log.info(
                    "admin %s can't be reached, alerts wait until they press Start: %s",
                    user_id,
                    why,
                )
                self._unreached.add(user_id)

            def transaction(tx: Transaction) -> None:
                notices.drop_chat(tx, user_id, now, outcome, written_before=now - _ALERTS_KEPT)
                notices.postpone_chat(tx, user_id, now + _ADMIN_WAIT)

            await self.database.write(transaction)
            return
        log.info("%s can't be reached: %s", user_id, why)
        await self.people.gone(user_id)
        await self.database.write(notices.drop_chat, user_id, now, outcome)


def _refund(rows: Sequence[Notice]) -> int:
    """Add up what the notices about one order say was given back, in millionths."""
    return sum(OrderNotice.from_json(notice.payload).refund for notice in rows)
