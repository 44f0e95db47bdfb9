"""A form on the screen, and the answer that is awaited for it."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import Message

from handlers.customer.ordering import views
from handlers.prompts import unless_refused
from handlers.screens import Screen
from handlers.ui import Ui
from shop.errors import ShopError
from shop.ordering.placement import Beside, Form, Ordering
from shop.orders.history import leave_card
from shop.payments.shortfall import Shortfall
from storage.engine import Transaction


class Asking(StatesGroup):
    """One state: the draft says what is asked."""

    answer = State()


class AwaitedAnswer(Protocol):
    """What is awaited of one person, to be written in a transaction of the shop's."""

    def write(self, tx: Transaction, state: State | None, data: dict[str, Any]) -> None: ...

    def is_written(self, state: State | None, data: dict[str, Any]) -> None:
        """Note that the transaction was committed."""


class Opens(Protocol):
    """Opens a form, and writes something beside it in the same transaction."""

    def __call__(self, user_id: int, about: int, /, *, beside: Beside) -> Awaitable[Form]: ...


class Desk:
    """Shows a form and remembers that its next answer is awaited.

    `leaves` is the message of a card whose button was pressed: with a form in its place it shows no
    card any more.
    """

    def __init__(
        self,
        state: FSMContext,
        conversation: AwaitedAnswer,
        ui: Ui,
        difference: Shortfall,
        leaves: Message | None = None,
    ) -> None:
        self._state, self._conversation, self.leaves = state, conversation, leaves
        self._ui, self._difference = ui, difference

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
        """Ask the question before; where there is none, return the form and await its answer no
        more.
        """
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
        ways = self._difference.ways(form)
        return views.question(form, self._ui, problem=problem, ways=ways)

    async def done(self, draft_id: int) -> None:
        """Await no more answers for this draft; a newer one goes on."""
        if await self._state.get_value("draft") == draft_id:
            await self._state.clear()

    @asynccontextmanager
    async def finishing(self, draft_id: int) -> AsyncIterator[None]:
        """Await no more answers for this draft, from the block's transaction on; what it raises
        changes nothing.
        """
        async with unless_refused(self._state):
            await self.done(draft_id)
            yield


def _awaits(form: Form) -> tuple[State, dict[str, Any]]:
    return Asking.answer, {"draft": form.draft.id}
