"""A question beside the one that is open: what was awaited before goes on afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State

from shop.errors import ShopError


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
