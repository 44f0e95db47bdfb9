"""Admins' answers about refunds: how much was not delivered, what is taken back, which order is to
be stopped.
"""

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.admin.recovery import refund_views as views
from handlers.admin.recovery import views as triage_views
from handlers.admin.recovery.refund_callbacks import (
    AskUndelivered,
    StopOrder,
    TakeBack,
    Undelivered,
)
from handlers.customer.orders import aftercare_views
from handlers.filters import IsAdmin
from handlers.prompts import Prompt, answers_to, cancels, listen_no_more
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.errors import BadAnswerError, NotFoundError
from shop.fulfilment.evidence import EvidenceKind
from shop.orders.eligibility import NotNowError
from shop.recovery.attention import AttentionReason
from shop.recovery.portions import PERCENT, Portion, read_portion
from shop.recovery.refund_resolution import RefundVerdicts, may_be_asked
from shop.recovery.resolution import Verdicts
from shop.recovery.triage import AttentionDetails, Triage
from storage.rows import Order

router = Router(name=__name__)
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())


class Counting(StatesGroup):
    """How much was not delivered is awaited as a text; of which order is in the conversation's
    data.
    """

    units = State()


def _is_open(sheet: AttentionDetails) -> bool:
    """Return whether somebody may still say what the order gives back: it has ended, or is stuck at
    the provider.
    """
    stuck = sheet.stuck is not None and sheet.stuck.why is not AttentionReason.UNKNOWN
    return stuck or may_be_asked(sheet.order)


def _is_over(sheet: AttentionDetails, seen: int) -> bool:
    """Return whether the question of an alert was answered meanwhile, by an admin or by the
    provider.
    """
    asks = sheet.stuck is not None or sheet.order.unclear_since is not None
    return not asks and any(
        one.id > seen and one.kind in {EvidenceKind.UNCLEAR, EvidenceKind.REFUND}
        for one in sheet.evidence
    )


def _settled(sheet: AttentionDetails, person: CurrentUser, ui: Ui) -> Screen:
    toast = views.settled(sheet, person.id, ui.t)
    return triage_views.card(sheet, ui, toast=toast)


def _units(sheet: AttentionDetails, state: FSMContext, t: Translator) -> Prompt:
    return Prompt(
        state,
        Counting.units,
        lambda problem: views.ask_units(sheet, t, problem=problem),
        data={"undelivered": sheet.order.id},
    )


@router.callback_query(AskUndelivered.filter())
async def ask_units(
    query: CallbackQuery,
    callback_data: AskUndelivered,
    person: CurrentUser,
    triage: Triage,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    sheet = await triage.sheet(callback_data.order)
    if not _is_open(sheet) or _is_over(sheet, callback_data.seen):
        return _settled(sheet, person, ui)
    return await _units(sheet, state, ui.t).open()


@router.message(*cancels(Counting.units))
async def cancel(message: Message, triage: Triage, state: FSMContext, ui: Ui) -> Screen:
    """Leave the question; what was awaited before is awaited again."""
    order_id = (await state.get_data()).get("undelivered", 0)
    await listen_no_more(state, Counting.units)
    return triage_views.card(await triage.sheet(order_id), ui)


@router.message(*answers_to(Counting.units))
async def units_told(
    message: Message, person: CurrentUser, triage: Triage, state: FSMContext, ui: Ui
) -> Screen:
    """Ask once more about the number that was written; what is none is asked again."""
    order_id = (await state.get_data()).get("undelivered", 0)
    try:
        sheet = await triage.sheet(order_id)
    except NotFoundError:
        await listen_no_more(state, Counting.units)
        raise
    if not _is_open(sheet):
        await listen_no_more(state, Counting.units)
        return _settled(sheet, person, ui)

    async def take() -> Portion:
        return read_portion(message.text or "", sheet.order.quantity)

    return await _units(sheet, state, ui.t).answer(
        take, lambda portion: views.ask_once_more(sheet, portion, ui.t)
    )


def _portion(order: Order, pressed: Undelivered) -> Portion:
    """Return what a button says. Raises NotFoundError for what no button of ours can say."""
    most = PERCENT if pressed.percent else order.quantity
    if pressed.part > most:
        raise NotFoundError("error-button-old")
    return Portion(pressed.part, most)


@router.callback_query(Undelivered.filter())
async def undelivered(
    query: CallbackQuery,
    callback_data: Undelivered,
    person: CurrentUser,
    triage: Triage,
    verdicts: Verdicts,
    refund_verdicts: RefundVerdicts,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Ask once more, then book what was not delivered: on an ended order, or with the end of a
    stuck one.
    """
    await listen_no_more(state, Counting.units)
    sheet = await triage.sheet(callback_data.order)
    portion, problem = _portion(sheet.order, callback_data), None
    if callback_data.sure == 1 and _is_open(sheet):
        try:
            return await _decide(
                sheet, callback_data.seen, portion, person, triage, verdicts, refund_verdicts, ui
            )
        except BadAnswerError as news:
            problem = news
            sheet = await triage.sheet(callback_data.order)
    if not _is_open(sheet) or _is_over(sheet, callback_data.seen):
        return _settled(sheet, person, ui)
    return views.ask_once_more(sheet, portion, ui.t, problem=problem)


async def _decide(
    sheet: AttentionDetails,
    seen: int,
    portion: Portion,
    person: CurrentUser,
    triage: Triage,
    verdicts: Verdicts,
    refund_verdicts: RefundVerdicts,
    ui: Ui,
) -> Screen:
    t = ui.t
    order_id = sheet.order.id
    if sheet.stuck is not None:
        verdict = await verdicts.mark_missing(order_id, person.id, seen, portion)
        now = await triage.sheet(order_id)
        toast = triage_views.outcome(now, person.id, t, ours=verdict.ours)
        return triage_views.card(now, ui, toast=toast)
    answered = await refund_verdicts.decide(order_id, person.id, portion, seen)
    now = await triage.sheet(order_id)
    toast = views.booked(answered, t) if answered.ours else views.settled(now, person.id, t)
    return triage_views.card(now, ui, toast=toast)


@router.callback_query(TakeBack.filter())
async def take_back(
    query: CallbackQuery,
    callback_data: TakeBack,
    person: CurrentUser,
    triage: Triage,
    refund_verdicts: RefundVerdicts,
    ui: Ui,
) -> Screen:
    """Ask once more, then take back what was given back."""
    t = ui.t
    order_id, problem = callback_data.order, None
    if callback_data.sure == 1:
        try:
            taken = await refund_verdicts.take_back(order_id, person.id, callback_data.seen)
        except BadAnswerError as empty:
            problem = empty
        else:
            sheet = await triage.sheet(order_id)
            toast = views.taken_back(taken, t) if taken.ours else views.settled(sheet, person.id, t)
            return triage_views.card(sheet, ui, toast=toast)
    sheet = await triage.sheet(order_id)
    if not sheet.excess:
        return _settled(sheet, person, ui)
    return views.ask_take_back(sheet, t, problem=problem)


@router.callback_query(StopOrder.filter())
async def stop(
    query: CallbackQuery,
    callback_data: StopOrder,
    triage: Triage,
    refund_verdicts: RefundVerdicts,
    person: CurrentUser,
    ui: Ui,
) -> Screen:
    """Ask once more, then ask the provider to cancel the order."""
    t = ui.t
    order_id = callback_data.order
    if callback_data.sure != 1:
        return views.ask_stop(await triage.sheet(order_id), t)
    try:
        await refund_verdicts.stop(order_id, person.id)
    except NotNowError as error:
        toast = aftercare_views.not_now(error, t)
    else:
        toast = t.plain("stop-asked", id=str(order_id))
    return triage_views.card(await triage.sheet(order_id), ui, toast=toast)
