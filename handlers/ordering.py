"""Filling in an order. A button carries ids; the database carries everything else.

The conversation's state holds only that an answer is awaited, and for which draft: which question is open
follows from the draft itself, so it survives a restart and can't disagree with it.
"""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers import uploads
from handlers.callbacks import Again, AgreeAgain, Answer, CancelDraft, Confirm, Skip, StartOrder, StepBack
from handlers.screens import Screen
from handlers.views import catalog as catalog_views
from handlers.views import form as views
from handlers.views import menu as menu_views
from handlers.views import orders as order_views
from locales import Translator
from shop.book import OrderBook
from shop.catalog import Browser
from shop.errors import BadAnswerError, NotFoundError, QuoteChangedError, ShopError
from shop.ordering import Form, Ordering
from shop.paying_the_difference import Difference
from shop.people import Person
from shop.pricing import Prices
from shop.provider_balance import BalanceWatch

router = Router(name=__name__)


class Asking(StatesGroup):
    """One state: the draft says what is asked."""

    answer = State()


class Desk:
    """Shows a form and remembers that its next answer is awaited."""

    def __init__(
        self, state: FSMContext, prices: Prices, watch: BalanceWatch, difference: Difference, t: Translator
    ) -> None:
        self._state, self._prices, self._watch, self._difference, self._t = state, prices, watch, difference, t

    async def ask(self, form: Form, problem: ShopError | None = None) -> Screen:
        await self._state.set_state(Asking.answer)
        await self._state.set_data({"draft": form.draft.id})
        currency, ways = self._watch.shop_currency(), self._difference.ways(form)
        return views.question(form, self._prices, currency, self._t, problem=problem, ways=ways)

    async def done(self, draft_id: int) -> None:
        """Await no more answers for this draft; a newer one goes on."""
        if await self._state.get_value("draft") == draft_id:
            await self._state.clear()


@router.callback_query(StartOrder.filter())
async def start(
    query: CallbackQuery, callback_data: StartOrder, person: Person, ordering: Ordering, desk: Desk,
) -> Screen:  # fmt: skip
    del query
    return await desk.ask(await ordering.start(person.id, callback_data.service))


@router.callback_query(Again.filter())
async def again(
    query: CallbackQuery, callback_data: Again, person: Person, ordering: Ordering, desk: Desk,
) -> Screen:  # fmt: skip
    del query
    return await desk.ask(await ordering.again(person.id, callback_data.order))


@router.callback_query(AgreeAgain.filter())
async def agree_again(
    query: CallbackQuery, callback_data: AgreeAgain, person: Person, ordering: Ordering, desk: Desk
) -> Screen:
    """Show what an order would be now; it takes the other one's place when it is confirmed."""
    del query
    return await desk.ask(await ordering.agree_again(person.id, callback_data.order))


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
    form = await ordering.form(person.id, callback_data.draft)
    earlier = await ordering.back(person.id, callback_data.draft)
    if earlier is not None:
        return await desk.ask(earlier)
    await desk.done(callback_data.draft)
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
    if not await ordering.cancel(person.id, callback_data.draft):
        raise NotFoundError("error-draft-gone")
    await desk.done(callback_data.draft)
    return menu_views.page(t("cancelled"), t)


@router.callback_query(Confirm.filter())
async def confirm(
    query: CallbackQuery,
    callback_data: Confirm,
    person: Person,
    ordering: Ordering,
    book: OrderBook,
    desk: Desk,
    t: Translator,
) -> Screen:
    """A second press shows the same order."""
    shown_on = query.message.message_id if query.message else None
    try:
        order = await ordering.submit(person.id, callback_data.draft, card_message_id=shown_on)
    except QuoteChangedError:
        return await desk.ask(await ordering.form(person.id, callback_data.draft))
    await desk.done(callback_data.draft)
    return order_views.card(await book.sheet(person.id, order.id), t)


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
