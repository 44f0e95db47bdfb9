"""`/settings`: what is pushed, quiet hours, the digest, and what time it is at somebody's place.

A choice counts when it is pressed. Only then, and only once, the clock is asked for that it needs.
"""

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import SetClock, SetDigest, SetPushes, SetQuiet, SettingsPage
from handlers.customer.preferences import views
from handlers.prompts import Prompt, answering, answers_to, listen, listen_no_more
from handlers.screens import Screen
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.customers.preferences import Preferences
from shop.errors import NotFoundError, ShopError
from storage.enums import Pushes
from storage.rows import User

router = Router(name=__name__)

_UTC = 1_440  # what SetClock adds to an offset


class Telling(StatesGroup):
    """The time of day is awaited as a text; what was awaited before goes on afterwards."""

    clock = State()


def _clock(
    person: CurrentUser, preferences: Preferences, state: FSMContext, t: Translator
) -> Prompt:
    """Ask what time it is; what is none is asked again."""

    async def ask(problem: ShopError | None) -> Screen:
        user = await preferences.of(person.id)
        return views.clock(user, preferences.clock(), t, problem=problem.key if problem else "")

    return Prompt(state, Telling.clock, ask)


@router.message(Command("settings"))
async def settings(
    message: Message,
    person: CurrentUser,
    preferences: Preferences,
    state: FSMContext,
    t: Translator,
) -> Screen:
    await listen_no_more(state, Telling.clock)
    return views.home(await preferences.of(person.id), preferences.clock(), t)


@router.callback_query(SettingsPage.filter())
async def page(
    query: CallbackQuery,
    callback_data: SettingsPage,
    person: CurrentUser,
    preferences: Preferences,
    state: FSMContext,
    t: Translator,
) -> Screen:
    if callback_data.page == "clock":
        return await _clock(person, preferences, state, t).open()
    user, now = await preferences.of(person.id), preferences.clock()
    await listen_no_more(state, Telling.clock)
    if callback_data.page == "home":
        return views.home(user, now, t)
    if callback_data.page == "pushes":
        return views.pushes(user, t)
    if callback_data.page == "quiet":
        return views.quiet(user, now, t)
    if callback_data.page == "digest":
        return views.digest(user, now, t)
    raise NotFoundError("error-button-old")


@router.callback_query(SetPushes.filter())
async def pushes_chosen(
    query: CallbackQuery,
    callback_data: SetPushes,
    person: CurrentUser,
    preferences: Preferences,
    state: FSMContext,
    t: Translator,
) -> Screen:
    async with answering(state, Telling.clock):
        user = await preferences.choose_pushes(person.id, callback_data.mode)
    return await _shown(
        user, preferences, state, t, "digest" if user.pushes == Pushes.DIGEST else ""
    )


@router.callback_query(SetQuiet.filter())
async def quiet_chosen(
    query: CallbackQuery,
    callback_data: SetQuiet,
    person: CurrentUser,
    preferences: Preferences,
    state: FSMContext,
    t: Translator,
) -> Screen:
    async with answering(state, Telling.clock):
        user = await preferences.choose_hours(person.id, callback_data.start, callback_data.end)
    return await _shown(user, preferences, state, t, "" if user.quiet_from is None else "quiet")


@router.callback_query(SetDigest.filter())
async def digest_chosen(
    query: CallbackQuery,
    callback_data: SetDigest,
    person: CurrentUser,
    preferences: Preferences,
    state: FSMContext,
    t: Translator,
) -> Screen:
    async with answering(state, Telling.clock):
        user = await preferences.choose_digest(person.id, callback_data.hour)
    return await _shown(user, preferences, state, t, "digest")


@router.callback_query(SetClock.filter())
async def clock_chosen(
    query: CallbackQuery,
    callback_data: SetClock,
    person: CurrentUser,
    preferences: Preferences,
    state: FSMContext,
    t: Translator,
) -> Screen:
    async with answering(state, Telling.clock):
        user = await preferences.choose_clock(person.id, callback_data.offset - _UTC)
    return await _shown(user, preferences, state, t, "")


@router.message(*answers_to(Telling.clock))
async def clock_told(
    message: Message,
    person: CurrentUser,
    preferences: Preferences,
    state: FSMContext,
    t: Translator,
) -> Screen:
    return await _clock(person, preferences, state, t).answer(
        lambda: preferences.tell_time(person.id, message.text or ""),
        lambda user: _shown(user, preferences, state, t, ""),
    )


async def _shown(
    user: User, preferences: Preferences, state: FSMContext, t: Translator, needs: str
) -> Screen:
    """Show the choices as they are now, or first ask for the clock that the last one `needs`."""
    if needs and user.utc_offset is None:
        await listen(state, Telling.clock)
        return views.clock(user, preferences.clock(), t, chosen=needs)
    return views.home(user, preferences.clock(), t)
