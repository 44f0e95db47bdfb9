"""Redeeming a coupon: `/coupon CODE`, a link `?start=c_CODE`, or a code that is typed after a
press.
"""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import CouponCode
from handlers.customer.menu import views as menu_views
from handlers.customer.promotions import coupon_views as views
from handlers.problems import problem_text
from handlers.prompts import Prompt, answers_to, cancels, listen_no_more
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.access import Access, Billing
from shop.customers.accounts import CurrentUser
from shop.errors import ShopError
from shop.promotions.coupons import Coupons

router = Router(name=__name__)


class Redeeming(StatesGroup):
    """A code is awaited as a text; what was awaited before goes on afterwards."""

    code = State()


def _code(person: CurrentUser, coupons: Coupons, state: FSMContext, ui: Ui) -> Prompt:
    """Ask for a code; one that nobody knows is asked for again, another refusal ends it."""

    async def ask(problem: ShopError | None) -> Screen:
        return views.ask(await coupons.waiting(person.id), ui, problem=problem)

    return Prompt(state, Redeeming.code, ask, ends=ShopError)


@router.message(Command("coupon"))
async def coupon_command(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    coupons: Coupons,
    state: FSMContext,
    ui: Ui,
) -> Screen:
    if not (command.args or "").strip():
        return await _code(person, coupons, state, ui).open()
    await listen_no_more(state, Redeeming.code)
    return views.redeemed(await coupons.redeem(person.id, command.args or ""), ui)


@router.message(CommandStart(deep_link=True, magic=F.args.regexp(r"^c_\w{1,62}$")))
async def from_a_link(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    access: Access,
    coupons: Coupons,
    ui: Ui,
) -> Screen:
    """`/start c_SPRING` redeems the coupon.

    A refusal leads to the menu all the same: it may be a first visit.
    """
    code = str(command.args)[2:]
    try:
        return views.redeemed(await coupons.redeem(person.id, code), ui)
    except ShopError as problem:
        return menu_views.home_with(
            problem_text(problem, ui.t), person, ui.t, wallet=access.billing is Billing.WALLET
        )


@router.callback_query(CouponCode.filter())
async def code_wanted(
    query: CallbackQuery, person: CurrentUser, coupons: Coupons, state: FSMContext, ui: Ui
) -> Screen:
    return await _code(person, coupons, state, ui).open()


@router.message(*cancels(Redeeming.code))
async def cancel(message: Message, state: FSMContext, t: Translator) -> Screen:
    """Redeem nothing; an order that is being filled in stays as it is."""
    await listen_no_more(state, Redeeming.code)
    return menu_views.page(t("coupon-not-wanted"), t)


@router.message(*answers_to(Redeeming.code))
async def code_told(
    message: Message, person: CurrentUser, coupons: Coupons, state: FSMContext, ui: Ui
) -> Screen:
    return await _code(person, coupons, state, ui).answer(
        lambda: coupons.redeem(person.id, message.text or ""),
        lambda found: views.redeemed(found, ui),
    )
