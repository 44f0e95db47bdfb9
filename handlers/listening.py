"""A question beside the one that is open: what was awaited before goes on afterwards."""

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State


async def listen(state: FSMContext, question: State) -> None:
    """Await the answer to a question; one beside another takes its place."""
    before = await state.get_state()
    if before == question.state:
        return
    if "before" not in await state.get_data():
        await state.update_data(before=before)
    await state.set_state(question)


async def listen_no_more(state: FSMContext, question: State) -> None:
    """Go back to what was awaited before the question; nothing happens when that one is not open."""
    if await state.get_state() == question.state:
        data = await state.get_data()
        before = data.pop("before", None)
        await state.set_data(data)
        await state.set_state(before)
