"""`/margins`: what comes on top of the provider's rates.

A rule is shown on real services before it is saved.

What is awaited, and the rule that is being made, are in the conversation's state; what was awaited
before goes on afterwards.
"""

from decimal import Decimal
from typing import Any
from zlib import crc32

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.admin.margins import views
from handlers.callbacks import AddMargin, MarginPercent, MarginRule, MarginsPage, SaveMargin
from handlers.filters import IsAdmin
from handlers.problems import problem_text
from handlers.prompts import Prompt, answers_to, cancels, unless_refused
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.catalogue.margins import Margins, Numbers, read_numbers
from shop.catalogue.pricing import Scope
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError, ShopError

router = Router(name=__name__)
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())


class MarginStates(StatesGroup):
    """A text is awaited: which service, which categories, or how much on top."""

    service = State(group_name="Pricing")
    pattern = State(group_name="Pricing")
    numbers = State(group_name="Pricing")


_OURS = {state.state for state in MarginStates.__states__}


async def _listen(state: FSMContext, wanted: State, **kept: Any) -> None:
    before = await state.get_state()
    if before in _OURS:
        before = (await state.get_data()).get("margin", {}).get("before")
    await state.update_data(margin={"before": before, **kept})
    await state.set_state(wanted)


class MarginPrompt(Prompt):
    """A question about a rule: an answer leads to the next one, in whose place it stands, and a
    refusal changes nothing.

    `data`: the rule so far.
    """

    async def listen(self) -> None:
        await _listen(self.state, self.question, **self.data)

    async def close(self) -> None:
        """Leave the question to the next one."""


async def _listen_no_more(state: FSMContext) -> None:
    if await state.get_state() in _OURS:
        data = await state.get_data()
        before = data.pop("margin", {}).get("before")
        await state.set_data(data)
        await state.set_state(before)


async def _kept(state: FSMContext) -> dict[str, Any]:
    """Return the rule that is being made. Raises NotFoundError when none is."""
    kept = (await state.get_data()).get("margin", {})
    if await state.get_state() != MarginStates.numbers.state or "scope" not in kept:
        raise NotFoundError("margin-preview-gone")
    return dict(kept)


@router.message(Command("margins"))
async def margins_command(
    message: Message, command: CommandObject, margins: Margins, state: FSMContext, ui: Ui
) -> Screen:
    """List the rules; `/margins 12` says how the price of one service comes about."""
    await _listen_no_more(state)
    if text := (command.args or "").strip():
        found = await margins.service(text)
        await margins.load()
        return views.explain(found, ui)
    return views.home(await margins.everything(), 0, ui)


@router.message(*cancels(MarginStates))
async def cancel(message: Message, margins: Margins, state: FSMContext, ui: Ui) -> Screen:
    """Throw the unsaved rule away; what else was under way goes on."""
    await _listen_no_more(state)
    return views.home(await margins.everything(), 0, ui)


@router.callback_query(MarginsPage.filter())
async def page(
    query: CallbackQuery, callback_data: MarginsPage, margins: Margins, state: FSMContext, ui: Ui
) -> Screen:
    await _listen_no_more(state)
    return views.home(await margins.everything(), callback_data.page, ui)


@router.callback_query(AddMargin.filter())
async def add(
    query: CallbackQuery,
    callback_data: AddMargin,
    person: CurrentUser,
    margins: Margins,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    t = ui.t
    margins.refuse_house()
    scope, service = callback_data.scope, callback_data.service
    if scope == Scope.SERVICE and not service:
        return await _service(state, t).open()
    if scope == Scope.CATEGORY:
        return await _pattern(state, t).open()
    if scope in {Scope.SERVICE, Scope.GLOBAL}:
        about = str(service) if scope == Scope.SERVICE else ""
        return await _numbers(Scope(scope), about, person, margins, state, ui).open()
    await _listen_no_more(state)
    return views.choose_scope(t)


def _service(state: FSMContext, t: Translator) -> Prompt:
    return _about(state, MarginStates.service, "margin-ask-service", t)


def _pattern(state: FSMContext, t: Translator) -> Prompt:
    return _about(state, MarginStates.pattern, "margin-ask-pattern", t)


def _about(state: FSMContext, question: State, key: str, t: Translator) -> Prompt:
    """Ask what a rule is about, in the words of `key`."""

    def ask(problem: ShopError | None) -> Screen:
        return views.ask(t(key), t, problem=problem_text(problem, t) if problem else "")

    return MarginPrompt(state, question, ask)


@router.message(*answers_to(MarginStates.service))
async def service_named(
    message: Message, person: CurrentUser, margins: Margins, state: FSMContext, ui: Ui
) -> Screen:
    return await _service(state, ui.t).answer(
        lambda: margins.service(message.text or ""),
        lambda found: _numbers(Scope.SERVICE, str(found.id), person, margins, state, ui).open(),
    )


@router.message(*answers_to(MarginStates.pattern))
async def pattern_named(
    message: Message, person: CurrentUser, margins: Margins, state: FSMContext, ui: Ui
) -> Screen:
    return await _pattern(state, ui.t).answer(
        lambda: margins.pattern(message.text or ""),
        lambda pattern: _numbers(Scope.CATEGORY, pattern, person, margins, state, ui).open(),
    )


def _numbers(
    scope: Scope, about: str, person: CurrentUser, margins: Margins, state: FSMContext, ui: Ui
) -> Prompt:
    """Ask how much comes on top; an earlier preview holds on where that can't be read."""

    async def ask(problem: ShopError | None) -> Screen:
        rule = margins.draft(person.id, scope, about, Numbers())
        found = await margins.preview(rule)
        said = problem_text(problem, ui.t) if problem else ""
        return views.ask_numbers(rule, found, ui, problem=said)

    return MarginPrompt(state, MarginStates.numbers, ask, data={"scope": scope, "about": about})


@router.message(*answers_to(MarginStates.numbers))
async def numbers_named(
    message: Message, person: CurrentUser, margins: Margins, state: FSMContext, ui: Ui
) -> Screen:
    kept = await _kept(state)

    async def take() -> Numbers:
        return read_numbers(message.text or "")

    return await _numbers(Scope(kept["scope"]), kept["about"], person, margins, state, ui).answer(
        take, lambda numbers: _preview(kept, numbers, person, margins, state, ui)
    )


@router.callback_query(MarginPercent.filter())
async def percent_pressed(
    query: CallbackQuery,
    callback_data: MarginPercent,
    person: CurrentUser,
    margins: Margins,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    numbers = read_numbers(f"{callback_data.percent}%")
    return await _preview(await _kept(state), numbers, person, margins, state, ui)


async def _preview(
    kept: dict[str, Any],
    numbers: Numbers,
    person: CurrentUser,
    margins: Margins,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Show what would change. Other numbers may be sent until one preview is saved."""
    rule = margins.draft(person.id, Scope(kept["scope"]), kept["about"], numbers)
    found = await margins.preview(rule)
    chosen = [format(numbers.percent, "f"), numbers.fixed, numbers.minimum]
    await _listen(
        state, MarginStates.numbers, scope=kept["scope"], about=kept["about"], numbers=chosen
    )
    return views.preview(found, _key(kept, chosen), ui)


def _key(kept: dict[str, Any], numbers: list[Any]) -> int:
    return crc32(repr((str(kept["scope"]), kept["about"], numbers)).encode())


@router.callback_query(SaveMargin.filter())
async def save(
    query: CallbackQuery,
    callback_data: SaveMargin,
    person: CurrentUser,
    margins: Margins,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Save what this very preview shows: a newer one may be under it."""
    kept = await _kept(state)
    chosen = kept.get("numbers")
    if not chosen or _key(kept, chosen) != callback_data.key:
        raise NotFoundError("margin-preview-gone")
    numbers = Numbers(Decimal(chosen[0]), int(chosen[1]), int(chosen[2]))
    async with unless_refused(state):
        await _listen_no_more(state)
        rules = await margins.save(person.id, Scope(kept["scope"]), kept["about"], numbers)
    screen = views.home(rules, 0, ui)
    return Screen(screen.text, screen.keyboard, toast=ui.t.plain("margin-saved"))


@router.callback_query(MarginRule.filter())
async def one_rule(
    query: CallbackQuery,
    callback_data: MarginRule,
    person: CurrentUser,
    margins: Margins,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    act = callback_data.act
    if act == "remove":
        gone, rules = await margins.remove(callback_data.margin)
        screen = views.home(rules, 0, ui)
        return Screen(
            screen.text,
            screen.keyboard,
            toast=ui.t.plain("margin-removed" if gone else "margin-gone"),
        )
    rule = await margins.rule(callback_data.margin)
    if act == "edit":
        return await _numbers(Scope(rule.scope), rule.about, person, margins, state, ui).open()
    if act not in {"show", "ask"}:
        raise NotFoundError("error-button-old")
    return views.rule(await margins.preview(rule), ui, asks=act == "ask")
