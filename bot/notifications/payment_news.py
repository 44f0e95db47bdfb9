"""What is said of money that has come, and what has become of the order that it is for."""

from dataclasses import dataclass, replace

from aiogram import Bot

from bot.cards import CardMessages
from handlers import problems
from handlers.customer.ordering import views as form_views
from handlers.notices.registry import About, render_notice
from handlers.screens import Screen
from handlers.ui import ui_now
from locales import Translator
from shop.errors import NotFoundError
from shop.ordering.placement import Ordering
from shop.orders.history import OrderHistory
from shop.outbox import Kind
from shop.outbox.payloads import ToppedUpNotice
from shop.payments.shortfall import Shortfall
from shop.payments.wallet import Wallet
from shop.provider.balance import BalanceWatch
from storage import Database
from storage.queries import notices
from storage.rows import Notice

NEWS = frozenset({Kind.TOPPED_UP, Kind.TOP_UP_DECIDED})


@dataclass(frozen=True, slots=True)
class PaymentNews:
    """Says the notices of NEWS."""

    bot: Bot
    database: Database
    ordering: Ordering
    difference: Shortfall
    wallet: Wallet
    book: OrderHistory
    watch: BalanceWatch

    async def say(self, notice: Notice, t: Translator) -> None:
        about = About(None, self.ordering.currency())
        if notice.kind == Kind.TOPPED_UP:
            await self._topped_up(notice, render_notice(notice, about, t), t)
        else:
            balance = (await self.wallet.balance(notice.user_id)).available
            screen = render_notice(notice, replace(about, balance=balance), t)
            await self._send(notice.user_id, screen)

    async def _topped_up(self, notice: Notice, screen: Screen, t: Translator) -> None:
        if draft_id := ToppedUpNotice.from_json(notice.payload).draft:
            asked = await self._asked_again(notice.user_id, draft_id, screen, t)
            await self._send(notice.user_id, asked)
            return
        order = notice.order_id
        shows = (
            order is not None
            and (await self.book.order(notice.user_id, order)).card_message_id is None
        )
        if notice.outcome != notices.BEGUN:  # the first of two messages is not there yet
            if shows:
                screen = replace(
                    screen, text=f"{screen.text}\n\n{t('order-has-started')}", keyboard=None
                )
            await self._send(notice.user_id, screen)
        if order is not None and shows:
            # What is said must not be said again, should the card have to be tried again.
            await self.database.write(notices.begin, [notice.id])
            await CardMessages(self.bot, self.book).send(notice.user_id, order, t)

    async def _asked_again(
        self, user_id: int, draft_id: int, screen: Screen, t: Translator
    ) -> Screen:
        """Show the summary of an order that could not start: something has changed, or the money is
        not enough.
        """
        try:
            form = await self.ordering.form(user_id, draft_id)
        except NotFoundError as error:
            if error.key == "error-draft-gone":  # in the meantime
                return screen
            return replace(screen, text=f"{screen.text}\n\n{problems.problem_text(error, t)}")
        asked = form_views.question(
            form,
            ui_now(t, self.ordering.prices, self.watch),
            ways=self.difference.ways(form),
        )
        return Screen(f"{screen.text}\n\n{t('not-started')}\n\n{asked.text}", asked.keyboard)

    async def _send(self, chat_id: int, screen: Screen) -> None:
        await self.bot.send_message(
            chat_id,
            screen.text,
            reply_markup=screen.keyboard,
            message_effect_id=screen.effect,
        )
