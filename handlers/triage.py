"""`/triage`: orders without an answer, and stuck ones; an admin says what has become of them.

Nothing here waits for the provider: an id that was named is a row, and the answer to it a message of its own.
"""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.admin import IsAdmin
from handlers.callbacks import CheckId, ConfirmExists, ItDoesNot, ItExists, TriageOrder, TriagePage
from handlers.listening import answering, listen, listen_no_more
from handlers.screens import Screen
from handlers.views import triage as views
from locales import Translator
from shop.checking import Checker
from shop.errors import BadAnswerError, NotFoundError
from shop.numbers import plain_digits
from shop.people import Person
from shop.provider_balance import BalanceWatch
from shop.triage import Sheet, Triage
from shop.verdicts import Verdict, Verdicts

router = Router(name=__name__)
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())

_LARGEST = 2**53


class Naming(StatesGroup):
    """The provider's id of an order is awaited; whose is in the conversation's data."""

    id = State()


async def _open_sheet(order_id: int, triage: Triage) -> Sheet:
    """Give an order that waits for a verdict. Raises NotFoundError for every other."""
    sheet = await triage.sheet(order_id)
    if sheet.stuck is None:
        raise NotFoundError("triage-not-open", id=str(order_id))
    return sheet


@router.message(Command("triage"))
async def triage_command(
    message: Message, command: CommandObject, triage: Triage, watch: BalanceWatch, state: FSMContext, t: Translator,
) -> Screen:  # fmt: skip
    """List what waits for a verdict; `/triage 12` shows one order, also one that is settled."""
    del message
    await listen_no_more(state, Naming.id)
    text = plain_digits(command.args or "").strip().lstrip("#№")
    if not text:
        return views.listing(await triage.page(0, views.ORDERS_A_PAGE), watch.currency, t)
    if not (text.isdigit() and len(text) <= len(str(_LARGEST)) and 0 < int(text) <= _LARGEST):
        return Screen("⚠️ " + t("triage-no-number", text=text[:64]))
    return views.card(await triage.sheet(int(text)), watch.currency, t)


@router.callback_query(TriagePage.filter())
async def page(
    query: CallbackQuery,
    callback_data: TriagePage,
    triage: Triage,
    watch: BalanceWatch,
    state: FSMContext,
    t: Translator,
) -> Screen:
    del query
    await listen_no_more(state, Naming.id)
    return views.listing(await triage.page(callback_data.page, views.ORDERS_A_PAGE), watch.currency, t)


@router.callback_query(TriageOrder.filter())
async def one_order(
    query: CallbackQuery,
    callback_data: TriageOrder,
    triage: Triage,
    watch: BalanceWatch,
    state: FSMContext,
    t: Translator,
) -> Screen:
    del query
    await listen_no_more(state, Naming.id)
    return views.card(await triage.sheet(callback_data.order), watch.currency, t)


@router.callback_query(ItExists.filter())
async def it_exists(
    query: CallbackQuery,
    callback_data: ItExists,
    person: Person,
    triage: Triage,
    watch: BalanceWatch,
    state: FSMContext,
    t: Translator,
) -> Screen:
    """Ask for the provider's id."""
    del query
    sheet = await triage.sheet(callback_data.order)
    if sheet.stuck is None:
        return _decided(sheet, person, watch, t)
    await state.update_data(triage=sheet.order.id)
    await listen(state, Naming.id)
    return views.ask_id(sheet, watch.currency, t)


@router.message(Command("cancel"), StateFilter(Naming.id))
async def cancel(
    message: Message, triage: Triage, watch: BalanceWatch, state: FSMContext, t: Translator,
) -> Screen:  # fmt: skip
    """Leave the question; what was awaited before is awaited again."""
    del message
    order_id = (await state.get_data()).get("triage", 0)
    await listen_no_more(state, Naming.id)
    return views.card(await triage.sheet(order_id), watch.currency, t)


@router.message(StateFilter(Naming.id), ~F.text.startswith("/"))
async def id_named(
    message: Message,
    person: Person,
    triage: Triage,
    checker: Checker,
    watch: BalanceWatch,
    state: FSMContext,
    t: Translator,
) -> Screen:
    """Have the id checked that was written; what is none is asked again."""
    order_id = (await state.get_data()).get("triage", 0)
    try:
        async with answering(state, Naming.id):
            provider_order_id = await checker.request(person.id, order_id, message.text or "")
    except BadAnswerError as problem:
        return views.ask_id(await _open_sheet(order_id, triage), watch.currency, t, problem=problem)
    except NotFoundError:
        await listen_no_more(state, Naming.id)
        raise
    return views.asking(order_id, provider_order_id, t)


@router.callback_query(CheckId.filter())
async def check_id(
    query: CallbackQuery, callback_data: CheckId, person: Person, checker: Checker, state: FSMContext, t: Translator,
) -> Screen:  # fmt: skip
    """Have an id checked that is known already."""
    del query
    async with answering(state, Naming.id):
        asked = await checker.request_known(person.id, callback_data.order, callback_data.evidence)
    return views.asking(callback_data.order, asked, t)


@router.callback_query(ConfirmExists.filter())
async def confirm(
    query: CallbackQuery,
    callback_data: ConfirmExists,
    person: Person,
    triage: Triage,
    verdicts: Verdicts,
    watch: BalanceWatch,
    t: Translator,
) -> Screen:
    """Let the order go on under the id that was checked."""
    del query
    verdict = await verdicts.confirm(callback_data.evidence, person.id)
    return await _outcome(verdict, person, triage, watch, t)


@router.callback_query(ItDoesNot.filter())
async def it_does_not(
    query: CallbackQuery,
    callback_data: ItDoesNot,
    person: Person,
    triage: Triage,
    verdicts: Verdicts,
    watch: BalanceWatch,
    state: FSMContext,
    t: Translator,
) -> Screen:
    """Ask once more, then end the order and give its money back."""
    del query
    await listen_no_more(state, Naming.id)
    order_id, problem = callback_data.order, None
    if callback_data.sure == 1:
        try:
            verdict = await verdicts.it_does_not(order_id, person.id, seen=callback_data.seen)
        except BadAnswerError as news:
            problem = news
        else:
            return await _outcome(verdict, person, triage, watch, t)
    sheet = await triage.sheet(order_id)
    if sheet.stuck is None:
        return _decided(sheet, person, watch, t)
    return views.ask_refund(sheet, watch.currency, t, problem=problem)


async def _outcome(verdict: Verdict, person: Person, triage: Triage, watch: BalanceWatch, t: Translator) -> Screen:
    """Show the order as it is now, with what came of the press, or who was first."""
    sheet = await triage.sheet(verdict.order.id)
    return views.card(sheet, watch.currency, t, toast=views.outcome(sheet, person.id, t, ours=verdict.ours))


def _decided(sheet: Sheet, person: Person, watch: BalanceWatch, t: Translator) -> Screen:
    """Show an order that needs no verdict any more, and say why."""
    return views.card(sheet, watch.currency, t, toast=views.outcome(sheet, person.id, t, ours=False))
