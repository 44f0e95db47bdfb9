"""`/triage`: orders without an answer, and stuck ones; an admin says what has become of them.

Nothing here waits for the provider: an id that was named is a row, and the answer to it a message
of its own.
"""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.admin.recovery import views
from handlers.callbacks import CheckId, ConfirmExists, ItDoesNot, ItExists, TriageOrder, TriagePage
from handlers.filters import IsAdmin
from handlers.prompts import Prompt, answering, answers_to, cancels, listen_no_more
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.errors import BadAnswerError, NotFoundError, ShopError
from shop.parsing import plain_digits
from shop.recovery.id_check import Checker
from shop.recovery.resolution import Resolution, Verdicts
from shop.recovery.triage import AttentionDetails, Triage

router = Router(name=__name__)
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())

_LARGEST = 2**53


class ProviderIdStates(StatesGroup):
    """The provider's id of an order is awaited; whose is in the conversation's data."""

    id = State(group_name="Naming")


async def _open_sheet(order_id: int, triage: Triage) -> AttentionDetails:
    """Return an order that waits for a verdict. Raises NotFoundError for every other."""
    sheet = await triage.sheet(order_id)
    if sheet.stuck is None:
        raise NotFoundError("triage-not-open", id=str(order_id))
    return sheet


def _id(order_id: int, triage: Triage, state: FSMContext, ui: Ui) -> Prompt:
    """Ask for the provider's id; an order that needs no verdict any more ends it."""

    async def ask(problem: ShopError | None) -> Screen:
        return views.ask_id(await _open_sheet(order_id, triage), ui, problem=problem)

    return Prompt(state, ProviderIdStates.id, ask, ends=NotFoundError, data={"triage": order_id})


@router.message(Command("triage"))
async def triage_command(
    message: Message, command: CommandObject, triage: Triage, state: FSMContext, ui: Ui
) -> Screen:
    """List what waits for a verdict; `/triage 12` shows one order, also one that is settled."""
    await listen_no_more(state, ProviderIdStates.id)
    text = plain_digits(command.args or "").strip().lstrip("#№")
    if not text:
        return views.listing(await triage.page(0, views.ORDERS_A_PAGE), ui)
    if not (text.isdigit() and len(text) <= len(str(_LARGEST)) and 0 < int(text) <= _LARGEST):
        return Screen("⚠️ " + ui.t("triage-no-number", text=text[:64]))
    return views.card(await triage.sheet(int(text)), ui)


@router.callback_query(TriagePage.filter())
async def page(
    query: CallbackQuery, callback_data: TriagePage, triage: Triage, state: FSMContext, ui: Ui
) -> Screen:
    await listen_no_more(state, ProviderIdStates.id)
    return views.listing(await triage.page(callback_data.page, views.ORDERS_A_PAGE), ui)


@router.callback_query(TriageOrder.filter())
async def one_order(
    query: CallbackQuery, callback_data: TriageOrder, triage: Triage, state: FSMContext, ui: Ui
) -> Screen:
    await listen_no_more(state, ProviderIdStates.id)
    return views.card(await triage.sheet(callback_data.order), ui)


@router.callback_query(ItExists.filter())
async def mark_existing(
    query: CallbackQuery,
    callback_data: ItExists,
    person: CurrentUser,
    triage: Triage,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Ask for the provider's id."""
    sheet = await triage.sheet(callback_data.order)
    if sheet.stuck is None:
        return _decided(sheet, person, ui)
    await _id(sheet.order.id, triage, state, ui).listen()
    return views.ask_id(sheet, ui)


@router.message(*cancels(ProviderIdStates.id))
async def cancel(message: Message, triage: Triage, state: FSMContext, ui: Ui) -> Screen:
    """Leave the question; what was awaited before is awaited again."""
    order_id = (await state.get_data()).get("triage", 0)
    await listen_no_more(state, ProviderIdStates.id)
    return views.card(await triage.sheet(order_id), ui)


@router.message(*answers_to(ProviderIdStates.id))
async def id_named(
    message: Message,
    person: CurrentUser,
    triage: Triage,
    checker: Checker,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Have the id checked that was written; what is none is asked again."""
    order_id = (await state.get_data()).get("triage", 0)
    return await _id(order_id, triage, state, ui).answer(
        lambda: checker.request(person.id, order_id, message.text or ""),
        lambda provider_order_id: views.asking(order_id, provider_order_id, ui.t),
    )


@router.callback_query(CheckId.filter())
async def check_id(
    query: CallbackQuery,
    callback_data: CheckId,
    person: CurrentUser,
    checker: Checker,
    state: FSMContext,
    t: Translator,
) -> Screen:
    """Have an id checked that is known already."""
    async with answering(state, ProviderIdStates.id):
        asked = await checker.request_known(person.id, callback_data.order, callback_data.evidence)
    return views.asking(callback_data.order, asked, t)


@router.callback_query(ConfirmExists.filter())
async def confirm(
    query: CallbackQuery,
    callback_data: ConfirmExists,
    person: CurrentUser,
    triage: Triage,
    verdicts: Verdicts,
    ui: Ui,
) -> Screen:
    """Let the order go on under the id that was checked."""
    verdict = await verdicts.confirm(callback_data.evidence, person.id)
    return await _outcome(verdict, person, triage, ui)


@router.callback_query(ItDoesNot.filter())
async def mark_missing(
    query: CallbackQuery,
    callback_data: ItDoesNot,
    person: CurrentUser,
    triage: Triage,
    verdicts: Verdicts,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Ask once more, then end the order and give its money back."""
    await listen_no_more(state, ProviderIdStates.id)
    order_id, problem = callback_data.order, None
    if callback_data.sure == 1:
        try:
            verdict = await verdicts.mark_missing(order_id, person.id, seen=callback_data.seen)
        except BadAnswerError as news:
            problem = news
        else:
            return await _outcome(verdict, person, triage, ui)
    sheet = await triage.sheet(order_id)
    if sheet.stuck is None:
        return _decided(sheet, person, ui)
    return views.ask_refund(sheet, ui, problem=problem)


async def _outcome(verdict: Resolution, person: CurrentUser, triage: Triage, ui: Ui) -> Screen:
    """Show the order as it is now, with what came of the press, or who was first."""
    sheet = await triage.sheet(verdict.order.id)
    return views.card(sheet, ui, toast=views.outcome(sheet, person.id, ui.t, ours=verdict.ours))


def _decided(sheet: AttentionDetails, person: CurrentUser, ui: Ui) -> Screen:
    """Show an order that needs no verdict any more, and say why."""
    return views.card(sheet, ui, toast=views.outcome(sheet, person.id, ui.t, ours=False))
