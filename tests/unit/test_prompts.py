"""A question that is answered by a text: asked again, ended, or left open."""

from collections.abc import Awaitable, Callable

import pytest
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import StorageKey
from aiogram.fsm.storage.memory import MemoryStorage

from handlers.prompts import Prompt, SolePrompt
from handlers.screens import Screen
from shop.errors import BadAnswerError, NotFoundError, ShopError

FORM = State("form", group_name="Questions")
CODE = State("code", group_name="Questions")


@pytest.fixture
def state() -> FSMContext:
    return FSMContext(storage=MemoryStorage(), key=StorageKey(bot_id=1, chat_id=2, user_id=2))


def asks(problem: ShopError | None) -> Screen:
    return Screen("Which code?" if problem is None else f"{problem.key}. Which code?")


async def asks_slowly(problem: ShopError | None) -> Screen:
    return asks(problem)


def takes(outcome: str | ShopError) -> Callable[[], Awaitable[str]]:
    async def take() -> str:
        if isinstance(outcome, ShopError):
            raise outcome
        return outcome

    return take


def thanks(taken: str) -> Screen:
    return Screen(f"Thanks for {taken}")


async def fill_in(state: FSMContext) -> None:
    await state.set_state(FORM)
    await state.set_data({"draft": 7})


async def test_an_answer_ends_the_question_and_what_was_awaited_before_goes_on(state) -> None:
    await fill_in(state)
    prompt = Prompt(state, CODE, asks_slowly, data={"order": 5})
    assert (await prompt.open()).text == "Which code?"
    assert await state.get_state() == CODE.state
    assert await state.get_value("order") == 5
    assert (await prompt.answer(takes("SPRING"), thanks)).text == "Thanks for SPRING"
    assert await state.get_state() == FORM.state
    assert await state.get_value("draft") == 7


async def test_the_question_is_over_before_its_answer_is_written(state) -> None:
    """What is awaited is written along with it."""
    prompt = Prompt(state, CODE, asks)
    await prompt.open()

    async def take() -> str:
        assert await state.get_state() is None
        return "SPRING"

    await prompt.answer(take, thanks)


async def test_a_bad_answer_is_asked_again(state) -> None:
    await fill_in(state)
    prompt = Prompt(state, CODE, asks_slowly, ends=ShopError)
    await prompt.open()
    awaited = await state.get_state(), await state.get_data()
    again = await prompt.answer(takes(BadAnswerError("bad")), thanks)
    assert again.text == "bad. Which code?"
    assert (await state.get_state(), await state.get_data()) == awaited
    await prompt.answer(takes("SPRING"), thanks)
    assert await state.get_state() == FORM.state


@pytest.mark.parametrize(
    ("refusal", "awaited"),
    [(NotFoundError("gone"), None), (ShopError("too much"), CODE.state)],
)
async def test_a_refusal_ends_the_question_or_leaves_it_open(state, refusal, awaited) -> None:
    prompt = Prompt(state, CODE, asks, ends=NotFoundError)
    await prompt.open()
    with pytest.raises(ShopError) as raised:
        await prompt.answer(takes(refusal), thanks)
    assert raised.value is refusal
    assert await state.get_state() == awaited


async def test_what_is_not_there_is_never_asked_for_again(state) -> None:
    prompt = Prompt(state, CODE, asks, again=ShopError)
    await prompt.open()
    assert (await prompt.answer(takes(ShopError("much")), thanks)).text == "much. Which code?"
    with pytest.raises(NotFoundError):
        await prompt.answer(takes(NotFoundError("gone")), thanks)


async def test_a_bad_answer_that_came_unasked_opens_the_question(state) -> None:
    prompt = Prompt(state, CODE, asks)
    assert (await prompt.answer(takes(BadAnswerError("bad")), thanks)).text == "bad. Which code?"
    assert await state.get_state() == CODE.state


async def test_a_question_that_is_refused_is_not_awaited(state) -> None:
    async def refuses(problem: ShopError | None) -> Screen:
        raise NotFoundError("gone") from problem

    with pytest.raises(NotFoundError):
        await Prompt(state, CODE, refuses).open()
    assert await state.get_state() is None


async def test_a_sole_question_takes_the_place_of_the_one_before(state) -> None:
    await fill_in(state)
    prompt = SolePrompt(state, CODE, asks, data={"order": 5})
    await prompt.open()
    assert await state.get_data() == {"order": 5}
    await prompt.answer(takes(BadAnswerError("bad")), thanks)
    assert await state.get_data() == {"order": 5}
    await prompt.answer(takes("SPRING"), thanks)
    assert await state.get_state() is None
    assert await state.get_data() == {}
