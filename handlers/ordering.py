"""Filling in an order. A button carries ids; the database carries everything else.

The conversation's state holds only that an answer is awaited, and for which draft: which question is open
follows from the draft itself, so it survives a restart and can't disagree with it.
"""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers import uploads
from handlers.callbacks import Again, AgreeAgain, Answer, CancelDraft, Confirm, Skip, StartOrder, StepBack
from handlers.listening import unless_refused
from handlers.screens import Screen
from handlers.views import catalog as catalog_views
from handlers.views import form as views
from handlers.views import menu as menu_views
from handlers.views import orders as order_views
from locales import Translator
from shop.book import leave_card
from shop.catalog import Browser
from shop.errors import BadAnswerError, NotFoundError, QuoteChangedError, ShopError
from shop.ordering import Beside, Form, Ordering
from shop.paying_the_difference import Difference
from shop.people import Person
from shop.pricing import Prices
from shop.provider_balance import BalanceWatch
from storage.engine import Transaction

router = Router(name=__name__)


class Asking(StatesGroup):
    """One state: the draft says what is asked."""

    answer = State()


class OneConversation(Protocol):
    """What is awaited of one person, to be written in a transaction of the shop's."""

    def write(self, tx: Transaction, state: State | None, data: dict[str, Any]) -> None: ...

    def is_written(self, state: State | None, data: dict[str, Any]) -> None:
        """Note that the transaction was committed."""


class Opens(Protocol):
    """Opens a form, and writes something beside it in the same transaction."""

    def __call__(self, user_id: int, about: int, /, *, beside: Beside) -> Awaitable[Form]: ...


class Desk:
    """Shows a form and remembers that its next answer is awaited.

    `leaves` is the message of a card whose button was pressed: with a form in its place it shows no card any more.
    """

    def __init__(
        self,
        state: FSMContext,
        conversation: OneConversation,
        prices: Prices,
        watch: BalanceWatch,
        difference: Difference,
        t: Translator,
        leaves: Message | None = None,
    ) -> None:
        self._state, self._conversation, self.leaves = state, conversation, leaves
        self._prices, self._watch, self._difference, self._t = prices, watch, difference, t

    async def open(self, opens: Opens, user_id: int, about: int) -> Screen:
        """Open a form and ask its first question, all in one transaction."""
        form = await opens(user_id, about, beside=self._await_answer)
        self._conversation.is_written(*_awaits(form))
        self.leaves = None
        return self._question(form)

    def _await_answer(self, tx: Transaction, form: Form) -> None:
        self._conversation.write(tx, *_awaits(form))
        if self.leaves is not None:
            leave_card(tx, self.leaves.chat.id, self.leaves.message_id)

    async def back(self, ordering: Ordering, user_id: int, draft_id: int) -> Screen | Form:
        """Ask the question before; where there is none, return the form and await its answer no more."""
        awaited = await self._state.get_value("draft") == draft_id

        def leave(tx: Transaction, _form: Form) -> None:
            if awaited:
                self._conversation.write(tx, None, {})

        form, is_left = await ordering.back(user_id, draft_id, leave=leave)
        if not is_left:
            return await self.ask(form)
        if awaited:
            self._conversation.is_written(None, {})
        return form

    async def ask(self, form: Form, problem: ShopError | None = None) -> Screen:
        state, data = _awaits(form)
        await self._state.set_state(state)
        await self._state.set_data(data)
        return self._question(form, problem)

    def _question(self, form: Form, problem: ShopError | None = None) -> Screen:
        currency, ways = self._watch.shop_currency(), self._difference.ways(form)
        return views.question(form, self._prices, currency, self._t, problem=problem, ways=ways)

    async def done(self, draft_id: int) -> None:
        """Await no more answers for this draft; a newer one goes on."""
        if await self._state.get_value("draft") == draft_id:
            await self._state.clear()

    @asynccontextmanager
    async def finishing(self, draft_id: int) -> AsyncIterator[None]:
        """Await no more answers for this draft, from the block's transaction on; what it raises changes nothing."""
        async with unless_refused(self._state):
            await self.done(draft_id)
            yield


def _awaits(form: Form) -> tuple[State, dict[str, Any]]:
    return Asking.answer, {"draft": form.draft.id}


@router.callback_query(StartOrder.filter())
async def start(
    query: CallbackQuery, callback_data: StartOrder, person: Person, ordering: Ordering, desk: Desk,
) -> Screen:  # fmt: skip
    del query
    return await desk.open(ordering.start, person.id, callback_data.service)


@router.callback_query(Again.filter())
async def again(
    query: CallbackQuery, callback_data: Again, person: Person, ordering: Ordering, desk: Desk,
) -> Screen:  # fmt: skip
    del query
    return await desk.open(ordering.again, person.id, callback_data.order)


@router.callback_query(AgreeAgain.filter())
async def agree_again(
    query: CallbackQuery, callback_data: AgreeAgain, person: Person, ordering: Ordering, desk: Desk
) -> Screen:
    """Show what an order would be now; it takes the other one's place when it is confirmed."""
    del query
    return await desk.open(ordering.agree_again, person.id, callback_data.order)


@router.callback_query(Answer.filter())
async def answer_pressed(
    query: CallbackQuery, callback_data: Answer, person: Person, ordering: Ordering, desk: Desk,
) -> Screen:  # fmt: skip
    del query
    draft = callback_data.draft
    try:
        form = await ordering.answer(person.id, draft, str(callback_data.value), step=callback_data.step)
    except BadAnswerError as problem:
        return await desk.ask(await ordering.form(person.id, draft), problem)
    return await desk.ask(form)


@router.callback_query(Skip.filter())
async def skip(
    query: CallbackQuery, callback_data: Skip, person: Person, ordering: Ordering, desk: Desk,
) -> Screen:  # fmt: skip
    del query
    return await desk.ask(await ordering.skip(person.id, callback_data.draft))


@router.callback_query(StepBack.filter())
async def back(
    query: CallbackQuery,
    callback_data: StepBack,
    person: Person,
    ordering: Ordering,
    browser: Browser,
    prices: Prices,
    watch: BalanceWatch,
    desk: Desk,
    t: Translator,
) -> Screen:
    del query
    form = await desk.back(ordering, person.id, callback_data.draft)
    if isinstance(form, Screen):
        return form
    return catalog_views.card(await browser.sheet(person.id, form.service.id), 0, prices, watch.shop_currency(), t)


@router.callback_query(CancelDraft.filter())
async def cancel(
    query: CallbackQuery,
    callback_data: CancelDraft,
    person: Person,
    ordering: Ordering,
    desk: Desk,
    t: Translator,
) -> Screen:
    del query
    async with desk.finishing(callback_data.draft):
        await ordering.cancel(person.id, callback_data.draft)
    return menu_views.page(t("cancelled"), t)


@router.callback_query(Confirm.filter())
async def confirm(
    query: CallbackQuery,
    callback_data: Confirm,
    person: Person,
    ordering: Ordering,
    desk: Desk,
    t: Translator,
) -> Screen:
    """A second press shows the same order."""
    shown_on = query.message.message_id if query.message else None
    try:
        async with desk.finishing(callback_data.draft):
            sheet = await ordering.submit(person.id, callback_data.draft, card_message_id=shown_on)
    except QuoteChangedError:
        return await desk.ask(await ordering.form(person.id, callback_data.draft))
    return order_views.card(sheet, t)


@router.message(StateFilter(Asking.answer), ~F.text.startswith("/"))
async def answered(
    message: Message, person: Person, ordering: Ordering, state: FSMContext, desk: Desk, t: Translator,
) -> Screen:  # fmt: skip
    """Take whatever was sent as the answer to the open question; what can't be used is asked again."""
    draft = int((await state.get_data())["draft"])
    try:
        words = views.choice_words(t)
        return await desk.ask(await ordering.answer(person.id, draft, await uploads.text_of(message), words=words))
    except BadAnswerError as problem:
        return await desk.ask(await ordering.form(person.id, draft), problem)
    except NotFoundError:
        await state.clear()
        raise
