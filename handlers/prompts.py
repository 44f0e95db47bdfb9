"""Questions whose answer comes as a text: ask, read what was written, ask again.

A question beside the one that is open: what was awaited before goes on afterwards.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, TypeVar

from aiogram import F
from aiogram.dispatcher.event.handler import CallbackType
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup

from handlers.screens import Screen
from shop.errors import BadAnswerError, NotFoundError, ShopError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to one person that is answered by a text.

    `ask` draws it, with what was wrong with the last answer. After a refusal of the kind `again` it
    is asked again, unless what it is about is not there; one of the kind `ends` ends it; after
    any other it stays open. `data` is kept in the conversation while the answer is awaited.
    """

    state: FSMContext
    question: State
    ask: Callable[[ShopError | None], Screen | Awaitable[Screen]]
    again: type[ShopError] = BadAnswerError
    ends: type[ShopError] | tuple[()] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    async def open(self) -> Screen:
        """Ask, and await the answer."""
        screen = await _drawn(self.ask(None))
        await self.listen()
        return screen

    async def answer(
        self,
        take: Callable[[], Awaitable[T]],
        show: Callable[[T], Screen | Awaitable[Screen]],
    ) -> Screen:
        """Show what `take` made of the text that was written, or ask again.

        What `take` writes ends the question, in the same transaction. Raises the ShopErrors after
        which nothing is asked again.
        """
        try:
            async with unless_refused(self.state):
                await self.close()
                taken = await take()
        except ShopError as problem:
            if isinstance(problem, self.again) and not isinstance(problem, NotFoundError):
                return await self._ask_again(problem)
            if isinstance(problem, self.ends):
                await self.close()
            raise
        return await _drawn(show(taken))

    async def _ask_again(self, problem: ShopError) -> Screen:
        if await self.state.get_state() != self.question.state:  # it came unasked
            await self.listen()
        return await _drawn(self.ask(problem))

    async def listen(self) -> None:
        """Await the answer, beside whatever else is awaited."""
        if self.data:
            await self.state.update_data(**self.data)
        await listen(self.state, self.question)

    async def close(self) -> None:
        """Await the answer no more; what was awaited before it is awaited again."""
        await listen_no_more(self.state, self.question)


class SolePrompt(Prompt):
    """A question that takes the place of whatever was awaited before."""

    async def listen(self) -> None:
        await self.state.set_state(self.question)
        await self.state.set_data(dict(self.data))

    async def close(self) -> None:
        await self.state.clear()


def answers_to(question: State) -> tuple[CallbackType, ...]:
    """Return the filters of a message that answers a question; a command does not."""
    return StateFilter(question), ~F.text.startswith("/")


def cancels(question: State | type[StatesGroup]) -> tuple[CallbackType, ...]:
    """Return the filters of the command that leaves a question, or any question of a group."""
    return Command("cancel"), StateFilter(question)


async def _drawn(screen: Screen | Awaitable[Screen]) -> Screen:
    return await screen if isawaitable(screen) else screen


async def listen(state: FSMContext, question: State) -> None:
    """Await the answer to a question; one beside another takes its place."""
    before = await state.get_state()
    if before == question.state:
        return
    if "before" not in await state.get_data():
        await state.update_data(before=before)
    await state.set_state(question)


async def listen_no_more(state: FSMContext, question: State) -> None:
    """Go back to what was awaited before the question; nothing happens when that one is not
    open.
    """
    if await state.get_state() == question.state:
        data = await state.get_data()
        before = data.pop("before", None)
        await state.set_data(data)
        await state.set_state(before)


@asynccontextmanager
async def answering(state: FSMContext, question: State) -> AsyncIterator[None]:
    """Let what the block writes end the question, in the same transaction; a refusal leaves it
    open.
    """
    async with unless_refused(state):
        await listen_no_more(state, question)
        yield


@asynccontextmanager
async def unless_refused(state: FSMContext) -> AsyncIterator[None]:
    """Change what is awaited before the block writes what it is about: both are one transaction
    then.

    Where the block raises ShopError, what was awaited before still is.
    """
    before, data = await state.get_state(), await state.get_data()
    try:
        yield
    except ShopError:
        await state.set_state(before)
        await state.set_data(data)
        raise
