"""`/coupons` and `/invitations`: what the shop gives away. For admins only."""

from decimal import Decimal

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import (
    CouponCard,
    CouponsPage,
    EndCoupon,
    SetInvitations,
    SwitchCoupons,
    SwitchInvitations,
    WriteCoupon,
)
from handlers.customer.promotions import coupon_views, invitation_views
from handlers.customer.promotions.invitations import link_to
from handlers.filters import IsAdmin
from handlers.prompts import Prompt, answers_to, cancels, listen_no_more
from handlers.screens import Screen, Toast
from handlers.ui import Ui
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.errors import ShopError
from shop.money import MILLION
from shop.promotions.coupon_syntax import read_switch, read_terms
from shop.promotions.coupons import Coupons
from shop.promotions.invitations import Invitations

router = Router(name=__name__)
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())


class Making(StatesGroup):
    """What a new coupon is to be is awaited as a text; what was awaited before goes on
    afterwards.
    """

    line = State()


async def _listing(coupons: Coupons, state: FSMContext, ui: Ui, page: int = 0) -> Screen:
    await listen_no_more(state, Making.line)
    found = await coupons.listing(page=page, size=coupon_views.COUPONS_A_PAGE)
    return coupon_views.listing(found, page, ui)


async def _card(
    coupon_id: int, coupons: Coupons, bot: Bot, ui: Ui, *, made: bool = False
) -> Screen:
    sheet = await coupons.sheet(coupon_id)
    link = await link_to(bot, f"c_{sheet.coupon.code}")
    return coupon_views.card(sheet, link, ui, on=sheet.on, made=made)


def _line(state: FSMContext, t: Translator) -> Prompt:
    return Prompt(state, Making.line, lambda problem: coupon_views.ask_line(t, problem=problem))


async def _make(
    line: str, person: CurrentUser, coupons: Coupons, bot: Bot, state: FSMContext, ui: Ui
) -> Screen:
    """Make the coupon that was written; what can't be read is asked again."""
    return await _line(state, ui.t).answer(
        lambda: coupons.create(person.id, line),
        lambda made: _card(made.id, coupons, bot, ui, made=True),
    )


@router.message(Command("coupons"))
async def coupons_command(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    coupons: Coupons,
    bot: Bot,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    """Show the list, or make the coupon that stands behind the command."""
    line = (command.args or "").strip()
    on = read_switch(line)
    if on is not None:
        await coupons.turn(on=on)
    if not line or on is not None:
        return await _listing(coupons, state, ui)
    return await _make(line, person, coupons, bot, state, ui)


@router.callback_query(CouponsPage.filter())
async def coupons_page(
    query: CallbackQuery, callback_data: CouponsPage, coupons: Coupons, state: FSMContext, ui: Ui
) -> Screen:
    return await _listing(coupons, state, ui, callback_data.page)


@router.callback_query(SwitchCoupons.filter())
async def switch_coupons(
    query: CallbackQuery, callback_data: SwitchCoupons, coupons: Coupons, state: FSMContext, ui: Ui
) -> Screen:
    await coupons.turn(on=callback_data.on == 1)
    return await _listing(coupons, state, ui)


@router.callback_query(CouponCard.filter())
async def card(
    query: CallbackQuery, callback_data: CouponCard, coupons: Coupons, bot: Bot, ui: Ui
) -> Screen:
    return await _card(callback_data.coupon, coupons, bot, ui)


@router.callback_query(EndCoupon.filter())
async def end(
    query: CallbackQuery, callback_data: EndCoupon, coupons: Coupons, state: FSMContext, ui: Ui
) -> Screen | Toast:
    """End a coupon at the second press."""
    if callback_data.sure != 1:
        found = await coupons.sheet(callback_data.coupon)
        return coupon_views.ask_end(found.coupon, ui)
    await coupons.end(callback_data.coupon)
    return await _listing(coupons, state, ui)


@router.callback_query(WriteCoupon.filter())
async def new_coupon(query: CallbackQuery, state: FSMContext, t: Translator) -> Screen:
    return await _line(state, t).open()


@router.message(*cancels(Making.line))
async def cancel(message: Message, coupons: Coupons, state: FSMContext, ui: Ui) -> Screen:
    return await _listing(coupons, state, ui)


@router.message(*answers_to(Making.line))
async def line_told(
    message: Message, person: CurrentUser, coupons: Coupons, bot: Bot, state: FSMContext, ui: Ui
) -> Screen:
    return await _make(message.text or "", person, coupons, bot, state, ui)


async def _terms(invitations: Invitations, ui: Ui, *, problem: ShopError | None = None) -> Screen:
    terms, totals = await invitations.all()
    return invitation_views.terms(terms, totals, ui, problem=problem)


@router.message(Command("invitations"))
async def invitations_command(
    message: Message, command: CommandObject, invitations: Invitations, ui: Ui
) -> Screen:
    """Show the terms, or set those that stand behind the command."""
    invitations.admit()
    line = (command.args or "").strip()
    if line:
        try:
            wanted = read_terms(line)
            await invitations.choose(on=wanted.on, percent=wanted.percent, cap=wanted.cap)
        except ShopError as problem:
            return await _terms(invitations, ui, problem=problem)
    return await _terms(invitations, ui)


@router.callback_query(SwitchInvitations.filter())
async def switch_invitations(
    query: CallbackQuery, callback_data: SwitchInvitations, invitations: Invitations, ui: Ui
) -> Screen:
    await invitations.choose(on=callback_data.on == 1)
    return await _terms(invitations, ui)


@router.callback_query(SetInvitations.filter())
async def set_invitations(
    query: CallbackQuery, callback_data: SetInvitations, invitations: Invitations, ui: Ui
) -> Screen:
    percent, cap = callback_data.percent, callback_data.cap
    await invitations.choose(
        percent=Decimal(percent) if percent else None, cap=cap * MILLION if cap else None
    )
    return await _terms(invitations, ui)
